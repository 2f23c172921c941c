"""The page of a run: what its folder knows, put together, and written as one file of HTML. Loads no backend."""

import shlex
from collections.abc import Callable
from typing import Any, TypeVar

from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.own_settings import brief_config, setting_lines, yaml_lines
from kerasrun.config.yaml_text import read_yaml
from kerasrun.errors import ConfigError, InputError
from kerasrun.report.diagnosis.findings import Reading
from kerasrun.report.history import History, load_history
from kerasrun.report.page.facts import Layer, RunFacts, Setting
from kerasrun.report.page.page import run_page
from kerasrun.runs.marks import read_marks
from kerasrun.runs.outcome import best_row
from kerasrun.runs.past.compare_runs import read_figures
from kerasrun.runs.reading import reading_of
from kerasrun.runs.store.files import write_whole
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import state_of
from kerasrun.runs.store.results import read_results
from kerasrun.runs.structure import read_structure

T = TypeVar("T")

ENDED_WITHOUT_A_WORD = "its process ended without a word: it was killed, or the machine went down"


def write_page(run: RunFolder, manifest: dict[str, Any]) -> None:
    """Write report.html into a run.

    Args:
        manifest: what the run's manifest says, or will say once it is sealed.
    """
    write_whole(run.report, run_page(run_facts(run, manifest)))


def run_facts(run: RunFolder, manifest: dict[str, Any]) -> RunFacts:
    """What a page shows of a run, whatever state it is in; what cannot be known is named in `missing`."""
    missing: list[str] = []
    tree: dict[str, Any] = _try(lambda: _read_config(run), {}, missing)
    catalogue = load_catalogue(tuple(run.path / "imports" / name for name in manifest.get("imports", {})))
    recorded = _try(lambda: load_history(run.history), None, missing) if run.history.exists() else History()
    history = recorded or History()
    results = _try(lambda: read_results(run), None, missing)
    layers: tuple[Layer, ...] = _try(lambda: read_structure(run, catalogue), (), missing)
    reading = _try(lambda: reading_of(run), Reading(), missing)
    state = state_of(run, manifest)
    stopped = str(manifest.get("stopped") or manifest.get("error") or "")
    data, validation = manifest.get("data", {}), tree.get("data", {}).get("validation")
    missing += _absent(run, recorded, state)
    return RunFacts(
        experiment=str(manifest.get("name") or run.path.resolve().parent.name),
        run=str(manifest.get("run") or run.path.resolve().name),
        state=state,
        why=ENDED_WITHOUT_A_WORD if state == "broken off" else stopped,
        started=str(manifest.get("started", "")),
        time_s=manifest.get("time_s"),
        num_parameters=manifest.get("num_parameters"),
        history=history,
        reading=reading,
        marks=read_marks(run, history, str(manifest.get("stopped") or "")),
        results=results,
        figures=_try(lambda: _figures(run, history), {}, missing),
        validation_name="test" if validation == "test" else "validation",
        layers=layers,
        settings=tuple(Setting(text, is_own) for text, is_own in setting_lines(tree, catalogue)),
        own_settings="\n".join(yaml_lines(brief_config(tree, catalogue))),
        rows=data.get("rows", {}),
        source=str(tree.get("data", {}).get("source", "")),
        data_sha256=str(data.get("sha256", "")),
        warnings=tuple(map(str, manifest.get("warnings", []))),
        environment={"kerasrun": manifest.get("kerasrun", ""), **manifest.get("environment", {})},
        program=str(manifest.get("program", "")),
        program_reason=str(manifest.get("program_reason", "")),
        commands=tuple(_commands(manifest, state)) if manifest else (),
        files=tuple(_files(run)),
        missing=tuple(dict.fromkeys(line.replace(f"{run.path}/", "") for line in missing)),
    )


def _try(read: Callable[[], T], otherwise: T, missing: list[str]) -> T:
    """What there is to read; of what is damaged, a word why it is left out."""
    try:
        return read()
    except InputError as error:
        missing.append(f"left out: {error}")
        return otherwise


def _absent(run: RunFolder, history: History | None, state: str) -> list[str]:
    """What is not there, and why; the history is None where it could not be read, which is told already."""
    lines = []
    if state == "damaged":
        lines.append("manifest.json cannot be read, so that little is known of this run; see kerasrun verify")
    if history and history.is_empty:
        lines.append("no curves: no epoch is recorded" + (" yet" if state == "running" else ""))
    if not run.results.is_file():
        because = (
            "an older version wrote this run; train it again to have them"
            if state == "finished"
            else "they come at a run's end"
        )
        lines.append(f"no confusion matrix, samples or other results: {because}")
    if not run.structure.is_file():
        lines.append("no graph and table of the model: an older version wrote this run, without a model.json")
    return lines


def _read_config(run: RunFolder) -> dict[str, Any]:
    try:
        tree, _ = read_yaml(run.config.read_text(encoding="utf-8"), str(run.config))
    except OSError as error:
        raise InputError(f"{run.config}: cannot be read: {error.strerror}") from None
    except (ConfigError, UnicodeDecodeError):
        tree = None
    if not isinstance(tree, dict) or not isinstance(tree.get("data"), dict):
        raise InputError(f"{run.config}: is not as kerasrun wrote it")
    return tree


def _figures(run: RunFolder, history: History) -> dict[str, dict[str, float | None]]:
    """The figures of a run; of one that has not come to its end, those of the best epoch until now."""
    return read_figures(run.metrics) or {part: dict(row) for part, row in best_row(history).items()}


def _commands(manifest: dict[str, Any], state: str) -> list[tuple[str, str]]:
    """What repeats a run, or goes on with it."""
    name = shlex.quote(f"{manifest.get('name')}/{manifest.get('run')}")
    imports = "".join(f" --import {shlex.quote(f'imports/{file}')}" for file in manifest.get("imports", {}))
    commands = [("The same anew, in this run's folder:", f"kerasrun train config.yaml{imports}")]
    if state == "finished":
        commands.insert(0, ("Train it again, and compare to the bit:", f"kerasrun reproduce {name}"))
        commands.append(("The figures of its model:", f"kerasrun evaluate {name}"))
    elif state != "running":
        commands.insert(0, ("Go on from its last checkpoint:", f"kerasrun resume {name}"))
    return commands


def _files(run: RunFolder) -> list[tuple[str, int]]:
    """All files but the page itself, and the manifest, which is written after it."""
    return [
        (path.relative_to(run.path).as_posix(), path.stat().st_size)
        for path in run.files()
        if path not in (run.report, run.manifest)
    ]

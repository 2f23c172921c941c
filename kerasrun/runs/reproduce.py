"""Train a run again elsewhere, and compare: the same bits, or what differs."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

from kerasrun.config import load_config
from kerasrun.errors import InputError, UnsoundError
from kerasrun.report.numbers import number
from kerasrun.runs.events import Finished, Reproduced
from kerasrun.runs.outcome import environment_differences
from kerasrun.runs.resumable import check_imports
from kerasrun.runs.store.files import fault_of
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import state_of, way_on
from kerasrun.runs.train import train_run

RESULTS = ("model.keras", "history.json", "metrics.json")


def reproduce_run(
    reference: str,
    name: str | None = None,
    output: str | Path | None = None,
    imports: tuple[Path, ...] = (),
    verbose: bool = False,
) -> Generator[Any, None, None]:
    """Train a finished run again, as a new run beside it, and compare weights and history.

    Yields:
        The events of the training, then Reproduced.

    Raises:
        InputError: there is no such run, or it is not finished, or its files are not as they were.
        UnsoundError: the results are not the same; the message tells what differs, and by how much.
    """
    run = find_run(reference, output)
    before = run.sound_manifest()
    if (state := state_of(run, before)) != "finished":
        nothing = "there is nothing to compare with"
        raise InputError(f"{run.path}: this run is {state}, not finished: {nothing}{way_on(run, state)}")
    if not run.holds_own_config():
        raise InputError(f"{run.config}: {'is not as kerasrun wrote it' if run.config.exists() else 'is missing'}")
    _check_results(run, before)
    check_imports(run, before, imports)
    config = load_config(run.config, imports=imports)
    finished = None
    for event in train_run(config, name, output, verbose, like=before):
        finished = event
        yield event
    assert isinstance(finished, Finished)
    again = RunFolder(finished.folder)
    now = again.sound_manifest()
    differences = _differences(before, now)
    if before["results"] != now["results"]:
        raise UnsoundError("\n".join(_apart(run, again, before, now, differences)))
    yield Reproduced(run.path, again.path, differences)


def _check_results(run: RunFolder, manifest: dict[str, Any]) -> None:
    """Whether the files that the results lie in are those that the manifest's hashes speak of."""
    for name, digest in manifest["files"].items():
        if name in RESULTS and (fault := fault_of(run.path, name, digest)):
            raise InputError(f"{run.path / name}: {fault}, so there is nothing sound to compare with")


def _differences(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What differs of all that the bits depend on."""
    pairs = [(name, before.get(name), now.get(name)) for name in ("kerasrun", "program")]
    pairs += [("data", before["data"]["sha256"][:12], now["data"]["sha256"][:12])]
    found = environment_differences(before, now) + [pair for pair in pairs if pair[1] != pair[2]]
    return [(name, str(then), str(after)) for name, then, after in found]


def _apart(
    run: RunFolder,
    again: RunFolder,
    before: dict[str, Any],
    now: dict[str, Any],
    differences: list[tuple[str, str, str]],
) -> list[str]:
    """What is not the same, in lines."""
    parts = [name for name, digest in before["results"].items() if now["results"][name] != digest]
    lines = [f"{again.path}: {' and '.join(parts)} are not those of {run.path}"]
    lines += [f"  {name}: {then} → {after}" for name, then, after in differences]
    if not differences:
        lines.append("  nothing that the bits are known to depend on differs: please report this as a bug")
    figures = [json.loads(folder.metrics.read_text(encoding="utf-8")) for folder in (run, again)]
    for part, row in figures[0].items():
        for name, value in row.items():
            other = figures[1].get(part, {}).get(name)
            if isinstance(value, (int, float)) and isinstance(other, (int, float)) and name != "epoch_time_s":
                lines.append(f"  {part} {name}: {number(value)} → {number(other)}, apart by {abs(other - value):.2g}")
    return lines

"""Several runs side by side: what differs between them, the figures of each, and their histories."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kerasrun.config.compare import MISSING, Difference
from kerasrun.config.faults import dotted
from kerasrun.errors import InputError
from kerasrun.report.history import History, load_history
from kerasrun.runs.past.compare_lines import finite
from kerasrun.runs.past.compare_runs import Side, compare_sides, open_run
from kerasrun.runs.past.figures import Row, best_figures, end_figures, figure_rows, own_figures
from kerasrun.runs.past.several import find_runs, short_names
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import state_of

# Groups of what differs that are shown here; the figures have tables of their own.
GROUPS = ("settings", "seeds", "data", "environment")


@dataclass(frozen=True)
class ComparedRuns:
    """What `kerasrun compare` shows.

    Args:
        sides: the runs with their configs.
        names: short ones that tell the runs apart.
        states: as `kerasrun runs` has them.
        differences: by group: `settings`, `seeds`, `data`, `environment`.
        figures: by group: `at the best epoch`, `at the end`, `run`.
        histories: empty ones of runs that have none yet.
        notes: why no figure is called the best.
    """

    runs: tuple[RunFolder, ...]
    sides: tuple[Side, ...]
    names: tuple[str, ...]
    states: tuple[str, ...]
    differences: dict[str, list[Difference]]
    figures: dict[str, list[Row]]
    histories: tuple[History, ...]
    notes: tuple[str, ...]

    @property
    def curves(self) -> dict[str, History]:
        """The histories by the names of the runs: what `report.plots.overlay_panels` makes curves of."""
        return dict(zip(self.names, self.histories, strict=True))


def compare_several(
    references: Sequence[str], output: str | Path | None = None, imports: tuple[Path, ...] = ()
) -> ComparedRuns:
    """Compare two or more runs.

    Args:
        references: each a run's folder, its name, `experiment/run`, `latest`, or a pattern such as `digits/*`.

    Raises:
        InputError: there are not two of them, or one is damaged.
    """
    runs = find_runs(references, output)
    if len(runs) < 2:
        raise InputError(_too_few(runs, references))
    sides = [open_run(run, imports) for run in runs]
    manifests = [run.read_manifest() for run in runs]
    histories = [load_history(run.history) if run.history.is_file() else History() for run in runs]
    differences = {group: items for group, items in compare_sides(sides).groups.items() if items and group in GROUPS}
    figures = {
        "at the best epoch": figure_rows(map(best_figures, runs, histories)),
        "at the end": figure_rows(map(end_figures, runs, manifests)),
        "run": figure_rows(map(own_figures, runs, manifests, histories)),
    }
    reasons = _incomparable(differences)
    return ComparedRuns(
        tuple(runs),
        tuple(sides),
        tuple(short_names([run.path for run in runs])),
        tuple(state_of(run, manifest) for run, manifest in zip(runs, manifests, strict=True)),
        differences,
        {group: [_unmarked(row, reasons) for row in rows] for group, rows in figures.items()},
        tuple(histories),
        tuple(reasons.values()),
    )


def _incomparable(differences: dict[str, list[Difference]]) -> dict[str, str]:
    """Why figures whose names end in the keys are no better in one run than in another."""
    if "data" in differences:
        return {"": "the runs have different data, so none of their figures is called the best"}
    if any(item.path[:2] == ("training", "loss") for item in differences.get("settings", ())):
        return {"loss": "the runs have different losses, so none of them is called the best"}
    return {}


def _unmarked(row: Row, endings: Iterable[str]) -> Row:
    return replace(row, best=()) if any(row.name.endswith(ending) for ending in endings) else row


def _too_few(runs: list[RunFolder], references: Sequence[str]) -> str:
    told = "the same run more than once" if len(references) > 1 else "one run"
    return f"{runs[0].path}: is {told}; compare two or more; kerasrun runs lists those that there are"


def compared_tree(compared: ComparedRuns) -> dict[str, Any]:
    """The same as JSON: values in full and in the order of the runs, null where a run does not have one."""
    runs = zip(compared.runs, compared.names, compared.states, strict=True)
    return {
        "runs": [{"path": str(run.path), "name": name, "state": state} for run, name, state in runs],
        "differences": {
            group: {dotted(item.path): [None if v is MISSING else finite(v) for v in item.values] for item in items}
            for group, items in compared.differences.items()
        },
        "figures": {
            group: {row.name: {"values": finite(list(row.values)), "best": list(row.best)} for row in rows}
            for group, rows in compared.figures.items()
        },
        "notes": list(compared.notes),
    }

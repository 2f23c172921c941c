"""The figures of several runs, in rows: at the best epoch, at the end, and of the runs themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from kerasrun.report.direction import best_places
from kerasrun.report.history import NO_FIGURES, History
from kerasrun.runs.outcome import best_row
from kerasrun.runs.past.compare_runs import read_figures
from kerasrun.runs.store.folder import RunFolder


@dataclass(frozen=True)
class Row:
    """One figure of every run.

    Args:
        name: `val_loss`, `test.accuracy`, `time_s`.
        values: one a run; None where a run does not have it, or it is not a number.
        best: the places of the best ones; none where that cannot be told.
    """

    name: str
    values: tuple[float | int | None, ...]
    best: tuple[int, ...] = ()


def figure_rows(columns: Iterable[dict[str, Any]]) -> list[Row]:
    """From the figures of each run to rows, in the order in which they first come."""
    columns = list(columns)
    rows = []
    for name in dict.fromkeys(name for column in columns for name in column):
        values = tuple(None if (value := column.get(name)) != value else value for column in columns)
        rows.append(Row(name, values, best_places(name, values)))
    return rows


def best_figures(run: RunFolder, history: History) -> dict[str, Any]:
    """The row of the best epoch: from the history, which a run that is going on has too."""
    best = best_row(history).get("best") or read_figures(run.metrics).get("best", {})
    counted = {name: best[name] for name in ("epoch", "step") if name in best}
    return counted | {name: value for name, value in best.items() if name not in NO_FIGURES}


def end_figures(run: RunFolder, manifest: dict[str, Any]) -> dict[str, Any]:
    """Loss and metrics on each part of the data, of a finished run."""
    if manifest["status"] != "finished":  # one that goes on has the figures of its last end still
        return {}
    parts = read_figures(run.metrics).items()
    return {f"{part}.{name}": value for part, row in parts if part != "best" for name, value in row.items()}


def own_figures(run: RunFolder, manifest: dict[str, Any], history: History) -> dict[str, Any]:
    """How long a run was and took, and how large its model is."""
    table = history.epochs or history.evaluations
    times = [value for value in table.get("epoch_time_s", []) if np.isfinite(value)]
    done = {name: table[name][-1] for name in ("step" if history.evaluations else "epoch",) if table.get(name)}
    found = {
        "epochs": done.get("epoch"),
        "steps": done.get("step"),
        "time_s": manifest.get("time_s"),
        "epoch_time_s": median(times) if times else None,
        "num_parameters": manifest.get("num_parameters"),
        "model_bytes": run.model.stat().st_size if run.model.is_file() else None,
    }
    return {name: value for name, value in found.items() if value is not None}

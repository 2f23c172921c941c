"""What is drawn of a history: which panels it has, and which curves each of them holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kerasrun.report.history import NO_FIGURES, History, Table
from kerasrun.report.marks import Marks
from kerasrun.report.plots.names import human_name, safe_name
from kerasrun.report.plots.scaling import smooth

Array = NDArray[np.float64]
Role = Literal["training", "validation", "batch"]

NO_MARKS = Marks()

# The files that are there besides those of the metrics.
OTHER_FILES = ("history", "learning_rate")
ERROR_WORDS = ("loss", "error", "mse", "mae", "rmse", "mape", "msle", "entropy", "divergence", "perplexity")
# So many points are still told apart: they get markers, and noise among them is not smoothed.
FEW = 60
# Values beyond are gaps: matplotlib's arithmetic on them leaves the floats.
TOO_LARGE = 1e150


@dataclass(frozen=True)
class Curve:
    """One line: x and y of shape (n,), nan where there is a gap."""

    label: str
    role: Role
    x: Array
    y: Array


@dataclass(frozen=True)
class Panel:
    """One axes: a file name without its ending, what the axes say, the curves, the best epoch's point, and marks.

    The marks lie where they are on the x-axis, be it of epochs or of iterations.
    """

    name: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    best: tuple[float, float] | None = None
    marks: Marks = NO_MARKS

    @property
    def is_error(self) -> bool:
        """True if low is good: a loss or an error."""
        return any(word in self.y_label for word in ERROR_WORDS)


def history_panels(
    history: History, validation_label: str, best_epoch: float | None, marks: Marks = NO_MARKS
) -> list[Panel]:
    """The panels of a history: the loss first, then each metric with its validation.

    Args:
        history: the numbers.
        validation_label: what the columns val_… were measured on.
        best_epoch: the epoch to mark, if any.
        marks: what else happened, and when.
    """
    table = history.epochs or history.evaluations
    metrics = metric_names(table)
    if history.steps:
        metrics = [name for name in metrics if name != "loss"]
    panels = [_step_panel(history, validation_label, marks)] if history.steps else []
    for metric in metrics:
        name = safe_name(metric, (*OTHER_FILES, *(panel.name for panel in panels)))
        curves = metric_curves(table, "epoch", metric, ("training", validation_label))
        panels.append(Panel(name, "epoch", human_name(metric), curves, _best_point(curves, best_epoch), marks))
    return panels


def rate_panel(history: History) -> Panel | None:
    """The learning rate, if it was recorded and has changed."""
    for table, index in ((history.epochs, "epoch"), (history.steps, "step"), (history.evaluations, "epoch")):
        rates = np.array(table.get("learning_rate", []), dtype=float)
        finite = rates[np.isfinite(rates)]
        if finite.size and np.ptp(finite) > 1e-6 * np.abs(finite).max():
            x_label = "iteration" if index == "step" else "epoch"
            curve = Curve("learning rate", "training", np.array(table[index], dtype=float), rates)
            return Panel("learning_rate", x_label, "learning rate", (curve,))
    return None


def metric_names(table: Table) -> list[str]:
    """The loss and the metrics of a table, each once, the loss first."""
    names = dict.fromkeys(name.removeprefix("val_") for name in table if name not in NO_FIGURES)
    return sorted(names, key=lambda name: name != "loss")


def _step_panel(history: History, validation_label: str, marks: Marks) -> Panel:
    x, y = _column(history.steps, "step"), _column(history.steps, "loss")
    curves = [Curve("training", "training", x, y)]
    if x.size > FEW:
        curves = [Curve("each batch", "batch", x, y), Curve("moving mean", "training", x, smooth(y))]
    if history.evaluations:
        curves += metric_curves(history.evaluations, "step", "loss", ("", validation_label))
    return Panel("loss", "iteration", "loss", tuple(curves), marks=_in_steps(marks, history.evaluations))


def _in_steps(marks: Marks, evaluations: Table) -> Marks:
    """Marks at epochs of evaluations, at their steps."""
    steps = dict(zip(evaluations.get("epoch", []), evaluations.get("step", []), strict=True))
    saved, changed = (tuple(steps[epoch] for epoch in epochs) for epochs in (marks.checkpoints, marks.rate_changes))
    return Marks(saved, changed, None if marks.early_stop is None else steps[marks.early_stop])


def metric_curves(table: Table, index: str, metric: str, labels: Sequence[str]) -> tuple[Curve, ...]:
    """The curves of a metric that have a finite value; a label "" leaves that curve out."""
    x = _column(table, index)
    roles: tuple[tuple[str, Role], ...] = ((metric, "training"), (f"val_{metric}", "validation"))
    curves = [
        _joined(Curve(label, role, x, _column(table, name)))
        for label, (name, role) in zip(labels, roles, strict=True)
        if label and name in table
    ]
    return tuple(curve for curve in curves if np.isfinite(curve.y).any())


def _joined(curve: Curve) -> Curve:
    """The curve without its gaps if each value stands between gaps: it was measured now and then."""
    known = np.isfinite(curve.y)
    if known.sum() < 2 or (known[1:] & known[:-1]).any():
        return curve
    return replace(curve, x=curve.x[known], y=curve.y[known])


def _column(table: Table, name: str) -> Array:
    values = np.array(table[name], dtype=float)
    return np.where(np.abs(values) < TOO_LARGE, values, np.nan)


def _best_point(curves: tuple[Curve, ...], best_epoch: float | None) -> tuple[float, float] | None:
    """Where the best epoch meets the last curve, which is the validation's if there is one."""
    if best_epoch is None or not curves or curves[-1].x.size < 2:
        return None
    rows = np.flatnonzero(curves[-1].x == best_epoch)
    if rows.size == 0 or not np.isfinite(curves[-1].y[rows[0]]):
        return None
    return best_epoch, float(curves[-1].y[rows[0]])

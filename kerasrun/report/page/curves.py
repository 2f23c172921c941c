"""The curves of a training as charts: the same panels, on the same scales, as the pictures have."""

from collections.abc import Iterator

import numpy as np

from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.page.axis import Axis, span
from kerasrun.report.page.chart import Chart, Rule, Series
from kerasrun.report.page.words import count, figure, place
from kerasrun.report.plots.panels import Curve, Panel, history_panels, rate_panel
from kerasrun.report.plots.scaling import choose_scale

MARKERS = {"training": "dot", "validation": "square", "batch": ""}


def curve_charts(history: History, validation_name: str, marks: Marks) -> list[Chart]:
    """A chart for the loss, for each metric, and for the learning rate where it changed; those without a value not."""
    best = history.best()
    panels = history_panels(history, validation_name, best[0] if best else None)
    rate = rate_panel(history)
    panels = [panel for panel in [*panels, *([rate] if rate else [])] if _is_drawn(panel)]
    return [_chart(panel, history, marks, best) for panel in panels]


def _is_drawn(panel: Panel) -> bool:
    return any(np.isfinite(curve.y).any() for curve in panel.curves)


def _chart(panel: Panel, history: History, marks: Marks, best: tuple[float, str] | None) -> Chart:
    is_rate = panel.name == "learning_rate"
    x = span(np.concatenate([curve.x for curve in panel.curves]), panel.x_label, whole=True)
    series = tuple(
        Series(curve.label, curve.role, curve.x, curve.y, "steps" if is_rate else "line", MARKERS[curve.role])
        for curve in panel.curves
    )
    rules = tuple(_rules(panel, history, marks, best))
    return Chart(
        f"chart-{panel.name}", panel.y_label, x, _y_axis(panel, is_rate), series, _text(panel), rules, panel.best
    )


def _y_axis(panel: Panel, is_rate: bool) -> Axis:
    noisy = [curve.y for curve in panel.curves if curve.role == "batch"]
    values = np.concatenate([curve.y for curve in panel.curves if curve.role != "batch"])
    keep = panel.best[1] if panel.best else np.nan
    scale = choose_scale(values, panel.is_error or is_rate, noisy[0] if noisy else None, keep)
    return Axis(scale.low, scale.high, log=scale.log, note=scale.note)


def _rules(panel: Panel, history: History, marks: Marks, best: tuple[float, str] | None) -> Iterator[Rule]:
    """The marks, where they lie on the panel's axis."""
    where = _places(panel, history)
    if best and best[0] in where and len(where) > 1:
        told = f": {figure(panel.best[1])}" if panel.best else ""
        yield Rule(f"best epoch {place(best[0])}{told}", "best", (where[best[0]],))
    if saved := tuple(where[epoch] for epoch in marks.checkpoints if epoch in where):
        yield Rule(count(len(saved), "saved model"), "saved", saved, short=True)
    changed = tuple(where[epoch] for epoch in marks.rate_changes if epoch in where)
    if changed and panel.name != "learning_rate":
        yield Rule("learning rate changed", "rate", changed)
    if marks.early_stop in where:
        assert marks.early_stop is not None
        yield Rule(f"stopped early after {place(marks.early_stop)}", "stop", (where[marks.early_stop],))


def _places(panel: Panel, history: History) -> dict[float, float]:
    """From an epoch to its place on the x-axis, which may count steps."""
    table = history.epochs or history.evaluations
    epochs = table.get("epoch", [])
    return dict(zip(epochs, epochs if panel.x_label == "epoch" else table["step"], strict=True))


def _text(panel: Panel) -> str:
    """The chart for those who do not see it."""
    first, last = panel.curves[0].x[0], panel.curves[0].x[-1]
    lines = [f"{panel.y_label} by {panel.x_label}, from {place(first)} to {place(last)}."]
    return " ".join([*lines, *(_curve_text(curve, panel.x_label) for curve in panel.curves)])


def _curve_text(curve: Curve, unit: str) -> str:
    rows = np.flatnonzero(np.isfinite(curve.y))
    if not rows.size:
        return f"{curve.label}: no finite value."
    low, high = rows[curve.y[rows].argmin()], rows[curve.y[rows].argmax()]
    ends = f"{curve.label}: begins at {figure(curve.y[rows[0]])}, ends at {figure(curve.y[rows[-1]])}"
    extremes = f"lowest {figure(curve.y[low])} at {unit} {place(curve.x[low])}, highest {figure(curve.y[high])}"
    return f"{ends}, {extremes} at {unit} {place(curve.x[high])}."

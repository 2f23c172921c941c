"""The curves of a training: loss, metrics and learning rate."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from matplotlib.transforms import blended_transform_factory

from kerasrun.errors import InputError
from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.plots import style
from kerasrun.report.plots.axes import Place, apply_scale, free_place
from kerasrun.report.plots.marking import add_mark_legend, draw_marks
from kerasrun.report.plots.panels import FEW, NO_MARKS, Curve, Panel, history_panels, rate_panel
from kerasrun.report.plots.scaling import choose_scale
from kerasrun.report.plots.signs import drawable

DASHES = (0, (4, 1.6))

# Told apart without colour too: by brightness, dashes and marker. Through the open square a dot is seen.
LOOKS: dict[str, dict[str, Any]] = {
    "training": {"color": style.BLUE, "marker": "o", "markersize": 4, "zorder": 3},
    "validation": {
        "color": style.ORANGE,
        "linestyle": DASHES,
        "marker": "s",
        "markersize": 5.5,
        "markerfacecolor": "none",
        "zorder": 4,
    },
    "batch": {"color": style.BLUE, "alpha": 0.25, "linewidth": 0.6, "zorder": 2},
}


def draw_curves(
    history: History,
    formats: Sequence[str],
    validation_label: str = "validation",
    monitor: str | None = None,
    mode: Literal["min", "max"] = "min",
    marks: Marks = NO_MARKS,
) -> dict[str, bytes]:
    """Draw a history: a picture for the loss, one for each metric, one with all of them side by side.

    Training and validation share an axes. A loss or an error gets a logarithmic axis where it spans more than
    1.5 decades or its tail would be squashed; where that does not help, the axis is cut, as its label says.
    In a run counted in steps the loss is drawn against the iteration, each batch thin and their moving mean
    over it. The best epoch is the one with the lowest validation loss, or training loss if nothing was
    validated; each panel over epochs marks it, with its own value there.

    Args:
        history: the numbers of a run.
        formats: of "png", "svg" and "pdf".
        validation_label: what the columns val_… were measured on: "validation" or "test".
        monitor, mode: another column that tells the best epoch, and whether it is best low or high.
        marks: the epochs in which models were saved, the rate changed or the training was stopped; they are marked
            along the x-axis of each panel.

    Returns:
        File name → content: loss.png, <metric>.png for each metric, history.png, and learning_rate.png if the
        learning rate changed; the same bytes for the same history.

    Raises:
        InputError: the history is empty or holds nothing to draw, or a format is unknown.
    """
    return style.render(curve_figures(history, validation_label, monitor, mode, marks), formats)


def curve_figures(
    history: History,
    validation_label: str = "validation",
    monitor: str | None = None,
    mode: Literal["min", "max"] = "min",
    marks: Marks = NO_MARKS,
) -> dict[str, Callable[[], Figure]]:
    """For each file name without its ending, what builds its figure; the arguments are as in draw_curves."""
    best = history.best(monitor, mode)
    panels = _drawable_panels(history, style.printable(validation_label), best[0] if best else None, marks)
    if not panels:
        raise InputError("the history has no finite value of a loss or a metric: there is nothing to draw.")
    panels = [replace(panel, y_label=drawable(panel.y_label, panel.name)) for panel in panels]
    rate = rate_panel(history)
    singles = [*panels, rate] if rate else panels
    figures: dict[str, Callable[[], Figure]] = {panel.name: partial(panel_figure, panel) for panel in singles}
    return {**figures, "history": partial(overview_figure, panels)}


def has_curves(history: History) -> bool:
    """Whether there is a finite value to draw."""
    return bool(_drawable_panels(history, "", None, NO_MARKS))


def _drawable_panels(history: History, label: str, best_epoch: float | None, marks: Marks) -> list[Panel]:
    panels = history_panels(history, label, best_epoch, marks)
    return [panel for panel in panels if any(np.isfinite(curve.y).any() for curve in panel.curves)]


def panel_figure(panel: Panel) -> Figure:
    """A figure of one panel."""
    figure, axes = style.new_axes()
    _draw_panel(axes, panel)
    style.lay_out(figure, foot=add_mark_legend(figure, [panel]))
    return figure


def overview_figure(panels: Sequence[Panel]) -> Figure:
    """A figure of all panels: up to three side by side, four as a square, more in rows of three."""
    columns = 2 if len(panels) == 4 else min(len(panels), 3)
    rows = math.ceil(len(panels) / columns)
    width, height = (6.4, 4.2) if len(panels) == 1 else (4.9 * columns, 3.7 * rows)
    figure = Figure(figsize=(width, height))
    for place, panel in enumerate(panels, start=1):
        _draw_panel(figure.add_subplot(rows, columns, place), panel)
    style.lay_out(figure, foot=add_mark_legend(figure, panels))
    return figure


def _draw_panel(axes: Axes, panel: Panel) -> None:
    for curve in panel.curves:
        _draw_curve(axes, curve, stepped=panel.name == "learning_rate")
    _scale_y(axes, panel)
    _scale_x(axes, panel)
    axes.grid(color=style.GRID, linewidth=0.7)
    if len(panel.curves) > 1:
        preferred: Place = "upper right" if panel.is_error else "lower right"
        style.add_legend(axes, free_place(axes, preferred, panel.best[0] if panel.best else np.nan))
    if panel.best:
        _mark_best(axes, *panel.best)
    draw_marks(axes, panel.marks)


def _draw_curve(axes: Axes, curve: Curve, stepped: bool) -> None:
    look = {"linewidth": 1.7, **LOOKS[curve.role]}
    if curve.x.size > FEW and "marker" in look:
        # Only a value between two gaps, which makes no line, keeps its marker.
        known = np.concatenate([[False], np.isfinite(curve.y), [False]])
        alone = np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:])
        look.update({"linewidth": 1.4, "marker": look["marker"] if alone.size else "", "markevery": alone.tolist()})
    if stepped:
        look.update(drawstyle="steps-post")
    axes.plot(curve.x, curve.y, label=curve.label, **look)


def _scale_y(axes: Axes, panel: Panel) -> None:
    noisy = [curve.y for curve in panel.curves if curve.role == "batch"]
    values = np.concatenate([curve.y for curve in panel.curves if curve.role != "batch"])
    is_rate = panel.name == "learning_rate"
    keep = panel.best[1] if panel.best else np.nan
    scale = choose_scale(values, panel.is_error or is_rate, noisy[0] if noisy else None, keep)
    apply_scale(axes, scale)
    label = f"{panel.y_label}\n({scale.note})" if scale.note else panel.y_label
    axes.set_ylabel(label, parse_math=False)


def _scale_x(axes: Axes, panel: Panel) -> None:
    x = np.concatenate([curve.x for curve in panel.curves])
    low, high = x.min(), x.max()
    margin = 0.03 * (high - low) or 0.5
    axes.set_xlim(low - margin, high + margin)
    axes.set_xlabel(panel.x_label)
    ticks = MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True) if high - low >= 1 else FixedLocator([high])
    axes.xaxis.set_major_locator(ticks)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def _mark_best(axes: Axes, epoch: float, value: float) -> None:
    """A dotted line at the best epoch, a ring around its value, and the value above the axes."""
    axes.axvline(epoch, color=style.INK, linestyle=":", linewidth=1.1, zorder=1.5)
    axes.plot([epoch], [value], "o", markersize=10, markerfacecolor="none", markeredgecolor=style.INK, zorder=5)
    low, high = axes.get_xlim()
    share = (epoch - low) / (high - low)
    side = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    told = f"{epoch:,.0f}" if float(epoch).is_integer() else f"{epoch:,.2f}"
    axes.text(
        epoch,
        1.015,
        f"best epoch {told}: {value:.4g}",
        transform=blended_transform_factory(axes.transData, axes.transAxes),
        horizontalalignment=side,
        verticalalignment="bottom",
        fontsize=9,
        color=style.INK,
    )

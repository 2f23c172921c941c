"""By how much a model is off: its residuals, along what it predicts and in their distribution."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from kerasrun.report.plots import style
from kerasrun.report.plots.cloud import (
    Column,
    columns_of,
    draw_cloud,
    limits,
    mark_values,
    panel_figure,
    write_title,
)
from kerasrun.report.results import Array, Values
from kerasrun.report.scores import shown

# The share of a panel's width that the distribution takes.
SIDE = 0.24


def draw_residuals(
    values: Values, formats: Sequence[str], part: str = "test", name: str = "residuals"
) -> dict[str, bytes]:
    """Draw predicted less true against predicted, and beside it how the residuals are distributed: a panel a column.

    Of more than 3,000 rows the density is drawn; of more than 6 columns those with the lowest R².

    Args:
        values: with the true values known.
        formats: of "png", "svg" and "pdf".
        part: what the rows are called.
        name: the file name without its ending.

    Returns:
        File name → content; nothing without a row of finite numbers.
    """
    columns, note = columns_of(values, "Residuals")
    if not any(column.y.size for column in columns):
        return {}
    return style.render({name: partial(residuals_figure, columns, part, note)}, formats)


def residuals_figure(columns: Sequence[Column], part: str, note: str) -> Figure:
    """A figure of up to six columns."""
    figure, places = panel_figure(len(columns), 2, (6.2, 4.3) if len(columns) == 1 else (5.2, 3.5), note)
    for (left, bottom, width, height), column in zip(places, columns, strict=True):
        cloud = figure.add_axes((left, bottom, width * (1 - SIDE), height))
        beside = figure.add_axes((left + width * (1 - SIDE), bottom, width * SIDE, height), sharey=cloud)
        _draw_column(cloud, beside, column, part)
    return figure


def _draw_column(cloud: Axes, beside: Axes, column: Column, part: str) -> None:
    residuals = column.y_pred - column.y
    cloud.set(xlim=limits(column.y_pred), ylim=_around_zero(residuals))
    cloud.set(xlabel="predicted", ylabel="predicted − true")
    draw_cloud(cloud, column.y_pred, residuals)
    _draw_distribution(beside, residuals, cloud.get_ylim())
    for axes in (cloud, beside):
        axes.axhline(0, linestyle=(0, (1, 1.6)), color=style.INK, linewidth=1.2, zorder=4)
    for axis in (cloud.xaxis, cloud.yaxis):
        mark_values(axis)
    cloud.grid(color=style.GRID, linewidth=0.7)
    scores = column.scores
    figures = f"mean {shown(scores.bias, '.3g')}, root mean square {shown(scores.root_mean_squared_error, '.4g')}"
    write_title(cloud, column, column.y_pred, residuals, figures, part)


def _draw_distribution(axes: Axes, residuals: Array, within: tuple[float, float]) -> None:
    num_bins = int(np.clip(2 * np.sqrt(residuals.size), 8, 50))
    counts, edges = np.histogram(residuals, num_bins, within)
    axes.stairs(counts, edges, orientation="horizontal", fill=True, color=style.BLUE, alpha=0.55)
    axes.set_xlim(0, max(counts.max(), 1) * 1.1)
    axes.set_xlabel("rows")
    axes.tick_params(axis="y", labelleft=False, length=0)
    axes.xaxis.set_major_locator(MaxNLocator(2, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value else ""))


def _around_zero(residuals: Array) -> tuple[float, float]:
    low, high = limits(residuals)
    return min(low, -0.05 * (high - low)), max(high, 0.05 * (high - low))

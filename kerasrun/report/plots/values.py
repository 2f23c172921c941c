"""What a model predicts, where it is not known what is true."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from kerasrun.report.plots import style
from kerasrun.report.plots.cloud import MOST_COLUMNS, draw_cloud, limits, mark_values, panel_figure
from kerasrun.report.results import Array, Values


def draw_values(values: Values, formats: Sequence[str], part: str = "data", name: str = "values") -> dict[str, bytes]:
    """Draw each predicted number over its row, a panel a column; of more than 6 columns the first.

    Args:
        values: the true values are not looked at.
        formats: of "png", "svg" and "pdf".
        part: what the rows are called.
        name: the file name without its ending.

    Returns:
        File name → content; nothing without a finite number.
    """
    columns = [np.asarray(column, np.float64) for column in values.y_pred.T[:MOST_COLUMNS]]
    if not any(np.isfinite(column).any() for column in columns):
        return {}
    return style.render({name: partial(values_figure, values.names, columns, part)}, formats)


def values_figure(names: Sequence[str], columns: Sequence[Array], part: str) -> Figure:
    """A figure of up to six columns."""
    note = f"The first {len(columns)} of {len(names):,} columns." if len(names) > len(columns) else ""
    figure, places = panel_figure(len(columns), 3, (5.6, 3.9) if len(columns) == 1 else (3.7, 3.4), note)
    for place, label, column in zip(places, names, columns, strict=False):
        title = f"Predicted, {part}" if len(columns) == 1 else f"column {style.printable(label)}"
        _draw_column(figure.add_axes(place), style.printable(title), column)
    return figure


def _draw_column(axes: Axes, title: str, column: Array) -> None:
    rows = np.flatnonzero(np.isfinite(column))
    if rows.size:
        axes.set(xlim=limits(np.array([0, max(1, len(column) - 1)])), ylim=limits(column[rows]))
        draw_cloud(axes, rows.astype(np.float64), column[rows])
    axes.set(xlabel="row", ylabel="predicted")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    mark_values(axes.yaxis)
    axes.grid(color=style.GRID, linewidth=0.7)
    axes.set_title(title, loc="left", fontsize=10.5, color=style.INK)

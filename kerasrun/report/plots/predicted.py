"""What a model predicts against what is true."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerasrun.report.plots import style
from kerasrun.report.plots.cloud import Column, columns_of, draw_cloud, limits, mark_values, panel_figure, write_title
from kerasrun.report.results import Values
from kerasrun.report.scores import shown


def draw_predicted(
    values: Values, formats: Sequence[str], part: str = "test", name: str = "predicted"
) -> dict[str, bytes]:
    """Draw what was predicted against what is true, a panel a column, with the line on which both are equal.

    Of more than 3,000 rows the density is drawn; of more than 6 columns those with the lowest R².

    Args:
        values: with the true values known.
        formats: of "png", "svg" and "pdf".
        part: what the rows are called.
        name: the file name without its ending.

    Returns:
        File name → content; nothing without a row of finite numbers.
    """
    columns, note = columns_of(values, "Predicted against true")
    if not any(column.y.size for column in columns):
        return {}
    return style.render({name: partial(predicted_figure, columns, part, note)}, formats)


def predicted_figure(columns: Sequence[Column], part: str, note: str) -> Figure:
    """A figure of up to six columns."""
    figure, places = panel_figure(len(columns), 3, (4.4, 4.6) if len(columns) == 1 else (3.7, 3.9), note)
    for place, column in zip(places, columns, strict=True):
        _draw_column(figure.add_axes(place), column, part)
    return figure


def _draw_column(axes: Axes, column: Column, part: str) -> None:
    low, high = limits(np.concatenate([column.y, column.y_pred]))
    axes.set(xlim=(low, high), ylim=(low, high), xlabel="true", ylabel="predicted")
    axes.plot([low, high], [low, high], linestyle=(0, (1, 1.6)), color=style.INK, linewidth=1.2, zorder=4)
    draw_cloud(axes, column.y, column.y_pred)
    for axis in (axes.xaxis, axes.yaxis):
        mark_values(axis)
    axes.grid(color=style.GRID, linewidth=0.7)
    scores = column.scores
    figures = f"R² {shown(scores.r2)}, mean absolute error {shown(scores.mean_absolute_error, '.4g')}"
    write_title(axes, column, column.y, column.y_pred, figures, part)

"""The picture of a regression with one input: the data, and the curve fitted to them."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from kerasrun.errors import InputError
from kerasrun.report.plots import style
from kerasrun.report.plots.axes import free_place

Array = NDArray[np.float64]
Line = tuple[Array, Array]

TRUE_COLOUR = "#999999"


def draw_fit(
    x: ArrayLike,
    y: ArrayLike,
    predicted: ArrayLike,
    formats: Sequence[str],
    validation: ArrayLike | None = None,
    true_curve: tuple[ArrayLike, ArrayLike] | None = None,
    x_label: str = "x",
    y_label: str = "y",
    validation_label: str = "validation",
    name: str = "fit",
) -> dict[str, bytes]:
    """Draw data points, the true curve behind them if it is known, and the fitted curve over them.

    Args:
        x, y: (n,) or (n, 1), the data, in any order.
        predicted: (n,) or (n, 1), what the model makes of x.
        formats: of "png", "svg" and "pdf".
        validation: (n,) booleans, True for the rows that were held out; they get a marker of their own.
        true_curve: x and y of points on the true curve, (m,) each, in the order of x.
        x_label, y_label: what the axes say.
        validation_label: what the held-out rows are for: "validation" or "test".
        name: the file name without its ending.

    Returns:
        File name → content.

    Raises:
        InputError: the arrays differ in length or hold no finite point, or a format is unknown.
    """
    x, y, predicted = _column("x", x), _column("y", y), _column("predicted", predicted)
    held_out = np.zeros(x.size, dtype=bool) if validation is None else np.asarray(validation, dtype=bool).ravel()
    sizes = {"x": x.size, "y": y.size, "predicted": predicted.size, "validation": held_out.size}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{part} has {size}" for part, size in sizes.items())
        raise InputError(f"the data of the fit differ in length: {told} values.")
    if not np.isfinite(x + y).any():
        raise InputError("the data of the fit have no finite point: there is nothing to draw.")
    true = (_column("x", true_curve[0]), _column("y", true_curve[1])) if true_curve else None
    points = {
        "training data": (x[~held_out], y[~held_out]),
        f"{validation_label} data": (x[held_out], y[held_out]),
    }
    order = np.argsort(x, kind="stable")
    build = partial(fit_figure, points, (x[order], predicted[order]), true, (x_label, y_label))
    return style.render({name: build}, formats)


def fit_figure(points: dict[str, Line], fitted: Line, true: Line | None, labels: tuple[str, str]) -> Figure:
    """A figure of a fit.

    Args:
        points: for its label in the legend, the training data first and then those held out, each x and y.
        fitted: x, rising, and y of the fitted curve.
        true: x and y of the true curve, if known.
        labels: of the x-axis and the y-axis.
    """
    figure, axes = style.new_axes()
    if true:
        axes.plot(*true, color=TRUE_COLOUR, linewidth=4, alpha=0.6, label="true curve", zorder=2)
    for (label, (x, y)), look in zip(points.items(), _point_looks(fitted[0].size), strict=True):
        if x.size:
            axes.plot(x, y, linestyle="none", label=style.printable(label), **look)
    axes.plot(*fitted, color=style.VERMILION, linewidth=1.8, label="fitted curve", zorder=4)
    _finish(axes, labels)
    style.lay_out(figure)
    return figure


def _point_looks(count: int) -> list[dict]:
    """Smaller and paler the more points there are, so that the curve stays in sight."""
    size, alpha = (5.0, 0.9) if count <= 60 else (3.5, 0.7) if count <= 600 else (2.0, 0.35)
    return [
        {
            "marker": "o",
            "color": style.BLUE,
            "markersize": size,
            "markeredgewidth": 0,
            "alpha": alpha,
            "zorder": 3,
        },
        {"marker": "s", "color": style.ORANGE, "markersize": size, "markerfacecolor": "none", "zorder": 3},
    ]


def _finish(axes: Axes, labels: tuple[str, str]) -> None:
    axes.grid(color=style.GRID, linewidth=0.7)
    axes.set_xlabel(style.printable(labels[0]), parse_math=False)
    axes.set_ylabel(style.printable(labels[1]), parse_math=False)
    axes.margins(x=0.03, y=0.08)
    axes.autoscale_view()
    style.add_legend(axes, free_place(axes, "upper right"))


def _column(name: str, values: ArrayLike) -> Array:
    column = np.asarray(values, dtype=np.float64)
    if column.ndim > 2 or (column.ndim == 2 and column.shape[1] != 1):
        raise InputError(f"{name} has the shape {column.shape}; a fit is drawn of one number a row.")
    return column.ravel()

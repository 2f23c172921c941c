"""An axes of matplotlib: its scale applied, and a free place in it for the legend."""

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from kerasrun.report.plots.scaling import Scale

Array = NDArray[np.float64]
Place = Literal["upper right", "lower right", "upper left", "lower left", "upper center", "lower center"]

MARGIN = 0.05
# Where a legend may be, the better places first.
PLACES: tuple[Place, ...] = (
    "upper right",
    "lower right",
    "upper left",
    "lower left",
    "upper center",
    "lower center",
)
# Width and height of a legend, with some air, as shares of a small axes.
LEGEND_SIZE = (0.36, 0.26)


def apply_scale(axes: Axes, scale: Scale) -> None:
    """Give an axes its y-axis, with plain numbers at the ticks where plain numbers are short."""
    low, high = (np.log10([scale.low, scale.high])) if scale.log else (scale.low, scale.high)
    margin = MARGIN * (high - low) or (0.1 if scale.log else 0.1 * abs(high) or 1.0)
    low, high = low - margin, high + margin
    if not scale.log:
        axes.set_ylim(low, high)
        return
    axes.set_yscale("log", nonpositive="mask")
    axes.set_ylim(10 ** max(low, -250), 10**high)  # a tick far below is 0 to a float
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high - low < 3 else (1,), numticks=12))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _power(value)))


def free_place(axes: Axes, preferred: Place, avoid: float = np.nan) -> Place:
    """The place in an axes through which its lines pass least, for the legend.

    Args:
        axes: with its lines drawn and its limits set.
        preferred: the place to take where several are as free.
        avoid: where a vertical line will stand, which the legend leaves free if another place is as good.
    """
    points = np.concatenate([_trace(axes, *line.get_data()) for line in axes.get_lines()])
    left, right = axes.get_xlim()
    line = (avoid - left) / (right - left)
    width, height = LEGEND_SIZE
    starts = {"left": 0.0, "center": 0.5 - width / 2, "right": 1 - width}

    def crowd(place: Place) -> tuple[int, bool]:
        along, across = place.split()
        start = starts[across]
        within = (points[:, 0] > start) & (points[:, 0] < start + width)
        within &= points[:, 1] > 1 - height if along == "upper" else points[:, 1] < height
        return int(np.count_nonzero(within)), start < line < start + width

    return min((preferred, *PLACES), key=crowd)


def _trace(axes: Axes, x: ArrayLike, y: ArrayLike) -> Array:
    """(m, 2) points evenly spread along a line, as shares of the axes."""
    places = (axes.transScale + axes.transLimits).transform(np.column_stack([x, y]).astype(float))
    places = places[np.isfinite(places).all(axis=1)]
    if len(places) < 2:
        return places
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])
    share = np.linspace(0, way[-1], 400)
    return np.column_stack([np.interp(share, way, places[:, axis]) for axis in (0, 1)])


def _power(value: float) -> str:
    if 0.99e-4 < value < 1e5:
        return f"{value:g}"
    digit, exponent = f"{value:.0e}".split("e")
    power = f"10^{{{int(exponent)}}}"
    return f"${power}$" if digit == "1" else f"${digit}\\times{power}$"

"""What makes a curve readable: its scale, a smoothed line through noise, and a free place for the legend."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Place = Literal["upper right", "lower right", "upper left", "lower left", "upper center", "lower center"]

LOG_DECADES = 1.5
# The percentiles between which the bulk of the values lies, the share of the axis below which it counts as
# squashed, and the least number of values for which percentiles mean something.
BULK = (2.5, 97.5)
SQUASHED = 0.25
MANY = 100
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


@dataclass(frozen=True)
class Scale:
    """The y-axis: its kind, its limits without margin, and a note if values lie far beyond them."""

    log: bool
    low: float
    high: float
    note: str = ""


def choose_scale(values: Array, is_error: bool, noisy: Array | None = None, keep: float = np.nan) -> Scale:
    """Choose a y-axis on which the tail of a curve is not squashed by its first epochs.

    It is logarithmic if the values are an error (which falls towards 0), none negative, and either span more
    than 1.5 decades or would have their bulk, the middle 95 %, in less than a quarter of a linear axis. Where
    the bulk fills less than a quarter of the axis even so, the axis is cut to it, and a note tells how far
    the other values reach.

    Args:
        values: (n,) of all curves of the axes; those not finite are left out.
        is_error: True for a loss or an error, False for an accuracy and the like.
        noisy: (m,) of a noisy curve: its middle 99 % shall be seen, the rest may be cut off.
        keep: a value that shall be seen, if finite.
    """
    values = values[np.isfinite(values)]
    if values.size == 0:
        return Scale(log=False, low=0.0, high=1.0)
    positive = values[values > 0]
    log = is_error and bool(values.min() >= 0) and positive.size > 0 and _wants_log(positive)
    low, high = positive.min() if log else values.min(), values.max()
    cut = _squashed(np.log10(positive) if log else values)
    if cut:
        low, high = _cut(values, keep)
        log = log and low > 0 and bool(np.log10(high) - np.log10(low) > LOG_DECADES)
    if noisy is not None:
        seen = noisy[np.isfinite(noisy) & ((noisy > 0) | (not log))]
        if seen.size:
            low, high = min(low, np.percentile(seen, 0.5)), max(high, np.percentile(seen, 99.5))
    return Scale(log, float(low), float(high), _beyond(values, low, high) if cut else "")


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


def smooth(values: Array) -> Array:
    """A moving mean over about a fiftieth of the values, at most 501; those not finite are left out.

    The window starts at the first value with a width of 1 and grows, so that the steep beginning of a
    training keeps its height; at the end it is cut off.

    Args:
        values: (n,), n > 60.

    Returns:
        (n,); nan where the window has no finite value.
    """
    half = int(np.clip(values.size // 100, 2, 250))
    finite = np.isfinite(values)
    window = np.ones(2 * half + 1)
    count = np.rint(np.convolve(finite, window, mode="same"))
    total = np.convolve(np.where(finite, values, 0.0), window, mode="same")
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    for row in range(half):
        start = values[: 2 * row + 1]
        start = start[np.isfinite(start)]
        mean[row] = start.mean() if start.size else np.nan
    return mean


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


def _wants_log(positive: Array) -> bool:
    decades = np.ptp(np.log10(positive))
    # Over less than 0.8 decades a logarithmic axis has hardly a tick.
    helps = decades > 0.8 and _squashed(positive) and not _squashed(np.log10(positive))
    return bool(decades > LOG_DECADES or helps)


def _squashed(values: Array) -> bool:
    low, high = np.percentile(values, BULK)
    return bool(values.size >= MANY and 0 < high - low < SQUASHED * np.ptp(values))


def _cut(values: Array, keep: float) -> tuple[float, float]:
    """Limits around the bulk of the values, wide enough for its noise."""
    low, high = np.percentile(values, BULK)
    more = 0.4 * (high - low)
    return np.fmin(max(values.min(), low - more), keep), np.fmax(min(values.max(), high + more), keep)


def _beyond(values: Array, low: float, high: float) -> str:
    lowest, highest = values.min(), values.max()
    beyond = [f"down to {lowest:.3g}"] if lowest < low else []
    beyond += [f"up to {highest:.3g}"] if highest > high else []
    return f"axis cut, values {' and '.join(beyond)}" if beyond else ""


def _power(value: float) -> str:
    if 0.99e-4 < value < 1e5:
        return f"{value:g}"
    digit, exponent = f"{value:.0e}".split("e")
    power = f"10^{{{int(exponent)}}}"
    return f"${power}$" if digit == "1" else f"${digit}\\times{power}$"

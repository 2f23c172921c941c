"""What makes a curve readable: its scale, and a smoothed line through noise. Without matplotlib."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LOG_DECADES = 1.5
# The percentiles between which the bulk of the values lies, the share of the axis below which it counts as
# squashed, and the least number of values for which percentiles mean something.
BULK = (2.5, 97.5)
SQUASHED = 0.25
MANY = 100


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

"""The axes of a chart: where a value lies, and the ticks."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

# So much air is left at both ends.
MARGIN = 0.04


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, both inside of it; `whole` where only whole numbers have a meaning."""

    low: float
    high: float
    label: str = ""
    log: bool = False
    whole: bool = False
    note: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """The values at both ends, of a logarithmic axis their logarithms."""
        low, high = (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)
        margin = MARGIN * (high - low) or (0.1 if self.log else 0.1 * abs(high) or 0.5)
        return low - margin, high + margin

    def share(self, values: ArrayLike) -> Array:
        """Where values lie, from 0 at the low end to 1 at the high one, at most one length beyond; nan for none."""
        numbers = np.asarray(values, np.float64)
        low, high = self.ends
        with np.errstate(all="ignore"):
            where = ((np.log10(np.where(numbers > 0, numbers, np.nan)) if self.log else numbers) - low) / (high - low)
        return np.asarray(np.where(np.isfinite(where), np.clip(where, -1, 2), np.nan))

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Values and what stands beside them."""
        return _log_ticks(self, most) if self.log else _linear_ticks(self, most)


def span(values: Array, label: str = "", whole: bool = False) -> Axis:
    """An axis that holds all finite values."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return Axis(low, high, label, whole=whole)


def _linear_ticks(axis: Axis, most: int) -> list[tuple[float, str]]:
    low, high = axis.ends
    if axis.whole and axis.low == axis.high:
        return [(axis.low, f"{axis.low:,.0f}")]
    step = _step((high - low) / most)
    step = max(step, 1.0) if axis.whole else step
    values = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
    if axis.whole:
        values = values[(values >= axis.low) & (values <= axis.high)]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    plain = decimals <= 5 and max(abs(low), abs(high)) < 1e7
    return [(float(v), f"{v + 0.0:,.{decimals}f}" if plain else f"{v:.3g}") for v in values]


def _step(least: float) -> float:
    """The next of 1, 2, 5, 10, 20, …"""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _log_ticks(axis: Axis, most: int) -> list[tuple[float, str]]:
    low, high = axis.ends
    powers = range(math.floor(low), math.ceil(high) + 1)
    for digits in ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1, 3), (1,)):
        values = [digit * 10.0**power for power in powers for digit in digits]
        inside = [value for value in values if low <= math.log10(value) <= high]
        if len(inside) <= most:
            break
    every = math.ceil(len(inside) / most)
    return [(value, _power_text(value)) for value in inside[::every]]


def _power_text(value: float) -> str:
    if 0.99e-4 < value < 1e5:
        return f"{value:g}"
    digit, exponent = f"{value:.0e}".split("e")
    power = "10" + str(int(exponent)).translate(SUPERSCRIPTS)
    return power if digit == "1" else f"{digit}·{power}"

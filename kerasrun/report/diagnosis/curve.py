"""A curve, and what is trend in it and what is noise."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kerasrun.report.numbers import number

# A curve of more points is read as the medians of so many stretches.
MAX_POINTS = 400

# A trend is looked for in the last so many parts of a curve, and in at least so many points.
TAIL, MIN_POINTS = 0.2, 5

# From the median of absolute values to the standard deviation, if they are spread normally.
MAD_TO_SIGMA = 1.4826

# A last value is told as it is, unless it is off the level at the end by this share and more than its noise.
FAR_OFF = 0.1

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """The finite values of a column.

    Args:
        name: the column's.
        at: (n,) after which epoch, or step, they were measured; rising.
        values: (n,).
    """

    name: str
    at: Array
    values: Array

    def __len__(self) -> int:
        return len(self.values)

    @property
    def noise(self) -> float:
        """The standard deviation of what is no trend, from second differences: those of a straight line are 0.

        With independent errors their variance is 1 + 4 + 1 times that of the errors. Robust against outliers.
        """
        if len(self) < 3:
            return 0.0
        return float(MAD_TO_SIGMA * np.median(np.abs(np.diff(self.values, 2))) / math.sqrt(6))

    @property
    def num_around(self) -> int:
        """How many points make up the level at a place: a tenth, at least MIN_POINTS where there are so many."""
        return max(min(MIN_POINTS, len(self)), len(self) // 10)

    @property
    def level_error(self) -> float:
        """About the standard error of a level: that of a mean, twice at the end of a line."""
        return 2 * self.noise / math.sqrt(self.num_around)

    @property
    def start(self) -> float:
        """How high it began: the highest of the first points, without regard to sign."""
        return float(np.abs(self.values[:MIN_POINTS]).max())

    @functools.cached_property
    def end(self) -> float:
        """The level at the end: that of the line through the last points, which does not lag behind as a mean does."""
        line = trend(self.last(self.num_around))
        return line.start + line.change

    @property
    def last_value(self) -> float:
        """The last value, as a reader sees it in a table; the level at the end where that value stands far off."""
        value = float(self.values[-1])
        return self.end if abs(value - self.end) > max(3 * self.noise, FAR_OFF * abs(value)) else value

    @property
    def last_words(self) -> str:
        """The last value in words: `0.0123`, or `about 0.0123` where it is the level."""
        return f"{'' if self.last_value == self.values[-1] else 'about '}{number(self.last_value)}"

    def level_at(self, at: float) -> float:
        """The level around a place: the median of the values about it; at the end, that there."""
        half, middle = self.num_around // 2, int(np.searchsorted(self.at, at))
        if middle >= len(self) - 1:
            return self.end
        return float(np.median(self.values[max(0, middle - half) : middle + half + 1]))

    @property
    def lowest(self) -> tuple[float, float]:
        """Where the value is lowest, and that value."""
        row = int(self.values.argmin())
        return float(self.at[row]), float(self.values[row])

    def tail(self, share: float = TAIL) -> "Curve":
        """The last part, of at least MIN_POINTS points where there are so many."""
        return self.last(max(MIN_POINTS, math.ceil(len(self) * share)))

    def last(self, count: int) -> "Curve":
        """The last so many points, or all."""
        return Curve(self.name, self.at[-count:], self.values[-count:])

    def thinned(self) -> "Curve":
        """The same in at most MAX_POINTS points, each the median of a stretch."""
        if len(self) <= MAX_POINTS:
            return self
        stretches = zip(np.array_split(self.at, MAX_POINTS), np.array_split(self.values, MAX_POINTS), strict=True)
        medians = np.array([(np.median(at), np.median(values)) for at, values in stretches])
        return Curve(self.name, medians[:, 0], medians[:, 1])


def curve(table: dict[str, list[float]], name: str, unit: str = "epoch") -> Curve | None:
    """A column of a history as a curve; None where it has no finite value.

    Args:
        unit: the column that tells where the values were measured.
    """
    values = np.asarray(table.get(name, []), np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        return None
    counted: Sequence[float] = table.get(unit) or range(1, len(values) + 1)
    return Curve(name, np.asarray(counted, np.float64)[finite], values[finite])


@dataclass(frozen=True)
class Trend:
    """How a curve goes from one end to the other.

    Args:
        start, change: the value at its beginning, and how much it changes up to its end, by the line through it.
        z: how sure the direction is: beyond ±2 it comes about by chance in one case of twenty. Below 0 it falls.
    """

    start: float
    change: float
    z: float

    @property
    def share(self) -> float:
        """The change as a share of the value at the beginning."""
        return self.change / abs(self.start) if self.start else math.nan


def trend(whole: Curve) -> Trend:
    """The trend of a curve, however spread its errors: the slope by Theil and Sen, the test by Mann and Kendall.

    P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, 1968; H. B. Mann, Nonparametric tests
    against trend, 1945.
    """
    thin = whole.thinned()
    first, second = np.triu_indices(len(thin), 1)
    if len(first) == 0:
        return Trend(float(thin.values[0]), 0.0, 0.0)
    rises = thin.values[second] - thin.values[first]
    slope = float(np.median(rises / (thin.at[second] - thin.at[first])))
    start = float(np.median(thin.values - slope * (thin.at - thin.at[0])))
    return Trend(start, slope * float(thin.at[-1] - thin.at[0]), _kendall(rises, thin.values))


def _kendall(rises: Array, values: Array) -> float:
    """The test statistic of Mann and Kendall, with the correction for equal values."""
    score, count = float(np.sign(rises).sum()), len(values)
    _, ties = np.unique(values, return_counts=True)
    variance = (count * (count - 1) * (2 * count + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    return (score - math.copysign(1, score)) / math.sqrt(variance) if variance > 0 and score else 0.0

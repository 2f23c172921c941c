"""A curve, and what is trend in it and what is noise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A curve of more points is read as the medians of so many stretches.
MAX_POINTS = 400

# A trend is looked for in the last so many parts of a curve, and in at least so many points.
TAIL, MIN_POINTS = 0.2, 5

# From the median of absolute values to the standard deviation, if they are spread normally; and from the standard
# error of a mean to that of a median.
MAD_TO_SIGMA, MEDIAN_TO_MEAN = 1.4826, 1.2533

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
            return math.nan
        return float(MAD_TO_SIGMA * np.median(np.abs(np.diff(self.values, 2))) / math.sqrt(6))

    @property
    def num_end(self) -> int:
        """How many points make up the level at a place: a tenth, at least 3 where there are so many."""
        return max(min(3, len(self)), len(self) // 10)

    @property
    def end(self) -> float:
        """The level at the end: the median of the last tenth."""
        return float(np.median(self.values[-self.num_end :]))

    @property
    def level_error(self) -> float:
        """The standard error of a level."""
        return MEDIAN_TO_MEAN * self.noise / math.sqrt(self.num_end)

    def level_at(self, at: float) -> float:
        """The level around a place."""
        half, middle = self.num_end // 2, int(np.searchsorted(self.at, at))
        start = min(max(0, middle - half), len(self) - self.num_end)
        return float(np.median(self.values[start : start + self.num_end]))

    @property
    def lowest(self) -> tuple[float, float]:
        """Where the value is lowest, and that value."""
        row = int(self.values.argmin())
        return float(self.at[row]), float(self.values[row])

    def tail(self, share: float = TAIL) -> "Curve":
        """The last part, of at least MIN_POINTS points where there are so many."""
        count = min(len(self), max(MIN_POINTS, math.ceil(len(self) * share)))
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

"""Fewer points of a long curve, without losing its extremes."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A chart is hardly ever wider in pixels.
BUCKETS = 600


def kept_rows(columns: list[Array], buckets: int = BUCKETS) -> NDArray[np.int64]:
    """The rows that a chart shows: of each bucket the least and the greatest value of each column, and both ends.

    Args:
        columns: (n,) each; nan where there is no value.

    Returns:
        Rising row numbers: all of them where there are at most 2 × buckets.
    """
    count = len(columns[0]) if columns else 0
    if count <= 2 * buckets:
        return np.arange(count)
    size = -(-count // buckets)
    starts = np.arange(0, count, size)
    found = [np.array([0, count - 1])]
    for column in columns:
        padded = np.full(len(starts) * size, np.nan)
        padded[:count] = column
        table = padded.reshape(len(starts), size)
        known = np.isfinite(table).any(axis=1)
        for fill, choose in ((np.inf, np.argmin), (-np.inf, np.argmax)):
            filled = np.where(np.isfinite(table), table, fill)
            found.append((starts + choose(filled, axis=1))[known])
    return np.unique(np.concatenate(found))

"""After how many rows a series comes back to what it was, and which of its past values is the best guess."""

import numpy as np

# A season is looked for up to so many rows, and must have been seen at least so often.
MOST_ROWS, LEAST_SEASONS = 400, 3

# So much alike the steps must be; of seasons that are nearly as much alike as the best one the shortest counts, for
# twice a season is one as well.
LEAST_LIKENESS, NEARLY = 0.3, 0.85


def find_season(values: np.ndarray) -> int | None:
    """The number of rows after which the steps from row to row are most alike, by their autocorrelation; None for none.

    Steps and not the values are compared, so that a trend counts for nothing.

    Args:
        values: (rows,) float64.
    """
    steps = np.diff(values)
    steps = steps - steps.mean()
    most = min(MOST_ROWS, len(values) // LEAST_SEASONS)
    if most < 3 or not steps.any():
        return None
    likeness = np.array([1.0, *(_likeness(steps, rows) for rows in range(1, most + 2))])
    inner = likeness[1:-1]
    is_peak = (inner > likeness[:-2]) & (inner >= likeness[2:])
    is_peak[0] = False  # a season of one row is the last value
    least = max(LEAST_LIKENESS, 3 / np.sqrt(len(steps)))
    peaks = 1 + np.flatnonzero(is_peak & (inner >= least))
    return int(peaks[likeness[peaks] >= NEARLY * likeness[peaks].max()][0]) if len(peaks) else None


def guess_error(values: np.ndarray, rows: int) -> float:
    """How far off on average it is to guess the value of so many rows before."""
    return float(np.abs(values[rows:] - values[:-rows]).mean())


def _likeness(steps: np.ndarray, rows: int) -> float:
    """The correlation of the steps with those so many rows before."""
    one, other = steps[rows:], steps[:-rows]
    norm = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / norm) if norm else 0.0

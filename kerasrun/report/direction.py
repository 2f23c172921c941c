"""Whether a figure is good high or low, as far as its name tells."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

# Parts of the names that Keras gives to losses and metrics. The low ones come first: `false_positives` is no score.
LOW = (
    *("loss", "error", "mse", "mae", "rmse", "mape", "msle", "entropy", "divergence", "perplexity"),
    *("hinge", "poisson", "huber", "log_cosh", "logcosh", "false_positives", "false_negatives"),
)
HIGH = (
    *("acc", "auc", "precision", "recall", "score", "iou", "io_u", "similarity", "correlation"),
    *("true_positives", "true_negatives", "sensitivity", "specificity"),
)


def better(name: str) -> Literal["min", "max"] | None:
    """`min` where low is good, `max` where high is; None for a figure of which the name does not tell it."""
    lowered = name.lower()
    if any(part in lowered for part in LOW):
        return "min"
    return "max" if any(part in lowered for part in HIGH) else None


def best_places(name: str, values: Sequence[float | None]) -> tuple[int, ...]:
    """Where in a row of one figure of several runs the best stand; nowhere if all are the same, or none is known."""
    numbers = np.array([np.nan if value is None else value for value in values], np.float64)
    finite, mode = numbers[np.isfinite(numbers)], better(name)
    if mode is None or finite.size < 2 or finite.min() == finite.max():
        return ()
    best = finite.min() if mode == "min" else finite.max()
    return tuple(int(place) for place in np.flatnonzero(numbers == best))

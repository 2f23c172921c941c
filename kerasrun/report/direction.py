"""Whether a figure is good high or low, as far as its name tells."""

import math
from collections.abc import Sequence
from typing import Literal

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
    known = {place: value for place, value in enumerate(values) if value is not None and math.isfinite(value)}
    mode = better(name)
    if mode is None or len(set(known.values())) < 2:
        return ()
    best = min(known.values()) if mode == "min" else max(known.values())
    return tuple(place for place, value in known.items() if value == best)

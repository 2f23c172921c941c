"""What the best answer that looks at no input loses: the reference without which no loss is high or low."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kerasrun.report.results import Classes, Labels, Output

Array = NDArray[Any]


def constant_loss(loss: str, y: Array, weights: Array | None = None) -> float | None:
    """The mean loss over some rows of the one answer, the same for all, that is best for them.

    Args:
        loss: the name of Keras's class, such as `MeanSquaredError`.
        y: (n, …) targets as the loss takes them.
        weights: (n,) of the rows, 0 or more; the weighted losses are divided by n, as Keras does.

    Returns:
        None where the loss is none of those known here, or no row counts.
    """
    found, n = _BY_LOSS.get(loss), len(y)
    weights = np.ones(n) if weights is None else np.asarray(weights, np.float64)
    total = weights.sum()
    if found is None or not total:
        return None
    return float(found(np.asarray(y), weights / total)) * float(total) / n


def constant_loss_of(loss: str, output: Output) -> float | None:
    """The same for the rows that an output was put out for; None where their targets are not known."""
    if output.y is None:
        return None
    if isinstance(output, Classes) and loss in ("CategoricalCrossentropy", "MeanSquaredError"):
        return constant_loss(loss, np.eye(len(output.names))[output.y])
    return constant_loss(loss, output.y.astype(np.float64) if isinstance(output, Labels) else output.y)


# Below, weights are shares: (n,), with the sum 1.


def _categorical(y: Array, weights: Array) -> float:
    """The entropy of the classes: the best answer is how frequent each is."""
    return _entropy(weights @ y.reshape(len(y), -1, y.shape[-1]).astype(np.float64).mean(axis=1))


def _sparse(y: Array, weights: Array) -> float:
    numbers = np.unique(y, return_inverse=True)[1].reshape(len(y), -1)
    return _entropy(np.bincount(numbers.reshape(-1), np.repeat(weights / numbers.shape[1], numbers.shape[1])))


def _binary(y: Array, weights: Array) -> float:
    """The mean over the labels of the entropy of each."""
    shares = weights @ y.reshape(len(y), -1).astype(np.float64)
    return float(np.mean([_entropy(np.array([share, 1 - share])) for share in shares]))


def _squared(y: Array, weights: Array) -> float:
    """The variance: the best answer is the mean."""
    flat = y.reshape(len(y), -1).astype(np.float64)
    return float((weights @ np.square(flat - weights @ flat)).mean())


def _absolute(y: Array, weights: Array) -> float:
    """The mean distance from the median, which is the best answer."""
    flat = y.reshape(len(y), -1).astype(np.float64)
    order = flat.argsort(axis=0)
    below = (weights[order].cumsum(axis=0) < 0.5).sum(axis=0).clip(max=len(y) - 1)
    medians = flat[order[below, np.arange(flat.shape[1])], np.arange(flat.shape[1])]
    return float((weights @ np.abs(flat - medians)).mean())


def _entropy(shares: Array) -> float:
    there = shares[shares > 0]
    return float(-(there * np.log(there)).sum())


_BY_LOSS: dict[str, Callable[[Array, Array], float]] = {
    "CategoricalCrossentropy": _categorical,
    "SparseCategoricalCrossentropy": _sparse,
    "BinaryCrossentropy": _binary,
    "MeanSquaredError": _squared,
    "MeanAbsoluteError": _absolute,
}

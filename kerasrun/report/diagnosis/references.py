"""What the best answer that looks at no input loses: the reference without which no loss is high or low."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kerasrun.report.results import Classes, Labels, Output

Array = NDArray[Any]


def constant_loss(loss: str, y: Array) -> float | None:
    """The mean loss over some rows of the one answer, the same for all, that is best for them.

    Args:
        loss: the name of Keras's class, such as `MeanSquaredError`.
        y: (n, …) targets as the loss takes them.

    Returns:
        None where the loss is none of those known here.
    """
    found = _BY_LOSS.get(loss)
    return None if found is None or len(y) == 0 else float(found(np.asarray(y)))


def constant_loss_of(loss: str, output: Output) -> float | None:
    """The same for the rows that an output was put out for; None where their targets are not known."""
    if output.y is None:
        return None
    if isinstance(output, Classes) and loss in ("CategoricalCrossentropy", "MeanSquaredError"):
        return constant_loss(loss, np.eye(len(output.names))[output.y])
    return constant_loss(loss, output.y.astype(np.float64) if isinstance(output, Labels) else output.y)


def _categorical(y: Array) -> float:
    """The entropy of the classes: the best answer is how frequent each is."""
    return _entropy(y.reshape(-1, y.shape[-1]).astype(np.float64).mean(axis=0))


def _sparse(y: Array) -> float:
    _, counts = np.unique(y, return_counts=True)
    return _entropy(counts / counts.sum())


def _binary(y: Array) -> float:
    """The mean over the labels of the entropy of each."""
    shares = y.reshape(len(y), -1).astype(np.float64).mean(axis=0)
    return float(np.mean([_entropy(np.array([share, 1 - share])) for share in shares]))


def _squared(y: Array) -> float:
    """The variance: the best answer is the mean."""
    return float(y.astype(np.float64).var(axis=0).mean())


def _absolute(y: Array) -> float:
    """The mean distance from the median, which is the best answer."""
    return float(np.abs(y - np.median(y, axis=0)).mean())


def _entropy(shares: Array) -> float:
    there = shares[shares > 0]
    return float(-(there * np.log(there)).sum())


_BY_LOSS: dict[str, Callable[[Array], float]] = {
    "CategoricalCrossentropy": _categorical,
    "SparseCategoricalCrossentropy": _sparse,
    "BinaryCrossentropy": _binary,
    "MeanSquaredError": _squared,
    "MeanAbsoluteError": _absolute,
}

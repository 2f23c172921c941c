"""What is done to inputs before the net reads them, with all that was learned from the training rows for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from kerasrun.config.specs import ObjectSpec

# Values of one magnitude differ by rounding alone below this share of it.
SAME = 1e-6


@dataclass(frozen=True)
class Spread:
    """Mean and variance of inputs over the training rows, by their last axis: each (features,) float64.

    A feature that never changes has the variance 1 here, so that one that does change later stays a small number.
    """

    mean: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True)
class Steps:
    """The preparation of the inputs, in the order in which it is done.

    Args:
        augment: layers that alter inputs at random, in training alone.
        divisor: what inputs are divided by, or None.
        spreads: by the input's name, what it is normalised by; a lone input is called `x`.
        vocabularies: by the input's name, the words of a category, (n,) of text; others share the number 0.
        encode: whether a category becomes a one-hot vector, or stays a number from 0.
        text: the arguments of Keras's TextVectorization for inputs that are texts, or None.
        join: whether all inputs together become one vector.
        flatten: whether each row becomes one vector.
    """

    augment: tuple[ObjectSpec, ...] = ()
    divisor: float | None = None
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    encode: Literal["one_hot", "integer"] = "one_hot"
    text: Mapping[str, Any] | None = None
    join: bool = False
    flatten: bool = False


def spread_of(array: np.ndarray) -> Spread:
    """Mean and variance of an array over all axes but the last, in double precision: shape (…, features)."""
    rows = array.reshape(-1, array.shape[-1] if array.ndim > 1 else 1)
    mean = rows.mean(axis=0, dtype=np.float64)
    variance = np.zeros_like(mean)
    for start in range(0, len(rows), 65_536):  # a copy in double precision of a part at a time
        variance += np.square(rows[start : start + 65_536] - mean).sum(axis=0)
    return sound_spread(mean, variance / len(rows))


def sound_spread(mean: np.ndarray, variance: np.ndarray) -> Spread:
    """The spread, with the variance 1 where a feature is the same in all rows."""
    constant = variance <= np.square(SAME * np.abs(mean))
    return Spread(mean, np.where(constant, 1.0, variance))

"""What is done to inputs before the net reads them, with all that was learned from the training rows for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from kerasrun.config.specs import ObjectSpec
from kerasrun.data.rows import LONE, array_items
from kerasrun.data.streamed import AnyRows

# So many rows are copied in double precision at once.
ROWS_AT_ONCE = 65_536

# Means of equal values, in double precision, differ from these by rounding alone below this share of them.
SAME = 1e-12


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


def spreads_of(train: AnyRows) -> dict[str, Spread]:
    """What each input of numbers is normalised by; a lone input is called `x`."""
    numbers = [name for name, array in array_items(train.head().x, LONE) if array.dtype != object]
    return {
        name: spread_of_blocks(dict(array_items(block.x, LONE))[name] for _, block in train.blocks())
        for name in numbers
    }


def spread_of(array: np.ndarray) -> Spread:
    """Mean and variance of an array over all axes but the last, in double precision: shape (…, features)."""
    return spread_of_blocks([array])


def spread_of_blocks(blocks: Iterable[np.ndarray]) -> Spread:
    """The same of rows that come in blocks, none of them empty, in one pass.

    Blocks are put together by the formula of Chan, Golub and LeVeque: https://doi.org/10.2307/2683386
    """
    count, mean, squares = 0, np.zeros(1), np.zeros(1)
    for part in (part for block in blocks for part in _parts(block)):
        rows = part.reshape(-1, part.shape[-1] if part.ndim > 1 else 1).astype(np.float64)
        own = rows.mean(axis=0)
        apart = own - mean
        total = count + len(rows)
        squares = squares + np.square(rows - own).sum(axis=0) + np.square(apart) * (count * len(rows) / total)
        mean, count = mean + apart * (len(rows) / total), total
    variance = squares / count
    constant = variance <= np.square(SAME * np.abs(mean))
    return Spread(mean, np.where(constant, 1.0, variance))


def _parts(array: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(array), ROWS_AT_ONCE):
        yield array[start : start + ROWS_AT_ONCE]

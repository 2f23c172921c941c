"""What inputs and targets are like: ranges of numbers, how many words, how many rows stand there twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kerasrun.data.rows import LONE, array_items
from kerasrun.data.steps import spread_of_blocks
from kerasrun.data.streamed import AnyRows

# Of an array with more columns, the whole is told as one.
MAX_COLUMNS = 1_000


@dataclass(frozen=True)
class Numbers:
    """A column of numbers, or all numbers of an array, over the training rows.

    Args:
        least, most: the range.
        mean, deviation: their mean, and their standard deviation (of the population).
    """

    name: str
    least: float
    mean: float
    most: float
    deviation: float

    @property
    def is_constant(self) -> bool:
        """Whether it is the same in all rows."""
        return self.least == self.most


@dataclass(frozen=True)
class Words:
    """A column of words or texts over the training rows.

    Args:
        num_distinct: how many different ones there are.
        common: the one that most rows have, and how many rows that are.
        longest: how many characters the longest has.
    """

    name: str
    num_distinct: int
    common: tuple[str, int]
    longest: int

    @property
    def is_constant(self) -> bool:
        """Whether it is the same in all rows."""
        return self.num_distinct == 1


Summary = Numbers | Words


def summarize_inputs(train: AnyRows, names: Sequence[str] = ()) -> list[Summary]:
    """A line for each column of inputs; for one of pictures, or with very many columns, a line for all of it.

    Args:
        names: what the columns of an array of numbers are called, where there are as many.
    """
    found: list[Summary] = []
    for name, head in array_items(train.head().x, LONE):
        blocks = (dict(array_items(block.x, LONE))[name] for _, block in train.blocks())
        found += [_words(name, blocks)] if head.dtype == object else _numbers(name, head, blocks, names)
    return found


def summarize_targets(train: AnyRows) -> list[Summary]:
    """A line for each target of numbers."""
    if train.y is None:
        return []
    lines: list[Summary] = []
    for name, y in array_items(train.y, "y"):
        flat = y.reshape(len(y), -1)
        for column in range(min(flat.shape[1], MAX_COLUMNS)):
            called = f"{name}[{column}]" if flat.shape[1] > 1 else name
            lines += _of_blocks([flat[:, [column]]], [called])
    return lines


def _numbers(name: str, head: np.ndarray, blocks: Iterable[np.ndarray], names: Sequence[str]) -> list[Numbers]:
    columns = head.shape[1] if head.ndim == 2 and head.shape[1] <= MAX_COLUMNS else 1
    own = [name] if columns == 1 else [f"{name}[{column}]" for column in range(columns)]
    parts = (block.reshape(-1, columns) for block in blocks)
    return _of_blocks(parts, list(names) if len(names) == columns else own)


def _of_blocks(blocks: Iterable[np.ndarray], names: Sequence[str]) -> list[Numbers]:
    least, most = np.full(len(names), np.inf), np.full(len(names), -np.inf)

    def ranged() -> Iterator[np.ndarray]:
        nonlocal least, most
        for block in blocks:
            least, most = np.minimum(least, block.min(axis=0)), np.maximum(most, block.max(axis=0))
            yield block

    spread = spread_of_blocks(ranged())
    deviations = np.where(least == most, 0.0, np.sqrt(spread.variance))
    rows = zip(names, least.tolist(), spread.mean.tolist(), most.tolist(), deviations.tolist(), strict=True)
    return [Numbers(*row) for row in rows]


def _words(name: str, blocks: Iterable[np.ndarray]) -> Words:
    counted: Counter[str] = Counter()
    for block in blocks:
        counted.update(block.tolist())
    return Words(name, len(counted), counted.most_common(1)[0], max(map(len, counted)))

"""What the target of some data is: classes with their rows, or numbers with their range."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from kerasrun.data.tables.cells import check_known, parse_numbers, read_numbers, read_words
from kerasrun.data.tables.kinds import tells_classes
from kerasrun.data.tables.table import Table
from kerasrun.data.tables.targets import MEND, order_of
from kerasrun.errors import InputError

Wanted = Literal["auto", "classes", "numbers"]

# Whole numbers are taken for classes where there are at most so many different ones, each in so many rows on average.
MAX_WHOLE, MIN_ROWS_A_CLASS = 20, 5

# With fewer rows no part of them is kept apart, for it would tell nothing.
MIN_ROWS = 10


@dataclass(frozen=True)
class Classes:
    """Classes, with how many rows each has.

    Args:
        counts: by the classes' names, in the order of their numbers.
        labels: the name of each row's class, (rows,) of dtype object.
        are_whole: whether their names are whole numbers, which could be numbers as well.
    """

    counts: Mapping[str, int]
    labels: np.ndarray = field(repr=False)
    are_whole: bool = False

    @property
    def ratio(self) -> float:
        """How many times as many rows the largest class has as the smallest."""
        return max(self.counts.values()) / min(filter(None, self.counts.values()))


@dataclass(frozen=True)
class Numbers:
    """Numbers: their range, mean and standard deviation.

    Args:
        num_targets: how many of them a row has.
        num_whole: how many different ones there are where they are whole and few, else 0.
    """

    least: float
    most: float
    mean: float
    deviation: float
    num_targets: int = 1
    num_whole: int = 0


Target = Classes | Numbers


def find_column_target(table: Table, name: str, wanted: Wanted) -> Target:
    """What a column is as the target.

    Args:
        wanted: what the user says that it is.

    Raises:
        InputError: a row has none, or one that cannot be read; or it is the same in all rows.
    """
    check_known(table, name, "the target", MEND)
    values, wrong = parse_numbers(table.column(name))
    are_whole = not wrong.any() and is_whole(values)
    if wanted == "auto" and are_whole:
        wanted = "classes" if are_classes(values) else "numbers"
    if not tells_classes(table, [name], wanted, False):
        hint = "give --target-type classes if these are classes"
        return of_numbers(read_numbers(table, name, hint), table.name, name)
    return of_labels(read_words(table, name), table.name, name, are_whole)


def of_labels(labels: np.ndarray, source: str, name: str, are_whole: bool = False) -> Classes:
    """What classes are like.

    Args:
        labels: names, (rows,) of dtype object.

    Raises:
        InputError: they are all the same.
    """
    found, counts = np.unique(labels.astype(str), return_counts=True)
    if len(found) == 1:
        raise InputError(f"{source}: the target '{name}' is '{found[0]}' in all rows; there is nothing to learn")
    numbers = dict(zip(found.tolist(), counts.tolist(), strict=True))
    return Classes({word: numbers[word] for word in order_of(labels)}, labels, are_whole)


def is_whole(values: np.ndarray) -> bool:
    """Whether all values are whole numbers."""
    return bool((values == np.rint(values)).all())


def are_classes(values: np.ndarray) -> bool:
    """Whether whole numbers are taken for classes: two, or few of them in many rows."""
    count = len(np.unique(values))
    return count == 2 or (count <= MAX_WHOLE and count * MIN_ROWS_A_CLASS <= len(values))


def of_numbers(values: np.ndarray, source: str, name: str) -> Numbers:
    """What numbers are like; of several columns, of all of them together.

    Args:
        values: (rows,) or (rows, targets).

    Raises:
        InputError: they are all the same.
    """
    exact = values.astype(np.float64)
    least, most = float(exact.min()), float(exact.max())
    if least == most:
        raise InputError(f"{source}: the target '{name}' is {least:g} in all rows; there is nothing to learn")
    count = len(np.unique(exact)) if is_whole(exact) else 0
    num_targets = exact.shape[1] if exact.ndim > 1 else 1
    return Numbers(least, most, float(exact.mean()), float(exact.std()), num_targets, count if count <= 100 else 0)

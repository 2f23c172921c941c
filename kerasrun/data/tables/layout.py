"""How the columns of a table become inputs and targets: found when a model is trained, and kept for more rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from kerasrun.data.rows import Arrays
from kerasrun.data.tables.cells import check_known, read_numbers, read_words
from kerasrun.data.tables.lines import Dialect
from kerasrun.data.tables.table import Table

# The input that has all columns of numbers, where there are others.
NUMERIC = "numeric"

# The word of a category that stands for no value.
NO_VALUE = "(no value)"


@dataclass(frozen=True)
class Layout:
    """How the columns of a table become inputs and targets, in plain values.

    Args:
        numeric: the columns of numbers, in the order in which the net reads them.
        categories: the columns of categories, by the names of their inputs.
        target: the column of classes, or those of numbers.
        of_classes: whether the target is one of classes.
        one_hot: whether classes become one-hot vectors.
        renamed: of classes that the files have as numbers, their names.
        weight: the column of the rows' weights, or None.
        unread: columns that are known, and neither inputs nor targets.
        missing: `error`; else what stands for a missing number, the training rows' `mean` or `median`.
        missing_values: the words that mean that there is no value.
        fills: by its column what stands for a missing number.
        words: by its input's name the words of a category that the training rows have.
    """

    numeric: Sequence[str]
    categories: Mapping[str, str]
    target: Sequence[str]
    of_classes: bool
    one_hot: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    weight: str | None = None
    unread: Sequence[str] = ()
    missing: str = "error"
    missing_values: Sequence[str] = ()
    separator: str = "auto"
    encoding: str = "utf-8"
    fills: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def dialect(self) -> Dialect:
        """How the files are written."""
        return Dialect(self.separator, self.encoding)

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that are inputs."""
        return (*self.numeric, *self.categories.values())

    def to_reading(self) -> dict[str, Any]:
        """What a model file keeps of it."""
        return {"table": asdict(self)}


def layout_from(reading: Mapping[str, Any]) -> Layout:
    """The layout that a model file keeps.

    Raises:
        KeyError, TypeError, ValueError: it is none that kerasrun wrote.
    """
    layout = Layout(**reading["table"])
    texts = [*layout.numeric, *layout.categories.values(), *layout.target, *layout.unread, *layout.missing_values]
    texts += [layout.missing, layout.separator, layout.encoding]
    texts += [word for words in layout.words.values() for word in words]
    sound = (
        all(isinstance(text, str) for text in texts),
        set(layout.words) == set(layout.categories),
        all(isinstance(value, float) and math.isfinite(value) for value in layout.fills.values()),
        layout.missing == "error" or set(layout.fills) == set(layout.numeric),
    )
    if not all(sound):
        raise ValueError("not as it was written")
    return layout


def read_inputs(table: Table, layout: Layout) -> Arrays:
    """The inputs: numbers of shape (rows, columns) float32, NaN where there is no value yet.

    With categories one array a name: `numeric`, and of each category its words, (rows,) of dtype object.

    Raises:
        InputError: a cell is no number, or has no value and `missing` is `error`.
    """
    check_gaps(table, layout)
    numbers = np.empty((len(table), len(layout.numeric)), np.float32)
    for place, name in enumerate(layout.numeric):
        numbers[:, place] = read_numbers(table, name)
    if not layout.categories:
        return numbers
    words = {name: read_words(table, column, NO_VALUE) for name, column in layout.categories.items()}
    return ({NUMERIC: numbers} if layout.numeric else {}) | words


def check_gaps(table: Table, layout: Layout) -> None:
    """Whether each input has a value in each row, where none is filled in.

    Raises:
        InputError: one has none.
    """
    if layout.missing == "error":
        for name in layout.features:
            hint = "categories" if name in layout.categories.values() else "numbers"
            check_known(table, name, "the column", HINTS[hint])


HINTS = {
    "numbers": "write missing: median (or mean) to fill in the training rows', or name the column in ignore",
    "categories": "write missing: median to make a category of its own of them, or name the column in ignore",
}


def fill_in(x: Arrays, layout: Layout) -> None:
    """Put in what stands for missing numbers, in place."""
    numbers = numbers_of(x)
    for place, name in enumerate(layout.numeric):
        if name in layout.fills and numbers is not None:
            column = numbers[:, place]
            column[np.isnan(column)] = layout.fills[name]


def numbers_of(x: Arrays) -> np.ndarray | None:
    """The columns of numbers among the inputs: (rows, columns); None where there are none."""
    return x.get(NUMERIC) if isinstance(x, dict) else x

"""The columns of a table's inputs, of all rows or of some: what is learned and told of them, one column at a time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kerasrun.data.duplicates import row_hashes, with_more
from kerasrun.data.files.temporary import TemporaryColumns, TemporaryRows
from kerasrun.data.rows import Arrays
from kerasrun.data.tables.cells import read_codes, read_numbers
from kerasrun.data.tables.layout import NO_VALUE, NUMERIC, Layout, check_gaps, numbers_of
from kerasrun.data.tables.table import Table

# So many rows of all columns are put together at once.
ROWS_AT_ONCE = 65_536


class Columns(Protocol):
    """Columns of some rows."""

    def numbers(self, name: str) -> np.ndarray:
        """A column of numbers by its name, (rows,) float32, NaN where there is no value."""

    def counts(self, name: str) -> Mapping[str, int]:
        """How many rows have each word of a category, by the name of its input."""


@dataclass(frozen=True)
class ColumnsInMemory:
    """Those of rows in memory."""

    x: Arrays
    layout: Layout

    def numbers(self, name: str) -> np.ndarray:
        numbers = numbers_of(self.x)
        assert numbers is not None
        return numbers[:, list(self.layout.numeric).index(name)]

    def counts(self, name: str) -> Mapping[str, int]:
        assert isinstance(self.x, dict)
        return Counter(self.x[name])


class StoredColumns:
    """The inputs of tables on disk: by column first, for what is learned of them, and by row in the end.

    Args:
        hashes: of each row, (rows,) uint64.
    """

    def __init__(self, tables: Iterable[Table], layout: Layout) -> None:
        """Read each column of all tables.

        Raises:
            InputError: a cell is no number, or has no value and `missing` is `error`; or the disk is full.
        """
        self.layout, tables = layout, list(tables)
        self.num_rows = sum(map(len, tables))
        for table in tables:
            check_gaps(table, layout)
        hashes = None
        self.values = TemporaryColumns(np.dtype(np.float32), self.num_rows)
        for name in layout.numeric:
            column = np.concatenate([read_numbers(table, name) for table in tables])
            self.values.add(column)
            hashes = with_more(hashes, row_hashes(column))
        self.words: dict[str, np.ndarray] = {}
        self.codes = TemporaryColumns(np.dtype(np.int32), self.num_rows)
        for name, written in layout.categories.items():
            self.words[name], codes = read_codes(tables, written, NO_VALUE)
            self.codes.add(codes)
            hashes = with_more(hashes, row_hashes(self.words[name])[codes])
        assert hashes is not None
        self.hashes: np.ndarray = hashes

    @property
    def row_bytes(self) -> int:
        """What the inputs of a row take."""
        return 4 * len(self.layout.numeric) + 8 * len(self.layout.categories)

    def of(self, rows: np.ndarray) -> "StoredPart":
        """The columns of some rows, by their numbers."""
        return StoredPart(self, rows)

    def by_row(self, layout: Layout) -> "StoredInputs":
        """The inputs by row, with what stands for missing numbers; the columns are let go of."""
        fills = np.array([layout.fills.get(name, np.nan) for name in layout.numeric], np.float32)
        numbers = codes = None
        if layout.numeric:
            numbers = TemporaryRows()
            for block in self.values.blocks(ROWS_AT_ONCE):
                numbers.add(np.where(np.isnan(block), fills, block))
        if self.words:
            codes = TemporaryRows()
            for block in self.codes.blocks(ROWS_AT_ONCE):
                codes.add(block)
        self.values.close()
        self.codes.close()
        return StoredInputs(numbers, codes, self.words)


@dataclass(frozen=True)
class StoredPart:
    """Those of some rows of stored ones."""

    stored: StoredColumns
    rows: np.ndarray

    def numbers(self, name: str) -> np.ndarray:
        place = list(self.stored.layout.numeric).index(name)
        return self.stored.values.column(place)[self.rows]

    def counts(self, name: str) -> Mapping[str, int]:
        words, place = self.stored.words[name], list(self.stored.words).index(name)
        counts = np.bincount(self.stored.codes.column(place)[self.rows], minlength=len(words))
        return {word: int(count) for word, count in zip(words, counts, strict=True) if count}


@dataclass(frozen=True)
class StoredInputs:
    """Inputs on disk, any rows of which are read."""

    numbers: TemporaryRows | None
    codes: TemporaryRows | None
    words: Mapping[str, np.ndarray]

    def read(self, rows: np.ndarray) -> Arrays:
        """The inputs of some rows, by their numbers, as a table in memory has them."""
        if self.codes is None:
            assert self.numbers is not None
            return self.numbers.read(rows)
        codes = self.codes.read(rows)
        numbers = {} if self.numbers is None else {NUMERIC: self.numbers.read(rows)}
        return numbers | {name: words[codes[:, place]] for place, (name, words) in enumerate(self.words.items())}

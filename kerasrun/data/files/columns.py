"""A table of words: the columns of a CSV or TSV file by their names, as they are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kerasrun.config.faults import closest
from kerasrun.data.files.arrays import check_file
from kerasrun.data.files.words import read_words
from kerasrun.errors import InputError

ENDINGS = (".csv", ".tsv")
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Columns:
    """The rows of a table as words.

    Args:
        words: by the column's name, its cells without spaces around: (rows,) of dtype object; an empty one is "".
    """

    path: Path
    words: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(next(iter(self.words.values())))

    def column(self, name: str) -> np.ndarray:
        """The cells of a column.

        Raises:
            InputError: there is none of that name.
        """
        if name not in self.words:
            hint = closest(name, self.words) or f"it has {', '.join(self.words)}"
            raise InputError(f"{self.path}: has no column '{name}'; {hint}")
        return self.words[name]

    def filled(self, name: str) -> np.ndarray:
        """The cells of a column, none of which is empty.

        Raises:
            InputError: one is, or there is no such column.
        """
        cells = self.column(name)
        empty = np.flatnonzero(cells == "")
        if len(empty):
            others = f"; {len(empty):,} rows have none" if len(empty) > 1 else ""
            raise InputError(f"{self.where(int(empty[0]))}: the column '{name}' is empty{others}")
        return cells

    def where(self, row: int) -> str:
        """What a row is called, by its number from 0; people count from 1, below the line of names."""
        return f"{self.path}, row {row + 1}"


def is_table(path: Path) -> bool:
    """Whether a path has the name of a table."""
    return path.suffix.lower() in ENDINGS


def read_columns(path: Path) -> Columns:
    """Read a table whose first line has the names of its columns; what separates them is found in that line.

    Raises:
        InputError: the file is missing or empty, is no text in UTF-8, or a row has more or fewer cells than the names.
    """
    import pyarrow
    from pyarrow import csv

    check_file(path, "a .csv or .tsv file")
    text = read_words(path)
    first = text.partition("\n")[0]
    separator = "\t" if path.suffix.lower() == ".tsv" else max(SEPARATORS, key=first.count)
    try:
        names = _names(first, separator, path)
        table = csv.read_csv(
            pyarrow.BufferReader(text.encode()),
            csv.ReadOptions(use_threads=False),  # only so are rows numbered in its errors
            csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False),
        )
    except pyarrow.ArrowInvalid as error:
        raise InputError(f"{path}{_told(str(error))}") from None
    if not table.num_rows:
        raise InputError(f"{path}: has a line of names and no rows")
    return Columns(path, {name.strip(): _cells(table[name].to_pylist()) for name in table.column_names})


def _cells(written: list[str]) -> np.ndarray:
    return np.array([cell.strip() for cell in written], object)


def _names(first: str, separator: str, path: Path) -> list[str]:
    import csv

    names = next(csv.reader([first.strip("\r\n")], delimiter=separator), [])
    stripped = [name.strip() for name in names]
    twice = next((name for name in stripped if stripped.count(name) > 1), None)
    if not any(stripped):
        raise InputError(f"{path}: the file is empty, or its first line has no names of columns")
    if twice is not None:
        raise InputError(f"{path}: two columns are called '{twice}'")
    return names


def _told(message: str) -> str:
    """pyarrow's error in our words; its rows count the line of names."""
    found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", message)
    if not found:
        return f": not readable as a table: {message.splitlines()[0][:200]}"
    row, expected, count = map(int, found.groups())
    return f", row {row - 1}: has {count} cells, and there are {expected} columns; put text with commas into quotes"


def numbers_of(cells: np.ndarray) -> np.ndarray | None:
    """Cells as (rows,) float64, or None where one of them is no finite number."""
    try:
        values = np.array([float(cell) for cell in cells])
    except ValueError:
        return None
    return values if np.isfinite(values).all() and not any("_" in cell for cell in cells) else None

"""Columns of a series: from a table or an .npz file, in the order of time, with missing values as the rule says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kerasrun.config.faults import closest
from kerasrun.data.files.arrays import LARGEST, check_lengths, read_npz
from kerasrun.data.windows import Series
from kerasrun.errors import InputError

NO_VALUE = "write missing: previous to take the value before it, or fill it in"

# Dates that do not sort as texts do.
DAY_FIRST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}\b")


class Columns(Protocol):
    """Columns by name, and what their rows are called."""

    def numbers(self, name: str) -> np.ndarray:
        """(rows,) float32, NaN where there is no value."""

    def words(self, name: str) -> np.ndarray:
        """(rows,) of text, None where there is no value."""

    def where(self, row: int) -> str:
        """The file and the row, counted from 0."""


@dataclass(frozen=True)
class Found:
    """A series as a file has it.

    Args:
        times: when each row was, as text; None where no column says it.
        notes: what was filled in.
        columns: the file's, to name its rows.
    """

    series: Series
    times: np.ndarray | None
    notes: tuple[str, ...]
    columns: Columns


def read_series(path: Path, reading: Mapping[str, Any], need_target: bool = True) -> Found:
    """The columns that a config names.

    Args:
        reading: features, target, time and missing, as the config has them.
        need_target: whether the target is more than one of the features.

    Raises:
        InputError: the file is not readable, lacks a column, is out of order, or misses a value; it names the row.
    """
    columns = _Arrays(path) if path.suffix.lower() == ".npz" else _table(path)
    names = [*reading["features"], *([reading["target"]] if need_target else [])]
    times = None if reading["time"] is None else _times(columns, reading["time"])
    values, notes = dict[str, np.ndarray](), dict[str, int]()
    for name in dict.fromkeys(names):
        values[name], notes[name] = _filled(columns, name, reading["missing"])
    features = np.column_stack([values[name] for name in reading["features"]])
    told = tuple(
        f"{count:,} missing values of '{name}' are those before them" for name, count in notes.items() if count
    )
    return Found(Series(features, values[reading["target"]] if need_target else None), times, told, columns)


def _filled(columns: Columns, name: str, missing: str) -> tuple[np.ndarray, int]:
    """A column without gaps, and how many values were filled in."""
    values = columns.numbers(name)
    gaps = np.isnan(values)
    if gaps.any() and (missing == "error" or gaps[0]):
        row = int(np.argmax(gaps))
        hint = NO_VALUE if missing == "error" else "there is none before it to take"
        others = f", and {gaps.sum() - 1:,} more rows have none" if gaps.sum() > 1 else ""
        raise InputError(f"{columns.where(row)}: the column '{name}' has no value{others}; {hint}")
    last_known = np.maximum.accumulate(np.where(gaps, 0, np.arange(len(values))))
    return values[last_known], int(gaps.sum())


def _times(columns: Columns, name: str) -> np.ndarray:
    """When each row was; each later than the one before it, as a number where all are numbers, else as text."""
    words = columns.words(name)
    unknown = np.array([word is None for word in words])
    if unknown.any():
        raise InputError(f"{columns.where(int(np.argmax(unknown)))}: the column '{name}' has no value; a row needs one")
    try:
        keys = words.astype(np.float64)
    except ValueError:
        keys = words.astype(str)
        backward = np.array([DAY_FIRST.match(key) is not None for key in keys])
        if backward.any():
            row = int(np.argmax(backward))
            told = f"'{name}' is '{words[row]}'; times are numbers, or texts that sort, such as 2024-01-31"
            raise InputError(f"{columns.where(row)}: {told}") from None
    wrong = keys[1:] <= keys[:-1]
    if wrong.any():
        row = int(np.argmax(wrong)) + 1
        is_same = words[row] == words[row - 1]
        how = "the time of the row before it" if is_same else f"before '{words[row - 1]}', which the row before it has"
        hint = "give each series a file of its own" if is_same else "sort the rows by time; write dates as 2024-01-31"
        raise InputError(f"{columns.where(row)}: '{name}' is '{words[row]}', {how}; {hint}")
    return words


class _Arrays:
    """Arrays of an .npz file."""

    def __init__(self, path: Path) -> None:
        self.path, self.arrays = path, read_npz(path)
        check_lengths([(name, array) for name, array in self.arrays.items() if array.ndim], path)

    def numbers(self, name: str) -> np.ndarray:
        array = self._array(name)
        if array.dtype.kind not in "biuf":
            raise InputError(f"{self.path}: the array '{name}' holds {array.dtype}, not numbers")
        wrong = np.isinf(array.astype(np.float64)) | (np.abs(array.astype(np.float64)) > LARGEST)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise InputError(f"{self.where(row)}: the array '{name}' holds {array[row]}, which float32 cannot hold")
        return array.astype(np.float32)

    def words(self, name: str) -> np.ndarray:
        return self._array(name).astype(str).astype(object)

    def where(self, row: int) -> str:
        return f"{self.path}: row {row}"

    def _array(self, name: str) -> np.ndarray:
        if name not in self.arrays:
            hint = closest(name, self.arrays) or f"it holds {', '.join(self.arrays) or 'none'}"
            raise InputError(f"{self.path}: has no array '{name}'; {hint}")
        array: np.ndarray = self.arrays[name]
        if array.ndim != 1 or not len(array):
            raise InputError(
                f"{self.path}: the array '{name}' has the shape {array.shape}; a column has one value a row"
            )
        return array


def _table(path: Path) -> Columns:
    from kerasrun.data.files.series_table import TableColumns

    return TableColumns(path)

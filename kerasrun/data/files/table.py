"""Rows from a table of text: CSV, with or without a line of names."""

import csv
import math
from pathlib import Path

import numpy as np

from kerasrun.data.files.arrays import LARGEST, TOO_LARGE, check_file
from kerasrun.errors import InputError

SEPARATORS = (",", ";", "\t")


def read_table(path: Path, row_shape: tuple[int, ...] | None) -> np.ndarray:
    """The rows of a CSV file, all of whose columns are inputs.

    Args:
        row_shape: what a row of the model's inputs is shaped like; None where it is not known.

    Returns:
        (rows, columns) float32, or (rows, *row_shape) where the columns make up such a row.

    Raises:
        InputError: the file is not readable, a cell is no number, or the columns are not those of the model.
    """
    lines = _read(path)
    if lines and not any(_is_number(cell) for cell in lines[0][1]):
        names = [cell.strip() for cell in lines.pop(0)[1]]
    else:
        names = []
    if not lines:
        raise InputError(f"{path}: has no row of numbers")
    width = len(names) or len(lines[0][1])
    values = np.array([_numbers(path, line, cells, width, names) for line, cells in lines], np.float32)
    if row_shape is None:
        return values
    if width != math.prod(row_shape):
        shape = "×".join(map(str, row_shape))
        told = f"{math.prod(row_shape)} ({shape})" if len(row_shape) > 1 else f"{row_shape[0]}"
        hint = "; leave out the columns that are no inputs" if width > math.prod(row_shape) else ""
        raise InputError(f"{path}: has {width} columns, and the model reads rows of {told} numbers{hint}")
    return values.reshape(len(values), *row_shape)


def _read(path: Path) -> list[tuple[int, list[str]]]:
    """The lines that are not empty, each with its number."""
    check_file(path, "a .csv file")
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text[: text.find("\n")] if "\n" in text else text
        separator = max(SEPARATORS, key=first.count)
        reader = csv.reader(text.splitlines(), delimiter=separator, strict=True)
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no text in UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num}: no CSV: {error}") from None


def _numbers(path: Path, line: int, cells: list[str], width: int, names: list[str]) -> list[float]:
    if len(cells) != width:
        raise InputError(f"{path}: line {line} has {len(cells)} columns, and the first line {width}")
    for column, cell in enumerate(cells, 1):
        fault = _fault(cell)
        if fault:
            name = f" ({names[column - 1]})" if names else ""
            raise InputError(f"{path}: line {line}, column {column}{name}: {fault}")
    return [float(cell) for cell in cells]


def _fault(cell: str) -> str:
    """Why a cell makes no float of 32 bits; empty where it does."""
    if not cell.strip():
        return "is empty"
    what = f"'{cell.strip()[:40]}' is"
    if not _is_number(cell):
        return f"{what} no number" + ("; write a point for the comma" if _is_number(cell.replace(",", ".")) else "")
    return f"{what} {TOO_LARGE}" if abs(float(cell)) > LARGEST else ""


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell)) and "_" not in cell
    except ValueError:
        return False

"""Cells of a column as numbers or as words, and what a cell is that is neither."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from pyarrow import compute

from kerasrun.data.files.arrays import LARGEST, TOO_LARGE
from kerasrun.data.tables.table import Table, is_text
from kerasrun.errors import InputError

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"

# What is meant as a number, or as a date; to each what can be done.
GROUPED = r"^[+-]?[0-9]{1,3}([ '’_\x{a0}\x{202f}][0-9]{3})+([.,][0-9]+)?$"
COMMA = r"^[+-]?[0-9]*,[0-9]+$|^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$|^[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+$"
NOT_FINITE = r"^[+-]?(?i:inf|infinity|nan)$"
UNIT = r"^[$€£¥] ?[0-9.,]+$|^[+-]?[0-9.,]+ ?[%$€£¥]$"
DATE = (
    r"^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([T ].*)?$|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})([T ].*)?$"
    r"|^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$"
)
ISO_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?)?)?$"
HINTS = {
    GROUPED: "write it without the signs between its thousands",
    COMMA: "write it without commas, and with a point before decimals",
    NOT_FINITE: "name it in missing_values if it means that there is no value",
    UNIT: "write the number alone",
    DATE: "dates are not read: ignore the column, or write numbers such as the year in its place",
}
CATEGORICAL = "write categorical: [its name] if they are categories"
NUMBER_LIKE = (GROUPED, COMMA, NOT_FINITE, UNIT)


def parse_numbers(cells: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Numbers, (rows,) float64, NaN where there is no value; and where there is a value that is no finite number."""
    known = cells.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_temporal(cells.type) or pa.types.is_nested(cells.type) or pa.types.is_binary(cells.type):
        return np.full(len(cells), np.nan), known
    if not is_text(cells.type):
        values = compute.cast(cells, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return values, np.isinf(values)
    try:
        values = compute.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        numbers = compute.if_else(matching(cells, NUMBER), cells, pa.scalar(None, cells.type))
        values = compute.cast(numbers, pa.float64()).to_numpy(zero_copy_only=False)
    return values, known & ~np.isfinite(values)


def matching(cells: pa.Array, pattern: str) -> pa.Array:
    """Where a text has this form; false where there is no value."""
    return compute.fill_null(compute.match_substring_regex(cells, pattern), False)


def read_numbers(table: Table, name: str, hint: str = CATEGORICAL) -> np.ndarray:
    """A column as numbers: (rows,) float32, NaN where there is no value.

    Args:
        hint: what else to do with a column that holds a text.

    Raises:
        InputError: a cell is no number, or one too large.
    """
    cells = table.column(name)
    values, wrong = parse_numbers(cells)
    wrong |= np.abs(values) > LARGEST
    if wrong.any():
        raise InputError(describe_wrong(table, name, int(np.argmax(wrong)), hint))
    return values.astype(np.float32)


def read_words(table: Table, name: str, missing: str | None = None) -> np.ndarray:
    """A column as text: (rows,) of dtype object; `missing` where there is no value."""
    texts = compute.cast(table.column(name), pa.large_string())
    texts = texts if missing is None else compute.fill_null(texts, missing)
    return np.asarray(texts.to_numpy(zero_copy_only=False), object)


def describe_wrong(table: Table, name: str, row: int, otherwise: str = CATEGORICAL) -> str:
    """What is wrong with a cell that should be a number, and what to do."""
    cell = str(table.column(name)[row].as_py())
    start = f"{table.where(row)}: the column '{name}' holds '{cell[:40]}'"
    if re.match(NUMBER, cell):
        return f"{start}, {TOO_LARGE}"
    text = pa.array([cell])
    hint = next((hint for pattern, hint in HINTS.items() if matching(text, pattern)[0].as_py()), "")
    hint = hint or ", or ".join(
        filter(None, ["name it in missing_values if it means that there is no value", otherwise])
    )
    return f"{start}, which is no number; {hint}"


def read_codes(tables: Sequence[Table], name: str, missing: str) -> tuple[np.ndarray, np.ndarray]:
    """A column of several tables as the different words in it, (n,) of dtype object, and their numbers, (rows,) int32.

    Args:
        missing: the word where there is no value.
    """
    texts = pa.chunked_array(
        [compute.fill_null(compute.cast(table.column(name), pa.large_string()), missing) for table in tables]
    )
    encoded = compute.dictionary_encode(texts).unify_dictionaries().combine_chunks()
    words = np.asarray(encoded.dictionary.to_numpy(zero_copy_only=False), object)
    return words, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)


def read_filled(table: Table, name: str) -> np.ndarray:
    """A column of which each cell has a text: (rows,) of dtype object.

    Raises:
        InputError: one has none, or there is no such column.
    """
    check_known(table, name, "the column", "fill it in, or leave such rows out")
    return read_words(table, name)


def check_known(table: Table, name: str, what: str, hint: str) -> None:
    """Whether each row has a value in a column.

    Args:
        what: what the column is, in words: `the target`.

    Raises:
        InputError: one has none; it names the first, and says how many there are.
    """
    missing = table.column(name).is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    if missing.any():
        row, more = int(np.argmax(missing)), int(missing.sum()) - 1
        others = f", as in {more:,} more row{'s' * (more != 1)}" if more else ""
        raise InputError(f"{table.where(row)}: {what} '{name}' has no value{others}; {hint}")

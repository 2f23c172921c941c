"""Which columns of a table are features, and of what kind."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
from pyarrow import compute

from kerasrun.data.tables.cells import DATE, HINTS, NUMBER_LIKE, describe_wrong, matching, parse_numbers
from kerasrun.data.tables.table import Table, is_text
from kerasrun.errors import InputError

Kind = Literal["numeric", "categorical"]

# A column of text is one of categories where it has at most so many, and on average each in two rows.
MAX_CATEGORIES = 100


def find_kinds(
    table: Table, names: Sequence[str], numeric: Sequence[str], categorical: Sequence[str]
) -> dict[str, Kind]:
    """The kind of each column: as declared, else as its cells say.

    Raises:
        InputError: a column is neither of numbers nor of categories.
    """
    declared: dict[str, Kind] = dict.fromkeys(numeric, "numeric") | dict.fromkeys(categorical, "categorical")  # type: ignore[assignment]
    return {name: declared.get(name) or kind_of(table, name) for name in names}


def kind_of(table: Table, name: str) -> Kind:
    """Numeric where all cells are numbers, categorical where they are few different texts.

    Raises:
        InputError: they are neither; it says what to do.
    """
    cells = table.column(name)
    wrong, num_known = parse_numbers(cells)[1], len(cells) - cells.null_count
    if not num_known:
        raise InputError(f"{table.name}: the column '{name}' has no value in any row; write ignore: [{name}]")
    if not wrong.any():
        return "numeric"
    if not is_text(cells.type):
        raise InputError(f"{table.name}: {_of_type(name, cells.type)}")
    if _share(cells, ~wrong, *NUMBER_LIKE) > 0.5 or _share(cells, None, DATE) > 0.5:
        hint = f"write categorical: [{name}] if they are categories"
        raise InputError(describe_wrong(table, name, int(np.argmax(wrong)), hint))
    num_words = compute.count_distinct(cells).as_py()
    if num_words > MAX_CATEGORIES or 2 * num_words > num_known:
        raise InputError(
            f"{table.name}: the column '{name}' holds {num_words:,} different texts in {num_known:,} rows; it is taken "
            f"for categories with {MAX_CATEGORIES} at most, and no more than half as many as rows; write "
            f"ignore: [{name}] to leave it out, or categorical: [{name}]"
        )
    return "categorical"


def tells_classes(table: Table, names: Sequence[str], wanted: str, whole_are_classes: bool) -> bool:
    """Whether a target is one of classes: as it is said, else where it is text, or whole numbers if these are classes.

    Raises:
        InputError: nearly each row would be a class of its own.
    """
    if wanted != "auto" or len(names) > 1:
        return wanted == "classes"
    cells = table.column(names[0])
    values, wrong = parse_numbers(cells)
    num_known = len(cells) - cells.null_count
    if not wrong.any():
        return whole_are_classes and not np.any(values % 1 > 0)
    if not is_text(cells.type) or _share(cells, ~wrong, *NUMBER_LIKE) > 0.5:
        return False
    num_words = compute.count_distinct(cells).as_py()
    if 2 * num_words > num_known:
        raise InputError(
            f"{table.name}: the target '{names[0]}' holds {num_words:,} different texts in {num_known:,} rows; "
            "write target_type: classes if they are classes all the same"
        )
    return True


def _share(cells: pa.Array, besides: np.ndarray | None, *patterns: str) -> float:
    """The share of the values that have one of these forms, or are among others."""
    found = np.zeros(len(cells), bool) if besides is None else besides & cells.is_valid().to_numpy(zero_copy_only=False)
    for pattern in patterns:
        found |= matching(cells, pattern).to_numpy(zero_copy_only=False)
    return float(found.sum()) / max(1, len(cells) - cells.null_count)


def _of_type(name: str, its_type: pa.DataType) -> str:
    if pa.types.is_temporal(its_type):
        return f"the column '{name}' holds dates or times ({its_type}); {HINTS[DATE]}"
    return f"the column '{name}' holds values of the type {its_type}, neither numbers nor text; write ignore: [{name}]"

"""More rows of a table that a model was trained on: read as those of its training were."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.config.faults import closest
from kerasrun.data.rows import Rows
from kerasrun.data.tables.columns import ColumnsInMemory
from kerasrun.data.tables.layout import Layout, fill_in, layout_from, read_inputs
from kerasrun.data.tables.notes import notes_of_rows
from kerasrun.data.tables.table import Table, find_tables, read_table
from kerasrun.data.tables.targets import read_targets, read_weights
from kerasrun.errors import InputError


def read_more(
    paths: Sequence[Path], reading: Mapping[str, Any], classes: Sequence[str] | None, need_targets: bool
) -> tuple[Rows, tuple[str, ...]]:
    """The rows of files, their columns by name in any order, and what the user should know of them.

    Args:
        reading: what the model file keeps of its table.
        classes: the names of the model's classes by their numbers.
        need_targets: whether rows need their targets; else they are read where all rows have them.

    Raises:
        InputError: a file is not readable, lacks a column, or has a value that cannot be read.
        KeyError, TypeError, ValueError: `reading` is none that kerasrun wrote.
    """
    layout = layout_from(reading)
    table = read_table(find_tables([str(path) for path in paths]), layout.dialect, layout.missing_values)
    _check_columns(table, [*layout.features, *(layout.target if need_targets else [])])
    x = read_inputs(table, layout)
    notes = [note.removeprefix("rows: ") for note in notes_of_rows("rows", ColumnsInMemory(x, layout), layout)]
    fill_in(x, layout)
    known = {*layout.features, *layout.target, *layout.unread, layout.weight}
    more = [name for name in table.columns if name not in known]
    if more:
        notes.append(f"no columns of the model's, left out: {', '.join(more[:5])}{', …' if len(more) > 5 else ''}")
    if not need_targets and not _has_all(table, layout.target):
        return Rows(x, None), tuple(notes)
    weight = read_weights(table, layout.weight) if layout.weight and layout.weight in table.columns else None
    if layout.weight and weight is None and need_targets:
        notes.append(f"no column '{layout.weight}' of weights: every row counts the same")
    return Rows(x, _targets(table, layout, classes), weight), tuple(notes)


def _check_columns(table: Table, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        others = [name for name in table.columns if name not in names]
        hints = [hint for name in missing if (hint := closest(name, others))]
        told = f"{table.name}: lacks {'the column' if len(missing) == 1 else 'the columns'} " + ", ".join(missing)
        raise InputError("; ".join([told, *(hints[:1] or [f"it has {', '.join(list(table.columns)[:12])}"])]))


def _has_all(table: Table, names: Sequence[str]) -> bool:
    return all(name in table.columns and not table.columns[name].null_count for name in names)


def _targets(table: Table, layout: Layout, classes: Sequence[str] | None) -> np.ndarray:
    """Numbers, or the numbers of classes as the model knows them."""
    y = read_targets(table, layout)
    if not layout.of_classes:
        return y
    numbers = {name: number for number, name in enumerate(classes or ())}
    unknown = np.array([name not in numbers for name in y])
    if unknown.any():
        row = int(np.argmax(unknown))
        hint = closest(y[row], numbers) or f"there are {', '.join(list(numbers)[:12])}"
        raise InputError(f"{table.where(row)}: the model knows no class '{y[row]}'; {hint}")
    labels = np.array([numbers[name] for name in y], np.int32)
    return np.eye(len(numbers), dtype=np.float32)[labels] if layout.one_hot else labels

"""Rows for a model that was trained on texts or on a table of one's own: read as its own data was."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from kerasrun.data import Rows
from kerasrun.data.files.folders import find_files, is_table, told
from kerasrun.data.files.words import TEXTS, read_words
from kerasrun.data.tables.cells import read_filled, read_numbers
from kerasrun.data.tables.table import Table, read_listed
from kerasrun.errors import InputError
from kerasrun.runs.models.chosen import Chosen, check_labels, class_labels, folder_labels
from kerasrun.runs.models.opened import ModelFile


def choose_texts(opened: ModelFile, paths: Sequence[Path], need_labels: bool) -> Chosen:
    """The rows of text files and folders of them, or of one table.

    Args:
        need_labels: whether it has to be known what the rows are.

    Raises:
        InputError: a file is missing or not what it should be, or it is not known what the rows are.
    """
    if any(is_table(path) for path in paths):
        table, labels = read_own_table(opened, paths, need_labels)
        return Chosen(str(paths[0]), Rows(read_filled(table, column_of(opened, "text", table)), labels))
    files, others = find_files(paths, TEXTS, "text")
    texts = np.array([read_words(file.path) for file in files], object)
    labels = folder_labels([file.folder for file in files], opened)
    name = str(paths[0]) if len(paths) == 1 else f"{len(files):,} texts"
    if need_labels:
        check_labels(labels, name, "texts", opened)
    notes = (f"no texts, left out: {told(others)}",) if others else ()
    return Chosen(name, Rows(texts, labels), None, tuple(file.name for file in files), notes)


def read_own_table(opened: ModelFile, paths: Sequence[Path], need_labels: bool) -> tuple[Table, np.ndarray | None]:
    """A table with the columns that the model's own has, and the targets where these are needed.

    Raises:
        InputError: the table is not readable, or lacks its targets where they are needed.
    """
    if len(paths) > 1:
        raise InputError("a table is read alone; give one")
    table = read_listed(paths[0])
    if not need_labels:
        return table, None
    name = _columns(opened).get("target")
    if name is None:
        raise InputError(f"{table.name}: the model was trained on folders, so no column is known to hold the classes")
    return table, _targets(table, name, opened)


def column_of(opened: ModelFile, kind: str, table: Table) -> str:
    """The column of what a row holds: as the model's own table calls it; else one called `kind`, or the only one.

    Raises:
        InputError: it is not known which it is.
    """
    name = _columns(opened).get(kind)
    if name is not None:
        return name
    if kind not in table.columns and len(table.columns) > 1:
        raise InputError(f"{table.name}: which column holds the rows is not known; call it '{kind}'")
    return kind if kind in table.columns else next(iter(table.columns))


def _columns(opened: ModelFile) -> dict[str, str]:
    """The columns of the table that the model was trained on, by what they hold."""
    found = opened.reading.get("columns")
    named = found if isinstance(found, Mapping) else {}
    return {key: name for key, name in named.items() if isinstance(name, str)}


def _targets(table: Table, name: str, opened: ModelFile) -> np.ndarray:
    cells = read_filled(table, name)
    if opened.classes is None:
        return read_numbers(table, name, "the model was trained on numbers")[:, None]
    numbers = {known: number for number, known in enumerate(opened.classes)}
    unknown = next((row for row, cell in enumerate(cells) if cell not in numbers), None)
    if unknown is not None:
        classes = told(opened.classes)
        raise InputError(f"{table.where(unknown)}: the model has no class '{cells[unknown]}'; it has {classes}")
    return class_labels([numbers[cell] for cell in cells], opened)

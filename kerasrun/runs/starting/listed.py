"""The starter for pictures or texts that a table lists."""

from pathlib import Path

import numpy as np

from kerasrun.data.files.pictures import find_listed
from kerasrun.data.starting.choosing import listing_fault
from kerasrun.data.starting.columns import Column
from kerasrun.data.starting.folders import describe_pictures
from kerasrun.data.starting.tables import FoundTable
from kerasrun.data.starting.targets import Classes
from kerasrun.data.tables.cells import parse_numbers, read_filled
from kerasrun.data.tables.table import Table, read_listed
from kerasrun.errors import InputError
from kerasrun.runs.starting.folders import form_lines
from kerasrun.runs.starting.lines import named, remark, setting
from kerasrun.runs.starting.nets import target_comment
from kerasrun.runs.starting.parting import part_rows, suggest_splits
from kerasrun.runs.starting.pictures import conv_net
from kerasrun.runs.starting.sections import Sections
from kerasrun.runs.starting.texts import text_net


def picture_sections(path: Path, shown: str, found: FoundTable) -> Sections:
    """The sections for a table that lists pictures.

    Raises:
        InputError: it lists none, one is not there or none can be read, or it is no table that lists them.
    """
    column = found.pictures
    if column is None:
        raise InputError(f"{path}: --source images: no column lists pictures that are there")
    pictures = describe_pictures(find_listed(_open(path, found), column.name))
    parting = part_rows(found.target, found.num_rows)
    data = _data("images", shown, found, column, "file names, from the table's folder")
    data += [*form_lines(pictures), *_others(found, column), *suggest_splits(found.columns), *parting.lines]
    net = conv_net(found.target, found.num_rows, found.target_name, parting.has_parts, pictures.shape)
    return Sections(_title("Pictures", path, found), _summary("pictures", found, column), data, net)


def text_sections(path: Path, shown: str, found: FoundTable) -> Sections:
    """The sections for a table with a column of texts.

    Raises:
        InputError: it has none, or it is no table whose texts are read.
    """
    column = found.texts
    if column is None:
        raise InputError(f"{path}: --source text: no column holds texts")
    read_filled(_open(path, found), column.name)
    parting = part_rows(found.target, found.num_rows)
    words = f"{column.num_words:,} word{'s' * (column.num_words != 1)}"
    data = _data("text", shown, found, column, f"half of the texts have {words} or more")
    data += [*_others(found, column), *suggest_splits(found.columns), *parting.lines]
    net = text_net(found.target, found.num_rows, parting.has_parts, found.target_name)
    return Sections(_title("Texts", path, found), _summary("texts", found, column), data, net)


def _open(path: Path, found: FoundTable) -> Table:
    """The table as the sources read it that take pictures and texts."""
    fault = listing_fault(path, found.encoding)
    if fault:
        raise InputError(f"{path}: {fault}")
    table = read_listed(path)
    read_filled(table, found.target_name)
    numbers, wrong = parse_numbers(table.column(found.target_name))
    if isinstance(found.target, Classes) and not wrong.any() and np.any(numbers % 1 > 0):
        raise InputError(f"{path}: the target '{found.target_name}' holds numbers that are not whole, and no classes")
    return table


def _data(source: str, shown: str, found: FoundTable, column: Column, comment: str) -> list[str]:
    return [
        "data:",
        f"  source: {source}",
        *setting("path", shown, "from this file's folder"),
        *setting({"images": "image"}.get(source, source), column.name, comment),
        *setting("target", found.target_name, target_comment(found.target)),
    ]


def _others(found: FoundTable, column: Column) -> list[str]:
    """What is left out, and how to learn from it instead."""
    others = [other.name for other in found.columns if other is not column]
    if not others:
        return []
    kind = "pictures" if column is found.pictures else "texts"
    hint = f"; to learn from the table's columns without its {kind}, make this config again with --source csv"
    return remark(f"left out, for the net reads {kind} alone: {named(others, 20)}{hint if found.used else ''}", 2)


def _title(kind: str, path: Path, found: FoundTable) -> str:
    what = "the class" if isinstance(found.target, Classes) else "the number"
    return f"{kind} of a table: {what} in the column '{found.target_name}' of {path.name}."


def _summary(kind: str, found: FoundTable, column: Column) -> str:
    others = [other.name for other in found.columns if other is not column]
    left_out = f"; left out: {named(others)}{' (--source csv learns from these)' if found.used else ''}"
    classes = f" of {len(found.target.counts):,} classes" if isinstance(found.target, Classes) else ""
    return f"{found.num_rows:,} {kind}{classes}, in the column '{column.name}'{left_out if others else ''}"

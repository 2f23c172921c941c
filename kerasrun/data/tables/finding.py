"""From a table and what the config says of its columns to the layout: which are inputs, and of what kind."""

import re
from collections.abc import Iterable

from kerasrun.config.sources import ByColumn, ByGroup, ByTime, CsvSection, SplitSection
from kerasrun.data.tables.cells import read_words
from kerasrun.data.tables.kinds import find_kinds, tells_classes
from kerasrun.data.tables.layout import NUMERIC, Layout
from kerasrun.data.tables.table import Table
from kerasrun.data.tables.targets import renamed
from kerasrun.errors import InputError


def find_layout(table: Table, data: CsvSection, whole_are_classes: bool) -> Layout:
    """How the columns become inputs and targets.

    Args:
        whole_are_classes: whether a target of whole numbers is one of classes, where the config does not say it.

    Raises:
        InputError: a column is not there, is of no kind that can be read, or none is left for the inputs.
    """
    target = [data.target] if isinstance(data.target, str) else data.target
    split = split_name(data)
    unread = [*data.ignore, *([split] if split else [])]
    weight = [data.sample_weight] if data.sample_weight else []
    declared = [*data.numeric, *data.categorical]
    for name in (*target, *declared, *unread, *weight):
        table.column(name)
    apart = {*target, *unread, *weight} - {*declared}  # a column that parts rows may be an input too, if it is said
    features = [name for name in table.columns if name not in apart]
    if not features:
        raise InputError(f"{table.name}: beside the target there is no column to learn from")
    of_classes = tells_classes(table, target, data.target_type, whole_are_classes)
    if not of_classes and (data.one_hot or data.class_names):
        key = "one_hot" if data.one_hot else "class_names"
        raise InputError(f"{key} needs classes, and the target '{target[0]}' is of numbers")
    kinds = find_kinds(table, features, data.numeric, data.categorical)
    return Layout(
        [name for name in features if kinds[name] == "numeric"],
        input_names(name for name in features if kinds[name] == "categorical"),
        target,
        of_classes,
        data.one_hot,
        renamed(read_words(table, target[0]), data.class_names) if of_classes and data.class_names else {},
        data.sample_weight,
        unread,
        data.missing,
        data.missing_values,
        data.separator,
        data.encoding,
    )


def split_name(data: SplitSection) -> str | None:
    """The column by which rows are parted, if there is one."""
    match data.split:
        case ByGroup(grouped=name) | ByTime(time=name) | ByColumn(column=name):
            return name
    return None


def input_names(columns: Iterable[str]) -> dict[str, str]:
    """A name for the input of each column, by which it can be named in a model: letters, digits, `_` and `-`."""
    names: dict[str, str] = {}
    for column in columns:
        plain = re.sub(r"[^A-Za-z0-9_-]", "_", column)
        plain = plain if plain[0].isalpha() else f"column_{plain}"
        name, number = plain, 2
        while name in names or name == NUMERIC:
            name, number = f"{plain}_{number}", number + 1
        names[name] = column
    return names

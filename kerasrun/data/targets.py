"""The targets that a column of a table holds: names of classes, or numbers."""

from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.specs import ObjectSpec
from kerasrun.data.tables.cells import parse_numbers, read_filled
from kerasrun.data.tables.table import Table
from kerasrun.data.tables.targets import order_of, renamed


def targets_of(table: Table, name: str, config: Config) -> tuple[np.ndarray, tuple[str, ...] | None]:
    """The targets in a column.

    Words are names of classes. Numbers are numbers, unless they are whole and the config says that there are classes:
    by `class_names`, `one_hot`, or a cross-entropy as the loss.

    Returns:
        Targets as `Pool` has them: (rows,) of dtype object for classes, (rows, 1) float32 for numbers; and the classes
        in order where their names are numbers.

    Raises:
        InputError: there is no such column, or one of its cells is empty.
    """
    words = read_filled(table, name)
    class_names: list[str] | None = config.data.class_names  # type: ignore[attr-defined]
    values, wrong = parse_numbers(table.column(name))
    if wrong.any():
        return words, None
    if class_names:
        names = renamed(words, class_names)
        return np.array([names.get(word, word) for word in words], object), None
    if not wants_classes(config) or np.any(values % 1 > 0):
        return values.astype(np.float32)[:, None], None
    return words, order_of(words)


def wants_classes(config: Config) -> bool:
    """Whether a config asks for classes where targets are whole numbers."""
    data: Any = config.data
    is_of_classes = isinstance(config.loss, ObjectSpec) and "Crossentropy" in config.loss.class_name
    return bool(data.class_names or data.one_hot) or is_of_classes

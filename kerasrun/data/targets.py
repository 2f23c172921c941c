"""The targets that a column of a table holds: names of classes, or numbers."""

from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.specs import ObjectSpec
from kerasrun.data.files.columns import Columns, numbers_of


def targets_of(table: Columns, name: str, config: Config) -> tuple[np.ndarray, tuple[str, ...] | None]:
    """The targets in a column.

    Words are names of classes. Numbers are numbers, unless they are whole and the config says that there are classes:
    by `class_names`, `one_hot`, or a cross-entropy as the loss.

    Returns:
        Targets as `Pool` has them: (rows,) of dtype object for classes, (rows, 1) float32 for numbers; and the classes
        in order where their names are numbers.

    Raises:
        InputError: there is no such column, or one of its cells is empty.
    """
    cells = table.filled(name)
    values = numbers_of(cells)
    if values is None:
        return cells, None
    if not _wants_classes(config) or (values != np.rint(values)).any():
        return values.astype(np.float32)[:, None], None
    return cells, tuple(sorted(set(cells), key=float))


def _wants_classes(config: Config) -> bool:
    data: Any = config.data
    is_of_classes = isinstance(config.loss, ObjectSpec) and "Crossentropy" in config.loss.class_name
    return bool(data.class_names or data.one_hot) or is_of_classes

"""Targets and weights of a table's rows."""

from collections.abc import Sequence

import numpy as np

from kerasrun.data.tables.cells import check_known, read_numbers, read_words
from kerasrun.data.tables.layout import Layout
from kerasrun.data.tables.table import Table
from kerasrun.errors import InputError

MEND = "leave such rows out of the file, or fill them in"


def read_targets(table: Table, layout: Layout) -> np.ndarray:
    """Names of classes, (rows,) of dtype object; or numbers, (rows, targets) float32.

    Raises:
        InputError: a row has no target, or one that is no number.
    """
    for name in layout.target:
        check_known(table, name, "the target", MEND)
    if layout.of_classes:
        words = read_words(table, layout.target[0])
        return np.array([layout.renamed.get(word, word) for word in words], object) if layout.renamed else words
    hint = "write target_type: classes if it is one" if len(layout.target) == 1 else ""
    return np.column_stack([read_numbers(table, name, hint) for name in layout.target])


def read_weights(table: Table, name: str) -> np.ndarray:
    """The weights of the rows: (rows,) float32, at least 0, and not all 0.

    Raises:
        InputError: they are not.
    """
    check_known(table, name, "the weight", MEND)
    weights = read_numbers(table, name)
    if (weights < 0).any():
        row = int(np.argmax(weights < 0))
        raise InputError(f"{table.where(row)}: the weight '{name}' is {weights[row]:g}; it must be at least 0")
    if not weights.any():
        raise InputError(f"{table.name}: the weights '{name}' are all 0, so no row counts")
    return weights


def renamed(words: np.ndarray, class_names: Sequence[str]) -> dict[str, str]:
    """The names of classes that a column has as numbers from 0; none where it has the names themselves."""
    numbers, found = {str(number): name for number, name in enumerate(class_names)}, set(words)
    return numbers if found <= numbers.keys() and not found <= {*class_names} else {}


def order_of(words: np.ndarray) -> tuple[str, ...]:
    """The names of classes in their order: numbers by their size, all else as texts."""
    names = set(words)
    try:
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(sorted(names))

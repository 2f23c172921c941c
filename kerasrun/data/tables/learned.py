"""What is learned of a table's training rows, beside means: what fills gaps, and the words of categories."""

from dataclasses import replace

import numpy as np

from kerasrun.data.tables.columns import Columns
from kerasrun.data.tables.layout import Layout
from kerasrun.errors import InputError


def with_learned(layout: Layout, train: Columns) -> Layout:
    """The layout with what is learned of the training rows.

    Raises:
        InputError: a column has no value in any of them.
    """
    fills = {name: _fill(name, train.numbers(name), layout) for name in layout.numeric if layout.missing != "error"}
    return replace(layout, fills=fills, words={name: sorted(train.counts(name)) for name in layout.categories})


def _fill(name: str, column: np.ndarray, layout: Layout) -> float:
    known = column[~np.isnan(column)].astype(np.float64)
    if not len(known):
        raise InputError(f"the column '{name}' has no value in any training row; write ignore: [{name}]")
    return float(np.mean(known) if layout.missing == "mean" else np.median(known))

"""Streamed rows whose words are numbers: they wait on disk, so that no epoch has to look the words up again."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kerasrun.data.files.temporary import TemporaryRows
from kerasrun.data.rows import LONE, Arrays, array_items
from kerasrun.data.streamed import Streamed

# Where the numbers of a row take more bytes, as a count of each of many words does, they are made anew in each epoch.
MOST_KEPT = 2**14


def keep_encoded(rows: Streamed, encode: Callable[[Arrays], Arrays]) -> Streamed:
    """The same rows, with their words as numbers.

    Raises:
        InputError: the disk is full.
    """
    encoded = rows.with_inputs(encode)
    if encoded.row_bytes > MOST_KEPT:
        return encoded
    head = encoded.head().x
    kept = {name: TemporaryRows() for name, _ in array_items(head, LONE)}
    for _, block in rows.blocks():
        for name, array in array_items(encode(block.x), LONE):
            kept[name].add(array)
    is_lone = not isinstance(head, dict)

    def read(wanted: np.ndarray) -> Arrays:
        found = {name: own.read(wanted) for name, own in kept.items()}
        return found[LONE] if is_lone else found

    return replace(encoded, read=read, first=0)

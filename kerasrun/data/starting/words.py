"""What a column of words holds: file names of pictures, or texts."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import compute

from kerasrun.data.files.folders import PICTURES
from kerasrun.data.tables.cells import matching

PICTURE = rf"(?i)({'|'.join(ending.replace('.', '[.]') for ending in PICTURES)})$"

# Texts have so many words or more, names and addresses mostly fewer.
MIN_WORDS = 5


def find_pictures(cells: pa.Array, folder: Path) -> tuple[str, bool] | None:
    """Where most cells are file names of pictures the first of them, and whether one of the files is there.

    Args:
        cells: text; null where there is no value.
        folder: that of the table.
    """
    named = cells.filter(matching(cells, PICTURE))
    if 2 * len(named) <= len(cells) - cells.null_count:
        return None
    names = compute.unique(named).to_pylist()
    return names[0], any(os.path.isfile(folder / name) for name in names)  # noqa: PTH113 (no name is too long for it)


def count_words(cells: pa.Array) -> int:
    """How many words, parted by blanks, the median of the cells that have a value has."""
    known = cells.drop_null()
    return int(
        np.median(compute.list_value_length(compute.utf8_split_whitespace(known)).to_numpy(zero_copy_only=False))
    )

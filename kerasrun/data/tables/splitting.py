"""The values of a column by which rows are parted."""

import numpy as np
import pyarrow as pa
from pyarrow import compute

from kerasrun.config.sources import ByColumn, ByTime
from kerasrun.data.splits import PARTS
from kerasrun.data.tables.cells import ISO_DATE, check_known, matching, parse_numbers, read_words
from kerasrun.data.tables.table import Table
from kerasrun.errors import InputError


def split_column(table: Table, name: str, split: object) -> np.ndarray:
    """A value a row, (rows,): of times numbers or texts that sort as their dates do, else texts.

    Raises:
        InputError: a row has no value, or one that the rule cannot use.
    """
    check_known(table, name, "the column", "each row needs one to be parted by")
    if isinstance(split, ByTime):
        return _times(table, name)
    words = read_words(table, name)
    if isinstance(split, ByColumn):
        wrong = ~np.isin(words.astype(str), PARTS)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise InputError(
                f"{table.where(row)}: the column '{name}' says '{words[row]}' and may say {', '.join(PARTS)}"
            )
    return words


def _times(table: Table, name: str) -> np.ndarray:
    cells = table.column(name)
    numbers, wrong = parse_numbers(cells)
    if not wrong.any():
        return numbers
    texts = compute.cast(cells, pa.large_string())
    wrong = ~matching(texts, ISO_DATE).to_numpy(zero_copy_only=False)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"{table.where(row)}: the column '{name}' holds '{texts[row].as_py()}'; times are numbers, or dates "
            "written as 2026-11-28, which sort by their letters"
        )
    return np.asarray(texts.to_numpy(zero_copy_only=False)).astype(str)

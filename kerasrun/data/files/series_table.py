"""Columns of a series from a table: CSV, TSV or Parquet."""

from pathlib import Path

import numpy as np

from kerasrun.config.sources import MISSING_VALUES
from kerasrun.data.tables.cells import read_numbers, read_words
from kerasrun.data.tables.lines import Dialect
from kerasrun.data.tables.table import read_table

CATEGORIES = "turn it into a number first"


class TableColumns:
    """Columns of a table, with the separator that its first line shows."""

    def __init__(self, path: Path) -> None:
        self.table = read_table([path], Dialect(), MISSING_VALUES)

    def numbers(self, name: str) -> np.ndarray:
        return read_numbers(self.table, name, CATEGORIES)

    def words(self, name: str) -> np.ndarray:
        return read_words(self.table, name)

    def where(self, row: int) -> str:
        return self.table.where(row)

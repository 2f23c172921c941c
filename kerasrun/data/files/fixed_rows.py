"""Rows of a fixed size that lie one after the other in a file: any of them, in any order, with few calls."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kerasrun.errors import InputError

# What lies between two rows that are wanted is read with them where it is no more than so many bytes.
MOST_BETWEEN = 2**12


@dataclass(frozen=True)
class FixedRows:
    """Where rows lie, and what they are.

    Args:
        shape: of all of them, (rows, …).
        offset: the byte at which the first begins.
    """

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype
    offset: int = 0

    @property
    def row_bytes(self) -> int:
        """The bytes of one row."""
        return self.dtype.itemsize * int(np.prod(self.shape[1:]))

    def read(self, number: int, rows: np.ndarray) -> np.ndarray:
        """Some rows, by their numbers, in the order given.

        Args:
            number: of the open file.

        Raises:
            InputError: the file has become shorter.
            OSError: it cannot be read.
        """
        if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (np.diff(rows) == 1).all():
            return self._run(number, int(rows[0]), len(rows))
        out = np.empty((len(rows), *self.shape[1:]), self.dtype)
        order = np.argsort(rows, kind="stable")
        ascending = rows[order]
        nearest = 1 + MOST_BETWEEN // max(1, self.row_bytes)
        breaks = (np.flatnonzero(np.diff(ascending) > nearest) + 1).tolist()
        for start, stop in zip([0, *breaks], [*breaks, len(rows)], strict=True):
            if stop > start:
                first, last = int(ascending[start]), int(ascending[stop - 1])
                run = self._run(number, first, last - first + 1)
                out[order[start:stop]] = run[ascending[start:stop] - first]
        return out

    def _run(self, number: int, first: int, count: int) -> np.ndarray:
        run = np.empty((count, *self.shape[1:]), self.dtype)
        view, position = memoryview(run.reshape(-1).view(np.uint8).data), self.offset + first * self.row_bytes
        while len(view):
            got = os.preadv(number, [view], position)
            if got == 0:
                raise InputError(f"{self.path}: has become shorter while it was read")
            view, position = view[got:], position + got
        return run

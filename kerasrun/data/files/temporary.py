"""Rows that wait on disk while a command runs: in files without a name, which go when it ends, however it ends."""

import errno
import os
import sys
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np

from kerasrun.data.files.fixed_rows import FixedRows
from kerasrun.errors import InputError


def temporary_folder() -> Path:
    """Where much may lie for a while: TMPDIR where it is set, else /var/tmp, since /tmp is often in memory."""
    is_free = "TMPDIR" not in os.environ and os.access("/var/tmp", os.W_OK | os.X_OK)
    return Path("/var/tmp" if is_free else tempfile.gettempdir())


def close_with(owner: object, file: IO[bytes]) -> None:
    """Let go of a file when nobody has what reads it any more."""
    weakref.finalize(owner, file.close)


def temporary_file() -> IO[bytes]:
    """An empty file without a name, to write and to read.

    Raises:
        InputError: there can be none.
    """
    folder = temporary_folder()
    try:
        return tempfile.TemporaryFile(dir=folder)
    except OSError as error:
        told = f"{folder}: no file can be made here: {error.strerror}; set TMPDIR to another folder"
        raise InputError(told) from None


def told_full(error: OSError) -> InputError | None:
    """What to say where a temporary file could not be written, if that is what an error is about."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) and "No space left" not in str(error):
        return None
    folder = temporary_folder()
    return InputError(f"{folder}: no room is left for what streaming writes here; set TMPDIR to a folder with more")


def _write(file: IO[bytes], content: "bytes | memoryview") -> int:
    try:
        return file.write(content)
    except OSError as error:
        raise told_full(error) or error from None


class TemporaryRows:
    """Rows of one shape and type in a temporary file: written in their order, and read as they are needed."""

    def __init__(self) -> None:
        self.file, self.rows = temporary_file(), FixedRows(temporary_folder(), (0,), np.dtype(np.float32))
        close_with(self, self.file)

    def add(self, block: np.ndarray) -> None:
        """Write more rows, (n, …), all of one dtype and shape but for n.

        Raises:
            InputError: the disk is full.
        """
        _write(self.file, np.ascontiguousarray(block).data)
        self.rows = FixedRows(self.rows.path, (self.rows.shape[0] + len(block), *block.shape[1:]), block.dtype)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Some rows, by their numbers, in the order given."""
        self.file.flush()
        return self.rows.read(self.file.fileno(), rows)


class TemporaryColumns:
    """Columns of numbers in a temporary file, each behind the other."""

    def __init__(self, dtype: np.dtype, num_rows: int) -> None:
        self.file, self.dtype, self.num_rows, self.count = temporary_file(), dtype, num_rows, 0
        close_with(self, self.file)

    def add(self, column: np.ndarray) -> None:
        """Write one more, (rows,).

        Raises:
            InputError: the disk is full.
        """
        _write(self.file, column.astype(self.dtype, copy=False).data)
        self.count += 1

    def column(self, place: int) -> np.ndarray:
        """One of them, (rows,), by its place from 0."""
        return self._read(place, 0, self.num_rows)

    def blocks(self, size: int) -> Iterator[np.ndarray]:
        """So many rows of all columns at once, one after the other: (rows, columns)."""
        for start in range(0, self.num_rows, size):
            count = min(size, self.num_rows - start)
            yield np.stack([self._read(place, start, count) for place in range(self.count)], axis=1)

    def close(self) -> None:
        """Let go of them."""
        self.file.close()

    def _read(self, place: int, start: int, count: int) -> np.ndarray:
        self.file.seek((place * self.num_rows + start) * self.dtype.itemsize)
        return np.frombuffer(self.file.read(count * self.dtype.itemsize), self.dtype)


class TemporaryTexts:
    """Texts in a temporary file, each behind the other."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Write texts.

        Raises:
            InputError: the disk is full.
        """
        self.file = temporary_file()
        close_with(self, self.file)
        sizes = [_write(self.file, text.encode()) for text in texts]
        self.file.flush()
        self.ends = np.cumsum(np.array(sizes, np.int64))

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def row_bytes(self) -> int:
        """What a text takes in memory, on average."""
        return int(self.ends[-1] / len(self.ends)) + sys.getsizeof("")

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Some texts, by their numbers, in the order given: (n,) of dtype object."""
        starts = np.where(rows > 0, self.ends[rows - 1], 0)
        sizes, number = self.ends[rows] - starts, self.file.fileno()
        pairs = zip(starts.tolist(), sizes.tolist(), strict=True)
        return np.array([os.pread(number, size, start).decode() for start, size in pairs] + [None], object)[:-1]

"""Rows of arrays that stay in their files: `.npy` files, and what an `.npz` holds without packing it."""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from kerasrun.data.files.arrays import ZIP_ERRORS, check_file, check_header, open_archive
from kerasrun.data.files.fixed_rows import FixedRows
from kerasrun.errors import InputError

# The part of a zip member's header that is of fixed length; two bytes at 26 and two at 28 say how long the rest is.
LOCAL_HEADER = 30


@dataclass(frozen=True)
class ArrayFile:
    """An array that lies in a file as it would in memory, row after row.

    Args:
        offset: the byte at which its first row begins.
        stamp: size and time of change of the file, by which a change is noticed.
    """

    path: Path
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    offset: int
    stamp: tuple[int, int]

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    @property
    def row_bytes(self) -> int:
        """The bytes of one row."""
        return self.dtype.itemsize * int(np.prod(self.shape[1:]))

    @property
    def size_bytes(self) -> int:
        """The bytes of the whole array."""
        return self.row_bytes * len(self)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Some rows, by their numbers, in the order given; doubles come as floats, as everywhere.

        Raises:
            InputError: the file has changed since it was first looked at, or cannot be read.
        """
        try:
            with self.path.open("rb", buffering=0) as file:
                self._check_unchanged(file.fileno())
                found = FixedRows(self.path, self.shape, self.dtype, self.offset).read(file.fileno(), rows)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror}") from None
        native = np.dtype(np.float32) if self.dtype.kind == "f" and self.dtype.itemsize == 8 else self.dtype
        return found.astype(native.newbyteorder("="), copy=False)

    def load(self) -> np.ndarray:
        """The whole array."""
        return self.read(np.arange(len(self)))

    def _check_unchanged(self, number: int) -> None:
        if _stamp(os.fstat(number)) != self.stamp:
            raise InputError(f"{self.path}: has changed while it was read")


def find_arrays(path: Path) -> dict[str, ArrayFile]:
    """The arrays of a folder of `.npy` files, or of an `.npz` file, by their names.

    Raises:
        InputError: there is none, or one cannot be read by parts.
    """
    if path.is_dir():
        files = sorted(path.glob("*.npy"))
        if not files:
            raise InputError(f"{path}: no .npy file lies in this folder; name an .npz file, or a folder of .npy files")
        return {file.stem: _of_npy(file) for file in files}
    check_file(path, "an .npz file, or a folder of .npy files")
    try:
        with open_archive(path) as archive, path.open("rb") as file:
            return {
                info.filename.removesuffix(".npy"): _of_member(path, file.fileno(), info) for info in archive.infolist()
            }
    except ZIP_ERRORS as error:
        raise InputError(f"{path}: not an .npz file, or a damaged one ({error}); numpy.savez writes one") from None


def folder_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a folder of `.npy` files, read into memory.

    Raises:
        InputError: there is none, or one cannot be read.
    """
    return {name: file.load() for name, file in find_arrays(path).items()}


def _of_npy(path: Path) -> ArrayFile:
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            return _of_open(file, path, path.stem, stat.st_size, str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _of_member(path: Path, number: int, info: zipfile.ZipInfo) -> ArrayFile:
    name = info.filename.removesuffix(".npy")
    if info.compress_type != zipfile.ZIP_STORED:
        raise InputError(
            f"{path}: the array '{name}' is packed, so its rows cannot be read one by one\n"
            "write it with numpy.savez, which packs nothing, or set data.stream: false to read it into memory"
        )
    head = os.pread(number, LOCAL_HEADER, info.header_offset)
    begin = info.header_offset + LOCAL_HEADER + int.from_bytes(head[26:28], "little")
    begin += int.from_bytes(head[28:30], "little")
    with path.open("rb") as file:
        file.seek(begin)
        return _of_open(file, path, name, info.file_size, f"{path}: the array {name!r}")


def _of_open(file: IO[bytes], path: Path, name: str, size_bytes: int, what: str) -> ArrayFile:
    shape, dtype, is_by_columns = check_header(file, size_bytes, what)
    if is_by_columns and len(shape) > 1:
        raise InputError(
            f"{what} lies column by column, so its rows cannot be read one by one; write numpy.ascontiguousarray of it"
        )
    return ArrayFile(path, name, shape, dtype, file.tell(), _stamp(os.fstat(file.fileno())))


def _stamp(stat: os.stat_result) -> tuple[int, int]:
    return stat.st_size, stat.st_mtime_ns

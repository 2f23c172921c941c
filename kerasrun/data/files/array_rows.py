"""Arrays in files: `.npy` files of a folder, and what an `.npz` holds; rows of them are read as they are needed."""

import contextlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from kerasrun.data.files.arrays import ZIP_ERRORS, check_expansion, check_file, check_header, open_archive
from kerasrun.data.files.fixed_rows import FixedRows
from kerasrun.data.files.stamps import changed, stamp_of
from kerasrun.errors import InputError

# The part of a zip member's header that is of fixed length; two bytes at 26 and two at 28 say how long the rest is.
LOCAL_HEADER = 30

# So many bytes are read at once where all rows are looked at.
BLOCK_BYTES = 2**26

EXPECTED = "an .npz file, or a folder of .npy files"


@dataclass(frozen=True)
class ArrayFile:
    """An array in a file, of which the header is known.

    Args:
        place: where it lies.
        offset: the byte at which its first row begins.
        stamp: of the file, by which a change is noticed.
        fault: why its rows cannot be read one by one; empty where they lie as they would in memory, row after row.
    """

    place: "ArrayPlace"
    shape: tuple[int, ...]
    dtype: np.dtype
    offset: int
    stamp: tuple[int, int]
    fault: str = ""

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
            InputError: rows cannot be read one by one, the file has changed since it was first looked at, or it
                cannot be read.
        """
        if self.fault:
            raise InputError(self.fault)
        path = self.place.path
        try:
            with path.open("rb", buffering=0) as file:
                self._check_unchanged(file.fileno())
                found = FixedRows(path, self.shape, self.dtype, self.offset).read(file.fileno(), rows)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from None
        return self._plain(found)

    def load(self) -> np.ndarray:
        """The whole array, in the type that `read` gives.

        Raises:
            InputError: the file has changed since it was first looked at, or cannot be read.
        """
        with self.place.opened() as file:
            self._check_unchanged(self.place.path)
            return self._plain(np.lib.format.read_array(file, allow_pickle=False))

    def blocks(self) -> Iterator[tuple[int, np.ndarray]]:
        """Its rows in parts that are read one after the other, each with the number of its first; all at once where
        they cannot be read one by one."""
        step = len(self) if self.fault else max(1, BLOCK_BYTES // max(1, self.row_bytes))
        for start in range(0, len(self), step):
            stop = min(start + step, len(self))
            yield start, self.load() if self.fault else self.read(np.arange(start, stop))

    def _plain(self, found: np.ndarray) -> np.ndarray:
        native = np.dtype(np.float32) if self.dtype.kind == "f" and self.dtype.itemsize == 8 else self.dtype
        with np.errstate(over="ignore", invalid="ignore"):  # what no float holds is told as infinity, row and all
            return np.ascontiguousarray(found, native.newbyteorder("="))

    def _check_unchanged(self, file: int | Path) -> None:
        if stamp_of(file) != self.stamp:
            raise InputError(changed(self.place.path))


@dataclass(frozen=True)
class ArrayPlace:
    """Where an array lies.

    Args:
        path: of the file.
        what: what to call the array in messages.
        member: what the `.npz` file says of it; None where the file is an `.npy`.
    """

    path: Path
    what: str
    member: zipfile.ZipInfo | None = None

    @contextlib.contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The array as it was written, header first.

        Raises:
            InputError: it cannot be read.
        """
        try:
            if self.member is None:
                with self.path.open("rb") as file:
                    yield file
            else:
                with open_archive(self.path) as archive, archive.open(self.member) as member:
                    yield member
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror or error}") from None
        except ZIP_ERRORS as error:
            raise InputError(f"{self.what} is damaged: {error}") from None

    def array(self) -> ArrayFile:
        """The array, of which no more than the header is read.

        Raises:
            InputError: it is none, or cannot be read.
        """
        with self.opened() as file:
            stamp = stamp_of(self.path)
            size_bytes = stamp[0] if self.member is None else self.member.file_size
            shape, dtype, is_by_columns = check_header(file, size_bytes, self.what)
            fault = self._fault(is_by_columns and len(shape) > 1)
            return ArrayFile(self, shape, dtype, self._begin() + file.tell(), stamp, fault)

    def _fault(self, is_by_columns: bool) -> str:
        if self.member is not None and self.member.compress_type != zipfile.ZIP_STORED:
            how, hint = "is packed", "write it with numpy.savez, which packs nothing"
        elif is_by_columns:
            how, hint = "lies column by column", "write numpy.ascontiguousarray of it"
        else:
            return ""
        hint += ", or set data.stream: false to read it into memory"
        return f"{self.what} {how}, so its rows cannot be read one by one\n{hint}"

    def _begin(self) -> int:
        """The byte at which the array as it was written begins."""
        if self.member is None:
            return 0
        with self.path.open("rb") as file:
            head = os.pread(file.fileno(), LOCAL_HEADER, self.member.header_offset)
        return (
            self.member.header_offset
            + LOCAL_HEADER
            + sum(int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
        )


def are_arrays(path: Path) -> bool:
    """Whether a path is that of arrays: a file of them, or a folder with `.npy` files right in it."""
    return path.suffix.lower() in (".npz", ".npy") or (path.is_dir() and any(_npy_files(path)))


def find_arrays(path: Path) -> dict[str, ArrayPlace]:
    """Where the arrays lie of a folder of `.npy` files, or of an `.npz` file, by their names; none is opened.

    Raises:
        InputError: there is none, or the file is no `.npz`.
    """
    if path.is_dir():
        files = sorted(_npy_files(path))
        if not files:
            raise InputError(f"{path}: no .npy file lies in this folder; name {EXPECTED}")
        return {file.stem: ArrayPlace(file, str(file)) for file in files}
    check_file(path, EXPECTED)
    try:
        with open_archive(path) as archive:
            check_expansion(archive, path)
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    except ZIP_ERRORS as error:
        raise InputError(f"{path}: not an .npz file, or a damaged one ({error}); numpy.savez writes one") from None
    return {name: ArrayPlace(path, f"{path}: the array {name!r}", info) for name, info in members.items()}


def _npy_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.glob("*.[nN][pP][yY]") if not file.name.startswith("."))

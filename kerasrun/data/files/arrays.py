"""Arrays from .npz and .npy files: never unpickled, and never larger than what the file holds."""

import contextlib
import io
import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from kerasrun.config.faults import similar_file
from kerasrun.errors import InputError

# The largest number that inputs can hold, and what to say of one that is larger.
LARGEST = float(np.finfo(np.float32).max)
TOO_LARGE = f"more than the largest number of float32, {LARGEST:.2g}"

ReadObjects = Callable[[IO[bytes], str], Any]

# What a zip that is none, a damaged or a made-up one lets Python's reader raise.
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError, KeyError)

# The table of contents of a zip; numpy and Keras need some hundred bytes a member.
MAX_CONTENTS_BYTES = 4_000_000

# Arrays may unpack to this many times the file's size, or to so many bytes where that is more. Real data is
# packed to a twentieth at times; a zip bomb to a thousandth.
MAX_EXPANSION, FREE_BYTES = 100, 256_000_000


class _WaryFile(io.FileIO):
    """A file from which no more than a table of contents of a sane size is read, until it is known."""

    wary = True

    def read(self, size: int | None = -1, /) -> Any:
        if self.wary and size is not None and size > MAX_CONTENTS_BYTES:
            raise zipfile.BadZipFile("its table of contents is too long")
        return super().read(size)


@contextlib.contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip to read from. One that says it has millions of members is not read at all.

    Raises:
        ZIP_ERRORS: the file is no zip, or a damaged one.
    """
    with _WaryFile(path) as file, zipfile.ZipFile(file) as archive:
        file.wary = False
        yield archive


def read_npz(path: Path, read_objects: ReadObjects | None = None) -> dict[str, Any]:
    """All arrays of an .npz file.

    Args:
        read_objects: reads the pickle that an array of objects is kept as, from a file, with what to call it in an
            error; None to refuse such arrays.

    Raises:
        InputError: the file is missing, is not an .npz, holds pickled objects, or says that it holds far more than
            it does.
    """
    check_file(path, "an .npz file")
    try:
        with open_archive(path) as archive:
            check_expansion(archive, path)
            return {
                info.filename.removesuffix(".npy"): _read_member(archive, info, path, read_objects)
                for info in archive.infolist()
            }
    except ZIP_ERRORS as error:
        raise InputError(f"{path}: not an .npz file, or a damaged one ({error}); numpy.savez writes one") from None


def check_file(path: Path, expected: str) -> None:
    """Whether a path is that of a file.

    Args:
        expected: what to name in its place, in words.

    Raises:
        InputError: it is not.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name {expected}")
    if not path.exists():
        raise InputError(f"{path}: no such file{similar_file(path)}")
    if not path.is_file():
        raise InputError(f"{path}: is a device or a pipe; name {expected}")


def check_expansion(archive: zipfile.ZipFile, path: Path) -> None:
    """Whether a zip unpacks to no more than a real one does, by what its contents say before anything is unpacked.

    Raises:
        InputError: it would unpack to far more.
    """
    unpacked, allowed = sum(info.file_size for info in archive.infolist()), MAX_EXPANSION * path.stat().st_size
    if unpacked > max(allowed, FREE_BYTES):
        raise InputError(
            f"{path}: would unpack to {unpacked:,} bytes, {unpacked // path.stat().st_size:,} times its size, as a zip "
            "bomb does; write arrays that are really so with numpy.savez, which packs nothing"
        )


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, read_objects: ReadObjects | None) -> Any:
    what = f"{path}: the array {info.filename.removesuffix('.npy')!r}"
    with archive.open(info) as file:
        _, dtype, _ = check_header(file, info.file_size, what, may_hold_objects=read_objects is not None)
        if dtype.hasobject and read_objects is not None:
            return read_objects(file, what)
    with archive.open(info) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def check_header(
    file: IO[bytes], size_bytes: int, what: str, may_hold_objects: bool = False
) -> tuple[tuple[int, ...], np.dtype, bool]:
    """Shape and type of an array by its header, and whether it lies column by column; the file is then at its values.

    Args:
        size_bytes: how many bytes there are for it.
        what: what to call it in messages.
        may_hold_objects: whether it may be an array of objects, whose values are a pickle.

    Raises:
        InputError: it says that it has more, holds pickled objects, or is no array.
    """
    try:
        version = np.lib.format.read_magic(file)
        first = version == (1, 0)
        read = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
        shape, is_by_columns, dtype = read(file)
    except Exception as error:  # a made-up header is read as Python, and anything can come of it
        raise InputError(f"{what} is not read: not in numpy's format ({str(error)[:200]})") from None
    if dtype.hasobject and not may_hold_objects:
        raise InputError(f"{what} is not read: it holds pickled objects, which could run code")
    wanted = math.prod(shape) * dtype.itemsize
    if wanted > size_bytes and not dtype.hasobject:
        raise InputError(f"{what} says that it has {wanted:,} bytes, and the file holds {size_bytes:,}")
    return shape, dtype, is_by_columns


def check_numbers(name: str, array: Any, path: Path) -> None:
    """Whether an array of a file holds rows of numbers, at least one row, of at most 8 bytes a number.

    Args:
        array: anything that has the dtype and the shape of an array.

    Raises:
        InputError: it does not.
    """
    if array.ndim == 0 or 0 in array.shape or array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise InputError(f"{path}: the array '{name}' holds {array.dtype} of shape {array.shape}, not rows of numbers")


def check_lengths(named: Sequence[tuple[str, Any]], path: Path) -> None:
    """Whether all arrays of a file have the same number of rows.

    Raises:
        InputError: they have not.
    """
    lengths = {name: len(array) for name, array in named}
    if len(set(lengths.values())) > 1:
        text = ", ".join(f"{name} has {length:,}" for name, length in lengths.items())
        raise InputError(f"{path}: all arrays need the same number of rows: {text}")

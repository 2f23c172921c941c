"""Many pictures as rows of one form, decoded on all cores."""

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from kerasrun.data.duplicates import row_hashes
from kerasrun.data.files.decoding import Form, Head, decode, read_head
from kerasrun.data.files.pictures import silence_pillow, told_faults
from kerasrun.data.files.stamps import changed, stamp_of
from kerasrun.data.files.temporary import TemporaryRows, temporary_folder
from kerasrun.errors import InputError

T = TypeVar("T")

# So many bytes of pictures are decoded before they are written.
PART_BYTES = 2**25

# Pictures that one thread takes at a time.
AT_ONCE = 32


def read_heads(paths: Sequence[Path]) -> tuple[list[Head | None], dict[int, str]]:
    """The headers of all pictures, None where one could not be read; and the faults by the pictures' numbers."""
    return _on_all_cores(lambda row: read_head(paths[row]), len(paths))


def decode_all(
    paths: Sequence[Path], form: Form, stamps: np.ndarray | None = None
) -> tuple[np.ndarray, dict[int, str]]:
    """All pictures; a row whose picture could not be read is left black.

    Args:
        stamps: of the files as they were before, (n, 2); one that has changed since is at fault.

    Returns:
        (n, *form.shape) uint8, and the faults by the pictures' numbers.

    Raises:
        InputError: they do not fit in memory.
    """
    try:
        rows = np.zeros((len(paths), *form.shape), np.uint8)
    except MemoryError:
        raise InputError(f"{len(paths):,} pictures of {form.shape} are more than the memory holds") from None

    def fill(row: int) -> None:
        rows[row] = decode(paths[row], form)
        if stamps is not None and _stamp(paths[row]) != tuple(stamps[row]):
            raise InputError(changed(paths[row]))

    return rows, _on_all_cores(fill, len(paths))[1]


@dataclass(frozen=True)
class Decoded:
    """Pictures that were all decoded once.

    Args:
        stamps: of their files before that, (n, 2) int64; none where they are kept, and read no more.
        hashes: of each, (n,) uint64.
        faults: of those that could not be read, by their numbers.
        kept: the pictures on disk, in the form that rows have; None where the disk has no room for them.
    """

    paths: Sequence[Path]
    form: Form
    stamps: np.ndarray
    hashes: np.ndarray
    faults: dict[int, str]
    kept: TemporaryRows | None

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Some pictures, by their numbers, in the order given; those that are not kept are decoded anew.

        Raises:
            InputError: a picture has changed since, or is gone.
        """
        if self.kept is not None:
            return self.kept.read(rows)
        return decode_sound([self.paths[row] for row in rows], self.form, self.stamps[rows])


def decode_once(paths: Sequence[Path], form: Form) -> Decoded:
    """Decode all pictures, a part at a time, and keep them on disk where they take no more than half of what is free.

    Raises:
        InputError: the disk is full all the same.
    """
    picture_bytes = int(np.prod(form.shape))
    has_room = len(paths) * picture_bytes <= shutil.disk_usage(temporary_folder()).free / 2
    kept, hashes = TemporaryRows() if has_room else None, []
    stamps = np.array([] if has_room else [_stamp(path) for path in paths], np.int64)
    faults: dict[int, str] = {}
    size = max(1, PART_BYTES // picture_bytes)
    for start in range(0, len(paths), size):
        rows, wrong = decode_all(paths[start : start + size], form)
        hashes.append(row_hashes(rows))
        faults |= {start + row: fault for row, fault in wrong.items()}
        if kept is not None:
            kept.add(rows)
    return Decoded(paths, form, stamps, np.concatenate(hashes), faults, kept)


def decode_sound(paths: Sequence[Path], form: Form, stamps: np.ndarray | None = None) -> np.ndarray:
    """All pictures, (n, *form.shape) uint8.

    Args:
        stamps: of the files as they were before, (n, 2).

    Raises:
        InputError: one is no picture, is damaged, changed or far too large; the first such are named. Or they do not
            fit in memory.
    """
    rows, faults = decode_all(paths, form, stamps)
    if faults:
        raise InputError(told_faults(list(faults.values()), len(paths)))
    return rows


def _stamp(path: Path) -> tuple[int, int]:
    try:
        return stamp_of(path)
    except OSError:  # it is gone, which is told where it is read
        return 0, 0


def _on_all_cores(function: Callable[[int], T], count: int) -> tuple[list[T | None], dict[int, str]]:
    """A function of each picture by its number: what it gave, in their order, and what was at fault."""

    def work(start: int) -> list[tuple[T | None, str]]:
        return [_tried(function, row) for row in range(start, min(start + AT_ONCE, count))]

    silence_pillow()
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        results = [result for part in executor.map(work, range(0, count, AT_ONCE)) for result in part]
    return [value for value, _ in results], {row: fault for row, (_, fault) in enumerate(results) if fault}


def _tried(function: Callable[[int], T], row: int) -> tuple[T | None, str]:
    try:
        return function(row), ""
    except InputError as error:
        return None, str(error)

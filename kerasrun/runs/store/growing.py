"""Files that grow while a run goes on: their sizes at a checkpoint, and how to cut them back to one."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

BLOCK_BYTES = 1 << 20


class GrowingFiles:
    """The files that only grow.

    Args:
        folder: the run's.
        paths: such files, and folders of such files.
        flush: brings what is still held back into the files.
    """

    def __init__(self, folder: Path, paths: list[Path], flush: Callable[[], None]) -> None:
        self.folder, self.paths, self.flush = folder, paths, flush
        self._hashed: dict[Path, tuple[int, Any]] = {}

    def sizes(self) -> dict[str, tuple[int, str]]:
        """Size in bytes and SHA-256 of each file as it is now, by its path in the run's folder; all safe on disk."""
        self.flush()
        return {path.relative_to(self.folder).as_posix(): self._hash(path) for path in self._files()}

    def cut_back(self, sizes: dict[str, tuple[int, str]]) -> list[str]:
        """Take away what was written after the sizes were read.

        Returns:
            The names of files whose beginnings are not as they were.
        """
        there = {path.relative_to(self.folder).as_posix(): path for path in self._files()}
        for name in there.keys() - sizes.keys():
            there[name].unlink()
        altered = sorted(sizes.keys() - there.keys())
        for name in sorted(sizes.keys() & there.keys()):
            size, digest = sizes[name]
            if there[name].stat().st_size > size:
                os.truncate(there[name], size)
            if self._hash(there[name]) != (size, digest):
                altered.append(name)
        return altered

    def _files(self) -> list[Path]:
        """The files that are there; none that a link leads to outside of the folder."""
        found = {file for path in self.paths for file in ([path] if path.is_file() else path.rglob("*"))}
        inside = self.folder.resolve()
        return sorted(path for path in found if path.is_file() and path.resolve().is_relative_to(inside))

    def _hash(self, path: Path) -> tuple[int, str]:
        """Size and hash; only what is new since the last time is read."""
        size, digest = self._hashed.get(path, (0, hashlib.sha256()))
        with path.open("rb") as file:
            file.seek(size)
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
                size += len(block)
            os.fsync(file.fileno())
        self._hashed[path] = (size, digest)
        return size, digest.hexdigest()

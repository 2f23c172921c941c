"""By what it is noticed that somebody has written to a file."""

import os
from pathlib import Path


def stamp_of(file: Path | int) -> tuple[int, int]:
    """Size and time of change of a file, by its path or its number.

    Raises:
        OSError: there is none.
    """
    stat = os.fstat(file) if isinstance(file, int) else file.stat()
    return stat.st_size, stat.st_mtime_ns


def changed(path: Path) -> str:
    """What to say of a file that somebody has written to meanwhile."""
    return f"{path}: was changed while it was read; wait until it is written"

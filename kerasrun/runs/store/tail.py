"""The end of a log that others append to, and cut back when a run goes on from a checkpoint."""

from pathlib import Path
from typing import BinaryIO

# So much is read of a long log at first, from its beginning and from its end.
PART_BYTES = 1 << 16

# So much of what was read last is looked at again, to see that it is still there.
SEAM_BYTES = 64


class LogTail:
    """Reads the lines of a file as they come, and only once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position, self.seam = 0, b""

    def beginning(self) -> list[str]:
        """The first lines; none of them counts as read."""
        with self.path.open("rb") as file:
            return _lines(file.read(PART_BYTES))

    def new_lines(self) -> list[str]:
        """The lines that were appended since the last time; of more than 64 KiB the last ones. Only whole lines count.

        Raises:
            OSError: the file cannot be read.
        """
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, min(size, self.position) - len(self.seam)))
            if size < self.position or file.read(len(self.seam)) != self.seam:
                self.position, self.seam = _end(file, size), b""
            start = max(self.position, size - PART_BYTES)
            file.seek(start)
            content = file.read(size - start)
        whole = content[: content.rfind(b"\n") + 1]
        if not whole:
            return []
        if start > self.position:
            whole = whole[whole.find(b"\n") + 1 :]
        self.position, self.seam = start + content.rfind(b"\n") + 1, whole[-SEAM_BYTES:]
        return _lines(whole)


def _end(file: BinaryIO, size: int) -> int:
    """Where the last whole line of a file ends: there reading goes on after it was cut back."""
    start = max(0, size - PART_BYTES)
    file.seek(start)
    return start + file.read(size - start).rfind(b"\n") + 1


def _lines(content: bytes) -> list[str]:
    """Whole lines as text; what a terminal would obey is replaced."""
    text = content[: content.rfind(b"\n") + 1].decode("utf-8", errors="replace")
    return ["".join(letter if letter.isprintable() else "�" for letter in line) for line in text.split("\n")[:-1]]

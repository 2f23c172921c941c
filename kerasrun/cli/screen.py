"""Where lines are shown: a terminal, a notebook, or a pipe, a file, a terminal that knows no more than lines."""

import contextlib
import os
import shutil
import sys
import time
from typing import Any, TextIO

from kerasrun.cli.display import Segments, display_lines
from kerasrun.runs.standing import Standing

STYLES = {"bold": "1", "dim": "2", "green": "32", "yellow": "33", "cyan": "36"}

# To show takes at most this share of the time: on a slow line to a far machine it is shown more rarely.
SHARE = 0.02


class Screen:
    """Lines as they come, and nothing that moves. Where they cannot be written any more, what is shown is dropped."""

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream

    def print(self, lines: list[str], bold_first: bool = False) -> None:
        """Show lines as they are."""
        self._write("".join(line + "\n" for line in lines))

    def show(self, standing: Standing) -> None:
        """Show where a training stands, in place of what was shown of it before."""

    def clear(self) -> None:
        """Take away what is shown of where it stands."""

    def _write(self, text: str) -> None:
        if self.stream is None:  # `>&-`
            return
        try:
            self.stream.write(text)
            self.stream.flush()
        except OSError:  # the reader of a pipe has gone, as `head` does; or the disk behind `> log.txt` is full
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self.stream.fileno())  # what is still held back has to go somewhere at the end
                os.close(nowhere)
            self.stream = None


class Terminal(Screen):
    """A terminal: below the lines a few more that are replaced as the training goes on.

    The cursor rests on an empty line above them. So they are erased from there to the end of the screen, whatever a
    change of its size has made of them, and what others write there does not run into them.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.has_colors = not os.environ.get("NO_COLOR")
        self.in_ascii = not _can_draw(stream)
        self.standing: Standing | None = None
        self.frame, self.frame_size = "", (0, 0)
        self.shown, self.cost_s = 0.0, 0.0

    def print(self, lines: list[str], bold_first: bool = False) -> None:
        text = "".join(
            self._styled(line, "bold" if bold_first and index == 0 else "") + "\n" for index, line in enumerate(lines)
        )
        if self.standing is None:
            self._write(text)
        else:
            self._write(ERASE + text + self._frame(self.standing))

    def show(self, standing: Standing) -> None:
        begun = time.monotonic()
        if begun - self.shown < self.cost_s / SHARE and not standing.concluding:
            return
        self.standing, self.frame_size = standing, (0, 0)
        self._write(ERASE + self._frame(standing))
        self.shown = time.monotonic()
        self.cost_s = self.shown - begun

    def clear(self) -> None:
        if self.standing is not None:
            self._write(ERASE)
        self.standing = None

    def _frame(self, standing: Standing) -> str:
        """What draws the lines from where the cursor is, and brings it back there."""
        size = self._size()
        if size != self.frame_size:
            lines = display_lines(standing, *size, self.in_ascii)
            drawn = "".join("\n" + "".join(self._styled(*segment) for segment in line) for line in lines)
            self.frame, self.frame_size = f"{drawn}\r\x1b[{len(lines)}A", size
        return self.frame

    def _size(self) -> tuple[int, int]:
        """Columns and rows as they are now; COLUMNS counts only where the terminal does not know."""
        with contextlib.suppress(OSError, ValueError):
            size = os.get_terminal_size(self.stream.fileno() if self.stream else 1)
            if size.columns > 0 and size.lines > 0:
                return size.columns, size.lines
        return shutil.get_terminal_size()

    def _styled(self, text: str, style: str) -> str:
        is_shown = style in ("bold", "dim") or self.has_colors
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if text and style and is_shown else text


ERASE = "\r\x1b[J"


class Notebook(Screen):
    """A notebook's cell: the lines, and a text that is replaced."""

    EVERY_S, WIDTH = 0.5, 100

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.handle: Any = None
        self.shown = 0.0

    def show(self, standing: Standing) -> None:
        if time.monotonic() - self.shown >= self.EVERY_S or standing.concluding:
            self._replace("\n".join(map(_text, display_lines(standing, self.WIDTH))))
            self.shown = time.monotonic()

    def clear(self) -> None:
        if self.handle is not None:
            self._replace("")
            self.handle = None

    def _replace(self, text: str) -> None:
        from IPython.display import display  # type: ignore[import-not-found]  # a notebook has it

        if self.handle is None:
            self.handle = display({"text/plain": text}, raw=True, display_id=True)
        else:
            self.handle.update({"text/plain": text}, raw=True)


def standard_screen() -> Screen:
    """What standard output is."""
    if sys.stdout is None:
        return Screen(None)
    if in_notebook():
        return Notebook(sys.stdout)
    knows_more = os.environ.get("TERM", "") not in ("", "dumb", "unknown")
    return Terminal(sys.stdout) if knows_more and sys.stdout.isatty() else Screen(sys.stdout)


def in_notebook() -> bool:
    """Whether the program is a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def is_interactive() -> bool:
    """Whether someone types what is run: in a notebook, or at Python's or IPython's prompt."""
    ipython = sys.modules.get("IPython")
    return hasattr(sys, "ps1") or (ipython is not None and ipython.get_ipython() is not None)


def _can_draw(stream: TextIO) -> bool:
    """Whether the stream's encoding has what bars and curves are drawn with."""
    try:
        "━─▁█".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _text(line: Segments) -> str:
    return "".join(text for text, _ in line)

"""Faults and warnings of a config: collected while it is read, told all at once, each with its place."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import Any

from kerasrun.errors import ConfigError

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Position:
    """Where something stands: a file's name, line and column from 1; `flag` names a command-line flag instead."""

    line: int = 0
    column: int = 0
    flag: str = ""
    file: str = ""


@dataclass
class Source:
    """The text of a config and the places of its keys and values, by path.

    Args:
        name: the config's file, as the user called it.
        texts: the text of each file that the config is made of, by its name.
        keys, values: where each key and each value stands, by its path in the config.
        folders: what relative paths in each file start from.
        environment: values that come from environment variables, each as it was written and as it is, by its path.
    """

    name: str = "config"
    texts: dict[str, str] = field(default_factory=dict)
    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    environment: dict[Path, tuple[str, Any]] = field(default_factory=dict)

    def folder_of(self, position: Position | None) -> Folder:
        """The folder that a path at a position starts from; the working directory for one from a flag."""
        return self.folders.get(position.file if position else "", Folder.cwd())

    def find(self, path: Path, at_key: bool) -> Position | None:
        """The place of a path, or of the nearest thing around it that was written."""
        for length in range(len(path), -1, -1):
            at_its_key = at_key and length == len(path)  # what was not written lies in the value of something around it
            for table in (self.keys, self.values) if at_its_key else (self.values, self.keys):
                if path[:length] in table:
                    return table[path[:length]]
        return None

    def forget(self, path: Path) -> None:
        """Forget where a setting and what lies in it stand."""
        for table in (self.keys, self.values):
            for known in [known for known in table if known[: len(path)] == path]:
                del table[known]

    def line(self, position: Position) -> str | None:
        """The text of the line at a position."""
        lines = self.texts.get(position.file, "").splitlines()
        return lines[position.line - 1] if 0 < position.line <= len(lines) else None


@dataclass(frozen=True)
class Fault:
    """What is wrong, where it is, and how to mend it; a warning has a name, by which it is silenced."""

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    warning: str = ""


def dotted(path: Path) -> str:
    """`("model", "layers", 2, "Dense")` → `model.layers[2].Dense`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def closest(word: str, choices: Iterable[str]) -> str:
    """`did you mean 'epochs'?`, or nothing where no choice is near."""
    lowered: dict[str, str] = {}
    for choice in choices:
        if choice.lower() not in lowered or choice.islower() == word.islower():
            lowered[choice.lower()] = choice
    near = difflib.get_close_matches(word.lower(), lowered, n=3, cutoff=0.6)
    if not near:
        return ""
    # The same letters in another order are nearer than others.
    meant = lowered[next((name for name in near if sorted(name) == sorted(word.lower())), near[0])]
    return f"did you mean '{meant}'?{_lookalike(word, meant)}"


def _lookalike(word: str, meant: str) -> str:
    """A word about a letter that only looks like the one that was meant."""
    other = [a for a, b in zip(word, meant, strict=False) if a != b]
    if len(word) != len(meant) or not other or any(letter.isascii() for letter in other):
        return ""
    return f" its '{other[0]}' is another letter: U+{ord(other[0]):04X}"


def similar_file(path: Folder) -> str:
    """`; did you mean 'config.yaml'?` for a path that is not there, or nothing."""
    try:
        files = {other.stem: other.name for other in path.parent.iterdir() if other.is_file()}
    except OSError:
        return f"; there is no folder {path.parent}"
    near = difflib.get_close_matches(path.stem, files, n=1)
    return f"; did you mean '{files[near[0]]}'?" if near else ""


class Faults:
    """The faults and warnings found so far in one config."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Fault] = []
        self.warnings: list[Fault] = []
        self.unreadable: dict[Path, Fault] = {}

    def add(self, path: Path, message: str, hint: str = "", at_key: bool = False) -> None:
        """Note a fault at a path of the config."""
        hiding = self.unreadable.get(path)
        if hiding is None or hiding not in self.found:  # a flag may have put another value there
            self.found.append(Fault(path, message, hint, at_key))

    def add_unreadable(self, path: Path, message: str, hint: str = "") -> None:
        """Note that a value cannot be read; that it is then of a wrong kind would be the same fault once more."""
        self.unreadable[path] = Fault(path, message, hint)
        self.found.append(self.unreadable[path])

    def warn(self, name: str, path: Path, message: str, hint: str = "", at_key: bool = False) -> None:
        """Note what is probably wrong at a path of the config."""
        self.warnings.append(Fault(path, message, hint, at_key, name))

    def has_fault_at(self, *paths: Path) -> bool:
        """Whether a fault is known at one of these paths or within."""
        return any(fault.path[: len(path)] == path for fault in self.found for path in paths)

    def raise_if_any(self) -> None:
        """Raise a ConfigError that tells every fault, in the order of the lines."""
        if self.found:
            found = self.in_order(self.found)
            raise ConfigError("\n".join(map(self.describe, found)), [self.located(fault) for fault in found])

    def in_order(self, found: list[Fault]) -> list[Fault]:
        """Faults sorted by where they stand; those of the config's own file come last, as nearest to the prompt."""
        return sorted(dict.fromkeys(found), key=self._place)

    def describe(self, fault: Fault) -> str:
        """A fault with its place, its line and a caret under it, and its hint."""
        position = self.source.find(fault.path, fault.at_key)
        where = dotted(fault.path)
        hints = [f"  {line}" for line in fault.hint.splitlines()]
        if fault.warning:
            hints.append(f"  if it is meant so: silence: [{fault.warning}]")
        message = f"warning: {fault.message}" if fault.warning else fault.message
        if position is None or position.flag:
            before = f"{position.flag}: " if position else ""
            return "\n".join([f"{before}{where}: {message}" if where else f"{before}{message}", *hints])
        lines = [f"{position.file}:{position.line}:{position.column}: {message}"]
        text = self.source.line(position)
        if text is not None:
            lines += marked_line(text, position)
        return "\n".join(lines + hints)

    def located(self, fault: Fault) -> dict[str, Any]:
        """A fault as plain values, for programs."""
        position = self.source.find(fault.path, fault.at_key) or Position()
        place = {"file": position.file, "line": position.line, "column": position.column, "flag": position.flag}
        told = {"message": fault.message, "hint": fault.hint, "warning": fault.warning, "path": dotted(fault.path)}
        return {name: value for name, value in (place | told).items() if value}

    def _place(self, fault: Fault) -> tuple[bool, str, int, int]:
        position = self.source.find(fault.path, fault.at_key) or Position()
        return position.file == self.source.name, position.file, position.line, position.column


# A longer line is shown around its fault.
MAX_WIDTH = 100


def marked_line(text: str, position: Position) -> list[str]:
    """A line of a file with its number, and a caret under a column; a very long line is cut on both sides."""
    text, column = text.rstrip().replace("\t", "→"), position.column - 1
    if len(text) > MAX_WIDTH:
        start = max(0, min(column - MAX_WIDTH // 2, len(text) - MAX_WIDTH))
        cut = text[start : start + MAX_WIDTH]
        text = ("…" + cut[1:] if start else cut)[: MAX_WIDTH - 1] + ("…" if start + MAX_WIDTH < len(text) else cut[-1:])
        column -= start
    return [f"  {position.line:4d} | {text}", f"       | {' ' * width_of(text[:column])}^"]


def width_of(text: str) -> int:
    """How many columns a text takes in a terminal."""
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text)

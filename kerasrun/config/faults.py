"""Faults of a config: collected while it is read, told all at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from kerasrun.errors import ConfigError

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Position:
    """Where something stands: line and column count from 1; `flag` names a command-line flag instead."""

    line: int = 0
    column: int = 0
    flag: str = ""


@dataclass
class Source:
    """The text of a config and the places of its keys and values, by path."""

    name: str = "config"
    text: str = ""
    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)

    def find(self, path: Path, at_key: bool) -> Position | None:
        """The place of a path, or of the nearest thing around it that was written."""
        tables = (self.keys, self.values) if at_key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            for table in tables:
                if path[:length] in table:
                    return table[path[:length]]
        return None


@dataclass(frozen=True)
class Fault:
    """One fault: where it is, what is wrong, and how to mend it."""

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False


def dotted(path: Path) -> str:
    """`("model", "layers", 2, "Dense")` → `model.layers[2].Dense`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def closest(word: str, choices: Iterable[str]) -> str:
    """`did you mean 'epochs'?`, or nothing where no choice is near."""
    choices = list(choices)
    lowered = {choice.lower(): choice for choice in choices}
    near = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return f"did you mean '{lowered[near[0]]}'?" if near else ""


class Faults:
    """The faults found so far in one config."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Fault] = []

    def add(self, path: Path, message: str, hint: str = "", at_key: bool = False) -> None:
        """Note a fault at a path of the config."""
        self.found.append(Fault(path, message, hint, at_key))

    def raise_if_any(self) -> None:
        """Raise a ConfigError that tells every fault, in the order of the lines."""
        if self.found:
            raise ConfigError("\n".join(self.describe(fault) for fault in sorted(self.found, key=self._line)))

    def describe(self, fault: Fault) -> str:
        """A fault with its place, its line and a caret under it, and its hint."""
        position = self.source.find(fault.path, fault.at_key)
        where = dotted(fault.path)
        if position is None or position.flag:
            flag = f"{position.flag}: " if position else ""
            return "\n".join(filter(None, [f"{flag}{where}: {fault.message}", fault.hint and f"  {fault.hint}"]))
        lines = [f"{self.source.name}:{position.line}:{position.column}: {fault.message}"]
        text_lines = self.source.text.splitlines()
        if position.line <= len(text_lines):
            lines.append(f"  {position.line:4d} | {text_lines[position.line - 1]}")
            lines.append(f"       | {' ' * (position.column - 1)}^")
        if fault.hint:
            lines.append(f"  {fault.hint}")
        return "\n".join(lines)

    def _line(self, fault: Fault) -> tuple[int, int]:
        position = self.source.find(fault.path, fault.at_key)
        return (position.line, position.column) if position else (0, 0)

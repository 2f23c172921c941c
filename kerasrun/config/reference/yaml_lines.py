"""Write small examples as a person would: short collections on one line, a layer or a key a line."""

import json
import re
from typing import Any

PLAIN = re.compile(r"[A-Za-z_./…][\w./…-]*")
WORDS = ("true", "false", "null", "nan", "inf")
WIDTH = 78


def inline(value: Any) -> str:
    """A value on one line: `{units: 64, activation: relu}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inline(key)}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) and value.lower() not in WORDS else json.dumps(value, ensure_ascii=False)
    return "null" if value is None else str(value).lower()


def write_lines(tree: dict[str, Any], indent: str = "") -> list[str]:
    """A mapping as lines: sections and lists of objects go down, the rest stays on its line where it fits."""
    lines: list[str] = []
    for key, value in tree.items():
        lines += _pair(f"{indent}{inline(key)}", value, indent, is_section=not indent)
    return lines


def _pair(head: str, value: Any, indent: str, is_section: bool) -> list[str]:
    if value is None and not is_section:
        return [f"{head}:"]
    has_objects = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    fits = len(f"{head}: {inline(value)}") <= WIDTH
    if not isinstance(value, (dict, list)) or not value or (fits and not has_objects and not is_section):
        return [f"{head}: {inline(value)}"]
    deeper = indent + "  "
    if isinstance(value, dict):
        return [f"{head}:", *write_lines(value, deeper)]
    return [f"{head}:", *(line for item in value for line in _item(item, deeper))]


def _item(item: Any, indent: str) -> list[str]:
    if not isinstance(item, dict):
        return [f"{indent}- {inline(item)}"]
    lines = write_lines(item, indent + "  ")
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]

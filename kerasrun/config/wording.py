"""How messages show a value, and what they say of how to write it."""

import re
from collections.abc import Iterable
from typing import Any

# A terminal's columns, less what stands before a hint.
MAX_WIDTH = 70


def show(value: Any) -> str:
    """A value as it stands in a message: short, strings in quotes."""
    if isinstance(value, (dict, list)) and not value:
        return f"an empty {'mapping' if isinstance(value, dict) else 'list'}"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def mend(value: Any, expected: str) -> str:
    """How to write what was meant by a value of a wrong kind, where it can be guessed."""
    if isinstance(value, str) and value == "None":
        return "leave it out, or write null"
    if isinstance(value, str) and expected.startswith("a list"):
        return f"write [{value}]"
    if isinstance(value, str) and re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?|true|false", value):
        return f"write it without quotes: {value}"
    if isinstance(value, str) and re.fullmatch(r"0,[0-9]+", value):
        return f"write {value.replace(',', '.')}"
    if isinstance(value, str) and re.fullmatch(r"\(.*\)", value):
        return f"write [{value[1:-1]}]"
    if isinstance(value, float) and value.is_integer() and "whole number" in expected:
        return f"write {int(value)}"
    if is_number(value) and expected == "a word":
        return f"put it in quotes: '{value}'"
    return ""


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def a_or_an(word: str) -> str:
    """`an optimizer`, `a layer`."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def it_takes(names: Iterable[str], command: str = "") -> str:
    """What there is to write; where that is more than a line holds, the first ones and the command that lists all."""
    told = "it takes " + (", ".join(names) or "none")
    if not command or len(told) <= MAX_WIDTH:
        return told
    return f"{told[: told.rfind(',', 0, MAX_WIDTH - len(command) - 6)]}, … ({command})"

"""A comparison of two as lines of text, readable at 80 columns, and as JSON."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import yaml

from kerasrun.config.brief import brief
from kerasrun.config.compare import MISSING, Difference
from kerasrun.config.faults import dotted
from kerasrun.config.places import kind_at
from kerasrun.config.yaml_text import Dumper
from kerasrun.report.numbers import number
from kerasrun.runs.past.compare_runs import Comparison, Side

WIDTH = 80

# The widest columns of paths and of the first values; what is longer stands on lines of its own.
PATH_WIDTH, A_WIDTH = 36, 18

# Groups whose values are not written in a config.
PLAIN_GROUPS = ("data", "environment", "results")

# So many lines of a long value are shown.
MAX_LINES = 6


def comparison_lines(comparison: Comparison) -> list[str]:
    """What differs, group by group: `path   a → b`; where that is too long, path and values below one another."""
    heading = [f"{letter}  {side.label}" for letter, side in zip("ab", comparison.sides, strict=True)] + [""]
    if comparison.is_same:
        return [*heading, "no difference"]
    rows = {group: [_row(group, item, comparison) for item in found] for group, found in comparison.groups.items()}
    short = [row for group in rows.values() for row in group if len(row[0]) <= PATH_WIDTH and len(row[1]) <= A_WIDTH]
    widths = [max((len(row[column]) for row in short), default=0) for column in (0, 1)]
    lines: list[str] = []
    for group, its_rows in rows.items():
        if its_rows:
            lines += ["", group] + [line for row in its_rows for line in _row_lines(row, widths)]
    return heading + lines[1:]


def comparison_tree(comparison: Comparison) -> dict[str, Any]:
    """The same for JSON: values in full, defaults too; a side that does not have a setting is left out."""
    return {
        **{letter: side.label for letter, side in zip("ab", comparison.sides, strict=True)},
        "same": comparison.is_same,
        "differences": {group: [_entry(item) for item in found] for group, found in comparison.groups.items()},
    }


def _entry(difference: Difference) -> dict[str, Any]:
    a, b = difference.values
    there = {side: finite(value) for side, value in (("a", a), ("b", b)) if value is not MISSING}
    change = "added" if a is MISSING else "removed" if b is MISSING else "changed"
    return {"path": dotted(difference.path), "change": change, **there}


def finite(value: Any) -> Any:
    """JSON has no word for infinity."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _row(group: str, difference: Difference, comparison: Comparison) -> tuple[str, str, str]:
    a, b = value_texts(group, difference, comparison.sides)
    return dotted(difference.path), a, b


def value_texts(group: str, difference: Difference, sides: Sequence[Side]) -> list[str]:
    """Each side's value in words: an object without its defaults, figures in few digits where these differ."""
    if group in PLAIN_GROUPS:
        return _plain_texts(difference.values)
    kind, pairs = kind_at(difference.path), zip(difference.values, sides, strict=True)
    return [_text(brief(value, kind, side.config.catalogue)) for value, side in pairs]


def _plain_texts(values: Sequence[Any]) -> list[str]:
    """Values that are no settings: words as they are, figures in few digits, in all where those are the same."""
    few = [number(value) if isinstance(value, float) else _plain_text(value) for value in values]
    return few if len(set(few)) > 1 else [_plain_text(value) for value in values]


def _plain_text(value: Any) -> str:
    return repr(MISSING) if value is None else value if isinstance(value, str) else _text(value)


def _text(value: Any) -> str:
    """A value as YAML on one line."""
    if value is MISSING:
        return repr(value)
    text = yaml.dump(value, Dumper=Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=math.inf)
    text = text.removesuffix("\n").removesuffix("\n...")
    return text[1:-1] if isinstance(value, dict) and len(value) == 1 else text


def _row_lines(row: tuple[str, str, str], widths: list[int]) -> list[str]:
    path, a, b = row
    line = f"  {path:{widths[0]}}  {a:{widths[1]}} → {b}"
    if len(path) <= widths[0] and len(a) <= widths[1] and len(line) <= WIDTH:
        return [line]
    return [f"  {path}", *long_lines(f"    a  {a}"), *long_lines(f"    b  {b}")]


def long_lines(text: str, width: int = WIDTH) -> list[str]:
    """A long value in lines, of which only so many are shown."""
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=" " * 7,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
        max_lines=MAX_LINES,
        placeholder=" …",
    )

"""Lines of a commented config: values as YAML has them, and comments that keep to the width of a page."""

import textwrap
from collections.abc import Iterable
from typing import Any

import yaml

from kerasrun.config.yaml_text import Dumper

WIDTH = 100

# Where the comment behind a setting begins, if the setting leaves room.
COLUMN = 40

HEAD = """\
# yaml-language-server: $schema=kerasrun.schema.json
# An editor that knows YAML reads the line above, and then completes and underlines
# what you write here. Make the file it names with: kerasrun schema -o kerasrun.schema.json
"""


def value(thing: Any) -> str:
    """A value on one line."""
    text = yaml.dump(thing, Dumper=Dumper, default_flow_style=True, sort_keys=False, width=10**9, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")


def setting(key: str, thing: Any, comment: str = "", indent: int = 2) -> list[str]:
    """A setting with a comment behind it, or above it where there is no room; a long list takes several lines."""
    line = f"{' ' * indent}{key}: {value(thing)}"
    if len(line) > WIDTH and isinstance(thing, list):
        written = ", ".join(value([part])[1:-1].replace(" ", "\0") for part in thing)
        inner = textwrap.wrap(written, WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
        filled = [f"{' ' * (indent + 2)}{part}".replace("\0", " ") for part in inner]
        return [*remark(comment, indent), f"{' ' * indent}{key}: [", *filled, f"{' ' * indent}]"]
    return with_comment(line, comment, indent)


def with_comment(line: str, comment: str, indent: int) -> list[str]:
    """A line with a comment behind it, or above it where there is no room."""
    comment = _on_one_line(comment)
    if not comment:
        return [line]
    start = f"{line:{COLUMN - 1}} # " if len(line) < COLUMN - 1 else f"{line}  # "
    if len(start) + len(comment) <= WIDTH:
        return [start + comment]
    return [*remark(comment, indent), line]


def item(spec: Any, comment: str = "", indent: int = 2) -> list[str]:
    """An item of a list: a scalar, a name, or an object with its arguments."""
    if isinstance(spec, dict):
        [(name, arguments)] = spec.items()
        return with_comment(f"{' ' * indent}- {name}: {value(arguments)}", comment, indent)
    return with_comment(f"{' ' * indent}- {value(spec)}", comment, indent)


def remark(comment: str, indent: int = 0) -> list[str]:
    """A comment on lines of its own."""
    start = f"{' ' * indent}# "
    return textwrap.wrap(
        _on_one_line(comment),
        WIDTH,
        initial_indent=start,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _on_one_line(text: str) -> str:
    """A text that names cells of a table, which may hold any sign, as a comment can have it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def named(names: Iterable[str], most: int = 8) -> str:
    """Some names, and how many more there are."""
    listed = list(names)
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more

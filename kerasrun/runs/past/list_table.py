"""A list of runs as a table: a line a run, as wide as a terminal, or as it must be for a pipe."""

import re
import time
from calendar import timegm
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kerasrun.report.numbers import duration, number
from kerasrun.report.plots.names import text_width
from kerasrun.runs.past.keys import OTHER_NAMES, value_of
from kerasrun.runs.past.listing import Listed

# Signs between columns; the least width of the last one, what it gets before more columns do, and that of a cut name.
GAP, MIN_WHAT, GOOD_WHAT, MIN_NAME = 2, 12, 30, 16

# Columns that are there whatever is asked for, and that of the figure that tells most of runs of several kinds.
SHOWN, BEST = ("name", "experiment", "started", "state", "time_s"), "best"

# Codes of a terminal's colours for states that want to be seen.
COLORS = {"running": 36, "interrupted": 33, "broken off": 33, "failed": 31, "damaged": 31}

# Signs that may take two columns: a list of thousands is not counted sign by sign.
PERHAPS_WIDE = re.compile("[\u1100-\u115f\u2300-\U0010ffff]")

AGES = (("s", 1, 100), ("min", 60, 100), ("h", 3600, 48), ("days", 86400, 14))


@dataclass(frozen=True)
class Column:
    """A heading and a cell a run; figures stand on the right."""

    heading: str
    cells: list[str]
    is_right: bool = False

    @cached_property
    def width(self) -> int:
        """What the widest cell takes."""
        return max(map(_width, (self.heading, *self.cells)))


def list_lines(
    runs: Sequence[Listed], keys: Sequence[str] = (), width: int | None = None, colors: bool = False
) -> list[str]:
    """A heading, and a line a run.

    Args:
        keys: that were asked for: each has a column.
        width: the terminal's, to which what is less needed gives way; None for a pipe: there nothing is cut.
    """
    asked = [OTHER_NAMES.get(key, key) for key in dict.fromkeys(keys)]
    needed = [
        Column("run", [run.full_name for run in runs]),
        Column("when", [_when(run.started, width is None) for run in runs]),
        Column("state", [run.state for run in runs]),
        *(_asked(key, runs) for key in asked if key not in SHOWN),
    ]
    figures = [column for column in _figures(runs) if column.heading not in asked]
    if not any(key in run.figures for key in asked for run in runs):
        needed, figures = needed + figures[:1], figures[1:]
    times = Column("time", ["" if run.time_s is None else duration(run.time_s) for run in runs], is_right=True)
    wished = [times, *(column for column in figures if column.heading != BEST)]
    what = Column("what", [run.what for run in runs])
    return _lines([*needed, *wished, what] if width is None else _fitted(needed, wished, what, width), colors)


def _fitted(needed: list[Column], wished: list[Column], what: Column, width: int) -> list[Column]:
    """The needed columns, as many of the wished ones as leave the last some room, and the last cut to the rest."""
    columns = list(needed)
    for column in wished:
        if _total([*columns, column]) + GAP + min(GOOD_WHAT, what.width) <= width:
            columns.append(column)
    told = GAP + MIN_WHAT if any(what.cells) else 0
    excess = _total(columns) + told - width
    if excess > 0:
        room = max(MIN_NAME, columns[0].width - excess)
        columns[0] = Column(columns[0].heading, [_cut(name, room, 0.6) for name in columns[0].cells])
    room = width - _total(columns) - GAP
    return (
        [*columns, Column(what.heading, [_cut(cell, room) for cell in what.cells])]
        if told and room >= MIN_WHAT
        else columns
    )


def _total(columns: list[Column]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def _asked(key: str, runs: Sequence[Listed]) -> Column:
    """The column of a key by which the runs are sorted or chosen."""
    values = [value_of(run, key) for run in runs]
    heading = next((short for short, name in OTHER_NAMES.items() if key == name), key)
    is_figure = any(key in run.figures for run in runs)
    cells = ["" if value is None else _words(value, is_figure) for value in values]
    return Column(heading, cells, is_right=not any(isinstance(value, str | bool) for value in values))


def _words(value: Any, is_figure: bool) -> str:
    if isinstance(value, str | bool):
        return str(value).lower() if isinstance(value, bool) else value
    return number(value) if is_figure else f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _figures(runs: Sequence[Listed]) -> list[Column]:
    """The figure that tells most of each run, then the others; one column of both where that is not the same one."""
    chief = [_chief(run.figures) for run in runs]
    names = Counter(name for run in runs for name in run.figures)
    if len(set(chief) - {""}) > 1:
        return [
            Column(
                "best",
                [f"{name} {number(run.figures[name])}" if name else "" for name, run in zip(chief, runs, strict=True)],
            )
        ]
    order = sorted(names, key=lambda name: (name not in chief, -names[name], not name.startswith("val_")))
    return [
        Column(name, [number(run.figures[name]) if name in run.figures else "" for run in runs], True) for name in order
    ]


def _chief(figures: dict[str, float]) -> str:
    """The validation's first score, else its loss; without a validation the same of the training; "" for none."""
    for prefix in ("val_", ""):
        names = [name for name in figures if name.startswith(prefix)]
        if names:
            return next((name for name in names if not name.endswith("loss")), names[0])
    return ""


def _lines(columns: list[Column], colors: bool) -> list[str]:
    widths = [column.width for column in columns]
    rows = zip(*([column.heading, *column.cells] for column in columns), strict=True)
    lines: list[str] = []
    for row in rows:
        cells = [
            " " * (width - _width(cell)) + cell if column.is_right else cell + " " * (width - _width(cell))
            for cell, column, width in zip(row, columns, widths, strict=True)
        ]
        if colors and lines and row[2] in COLORS:
            cells[2] = f"\x1b[{COLORS[row[2]]}m{cells[2]}\x1b[0m"
        lines.append((" " * GAP).join(cells).rstrip())
    return [f"\x1b[1m{lines[0]}\x1b[0m" if colors else lines[0], *lines[1:]]


def _when(started: str, in_full: bool) -> str:
    """`2026-01-31 23:59` in UTC, or for a person `5 min ago`, and the day of what is longer ago than two weeks."""
    if not started:
        return ""
    if not in_full:
        age = time.time() - timegm(time.strptime(started[:19], "%Y-%m-%dT%H:%M:%S"))
        for unit, length, count in AGES:
            if 0 <= age < length * count:
                return f"{age // length:.0f} {unit} ago"
        return started[:10]
    return started[:16].replace("T", " ")


def _cut(text: str, room: int, kept: float = 1.0) -> str:
    """The text in so many columns: with an ellipsis at its end, or where so great a part of it stands before."""
    if _width(text) <= room:
        return text
    head = int(kept * (room - 1))
    cut = text[:head] + "…" + (text[len(text) - (room - 1 - head) :] if kept < 1 else "")
    return cut if _width(cut) <= room else _cut(text[: len(text) - 1], room)


def _width(text: str) -> int:
    return text_width(text) if PERHAPS_WIDE.search(text) else len(text)

"""Several runs side by side as lines of text: a column a run where there is room, else a row a run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from kerasrun.config.faults import dotted
from kerasrun.report.numbers import duration, number, size
from kerasrun.runs.past.compare_lines import long_lines, value_texts
from kerasrun.runs.past.compared import ComparedRuns
from kerasrun.runs.past.figures import Row
from kerasrun.runs.past.several import run_names
from kerasrun.runs.past.words import told

# The least width of a run's column, and the greatest of a row's cell; what is longer stands on lines of its own.
MIN_CELL, MAX_CELL = 9, 24

# The least width of the names, and the greatest at 80 columns.
MIN_NAME, MAX_NAME = 20, 36

# Figures of the run itself: what they are called, and how they are written.
RUN_FIGURES: dict[str, tuple[str, Any]] = {
    "time_s": ("time", duration),
    "epoch_time_s": ("time of an epoch", duration),
    "num_parameters": ("parameters", "{:,}".format),
    "model_bytes": ("model.keras", size),
}


@dataclass(frozen=True)
class Line:
    """A name and what each run has under it, each with the sign behind it: `*` for the best, else a space."""

    name: str
    cells: tuple[str, ...]
    signs: tuple[str, ...]

    def is_short(self) -> bool:
        """Whether the cells fit into columns."""
        return max(map(len, self.cells)) <= MAX_CELL


def compared_lines(compared: ComparedRuns, width: int = 80) -> list[str]:
    """The runs, what differs between them, and their figures, the best of each marked by `*`."""
    letters = [letter(place) for place in range(len(compared.runs))]
    tables = compared_tables(compared)
    lines = list(_heading(compared, letters, width))
    if not compared.differences:
        lines += ["", "settings, seeds, data and environment are the same"]
    columns = _fitting(tables, len(letters), width)
    for title, table in tables.items():
        if table:
            lines += [
                "",
                *(_columns(title, table, letters, *columns) if columns else _rows(title, table, letters, width)),
            ]
    has_best = any("*" in line.signs for table in tables.values() for line in table)
    notes = [*(["* the best of its row"] if has_best else []), *compared.notes]
    return [line.rstrip() for line in [*lines, *(["", *notes] if notes else [])]]


def letter(place: int) -> str:
    """a, b, …, z, aa, ab, …: what a run is called in a table."""
    high, low = divmod(place, 26)
    return (letter(high - 1) if high else "") + ascii_lowercase[low]


def _heading(compared: ComparedRuns, letters: Sequence[str], width: int) -> Iterator[str]:
    first, states = max(map(len, letters)), max(map(len, compared.states))
    names = run_names(compared.runs)
    longest = max(map(len, names))
    for key, name, state, run in zip(letters, names, compared.states, compared.runs, strict=True):
        line = f"{key:{first}}  {name:{longest}}  {state:{states}}  {told(run.read_manifest())}".rstrip()
        yield line if len(line) <= width else line[: width - 1] + "…"


def compared_tables(compared: ComparedRuns) -> dict[str, list[Line]]:
    """What differs and the figures, by group, as texts."""
    blank = (" ",) * len(compared.runs)
    tables = {
        group: [Line(dotted(item.path), tuple(value_texts(group, item, compared.sides)), blank) for item in found]
        for group, found in compared.differences.items()
    }
    return tables | {group: [_figure_line(row) for row in rows] for group, rows in compared.figures.items()}


def _figure_line(row: Row) -> Line:
    name, words = RUN_FIGURES.get(row.name, (row.name, _number))
    cells = ["–" if value is None else words(value) for value in row.values]
    best = {cells[place] for place in row.best}
    if any(cells[place] in best for place in range(len(cells)) if place not in row.best):
        cells = ["–" if value is None else f"{value:.7g}" for value in row.values]
    return Line(name, tuple(cells), tuple("*" if place in row.best else " " for place in range(len(cells))))


def _number(value: float) -> str:
    return f"{value:,.0f}" if isinstance(value, int) or (value >= 1 and value.is_integer()) else number(value)


def _fitting(tables: dict[str, list[Line]], count: int, width: int) -> tuple[int, int, int] | None:
    """The widths of the names, of a run's column, and of all; None where the runs are too many for columns."""
    lines = [line for table in tables.values() for line in table]
    room = width - 2 - count * (MIN_CELL + 2)
    if room < MIN_NAME:
        return None
    first = min(max(len(line.name) for line in lines), max(MAX_NAME, width // 3), room)
    cell = (width - 2 - first) // count - 2
    return first, max(len(text) for line in lines for text in ("–" * MIN_CELL, *line.cells) if len(text) <= cell), width


def _columns(title: str, table: list[Line], letters: Sequence[str], first: int, cell: int, width: int) -> Iterator[str]:
    """A column a run. A name that is too long has a line of its own, and so has each value that is too long."""
    yield title.ljust(2 + first) + "".join(f"{key:>{cell + 1}} " for key in letters)
    for line in table:
        if max(map(len, line.cells)) > cell:
            yield from _below(line, letters, width)
            continue
        cells = "".join(f"{text:>{cell + 1}}{sign}" for text, sign in zip(line.cells, line.signs, strict=True))
        if len(line.name) > first:
            yield f"  {line.name}"
        yield f"  {line.name if len(line.name) <= first else '':{first}}{cells}"


def _rows(title: str, table: list[Line], letters: Sequence[str], width: int) -> Iterator[str]:
    """A row a run, in as many blocks as the width makes of the columns."""
    yield title
    block: list[Line] = []
    for line in table:
        if line.is_short():
            if block and _block_width([*block, line], letters) > width:
                yield from _block(block, letters)
                block = []
            block.append(line)
    yield from _block(block, letters) if block else ()
    for line in table:
        if not line.is_short():
            yield from _below(line, letters, width)


def _block(lines: list[Line], letters: Sequence[str]) -> Iterator[str]:
    first, widths = max(map(len, letters)), [_line_width(line) for line in lines]
    yield f"  {'':{first}}" + "".join(f"  {line.name:>{width}} " for line, width in zip(lines, widths, strict=True))
    for place, key in enumerate(letters):
        cells = zip(lines, widths, strict=True)
        yield f"  {key:{first}}" + "".join(f"  {line.cells[place]:>{w}}{line.signs[place]}" for line, w in cells)


def _block_width(lines: list[Line], letters: Sequence[str]) -> int:
    return 2 + max(map(len, letters)) + sum(_line_width(line) + 3 for line in lines)


def _line_width(line: Line) -> int:
    return max(len(line.name), *map(len, line.cells))


def _below(line: Line, letters: Sequence[str], width: int) -> Iterator[str]:
    """The name, then a line for each value with the runs that have it."""
    yield f"  {line.name}"
    for text in dict.fromkeys(line.cells):
        keys = " ".join(key for key, cell in zip(letters, line.cells, strict=True) if cell == text)
        sign = "*" if any(s == "*" for s, cell in zip(line.signs, line.cells, strict=True) if cell == text) else ""
        yield from long_lines(f"    {keys}  {text}{sign}", width)

"""How many rows each class has, before training: counted, and as a table at 80 columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasrun.config.faults import width_of
from kerasrun.data import Dataset
from kerasrun.data.classes import class_counts
from kerasrun.data.files.folders import told
from kerasrun.data.rows import array_items

# So many classes are told one by one; a table is so wide at most, behind a margin.
MAX_CLASSES, WIDTH, MARGIN = 20, 80, 10


@dataclass(frozen=True)
class ClassCounts:
    """How many rows each class has.

    Args:
        output: the target's name where there are several, else "".
        counts: by the part of the data, a number a class.
    """

    output: str
    names: tuple[str, ...]
    counts: dict[str, list[int]]


def count_classes(data: Dataset, model: Any) -> list[ClassCounts]:
    """The counts for each target that is classes: whose names are known, or which the model's loss takes for that."""
    from kerasrun.model.output_kinds import output_kinds

    kinds = output_kinds(model)
    targets = {part: dict(array_items(rows.y, "")) for part, rows in data.parts().items() if rows.y is not None}
    found = []
    for name in targets.get("train", {}):
        kind = kinds.get(name) if name else next(iter(kinds.values()))
        if data.classes or (kind is not None and kind.kind != "values"):
            found += _counted(name, {part: ys[name] for part, ys in targets.items()}, data.classes or ())
    return found


def _counted(name: str, ys: dict[str, np.ndarray], classes: tuple[str, ...]) -> list[ClassCounts]:
    counts = {part: class_counts(y, len(classes)) for part, y in ys.items()}
    known = {part: found for part, found in counts.items() if found is not None}
    num_classes = max(map(len, known.values()), default=0)
    if len(known) < len(counts) or num_classes < 2:
        return []
    names = classes if len(classes) == num_classes else tuple(map(str, range(num_classes)))
    padded = {part: [*found.tolist(), *[0] * (num_classes - len(found))] for part, found in known.items()}
    return [ClassCounts(name, names, padded)]


def unseen_notes(counted: Sequence[ClassCounts]) -> list[str]:
    """A word on rows of a class that no training row has: it cannot be learnt."""
    notes = []
    for of in counted:
        known = of.counts["train"]
        for part, counts in of.counts.items():
            rows = {
                name: count for name, count, seen in zip(of.names, counts, known, strict=True) if count and not seen
            }
            if rows:
                count = sum(rows.values())
                notes.append(f"{count:,} rows of {part} are of classes that no training row has: {told([*rows])}")
    return notes


def class_lines(counted: ClassCounts) -> list[str]:
    """A table: a line a part where the classes fit beside one another, else a line a class; of many, the extremes."""
    lines = _extremes(counted) if len(counted.names) > MAX_CLASSES else _wide(counted) or _tall(counted)
    first = [f"of {counted.output}", *lines] if counted.output else lines
    return [f"{'' if number else 'classes':{MARGIN}}{line}".rstrip() for number, line in enumerate(first)]


def _wide(counted: ClassCounts) -> list[str]:
    """A line a part; none where that takes too much room."""
    cells = [["", *counted.names], *([part, *map(_figure, counts)] for part, counts in counted.counts.items())]
    tables = (aligned(cells, gap) for gap in ("  ", " "))
    return next((lines for lines in tables if max(map(width_of, lines)) <= WIDTH - MARGIN), [])


def _tall(counted: ClassCounts) -> list[str]:
    """A line a class."""
    columns = [[part, *map(_figure, counts)] for part, counts in counted.counts.items()]
    room = WIDTH - MARGIN - sum(2 + max(map(len, column)) for column in columns)
    names = ["", *(cut(name, room) for name in counted.names)]
    return aligned([list(row) for row in zip(names, *columns, strict=True)])


def _extremes(counted: ClassCounts) -> list[str]:
    """How many classes there are, and of each part that with the fewest rows and that with the most."""
    rows = [["", f"{len(counted.names):,} classes", ""]]
    for part, counts in counted.counts.items():
        ends = int(np.argmin(counts)), int(np.argmax(counts))
        room = (WIDTH - MARGIN - 24) // 2 - max(len(_figure(counts[end])) for end in ends)
        least, most = (f"{_figure(counts[end])} {cut(counted.names[end], room)}" for end in ends)
        is_even = counts[ends[0]] == counts[ends[1]]
        rows.append([part, f"{_figure(counts[0])} rows each", ""] if is_even else [part, f"from {least}", f"to {most}"])
    return aligned(rows, left=3)


def _figure(count: int) -> str:
    return f"{count:,}"


def aligned(rows: list[list[str]], gap: str = "  ", left: int = 1) -> list[str]:
    """Cells in columns: the first ones, `left` of them, to the left, and the others to the right."""
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]

    def cell(text: str, number: int) -> str:
        space = " " * (widths[number] - width_of(text))
        return text + space if number < left else space + text

    return [gap.join(cell(text, number) for number, text in enumerate(row)).rstrip() for row in rows]


def cut(name: str, room: int) -> str:
    """A name that takes no more room than there is."""
    if width_of(name) <= room:
        return name
    while width_of(name) > room - 1:
        name = name[:-1]
    return name + "…"

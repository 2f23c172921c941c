"""The confusion matrix as SVG: a cell for each pair of classes, darker the larger its share of the true class."""

from collections.abc import Iterator
from unicodedata import east_asian_width

import numpy as np

from kerasrun.report.page.drawing import percent
from kerasrun.report.page.html import Markup, data_block, tag
from kerasrun.report.page.tables import table
from kerasrun.report.page.words import count
from kerasrun.report.scores import Confusion

# With more classes the cells have no room for their numbers, and not each of them for its name.
MAX_NUMBERS, MAX_NAMES = 16, 25
# Wider names are cut short, and wider ones than the second stand slanted below the columns; in letters.
LONG_NAME, SHORT_NAME = 14, 3
# The darkest cell, on which letters can still be read; so many shades there are.
DARKEST, SHADES = 0.5, 20
MAX_PAIRS = 20


def confusion_figure(name: str, confusion: Confusion) -> Markup:
    """The matrix with its title, its values for the page's script, and a table of the most frequent confusions."""
    names, counts = confusion.scores.names, confusion.counts
    text = f"{100 * confusion.accuracy:.1f} % of {count(confusion.scores.num_rows, 'row')} are right."
    return tag(
        "figure",
        tag("figcaption", tag("h3", "Confusion matrix"), tag("p", text, class_="note")),
        tag(
            "div",
            _picture(name, confusion, text),
            data_block({"kind": "matrix", "names": names, "counts": counts.tolist()}),
            class_="plot" if max(map(name_width, names), default=0) <= SHORT_NAME else "plot named",
        ),
        _table(confusion),
        class_="chart matrix",
        id=name,
    )


def short_name(name: str) -> str:
    """A class's name where there is little room."""
    if name_width(name) <= LONG_NAME:
        return name
    return next(name[:end] for end in range(len(name), -1, -1) if name_width(name[:end]) < LONG_NAME) + "…"


def name_width(name: str) -> int:
    """In letters; Chinese and Japanese signs are as wide as two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in name)


def _picture(name: str, confusion: Confusion, text: str) -> Markup:
    size = len(confusion.counts)
    largest = "; ".join(_pair_text(confusion, *pair) for pair in confusion.largest(3))
    return tag(
        "svg",
        tag("title", "Confusion matrix", id=f"{name}-title"),
        tag("desc", f"{text} {largest}", id=f"{name}-text"),
        tag("svg", list(_cells(confusion)), viewBox=f"0 0 {size} {size}", width="100%", height="100%"),
        tag("rect", width="100%", height="100%", class_="frame"),
        list(_numbers(confusion)) if size <= MAX_NUMBERS else None,
        list(_names(confusion.scores.names)),
        tag("text", "true class ↓, predicted class →", x="0", y="0", dx="-30", dy="-12", class_="start"),
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-text",
        class_=f"area {'few' if size <= 6 else 'some' if size <= 10 else 'many'}",
    )


def _cells(confusion: Confusion) -> Iterator[Markup]:
    """A path for each shade, of what is right and of what is wrong."""
    shades = np.ceil(SHADES * np.sqrt(np.nan_to_num(confusion.shares))).astype(int)
    diagonal = np.eye(len(shades), dtype=bool)
    for look, part in (("right", diagonal), ("wrong", ~diagonal)):
        for shade in np.unique(shades[part & (shades > 0)]):
            cells = np.argwhere((shades == shade) & part)
            path = "".join(f"M{column} {row}h1v1h-1z" for row, column in cells)
            yield tag("path", d=path, fill_opacity=f"{DARKEST * shade / SHADES:.3f}", class_=look)


def _numbers(confusion: Confusion) -> Iterator[Markup]:
    size = len(confusion.counts)
    for row, column in np.argwhere(confusion.counts > 0):
        x, y = percent((column + 0.5) / size), percent((row + 0.5) / size)
        yield tag("text", f"{confusion.counts[row, column]:,}", x=x, y=y, dy=".34em", class_="x")


def _names(names: tuple[str, ...]) -> Iterator[Markup]:
    every = -(-len(names) // MAX_NAMES)
    slanted = max(map(name_width, names), default=0) > SHORT_NAME
    for index in range(0, len(names), every):
        middle, name = percent((index + 0.5) / len(names)), short_name(names[index])
        yield tag("text", name, x="-8", y=middle, dy=".34em", class_="y")
        if slanted:  # a place in percent can be turned around only within an SVG of its own
            turned = tag("text", name, transform="rotate(-40)", class_="y")
            yield tag("svg", turned, x=middle, y="100%", class_="turned", overflow="visible")
        else:
            yield tag("text", name, x=middle, y="100%", dy="18", class_="x")


def _pair_text(confusion: Confusion, true: int, told: int, number: int) -> str:
    names = confusion.scores.names
    return f"{names[true]} was predicted as {names[told]} {number:,} times"


def _table(confusion: Confusion) -> Markup:
    names, shares = confusion.scores.names, confusion.shares
    rows = [
        [names[true], names[told], f"{number:,}", f"{100 * shares[true, told]:.1f} %"]
        for true, told, number in confusion.largest(MAX_PAIRS)
    ]
    columns = ["true class", "predicted as", "rows", "of the true class"]
    inside = table("The most frequent confusions", columns, rows) if rows else tag("p", "There is no confusion.")
    return tag("details", tag("summary", "Values as a table"), inside, class_="data")

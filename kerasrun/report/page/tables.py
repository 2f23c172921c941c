"""Tables: a caption, a heading a column, and in each row the first cell as its heading."""

import re
from collections.abc import Sequence
from typing import Any

from kerasrun.report.page.html import Markup, tag

# What may stand around a number: the mark of the best one.
NO_NUMBER = re.compile("<[^>]*>|★ ")


def table(caption: str, columns: Sequence[Any], rows: Sequence[Sequence[Any]], class_: str = "") -> Markup:
    """A table.

    Args:
        caption: what it is of.
        columns: the heading of each; "" for none over the headings of the rows.
        rows: cells; those after the first are numbers, flush right, where they look like one.
    """
    kinds = [{_kind(row[place]) for row in rows} for place in range(len(columns))]
    head = [
        tag("th", column, scope="col", class_="n" if place and kinds[place] == {"n"} else None) if column else tag("td")
        for place, column in enumerate(columns)
    ]
    body = [
        tag("tr", tag("th", first, scope="row"), [tag("td", cell, class_=_kind(cell)) for cell in rest])
        for first, *rest in rows
    ]
    whole = tag(
        "table", tag("caption", caption), tag("thead", tag("tr", head)), tag("tbody", body), class_=class_ or None
    )
    # A wide one scrolls in its own box, by keyboard too.
    return tag("div", whole, class_="scroll", tabindex="0", role="group", aria_label=caption)


def pairs(rows: Sequence[tuple[Any, Any]], class_: str = "facts") -> Markup:
    """Terms and what they are."""
    return tag("dl", [tag("div", tag("dt", term), tag("dd", what)) for term, what in rows], class_=class_)


def _kind(cell: Any) -> str | None:
    text = NO_NUMBER.sub("", str(cell))
    return "n" if text[:1] in tuple("0123456789-–−.") and len(text) < 16 else None

"""Figures, times and sizes as the page writes them."""

import math
from datetime import datetime

UNKNOWN = "–"


def figure(value: float | None, digits: int = 4) -> str:
    """A figure of a few digits: `0.9812`, `2.31e-05`, `12,300`."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if float(value).is_integer() and abs(value) < 1e9:
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    return f"{value:,.0f}" if "e" in text and 1 <= abs(value) < 1e9 else text


def count(number: int, thing: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def place(value: float) -> str:
    """An epoch or a step: whole where it is."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def moment(stamp: str) -> str:
    """`28 November 2026, 09:38 UTC`, of the manifest's way to write it; as it is where it is written otherwise."""
    try:
        time = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        return stamp
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def sentence(text: str) -> str:
    """A text with a capital at its beginning, unless that is the name of a column: `val_loss`."""
    return text if "_" in text.split(" ")[0] else text[:1].upper() + text[1:]

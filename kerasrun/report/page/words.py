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


def duration(seconds: float) -> str:
    """`0.6 ms`, `3.2 s`, `4 min 2 s`, `3 h 20 min`."""
    if seconds < 0.1:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    if seconds < 6000:
        return f"{int(seconds) // 60} min {int(seconds) % 60} s"
    return f"{int(seconds) // 3600} h {int(seconds) % 3600 // 60} min"


def moment(stamp: str) -> str:
    """`28 November 2026, 09:38 UTC`, of the manifest's way to write it; as it is where it is written otherwise."""
    try:
        time = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        return stamp
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def size(size_bytes: int) -> str:
    """`940 B`, `1.2 kB`, `47 MB`."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.{0 if size_bytes >= 10 * factor else 1}f} {unit}"
    return f"{size_bytes} B"


def sentence(text: str) -> str:
    """A text with a capital at its beginning, unless that is the name of a column: `val_loss`."""
    return text if "_" in text.split(" ")[0] else text[:1].upper() + text[1:]

"""What is shown of a training that goes on: two to four lines below those of its epochs, made anew for every width."""

import unicodedata

from kerasrun.cli.sparkline import sparklines
from kerasrun.runs.lines import number
from kerasrun.runs.standing import Standing

MAX_LINES = 4
MAX_BAR, MIN_BAR, NARROW = 36, 6, 54
GAP = "  "
COLORS = {"loss": "cyan", "val_loss": "yellow"}

Segments = list[tuple[str, str]]
"""A line: texts, each with its style, `dim`, `bold`, a colour, or none."""


def display_lines(standing: Standing, width: int, height: int = 24, in_ascii: bool = False) -> list[Segments]:
    """The lines for a terminal of this size; none is wider, and none fills its last column."""
    width -= 1
    narrow = width < NARROW
    lines = [_place_line(standing, width, in_ascii)]
    if narrow:
        lines.append([(GAP.join(_fitting(_speed(standing), width)), "")])
    lines += _curve_lines(standing, width, in_ascii)
    lines.append([(GAP.join(_fitting(_figures(standing), width)), "")])
    shown = [line for line in lines if any(text for text, _ in line)]
    return [_cut(line, width) for line in shown[: min(MAX_LINES, max(1, height - 2))]]


def _place_line(standing: Standing, width: int, in_ascii: bool) -> Segments:
    """How far it is, as words and as a bar; how fast, and how long yet, where there is room."""
    is_within = standing.unit == "epoch" and not standing.concluding
    shown = min(int(standing.done) + is_within, standing.total)
    place = f"{standing.unit} {shown:,}/{standing.total:,}"
    if width < NARROW // 2:
        place = place.partition(" ")[2]
    share = min(standing.done / max(standing.total, 1), 1.0)
    percent = f"{int(share * 100)}%"
    speed = [] if width < NARROW else _fitting(_speed(standing), width - len(place + percent) - MIN_BAR - 6)
    rest = [percent, *speed]
    room = width - len(place) - len(GAP.join(rest)) - 2 * len(GAP)
    if room < MIN_BAR:
        return [(GAP.join([place, *rest]), "")]
    size = min(room, MAX_BAR)
    full, empty = ("#", ".") if in_ascii else ("━", "─")
    done = round(share * size)
    return [
        (place + GAP, "bold"),
        (full * done, "green"),
        (empty * (size - done), "dim"),
        (GAP + GAP.join(rest), ""),
    ]


def _speed(standing: Standing) -> list[str]:
    """How long it takes yet, and how fast it is."""
    if standing.concluding:
        return ["evaluates, saves and draws"]
    left = standing.time_left_s
    if left is None:
        return []
    at_most = "at most " if standing.may_stop else ""
    return [f"{at_most}{duration(left)} left", _rate(standing)]


def _rate(standing: Standing) -> str:
    """The rate in what passes at least once a second: epochs, else steps, else rows."""
    units = [
        (standing.unit + "s", 1),
        ("steps", standing.steps_per_unit),
        ("rows", standing.steps_per_unit * standing.rows_per_step),
    ]
    name, rate = next(
        ((name, standing.rate * factor) for name, factor in units if standing.rate * factor >= 1),
        (units[-1][0], standing.rate * units[-1][1]),
    )
    return f"{rate:,.0f} {name}/s" if rate >= 10 else f"{rate:.1f} {name}/s"


def _curve_lines(standing: Standing, width: int, in_ascii: bool) -> list[Segments]:
    """The losses: what each is now, and how it came there."""
    names = [name for name in standing.curves if name in standing.logs] or ["loss"][: "loss" in standing.logs]
    if not names:
        return []
    first = max(map(len, names))
    values = [number(standing.logs[name]) for name in names]
    second = max(map(len, values))
    curves = sparklines([standing.curves.get(name, []) for name in names], width - first - second - 4, in_ascii)
    return [
        [(f"{name:{first}}{GAP}", "dim"), (f"{value:>{second}}{GAP}", ""), (curve, COLORS.get(name, ""))]
        for name, value, curve in zip(names, values, curves, strict=True)
    ]


def _figures(standing: Standing) -> list[str]:
    """The best epoch, and the figures beside the losses as they are now."""
    best = standing.best
    found = [] if best is None else [f"best {best[0]} {number(best[1])} at {standing.unit} {best[2]:,}"]
    return found + [
        f"{name} {number(value)}" for name, value in standing.logs.items() if name not in ("loss", "val_loss")
    ]


def duration(seconds: float) -> str:
    """A time that is yet to come, no more exactly than it can be known: `8 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`."""
    if seconds < 1:
        return "under 1 s"
    whole = round(seconds)
    for size, name, smaller, smaller_name in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size:,} {name}" + (f" {rest} {smaller_name}" if rest else "")
    return f"{whole} s"


def _fitting(words: list[str], width: int) -> list[str]:
    """Of these words, the most important first, those that fit side by side."""
    kept: list[str] = []
    for word in words:
        if cells(GAP.join([*kept, word])) <= width:
            kept.append(word)
    return kept


def cells(text: str) -> int:
    """How many columns a text takes: a Chinese character two, an accent none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _cut(line: Segments, width: int) -> Segments:
    """The line without what is beyond the width, and without characters that a terminal would obey."""
    kept: Segments = []
    for text, style in line:
        if text.isprintable() and (size := cells(text)) <= width:
            width -= size
            kept.append((text, style))
            continue
        piece = ""
        for letter in filter(str.isprintable, text):
            width -= cells(letter)
            if width < 0:
                return [*kept, (piece, style)]
            piece += letter
        kept.append((piece, style))
    return kept

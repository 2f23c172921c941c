"""A chart of lines or points as SVG: as wide as there is room for it, with letters that keep their size.

The plot is the SVG's own area, in percent; what stands around it overflows into the margins that the style sheet
leaves. Lines lie in an inner SVG that is stretched, while their strokes are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kerasrun.report.page.axis import Axis
from kerasrun.report.page.html import Markup, data_block, tag
from kerasrun.report.page.tables import table
from kerasrun.report.page.thinning import kept_rows
from kerasrun.report.page.words import figure, place

Array = NDArray[np.float64]

# So many points are still told apart; so many rows has the table of a chart; so many digits has a value.
FEW, MAX_ROWS, DIGITS = 60, 50, 6
# The inner SVG's size, into which it is stretched.
SIZE = 1000
NUM_TICKS = (6, 6)

MARKERS = {
    "square": "M-3.5-3.5h7v7h-7z",
    "diamond": "M0-5L5 0 0 5-5 0z",
    "up": "M0-5L5 4H-5z",
    "down": "M0 5L5-4H-5z",
    "plus": "M-5 0H5M0-5V5",
    "cross": "M-4-4L4 4M-4 4L4-4",
    "bar": "M0-5V5",
}


@dataclass(frozen=True)
class Series:
    """A line or points.

    Args:
        look: its class in the style sheet, which gives colour and dashes.
        x, y: (n,); nan where there is a gap. Bars stand around x, as far apart as these.
        marker: of each point where they are few, or of those at `marked`.
        notes: what is said of each point beside its value, if anything.
        is_listed: whether it has a place in the legend.
        is_silent: whether it is background alone, without a place in legend and values.
    """

    label: str
    look: str
    x: Array
    y: Array
    kind: Literal["line", "steps", "points", "bars"] = "line"
    marker: str = ""
    notes: tuple[str, ...] = ()
    marked: tuple[int, ...] = ()
    is_listed: bool = True
    is_silent: bool = False

    @property
    def has_markers(self) -> bool:
        """Whether each point is drawn as its marker."""
        return bool(self.marker) and (self.x.size <= FEW or bool(self.marked))


@dataclass(frozen=True)
class Rule:
    """A mark at some places of the x-axis: a line over the whole height, or a short one where there may be many."""

    label: str
    look: str
    x: tuple[float, ...]
    short: bool = False


@dataclass(frozen=True)
class Chart:
    """What a chart shows.

    Args:
        name: its id on the page.
        text: what it shows, in a sentence or two, for those who do not see it.
        ring: a point that is circled.
        note: what is said below the legend.
        by: whether a pointer finds what lies at its x, or the point that is next to it.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    text: str
    rules: tuple[Rule, ...] = ()
    ring: tuple[float, float] | None = None
    by: Literal["x", "point"] = "x"
    note: str = ""


def chart_figure(chart: Chart) -> Markup:
    """The chart with its title, its legend, its values for the page's script, and a table of them."""
    return tag(
        "figure",
        tag(
            "figcaption",
            tag("h3", chart.title),
            _legend(chart),
            tag("p", chart.note, class_="note") if chart.note else None,
        ),
        tag("div", chart_svg(chart), _values(chart), class_="plot"),
        _table(chart),
        class_="chart",
        id=chart.name,
    )


def chart_svg(chart: Chart) -> Markup:
    """The picture alone."""
    name = f"{chart.name}-picture"
    return tag(
        "svg",
        tag("title", chart.title, id=f"{name}-title"),
        tag("desc", chart.text, id=f"{name}-text"),
        tag("g", list(_grid(chart)), class_="grid"),
        tag(
            "svg",
            [tag("path", d=_path(chart, item), class_=f"{item.kind} {item.look}") for item in chart.series],
            [tag("path", d=_short(chart, rule), class_=f"rule {rule.look}") for rule in chart.rules if rule.short],
            viewBox=f"0 0 {SIZE} {SIZE}",
            preserveAspectRatio="none",
            width="100%",
            height="100%",
        ),
        [mark for item in chart.series for mark in _markers(chart, item)],
        [line for rule in chart.rules if not rule.short for line in _lines(chart, rule)],
        _ring(chart),
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-text",
        class_="area",
    )


def percent(share: float) -> str:
    """A share as a length of SVG."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def _grid(chart: Chart) -> Iterator[Markup]:
    for value, text in chart.y.ticks(NUM_TICKS[1]):
        y = percent(1 - float(chart.y.share(value)))
        yield tag("line", x1="0", x2="100%", y1=y, y2=y)
        yield tag("text", text, x="-8", y=y, dy=".32em", class_="y")
    for value, text in chart.x.ticks(NUM_TICKS[0]):
        yield tag("text", text, x=percent(float(chart.x.share(value))), y="100%", dy="18", class_="x")
    yield tag("line", x1="0", x2="100%", y1="100%", y2="100%", class_="base")
    if chart.x.label:
        yield tag("text", chart.x.label, x="100%", y="100%", dy="35", class_="end")
    told = [chart.y.label, "logarithmic axis" if chart.y.log else "", chart.y.note]
    yield tag("text", " · ".join(filter(None, told)), x="0", y="0", dx="-40", dy="-14")


def _path(chart: Chart, item: Series) -> str:
    x, y = SIZE * chart.x.share(item.x), SIZE * (1 - chart.y.share(item.y))
    if item.kind == "points":
        known = np.isfinite(x) & np.isfinite(y) & (not item.has_markers)
        return "".join(f"M{a:.1f} {b:.1f}h0" for a, b in zip(x[known], y[known], strict=True))
    if item.kind == "bars":
        half = float(np.diff(x).min() if x.size > 1 else SIZE / 10) / 2
        return "".join(f"M{a - half:.1f} {SIZE}V{b:.1f}h{2 * half:.1f}V{SIZE}z" for a, b in zip(x, y, strict=True))
    rows = kept_rows([y])
    return "".join(_pieces(x[rows], y[rows], item.kind == "steps"))


def _pieces(x: Array, y: Array, stepped: bool) -> Iterator[str]:
    """The unbroken pieces of a line; a point between two gaps is a dot, by the round ends of a stroke."""
    known = np.isfinite(x) & np.isfinite(y)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
    for start, stop in edges.reshape(-1, 2):
        points = list(zip(x[start:stop], y[start:stop], strict=True))
        yield f"M{points[0][0]:.1f} {points[0][1]:.1f}" + ("h0" if len(points) == 1 else "")
        for a, b in points[1:]:
            yield f"H{a:.1f}V{b:.1f}" if stepped else f"L{a:.1f} {b:.1f}"


def _short(chart: Chart, rule: Rule) -> str:
    return "".join(f"M{SIZE * where:.1f} {SIZE}v-28" for where in chart.x.share(rule.x))


def _lines(chart: Chart, rule: Rule) -> Iterator[Markup]:
    for where in chart.x.share(rule.x):
        x = percent(float(where))
        yield tag("line", x1=x, x2=x, y1="0", y2="100%", class_=f"rule {rule.look}")


def _markers(chart: Chart, item: Series) -> Iterator[Markup]:
    if not item.has_markers:
        return
    rows = list(item.marked) or range(item.x.size)
    for x, y in zip(chart.x.share(item.x[rows]), 1 - chart.y.share(item.y[rows]), strict=True):
        if np.isfinite(x + y) and 0 <= y <= 1:
            yield marker(item, percent(float(x)), percent(float(y)))


def marker(item: Series, x: str, y: str) -> Markup:
    """The marker of a series at a place."""
    look = f"marker {item.look}"
    if item.marker == "dot":
        return tag("circle", cx=x, cy=y, r="3", class_=look)
    # A path has its place in percent only within an SVG of its own.
    return tag("svg", tag("path", d=MARKERS[item.marker], class_=look), x=x, y=y, overflow="visible")


def _ring(chart: Chart) -> Markup | None:
    if chart.ring is None:
        return None
    x, y = float(chart.x.share(chart.ring[0])), float(1 - chart.y.share(chart.ring[1]))
    return tag("circle", cx=percent(x), cy=percent(y), r="6.5", class_="ring")


def _legend(chart: Chart) -> Markup:
    """What each line and mark is."""
    items = [tag("li", _swatch(item), item.label) for item in chart.series if item.is_listed and not item.is_silent]
    marks = [tag("li", _rule_swatch(rule), rule.label) for rule in chart.rules]
    return tag("ul", items, marks, class_="legend")


def _swatch(item: Series) -> Markup:
    paths = {"points": "" if item.has_markers else "M15 6h0", "bars": "M9 12V2h12V12z"}
    mark = marker(item, "15", "6") if item.has_markers else None
    return _small(tag("path", d=paths.get(item.kind, "M1 6H29"), class_=f"{item.kind} {item.look}"), mark)


def _rule_swatch(rule: Rule) -> Markup:
    return _small(tag("path", d="M15 12v-7" if rule.short else "M15 0V12", class_=f"rule {rule.look}"))


def _small(*content: Markup | None) -> Markup:
    return tag("svg", content, width="30", height="12", class_="swatch", aria_hidden="true")


def _values(chart: Chart) -> Markup:
    """What the page's script shows at a pointer."""

    def axis(axis: Axis) -> dict[str, Any]:
        low, high = axis.ends
        return {"low": low, "high": high, "log": axis.log, "label": axis.label}

    series = []
    told = [item for item in chart.series if not item.is_silent]
    for item in told:
        alike = [other.y for other in told if other.x.size == item.x.size and (other.x == item.x).all()]
        rows = np.arange(item.x.size) if item.kind == "points" else kept_rows(alike)
        values = {"label": item.label, "look": item.look, "x": _short_numbers(item.x[rows])}
        notes = {"notes": [item.notes[row] for row in rows]} if item.notes else {}
        series.append(values | {"y": _short_numbers(item.y[rows])} | notes)
    return data_block({"kind": chart.by, "x": axis(chart.x), "y": axis(chart.y), "series": series})


def _short_numbers(values: Array) -> list[float | int | None]:
    """Numbers of a few digits, whole ones without a point; None for nan."""
    numbers = [float(f"{value:.{DIGITS}g}") if abs(value) < 1e5 else float(value) for value in values.tolist()]
    return [None if n != n else int(n) if n.is_integer() and abs(n) < 1e15 else n for n in numbers]


def _table(chart: Chart) -> Markup:
    """Some rows of the values, those of the shortest line; first, last and circled ones are among them."""
    told = [item for item in chart.series if not item.is_silent]
    base = min((item.x for item in told if item.x.size and item.look != "ideal"), key=len)
    rows = np.unique(np.linspace(0, base.size - 1, min(base.size, MAX_ROWS)).round().astype(int))
    if chart.ring is not None:
        rows = np.union1d(rows, np.flatnonzero(base == chart.ring[0]))
    columns = [chart.x.label or "x", *(item.label for item in told)]
    found = [[place(base[row]), *(figure(_at(item, base[row])) for item in told)] for row in rows]
    some = "" if len(rows) == base.size else f", {len(rows)} of {base.size:,} rows"
    return tag(
        "details", tag("summary", "Values as a table"), table(f"{chart.title}{some}", columns, found), class_="data"
    )


def _at(item: Series, x: float) -> float:
    rows = np.flatnonzero(item.x == x)
    return float(item.y[rows[0]]) if rows.size else np.nan

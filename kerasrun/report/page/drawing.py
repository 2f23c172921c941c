"""A chart as SVG: as wide as there is room for it, with letters that keep their size.

The plot is the SVG's own area, in percent; what stands around it overflows into the margins that the style sheet
leaves. Lines lie in an inner SVG that is stretched, while their strokes are not.
"""

from collections.abc import Iterator

import numpy as np

from kerasrun.report.page.chart import Array, Chart, Rule, Series
from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.thinning import kept_rows

# The inner SVG's size, into which it is stretched.
SIZE = 1000
NUM_TICKS = (6, 6)

# Around the point that each marks; a dot is a circle.
MARKERS = {
    "square": "M-3.5-3.5h7v7h-7z",
    "diamond": "M0-5L5 0 0 5-5 0z",
    "up": "M0-5L5 4H-5z",
    "down": "M0 5L5-4H-5z",
    "plus": "M-5 0H5M0-5V5",
    "cross": "M-4-4L4 4M-4 4L4-4",
    "bar": "M0-5V5",
}


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

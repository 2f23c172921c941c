"""A chart with all that belongs to it: title, legend, the values for the page's script, and a table of them."""

from typing import Any

import numpy as np

from kerasrun.report.page.axis import Axis
from kerasrun.report.page.chart import Array, Chart, Rule, Series
from kerasrun.report.page.drawing import chart_svg, marker
from kerasrun.report.page.html import Markup, data_block, tag
from kerasrun.report.page.tables import table
from kerasrun.report.page.thinning import kept_rows
from kerasrun.report.page.words import figure, place

# So many rows has the table of a chart; so many digits has a value.
MAX_ROWS, DIGITS = 50, 6


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

"""Precision and recall of each class: a row a class, with a mark for each of the two."""

from collections.abc import Iterator

import numpy as np

from kerasrun.report.page.axis import Axis
from kerasrun.report.page.drawing import percent
from kerasrun.report.page.html import Markup, data_block, tag
from kerasrun.report.page.matrix import name_width, short_name
from kerasrun.report.page.tables import table
from kerasrun.report.scores import ClassScores, shown

# Of more classes the worst are drawn; a row is so high, in pixels.
MAX_ROWS, ROW_HEIGHT = 30, 24


def classes_figure(name: str, scores: ClassScores, thing: str = "class") -> Markup:
    """The figure with its values for the page's script, and a table of all classes.

    Args:
        thing: what the names are of.
    """
    order = np.argsort(np.nan_to_num(scores.f1, nan=-1), kind="stable")[:MAX_ROWS]
    rows = np.sort(order)
    title = f"Precision and recall by {thing}"
    some = f"The {MAX_ROWS} of {len(scores.names)} with the lowest F1." if len(rows) < len(scores.names) else None
    legend = [tag("li", _swatch("precision"), "precision"), tag("li", _swatch("recall"), "recall")]
    values = [[shown(column[row]) for column in (scores.precision, scores.recall, scores.f1)] for row in rows]
    told = {"kind": "rows", "columns": ["precision", "recall", "F1"], "names": [scores.names[row] for row in rows]}
    supports = [f"{scores.support[row]:,} rows" for row in rows]
    return tag(
        "figure",
        tag(
            "figcaption",
            tag("h3", title),
            tag("ul", legend, class_="legend"),
            tag("p", some, class_="note") if some else None,
        ),
        tag(
            "div",
            _picture(name, scores, rows, title),
            data_block(told | {"values": values, "notes": supports}),
            class_="plot named" if max(name_width(scores.names[row]) for row in rows) > 4 else "plot",
        ),
        tag("details", tag("summary", "Values as a table"), _table(scores, thing), class_="data"),
        class_="chart classes",
        id=name,
    )


def _picture(name: str, scores: ClassScores, rows: np.ndarray, title: str) -> Markup:
    known = np.concatenate([scores.precision[rows], scores.recall[rows]])
    low = float(np.nan_to_num(np.nanmin(known), nan=0.0)) if np.isfinite(known).any() else 0.0
    axis = Axis(min(np.floor(low * 10) / 10, 0.9), 1.0)
    worst = scores.names[rows[np.nan_to_num(scores.f1[rows], nan=-1).argmin()]]
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", f"Both from {axis.low:.1f} to 1; the lowest F1 has {worst}.", id=f"{name}-text"),
        tag("g", list(_grid(axis)), class_="grid"),
        [list(_row(scores, row, ROW_HEIGHT * (place + 0.5), axis)) for place, row in enumerate(rows)],
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-text",
        class_="area",
        height=str(ROW_HEIGHT * len(rows)),
    )


def _grid(axis: Axis) -> Iterator[Markup]:
    for value, text in axis.ticks(5):
        x = percent(float(axis.share(value)))
        yield tag("line", x1=x, x2=x, y1="0", y2="100%")
        yield tag("text", text, x=x, y="100%", dy="18", class_="x")


def _row(scores: ClassScores, row: int, y: float, axis: Axis) -> Iterator[Markup]:
    precision, recall = (float(axis.share(column[row])) for column in (scores.precision, scores.recall))
    yield tag("text", short_name(scores.names[row]), x="-8", y=f"{y:g}", dy=".34em", class_="y")
    if np.isfinite(precision + recall):
        yield tag("line", x1=percent(precision), x2=percent(recall), y1=f"{y:g}", y2=f"{y:g}", class_="between")
    if np.isfinite(precision):
        yield _mark("precision", percent(precision), f"{y:g}")
    if np.isfinite(recall):
        yield _mark("recall", percent(recall), f"{y:g}")


def _mark(which: str, x: str, y: str) -> Markup:
    if which == "recall":
        return tag("circle", cx=x, cy=y, r="4", class_="marker training")
    move = "translate(-5 -5)"
    return tag("rect", x=x, y=y, width="10", height="10", transform=move, class_="marker validation")


def _swatch(which: str) -> Markup:
    return tag("svg", _mark(which, "15", "6"), width="30", height="12", class_="swatch", aria_hidden="true")


def _table(scores: ClassScores, thing: str) -> Markup:
    columns = [thing, "precision", "recall", "F1", "rows", "predicted"]
    figures = (scores.precision, scores.recall, scores.f1)
    rows = [
        [name, *(shown(column[i]) for column in figures), f"{scores.support[i]:,}", f"{scores.num_predicted[i]:,}"]
        for i, name in enumerate(scores.names)
    ]
    return table(f"Precision, recall and F1 by {thing}", columns, rows)

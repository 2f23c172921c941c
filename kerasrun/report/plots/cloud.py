"""A cloud of points: each of few, and the density of many."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from kerasrun.report.plots import style
from kerasrun.report.results import Array, Values
from kerasrun.report.scores import ValueScores, score_values

# Of more points the density is drawn, and of more than these each point is a picture's, not a shape of its own.
MANY, SHAPES = 3000, 300
MOST_COLUMNS = 6
DENSITY = LinearSegmentedColormap.from_list("density", ["#C6DDF0", style.BLUE, "#00243C"])
# An axis is cut where a few values would make it this many times as long as the bulk of them.
FAR = 20.0
# From here on numbers are marked in thousands, millions and so on.
LONG = 10_000


@dataclass(frozen=True)
class Column:
    """One column of targets and what was predicted for it: the rows of which both are finite, and its figures."""

    label: str
    y: Array
    y_pred: Array
    num_left_out: int
    scores: ValueScores


def columns_of(values: Values, title: str) -> tuple[list[Column], str]:
    """The columns to draw, and a note where those are not all: then the ones with the lowest R², as far as it is known.

    Args:
        title: what a lone column is called.
    """
    scores = score_values(values)
    order = list(range(len(scores)))
    note = ""
    if len(order) > MOST_COLUMNS:
        order = sorted(order, key=lambda index: (np.isnan(scores[index].r2), scores[index].r2))[:MOST_COLUMNS]
        note = f"The {MOST_COLUMNS} of {len(scores):,} columns with the lowest R²."
    return [_column(values, scores, index, title) for index in order], note


def _column(values: Values, scores: list[ValueScores], index: int, title: str) -> Column:
    assert values.y is not None
    y, y_pred = (np.asarray(array[:, index], np.float64) for array in (values.y, values.y_pred))
    known = np.isfinite(y) & np.isfinite(y_pred)
    name = style.printable(values.names[index])
    label = title if len(scores) == 1 else f"column {name}" if name.isdecimal() else name
    return Column(label, y[known], y_pred[known], int((~known).sum()), scores[index])


def draw_cloud(axes: Axes, x: Array, y: Array) -> None:
    """Draw points, or where they are many how dense they lie; the limits of the axes are set."""
    if x.size <= MANY:
        size, alpha = (5.0, 0.75) if x.size <= 60 else (3.5, 0.5) if x.size <= 600 else (2.2, 0.35)
        look: dict[str, Any] = {"markersize": size, "markeredgewidth": 0, "alpha": alpha, "color": style.BLUE}
        axes.plot(x, y, "o", zorder=3, rasterized=x.size > SHAPES, **look)
        return
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    counts, _, _ = np.histogram2d(y, x, bins=90, range=((low, high), (left, right)))
    shown = np.ma.masked_equal(counts, 0)
    extent = (left, right, low, high)
    axes.imshow(shown, cmap=DENSITY, norm=LogNorm(1, max(counts.max(), 2)), extent=extent, origin="lower",
                aspect="auto", interpolation="nearest", zorder=3)  # fmt: skip


def write_title(axes: Axes, column: Column, x: Array, y: Array, figures: str, part: str) -> None:
    """Over an axes of a column: what it shows, its figures, and which rows are in it."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    beyond = int(np.count_nonzero((x < left) | (x > right) | (y < low) | (y > high)))
    rows = [style.rows_words(column.scores.num_rows, part)]
    rows += [f"{column.num_left_out:,} not finite"] if column.num_left_out else []
    rows += [f"{beyond:,} beyond the axes"] if beyond else []
    rows += ["darker: more rows"] if x.size > MANY else []
    axes.set_title(column.label, loc="left", fontsize=11, pad=27, parse_math=False)
    for text, above in ((figures.replace("-", "−"), 15), ("; ".join(rows), 4)):
        axes.annotate(text, (0, 1), (0, above), xycoords="axes fraction", textcoords="offset points",
                      fontsize=8, color=style.FAINT, parse_math=False)  # fmt: skip


def mark_values(axis: Axis) -> None:
    """Up to six marks along an axis; those of ten thousand and more as 20k or 3M, for they would not fit."""
    axis.set_major_locator(MaxNLocator(6))
    low, high = axis.get_view_interval()
    largest = max(abs(low), abs(high))
    if largest >= LONG and high - low >= largest / 1_000:  # else the marks would be the same but for digits left out
        axis.set_major_formatter(EngFormatter(sep=""))


def limits(values: Array) -> tuple[float, float]:
    """Between which values an axis shall lie, with a margin; a few far away from all others do not count."""
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    inner_low, inner_high = np.percentile(values, (0.5, 99.5))
    spread = inner_high - inner_low
    if high - low > FAR * spread > 0:
        low, high = max(low, inner_low - spread), min(high, inner_high + spread)
    margin = 0.05 * (high - low) or 0.1 * abs(high) or 1.0
    return low - margin, high + margin


def panel_figure(count: int, columns: int, cell: tuple[float, float], note: str) -> tuple[Figure, list[tuple]]:
    """A figure with room for some panels, and where each lies: left, bottom, width and height as shares of it.

    Args:
        cell: width and height of a panel with what stands around it, in inches.
    """
    columns = min(columns, count)
    rows = -(-count // columns)
    width, height = columns * cell[0] + 0.1, rows * cell[1] + 0.1 + style.note_inches(note)
    figure = Figure(figsize=(width, height))
    style.add_note(figure, note)
    places = []
    for place in range(count):
        row, column = divmod(place, columns)
        bottom = height - (row + 1) * cell[1] + 0.5
        places.append(
            ((column * cell[0] + 0.75) / width, bottom / height, (cell[0] - 0.85) / width, (cell[1] - 1.15) / height)
        )
    return figure, places

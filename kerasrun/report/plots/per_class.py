"""How good a model is at each class: precision and recall, side by side."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from kerasrun.report.plots import style
from kerasrun.report.plots.signs import class_labels
from kerasrun.report.results import Array
from kerasrun.report.scores import ClassScores, mean, shown

# So many classes are shown; of more, those with the lowest F1.
MOST = 40
RECALL = "recall: of its rows, how many were predicted so"
PRECISION = "precision: of those predicted so, how many were right"
# In points, and below in inches.
COUNT_SIZE = 8
ROW, TOP, FOOT = 0.25, 0.95, 0.85


def draw_per_class(
    scores: ClassScores, formats: Sequence[str], part: str = "test", name: str = "per_class", kind: str = "class"
) -> dict[str, bytes]:
    """Draw precision and recall of each class, or of each label: the lowest F1 on top, 40 of them at most.

    Args:
        formats: of "png", "svg" and "pdf".
        part: what the rows are called.
        name: the file name without its ending.
        kind: what one is called: "class" or "label".

    Returns:
        File name → content; nothing without a row.
    """
    if not scores.num_rows:
        return {}
    return style.render({name: partial(per_class_figure, scores, part, kind)}, formats)


def per_class_figure(scores: ClassScores, part: str, kind: str) -> Figure:
    """A figure of the figures of each class, of which there is one at least."""
    labels = class_labels(scores.names)
    order = np.argsort(np.where(np.isnan(scores.f1), 2, scores.f1), kind="stable")[:MOST]
    texts = [labels.texts[place] for place in order]
    counts = [_count(scores, place) for place in order]
    left, right = max(style.text_inches(texts) + 0.3, 0.6), max(style.text_inches(counts, COUNT_SIZE) + 0.3, 0.95)
    foot = FOOT + style.note_inches(labels.note)
    width, height = left + 4.6 + right, TOP + ROW * len(order) + foot
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((left / width, foot / height, 4.6 / width, ROW * len(order) / height))
    _draw_dots(axes, scores.recall[order], scores.precision[order])
    axes.set_yticks(range(len(order)), texts, parse_math=False)
    _write_counts(axes, counts)
    axes.legend(
        loc="upper left", bbox_to_anchor=(0, -0.38 / (ROW * len(order))), frameon=False, borderaxespad=0, fontsize=8.5
    )
    _title(figure, scores, part, kind, left / width)
    style.add_note(figure, labels.note)
    return figure


def _draw_dots(axes: Axes, recall: Array, precision: Array) -> None:
    rows = np.arange(len(recall))
    ends = np.stack([np.column_stack([recall, rows]), np.column_stack([precision, rows])], axis=1)
    axes.add_collection(LineCollection(list(ends), colors="#BBBBBB", linewidths=1.6, zorder=1))
    axes.plot(recall, rows, "o", color=style.BLUE, markersize=6, label=RECALL, zorder=3, clip_on=False)
    looks: dict[str, Any] = {
        "color": style.VERMILION,
        "markerfacecolor": "none",
        "markersize": 8,
        "markeredgewidth": 1.4,
    }
    axes.plot(precision, rows, "s", label=PRECISION, zorder=2, clip_on=False, **looks)
    known = np.concatenate([recall, precision])
    low = float(np.min(known[~np.isnan(known)], initial=1.0))
    start = max(0.0, np.floor(10 * (low - 0.04)) / 10) if low < 0.95 else max(0.9, low - 0.02)
    axes.set_xlim(start - 0.025 * (1 - start), 1 + 0.01 * (1 - start))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(style.percent))
    axes.grid(axis="x", color=style.GRID, linewidth=0.7)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _count(scores: ClassScores, chosen: int) -> str:
    """How many rows a class has, and what is not defined of it."""
    count = f"{scores.support[chosen]:,}" if scores.support[chosen] else "no rows"
    return count if scores.num_predicted[chosen] else f"{count}, never predicted"


def _write_counts(axes: Axes, counts: Sequence[str]) -> None:
    """To the right the rows of each class."""
    place = axes.get_yaxis_transform()
    for row, words in enumerate(counts):
        axes.text(1.03, row, words, transform=place, va="center", fontsize=COUNT_SIZE, color=style.FAINT)
    axes.text(1.03, -0.75, "rows", transform=place, va="bottom", fontsize=COUNT_SIZE, color=style.FAINT)


def _title(figure: Figure, scores: ClassScores, part: str, kind: str, left: float) -> None:
    height, plural = figure.get_figheight(), {"class": "classes", "label": "labels"}[kind]
    means = f"mean recall {shown(mean(scores.recall), '.1%')}, mean precision {shown(mean(scores.precision), '.1%')}"
    shown_words = f"the {MOST} of {len(scores.names):,} {plural} with the lowest F1" if len(scores.names) > MOST else ""
    told = f"{means}; {style.rows_words(scores.num_rows, part)}"
    figure.text(left, 1 - 0.16 / height, f"Precision and recall of each {kind}", fontsize=11.5, va="top")
    figure.text(left, 1 - 0.38 / height, told, fontsize=8.5, color=style.FAINT, va="top", parse_math=False)
    figure.text(left, 1 - 0.55 / height, shown_words, fontsize=8.5, color=style.FAINT, va="top")

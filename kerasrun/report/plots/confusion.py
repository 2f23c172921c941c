"""Which class a model predicted for which: the confusion matrix."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from kerasrun.report.plots import style
from kerasrun.report.plots.signs import ClassLabels, class_labels
from kerasrun.report.results import Array
from kerasrun.report.scores import Confusion, shown

# So many classes have numbers in their cells; of more than the second, the matrix would be a smear.
FEW, MOST = 20, 1000
NUM_NAMED = 12
WITHOUT_ROWS = "#EBEBEB"
# All in inches.
LABEL_GAP, TOP = 0.16, 0.62


def draw_confusion(
    confusion: Confusion, formats: Sequence[str], part: str = "test", name: str = "confusion"
) -> dict[str, bytes]:
    """Draw a confusion matrix: a row a true class, a column a predicted class; what is right lies on its diagonal.

    A cell is the darker the larger its share of the rows of the true class, which rises with the square root so that
    rare confusions are seen. Up to 20 classes have the numbers in their cells; beside the matrix of more stand the
    confusions that are the most frequent.

    Args:
        formats: of "png", "svg" and "pdf".
        part: what the rows are called.
        name: the file name without its ending.

    Returns:
        File name → content; nothing for more than 1,000 classes, or without a row.
    """
    if len(confusion.scores.names) > MOST or not confusion.scores.num_rows:
        return {}
    labels = class_labels(confusion.scores.names)
    return style.render({name: partial(confusion_figure, confusion, labels, part)}, formats)


def confusion_figure(confusion: Confusion, labels: ClassLabels, part: str) -> Figure:
    """A figure of a confusion matrix of at least one row."""
    num_classes = len(labels.texts)
    lines = [] if num_classes <= FEW else _largest(confusion, labels.texts)
    side = float(np.clip(0.62 * num_classes, 2.2, 6.2))
    long = style.text_inches(labels.texts)
    upright = long > 0.9 * side / min(num_classes, 25)
    left, right = long + LABEL_GAP + 0.42, 0.6 + style.text_inches(lines, 8)
    foot = (long if upright else 0.2) + LABEL_GAP + 0.4 + style.note_inches(labels.note)
    width, height = max(left + side + right, 4.6), TOP + side + foot
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((left / width, foot / height, side / width, side / height))
    axes.imshow(_colours(confusion), extent=(0, num_classes, num_classes, 0), interpolation="nearest")
    _label(axes, labels.texts, upright)
    if lines:
        _write_lines(figure, lines, (left + side + 0.25) / width)
    else:
        _write_numbers(axes, confusion, 72 * side / num_classes)
    _title(figure, confusion, part, left / width)
    style.add_note(figure, labels.note)
    return figure


def _colours(confusion: Confusion) -> Array:
    """(k, k, 3) floats: from white to blue on the diagonal, to vermilion off it; grey where a class has no row."""
    shares = confusion.shares
    depth = np.sqrt(np.nan_to_num(shares))[..., None]
    right = np.eye(len(shares), dtype=bool)[..., None]
    colour = np.where(right, to_rgb(style.BLUE), to_rgb(style.VERMILION))
    return np.asarray(np.where(np.isnan(shares)[..., None], to_rgb(WITHOUT_ROWS), 1 - depth * (1 - colour)))


def _label(axes: Axes, texts: Sequence[str], upright: bool) -> None:
    count = len(texts)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if count / step <= 25)
    places = range(0, count, step)
    chosen = [texts[place] for place in places]
    axes.set_xticks([place + 0.5 for place in places], chosen, rotation=90 if upright else 0, parse_math=False)
    axes.set_yticks([place + 0.5 for place in places], chosen, parse_math=False)
    axes.tick_params(length=0 if step == 1 else 3, pad=4)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    axes.spines[["top", "right"]].set_visible(True)
    if count <= FEW:
        axes.set_xticks(range(1, count), minor=True)
        axes.set_yticks(range(1, count), minor=True)
        axes.grid(which="minor", color="white", linewidth=1.2)
        axes.tick_params(which="minor", length=0)


def _write_numbers(axes: Axes, confusion: Confusion, cell: float) -> None:
    """Counts, and shares where there is room; to the right the rows of each class. The cell's side is in points."""
    counts, shares, support = confusion.counts, confusion.shares, confusion.scores.support
    with_shares = cell > 34
    size = float(np.clip(cell / (4.2 if with_shares else 3.4), 6.5, 11))
    for true, predicted in zip(*np.nonzero(counts), strict=True):
        share = shares[true, predicted]
        text = f"{counts[true, predicted]:,}" + (f"\n{_share(share)}" if with_shares else "")
        dark = share > (0.3 if true == predicted else 0.45)
        axes.text(
            predicted + 0.5,
            true + 0.5,
            text,
            fontsize=size,
            color="white" if dark else style.INK,
            horizontalalignment="center",
            verticalalignment="center",
            linespacing=1.15,
        )
    along: dict[str, Any] = {"verticalalignment": "center", "fontsize": 8.5, "color": style.FAINT}
    for row, count in enumerate(support):
        axes.text(len(support) + 0.15 * 44 / cell, row + 0.5, f"{count:,}" if count else "no rows", **along)
    axes.text(len(support) + 0.15 * 44 / cell, -0.12 * 44 / cell, "rows", **(along | {"verticalalignment": "bottom"}))


def _largest(confusion: Confusion, texts: Sequence[str]) -> list[str]:
    """Which confusions are the most frequent, and which classes have no row; "" before a heading."""
    support = confusion.scores.support
    lines = ["", "Most frequent confusions"]
    for true, predicted, count in confusion.largest(NUM_NAMED):
        lines.append(f"{texts[true]} predicted as {texts[predicted]}: {count:,} ({_share(count / support[true])})")
    if len(lines) == 2:
        lines.append("none")
    without = [texts[place] for place in np.flatnonzero(support == 0).tolist()]
    if without:
        lines += ["", f"{len(without):,} without a row (grey)", *without[:NUM_NAMED]]
        lines += [f"and {len(without) - NUM_NAMED:,} more"] if len(without) > NUM_NAMED else []
    return lines


def _write_lines(figure: Figure, lines: list[str], left: float) -> None:
    for place, (before, line) in enumerate(pairwise(lines)):
        look: dict[str, Any] = {"fontsize": 8, "fontweight": "normal" if before else "bold", "color": style.INK}
        top = 1 - (TOP + 0.05 + 0.2 * place) / figure.get_figheight()
        figure.text(left, top, line, verticalalignment="top", parse_math=False, **look)


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "<1%"


def _title(figure: Figure, confusion: Confusion, part: str, left: float) -> None:
    scores, height = confusion.scores, figure.get_figheight()
    told = f"{scores.num_right.sum():,} of {style.rows_words(scores.num_rows, part)} right (blue)"
    if confusion.num_unpredicted:
        told += f"; {confusion.num_unpredicted:,} have a score that is not a number"
    figure.text(left, 1 - 0.16 / height, f"Accuracy {shown(confusion.accuracy, '.1%')}", fontsize=11.5, va="top")
    figure.text(left, 1 - 0.37 / height, told, fontsize=8.5, color=style.FAINT, va="top", parse_math=False)

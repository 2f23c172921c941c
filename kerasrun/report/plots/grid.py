"""A grid of images with captions over them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from kerasrun.report.plots import style
from kerasrun.report.plots.names import text_width
from kerasrun.report.plots.tiles import side_by_side

# All in inches; the lines of a caption are LINE apart.
CELL, GAP, LINE = 1.0, 0.18, 0.155
CAPTION_SIZE, LEAST_SIZE = 9.5, 6.5


@dataclass(frozen=True)
class Caption:
    """The lines over an image, and whether they tell of a mistake."""

    lines: tuple[str, ...]
    wrong: bool = False


def grid_figure(pictures: NDArray, captions: Sequence[Caption], columns: int, note: str = "") -> Figure:
    """A figure of images with captions over them.

    Args:
        pictures: (n, height, width) or (n, height, width, 3 or 4), uint8.
        captions: one an image.
        columns: images in a row.
        note: what stands below.
    """
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    lines = max(len(caption.lines) for caption in captions)
    # Very long or wide images keep their shape within bounds, so that the grid stays one.
    cell_height = CELL * float(np.clip(pictures.shape[1] / pictures.shape[2], 0.25, 4))
    row_height = cell_height + lines * LINE + GAP
    width, height = columns * (CELL + GAP) + GAP, rows * row_height + GAP + style.note_inches(note)
    figure = Figure(figsize=(width, height))
    # One axes in inches, from the top left: much faster than an axes for each image.
    axes = figure.add_axes((0, 0, 1, 1))
    size, frames = _caption_size(captions), []
    for row in range(rows):
        top = GAP + row * row_height + lines * LINE
        chosen = slice(row * columns, (row + 1) * columns)
        strip, gap = side_by_side(pictures[chosen], GAP / CELL)
        lefts = GAP + CELL * (1 + gap) * np.arange(len(pictures[chosen]))
        extent = (lefts[0], lefts[-1] + CELL, top + cell_height, top)
        axes.imshow(strip, extent=extent, interpolation="nearest")
        frames += [_corners(left, top, cell_height) for left in lefts]
        for left, caption in zip(lefts, captions[chosen], strict=True):
            _write(axes, caption, left + CELL / 2, top - 0.045, size)
    edges, widths = zip(*((style.RED, 2.2) if caption.wrong else ("#999999", 0.5) for caption in captions), strict=True)
    axes.add_collection(PolyCollection(frames, facecolors="none", edgecolors=edges, linewidths=widths))
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="auto")
    axes.set_axis_off()
    style.add_note(figure, note)
    return figure


def _corners(left: float, top: float, height: float) -> list[tuple[float, float]]:
    return [(left, top), (left + CELL, top), (left + CELL, top + height), (left, top + height)]


def _write(axes: Axes, caption: Caption, middle: float, bottom: float, size: float) -> None:
    for above, line in enumerate(reversed(caption.lines)):
        axes.text(
            middle,
            bottom - above * LINE,
            line,
            fontsize=size,
            color=style.RED if caption.wrong else style.INK,
            fontweight="bold" if caption.wrong else "normal",
            horizontalalignment="center",
            verticalalignment="baseline",
            parse_math=False,
        )


def _caption_size(captions: Sequence[Caption]) -> float:
    """The font size in points at which the longest line fits its cell, within bounds."""
    widest = max(text_width(line) for caption in captions for line in caption.lines)
    return float(np.clip(72 * (CELL + GAP) / (0.62 * max(widest, 1)), LEAST_SIZE, CAPTION_SIZE))

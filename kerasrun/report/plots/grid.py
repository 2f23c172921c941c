"""A grid of images with captions over them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from kerasrun.report.plots import style
from kerasrun.report.plots.names import text_width

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
    size = _caption_size(captions)
    for place, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        row, column = divmod(place, columns)
        left, top = GAP + column * (CELL + GAP), GAP / 2 + row * row_height + lines * LINE + GAP / 2
        _draw_cell(axes, picture, caption, (left, top, cell_height), size)
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="auto")
    axes.set_axis_off()
    style.add_note(figure, note)
    return figure


def _draw_cell(axes: Axes, picture: NDArray, caption: Caption, place: tuple[float, float, float], size: float) -> None:
    left, top, height = place
    extent = (left, left + CELL, top + height, top)
    axes.imshow(picture, extent=extent, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    edge, thickness = (style.RED, 2.2) if caption.wrong else ("#999999", 0.5)
    axes.add_patch(Rectangle((left, top), CELL, height, fill=False, edgecolor=edge, linewidth=thickness))
    for above, line in enumerate(reversed(caption.lines)):
        axes.text(
            left + CELL / 2,
            top - 0.045 - above * LINE,
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

"""How the values of columns are distributed: a small panel a column, one part of the data over the other."""

import math
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from kerasrun.report.plots import style
from kerasrun.report.plots.names import printable
from kerasrun.report.plots.signs import drawable, shortened

# So many panels at most; so many bars in each at most, and so many words of a category.
MAX_PANELS, MAX_BARS, MAX_WORDS = 24, 40, 8
COLUMNS, WIDTH, HEIGHT = 4, 2.6, 1.9

# Of a column's name over its panel.
LONGEST_NAME = 28


def draw_histograms(
    columns: Mapping[str, Mapping[str, NDArray]], formats: Sequence[str], name: str = "histograms"
) -> dict[str, bytes]:
    """Draw how each column is distributed, as shares of the rows of each part.

    Args:
        columns: by the column's name, by the part of the data, its values: (rows,) of finite numbers, or of words.
        formats: of "png", "svg" and "pdf".
        name: the file name without its ending.

    Returns:
        File name → content; nothing without a column. Of more than 24 columns the first are drawn.
    """
    if not columns:
        return {}
    shown = dict(list(columns.items())[:MAX_PANELS])
    note = f"the first {len(shown)} of {len(columns)} columns" if len(shown) < len(columns) else ""
    return style.render({name: partial(_figure, shown, note)}, formats)


def _figure(columns: Mapping[str, Mapping[str, NDArray]], note: str) -> Figure:
    across = min(COLUMNS, len(columns))
    down = math.ceil(len(columns) / across)
    figure = Figure(figsize=(across * WIDTH + 0.3, down * HEIGHT + 0.5 + style.note_inches(note)))
    grid = figure.subplots(down, across, squeeze=False)
    for axes in grid.flat[len(columns) :]:
        axes.set_axis_off()
    for axes, (name, parts) in zip(grid.flat, columns.items(), strict=False):
        draw = _draw_words if next(iter(parts.values())).dtype.kind in "OU" else _draw_numbers
        draw(axes, parts)
        axes.set_title(shortened(drawable(printable(name), "a column"), LONGEST_NAME), fontsize=9.5, loc="left")
        axes.yaxis.set_major_locator(MaxNLocator(3))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
        axes.tick_params(labelsize=8)
    figure.tight_layout(rect=(0, style.note_inches(note) / figure.get_figheight(), 1, 1 - 0.3 / figure.get_figheight()))
    handles, labels = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", ncols=len(labels), frameon=False, borderaxespad=0.2)
    style.add_note(figure, note)
    return figure


def _draw_numbers(axes: Axes, parts: Mapping[str, NDArray]) -> None:
    values = _all(parts)
    low, high = float(values.min()), float(values.max())
    is_whole = np.array_equal(values, np.round(values)) and high - low < MAX_BARS
    top = high if high > low else low + 1
    edges = np.arange(low - 0.5, high + 1) if is_whole else np.linspace(low, top, _bars(parts))
    for (part, array), (color, filled) in zip(parts.items(), _looks(), strict=False):
        counts, _ = np.histogram(array, edges)
        shares = counts / max(1, len(array))
        axes.stairs(shares, edges, fill=filled, color=color, alpha=0.45 if filled else 1, linewidth=1.4, label=part)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=is_whole))


def _draw_words(axes: Axes, parts: Mapping[str, NDArray]) -> None:
    words, counts = np.unique(_all(parts).astype(str), return_counts=True)
    chosen = words[np.argsort(-counts, kind="stable")[:MAX_WORDS]]
    places, width = np.arange(len(chosen)), 0.8 / len(parts)
    for number, ((part, array), (color, filled)) in enumerate(zip(parts.items(), _looks(), strict=False)):
        shares = [np.count_nonzero(array == word) / max(1, len(array)) for word in chosen]
        bars = axes.bar(places + (number - (len(parts) - 1) / 2) * width, shares, width, label=part)
        for bar in bars:
            bar.set(facecolor=color if filled else "none", edgecolor=color, alpha=0.45 if filled else 1, linewidth=1.4)
    labels = [shortened(drawable(printable(word), "?"), 10) for word in chosen]
    axes.set_xticks(places, labels, rotation=30 if max(map(len, labels)) > 5 else 0)


def _looks() -> list[tuple[str, bool]]:
    return [(style.BLUE, True), (style.ORANGE, False), (style.VERMILION, False)]


def _all(parts: Mapping[str, NDArray]) -> NDArray:
    return np.concatenate([np.asarray(values) for values in parts.values()])


def _bars(parts: Mapping[str, NDArray]) -> int:
    return int(np.clip(2 * math.sqrt(min(map(len, parts.values()))), 8, MAX_BARS))

"""Whether a model is right as often as it says: the reliability diagram."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from kerasrun.report.plots import style
from kerasrun.report.results import Array
from kerasrun.report.scores import Calibration, shown

# The quantile of the normal distribution for an interval of 95 %.
Z = 1.96

# Where the axes begin, as a share of the width.
LEFT = 0.165


def draw_reliability(
    calibration: Calibration, formats: Sequence[str], part: str = "test", name: str = "reliability"
) -> dict[str, bytes]:
    """Draw how often the predicted class was right against how sure the model was, in bins, and how many rows each has.

    A bar shows between which shares the truth lies with 95 % (Wilson's interval, Journal of the American Statistical
    Association 22, 1927), so that a bin of few rows does not pass for a finding. The title has the expected
    calibration error: Guo, Pleiss, Sun and Weinberger, ICML 2017, equation 3.

    Args:
        formats: of "png", "svg" and "pdf".
        part: what the rows are called.
        name: the file name without its ending.

    Returns:
        File name → content; nothing without a row.
    """
    if not calibration.counts.sum():
        return {}
    return style.render({name: partial(reliability_figure, calibration, part)}, formats)


def reliability_figure(calibration: Calibration, part: str) -> Figure:
    """A figure of a calibration of at least one row."""
    figure = Figure(figsize=(5.0, 6.0))
    above = figure.add_axes((LEFT, 0.33, 0.95 - LEFT, 0.56))
    below = figure.add_axes((LEFT, 0.085, 0.95 - LEFT, 0.19), sharex=above)
    _draw_bins(above, calibration)
    _draw_counts(below, calibration)
    rows = style.rows_words(int(calibration.counts.sum()), part)
    error = shown(100 * calibration.expected_error, ".1f")
    figure.text(LEFT, 0.975, f"Expected calibration error {error} %", fontsize=11.5, va="top")
    told = f"mean gap between confidence and accuracy; {rows}"
    figure.text(LEFT, 0.937, told, fontsize=8.5, color=style.FAINT, va="top", parse_math=False)
    return figure


def _draw_bins(axes: Axes, calibration: Calibration) -> None:
    held = calibration.counts > 0
    x, y, counts = (array[held] for array in (calibration.confidence, calibration.accuracy, calibration.counts))
    axes.plot([0, 1], [0, 1], linestyle=(0, (1, 1.6)), color=style.INK, linewidth=1.2, zorder=2)
    low, high = wilson_interval(y, counts)
    axes.vlines(x, low, high, color=style.BLUE, alpha=0.35, linewidth=5, zorder=2)
    axes.plot(x, y, "o-", color=style.BLUE, linewidth=1.2, markersize=6, zorder=3, clip_on=False)
    words: dict[str, Any] = {"fontsize": 8.5, "color": style.FAINT, "style": "italic", "zorder": 1}
    axes.text(0.03, 0.96, "right more often than it says", va="top", **words)
    axes.text(0.97, 0.04, "right less often than it says", ha="right", **words)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_ylabel("accuracy: share that is right")
    axes.yaxis.set_major_formatter(FuncFormatter(style.percent))
    axes.tick_params(labelbottom=False)
    axes.grid(color=style.GRID, linewidth=0.7)


def _draw_counts(axes: Axes, calibration: Calibration) -> None:
    edges, counts = calibration.edges, calibration.counts
    axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=style.BLUE, alpha=0.55, edgecolor="white")
    for edge, count in zip(edges, counts, strict=False):
        if count:
            place = (edge + (edges[1] - edges[0]) / 2, count)
            axes.annotate(
                f"{count:,}", place, (0, 2), textcoords="offset points", ha="center", fontsize=7, color=style.INK
            )
    axes.set_ylim(0, 1.18 * counts.max())
    axes.set_xlabel("confidence: probability of the predicted class")
    axes.set_ylabel("rows")
    axes.xaxis.set_major_formatter(FuncFormatter(style.percent))
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def wilson_interval(share: Array, count: Array) -> tuple[Array, Array]:
    """Between which shares the truth lies with 95 %, where `share` of `count` > 0 were right (Wilson 1927)."""
    middle = share + Z**2 / (2 * count)
    spread = Z * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    whole = 1 + Z**2 / count
    return (middle - spread) / whole, (middle + spread) / whole

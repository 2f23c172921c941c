"""What the first layer of an image net looks for, before training and after."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

from kerasrun.report.plots import style
from kerasrun.report.plots.names import printable
from kerasrun.report.plots.signs import drawable
from kerasrun.report.plots.tiles import side_by_side
from kerasrun.report.results import Array, Filters

MOST, ACROSS = 32, 16
# Blue below 0, grey at 0, yellow above, and ever brighter: the sign shows to the colour-blind, and in a grey print too.
DIVERGING = LinearSegmentedColormap.from_list("weights", ["#001B38", "#1F6BA8", "#909090", "#E8AC2E", "#FFF7D6"], N=257)
# All in inches.
CELL, GAP, BLOCK, TOP, LABEL = 0.52, 0.07, 0.2, 0.66, 0.72


def draw_filters(filters: Filters, formats: Sequence[str], name: str = "filters") -> dict[str, bytes]:
    """Draw up to 32 filters, each before training over itself after, or after alone where the former is not known.

    All have one scale, symmetric about 0, that holds 99.5 % of the weights: what has grown stands out.

    Args:
        formats: of "png", "svg" and "pdf".
        name: the file name without its ending.

    Returns:
        File name → content; nothing where a weight is not finite.
    """
    sets = {"before": filters.before, "after": filters.after}
    known = {label: np.asarray(array[:MOST], np.float64) for label, array in sets.items() if array is not None}
    if not all(np.isfinite(array).all() for array in known.values()):
        known = {label: array for label, array in known.items() if np.isfinite(array).all()}
    if not known:
        return {}
    layer = drawable(printable(filters.layer), "at the beginning")
    return style.render({name: partial(filters_figure, known, layer, filters.num_filters)}, formats)


def filters_figure(sets: dict[str, Array], layer: str, num_filters: int) -> Figure:
    """A figure of filters.

    Args:
        sets: (n, height, width) or (n, height, width, 3) by what they are called, the first over the others.
        layer: the layer's name.
        num_filters: how many it has.
    """
    first = next(iter(sets.values()))
    count = len(first)
    across, lines = min(ACROSS, count), -(-count // ACROSS)
    limit = float(np.percentile(np.abs(np.concatenate([array.ravel() for array in sets.values()])), 99.5)) or 1.0
    cell_height = CELL * float(np.clip(first.shape[1] / first.shape[2], 0.25, 4))
    block = len(sets) * (cell_height + GAP) + BLOCK
    width = max(LABEL + across * (CELL + GAP) + 0.1, 4.6)
    height = TOP + lines * block + 0.62
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="auto")
    axes.set_axis_off()
    for line in range(lines):
        for place, (label, array) in enumerate(sets.items()):
            top = TOP + line * block + place * (cell_height + GAP)
            axes.text(LABEL - 0.1, top + cell_height / 2, label, ha="right", va="center", fontsize=9, color=style.INK)
            shown = array[line * ACROSS : (line + 1) * ACROSS]
            strip, gap = side_by_side(_colours(shown, limit), GAP / CELL)
            right = LABEL + CELL * (len(shown) * (1 + gap) - gap)
            axes.imshow(strip, extent=(LABEL, right, top + cell_height, top), aspect="auto", interpolation="nearest")
    when = "before training and after" if len(sets) == 2 else f"{next(iter(sets))} training"
    _title(figure, layer, when, count, num_filters)
    _draw_scale(figure, limit, first.ndim == 4)
    return figure


def _colours(filters: Array, limit: float) -> Array:
    """(n, height, width, 3 or 4) uint8 for weights from -limit to limit."""
    scaled = np.clip(0.5 + filters / (2 * limit), 0, 1)
    return DIVERGING(scaled, bytes=True) if filters.ndim == 3 else np.rint(255 * scaled).astype(np.uint8)


def _title(figure: Figure, layer: str, when: str, count: int, num_filters: int) -> None:
    height, left = figure.get_figheight(), 0.12 / figure.get_figwidth()
    told = f"{count} of its {num_filters:,} filters" if count < num_filters else f"its {num_filters:,} filters"
    figure.text(left, 1 - 0.14 / height, f"What the layer {layer} looks for", fontsize=11.5, va="top", parse_math=False)
    figure.text(left, 1 - 0.36 / height, f"{told}, {when}", fontsize=8.5, color=style.FAINT, va="top")


def _draw_scale(figure: Figure, limit: float, in_colour: bool) -> None:
    width, height = figure.get_size_inches()
    if in_colour:
        told = (
            f"The three channels of a weight as red, green and blue: grey is 0, black −{limit:.2g}, white {limit:.2g}."
        )
        style.add_note(figure, told)
        return
    axes = figure.add_axes((LABEL / width, 0.42 / height, 2.2 / width, 0.1 / height))
    bar = figure.colorbar(ScalarMappable(Normalize(-limit, limit), DIVERGING), axes, orientation="horizontal")
    bar.set_ticks([-limit, 0, limit], labels=[f"−{limit:.2g}", "0", f"{limit:.2g}"])
    bar.outline.set_visible(False)
    axes.tick_params(length=0, labelsize=8)
    figure.text((LABEL + 2.35) / width, 0.47 / height, "weight", fontsize=8.5, color=style.FAINT, va="center")

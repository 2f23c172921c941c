"""The curves of several histories laid over one another, each told apart by its colour and its marker."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from kerasrun.report.history import History
from kerasrun.report.plots import style
from kerasrun.report.plots.axes import apply_scale
from kerasrun.report.plots.names import printable
from kerasrun.report.plots.overlay_panels import MAX_RUNS, overlay_panels, told_apart
from kerasrun.report.plots.panels import Curve, Panel
from kerasrun.report.plots.scaling import choose_scale
from kerasrun.report.plots.signs import drawable

# Okabe and Ito's colours without the yellow, which paper swallows, and with a brown; the nearest ones far apart.
LOOKS = [
    {"color": color, "marker": marker}
    for color, marker in zip(
        ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#333333", "#E69F00", "#56B4E9", "#8C564B"),
        "osD^vPX*",
        strict=True,
    )
]
OTHER: dict[str, Any] = {"color": "#BBBBBB", "linewidth": 0.7, "zorder": 2}

# Training is dashed, and thin where validation is drawn too.
DASHES = (0, (4, 1.6))
THIN: dict[str, Any] = {"linewidth": 1.0, "linestyle": DASHES, "alpha": 0.75, "markersize": 2.5, "zorder": 3}
THICK: dict[str, Any] = {"linewidth": 1.7, "markersize": 5, "zorder": 4}

# About so many markers a curve; curves of more points are thinner.
NUM_MARKERS, MANY = 8, 500

# The axis of epochs is logarithmic where one run is so many times as long as another, and has so many epochs.
LONGER, LONG = 20, 100


def draw_overlay(histories: Mapping[str, History], formats: Sequence[str]) -> dict[str, bytes]:
    """Draw several histories into one picture: a panel for the loss, and one for each metric that one of them has.

    Args:
        histories: by the names that tell them apart.
        formats: of "png", "svg" and "pdf".

    Returns:
        `compared.png` and the like → content; the same bytes for the same histories.

    Raises:
        InputError: there is nothing to draw, or a format is unknown.
    """
    panels, told = overlay_panels(histories), told_apart(histories)
    panels = [replace(panel, y_label=drawable(panel.y_label, f"metric {n}")) for n, panel in enumerate(panels, start=1)]
    # Fonts are looked for before the house style chooses among them.
    names = {name: drawable(printable(name), f"run {number}") for number, name in enumerate(told, start=1)}
    return style.render({"compared": partial(_figure, panels, names, len(histories))}, formats)


def _figure(panels: Sequence[Panel], names: Mapping[str, str], count: int) -> Figure:
    """A figure of the runs that are told apart, each with the name that is shown for it."""
    columns = 2 if len(panels) == 4 else min(len(panels), 3)
    rows = -(-len(panels) // columns)
    figure = style.new_figure(max(6.4, 4.9 * columns), 3.7 * rows + 0.5)
    looks = dict(zip(names, LOOKS, strict=False))
    for place, panel in enumerate(panels, start=1):
        _draw_panel(figure.add_subplot(rows, columns, place), panel, looks)
    _add_legend(figure, panels, names, looks, count - len(names))
    return figure


def _draw_panel(axes: Axes, panel: Panel, looks: Mapping[str, dict[str, Any]]) -> None:
    validated = {curve.label for curve in panel.curves if curve.role == "validation"}
    for curve in panel.curves:
        is_second = curve.role == "training" and curve.label in validated
        if curve.label in looks:
            _draw_curve(axes, curve, looks[curve.label], is_second, list(looks).index(curve.label))
        elif not is_second:
            axes.plot(curve.x, curve.y, **OTHER)
    values = np.concatenate([curve.y for curve in panel.curves])
    scale = choose_scale(values, panel.is_error)
    apply_scale(axes, scale)
    axes.set_ylabel(f"{panel.y_label}\n({scale.note})" if scale.note else panel.y_label, parse_math=False)
    _scale_x(axes, panel)
    axes.grid(color=style.GRID, linewidth=0.7)


def _draw_curve(axes: Axes, curve: Curve, look: dict[str, Any], is_second: bool, place: int) -> None:
    """A curve with a few markers, at other places in each, and at its end; training is dashed, beside another thin."""
    size = curve.x.size
    step = max(1, size // NUM_MARKERS)
    rows = sorted({*range(step * place // MAX_RUNS, size, step), size - 1})
    if is_second:
        look = {**look, **THIN, "markevery": rows[-1:]}
    else:
        dashes = {"linestyle": DASHES} if curve.role == "training" else {}
        look = {**look, **THICK, **dashes, "markevery": rows}
    axes.plot(curve.x, curve.y, **(look | {"linewidth": look["linewidth"] * (0.6 if size > MANY else 1)}))


def _scale_x(axes: Axes, panel: Panel) -> None:
    ends = [float(curve.x.max()) for curve in panel.curves]
    low, high = min(float(curve.x.min()) for curve in panel.curves), max(ends)
    if min(ends) >= 1 and high > max(LONGER * min(ends), LONG):
        axes.set_xscale("log", nonpositive="mask")
        axes.set_xlim(max(low, 1) * 0.9, high * 1.1)
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 1000 else (1,)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel(f"{panel.x_label} (logarithmic)")
    else:
        margin = 0.03 * (high - low) or 0.5
        axes.set_xlim(low - margin, high + margin)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True))
        axes.set_xlabel(panel.x_label)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def _add_legend(
    figure: Figure,
    panels: Sequence[Panel],
    names: Mapping[str, str],
    looks: Mapping[str, dict[str, Any]],
    others: int,
) -> None:
    """The runs by name, and which lines are training and which validation, below all panels."""
    drawn = {curve.label for panel in panels for curve in panel.curves}
    labels = {name: shown + ("" if name in drawn else " (nothing to draw)") for name, shown in names.items()}
    handles = [Line2D([], [], label=labels[name], **{**THICK, **look}) for name, look in looks.items()]
    if others:
        handles.append(Line2D([], [], label=f"{others:,} others, of higher loss", **OTHER))
    roles = {curve.role for panel in panels for curve in panel.curves}
    if len(roles) > 1:
        ink = {"color": style.INK}
        handles.append(Line2D([], [], label="validation", **{**ink, "linewidth": THICK["linewidth"]}))
        handles.append(Line2D([], [], label="training", **{**ink, **THIN}))
    longest = max(len(str(handle.get_label())) for handle in handles)
    columns = max(1, min(len(handles), int(figure.get_figwidth() * 11 / (longest + 8))))
    legend = figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False, handlelength=3)
    for text in legend.get_texts():
        text.set_parse_math(False)

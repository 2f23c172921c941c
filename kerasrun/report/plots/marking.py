"""What happened along a training, marked on the x-axis of its curves and told once below them."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from kerasrun.report.marks import Marks
from kerasrun.report.plots import style
from kerasrun.report.plots.panels import FEW, Panel

TICK_UP = 2  # matplotlib.markers.TICKUP

# By the mark: what the legend says, and how it looks. They differ in shape, so that a grey print tells them apart.
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
    "checkpoints": ("model saved", {"marker": "^", "markersize": 5.5, "markerfacecolor": "#555555"}),
    "rate_changes": ("learning rate changed", {"marker": TICK_UP, "markersize": 11, "markeredgewidth": 1.6}),
    "early_stop": ("stopped early", {"linestyle": (0, (6, 1.5, 1, 1.5)), "linewidth": 1.4}),
}
SHARED: dict[str, Any] = {"color": "#555555", "linestyle": "none", "markeredgewidth": 1.0}


def draw_marks(axes: Axes, marks: Marks) -> None:
    """Mark an axes whose limits are set."""
    for name in ("checkpoints", "rate_changes"):
        places = getattr(marks, name)
        if places:
            look = SHARED | LOOKS[name][1] | {"transform": axes.get_xaxis_transform()}
            if len(places) > FEW:
                look |= {"markersize": 3}
            axes.plot(places, [0] * len(places), zorder=6, clip_on=False, **look)
    if marks.early_stop is not None:
        axes.axvline(marks.early_stop, zorder=1.4, **(SHARED | LOOKS["early_stop"][1]))


def add_mark_legend(figure: Figure, panels: Sequence[Panel]) -> float:
    """Below all panels: what their marks mean, where there are any; the room that it takes, in inches."""
    there = [name for name in LOOKS if any(getattr(panel.marks, name) not in ((), None) for panel in panels)]
    if not there:
        return 0.0
    looks = {name: SHARED | LOOKS[name][1] for name in there}
    if "rate_changes" in looks:
        looks["rate_changes"] |= {"marker": "|", "markersize": 9}  # in the middle of its line
    handles = [Line2D([], [], label=LOOKS[name][0], **look) for name, look in looks.items()]
    figure.legend(
        handles=handles,
        loc="lower center",
        ncols=len(handles),
        frameon=False,
        fontsize=8.5,
        handlelength=1.8,
        handletextpad=0.5,
        columnspacing=1.4,
        borderaxespad=0.2,
        labelcolor=style.FAINT,
    )
    return 0.24

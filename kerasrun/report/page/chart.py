"""What a chart of lines or points shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kerasrun.report.page.axis import Axis

Array = NDArray[np.float64]

# So many points are still told apart.
FEW = 60


@dataclass(frozen=True)
class Series:
    """A line or points.

    Args:
        look: its class in the style sheet, which gives colour and dashes.
        x, y: (n,); nan where there is a gap. Bars stand around x, as far apart as these.
        marker: of each point where they are few, or of those at `marked`.
        notes: what is said of each point beside its value, if anything.
        is_listed: whether it has a place in the legend.
        is_silent: whether it is background alone, without a place in legend and values.
    """

    label: str
    look: str
    x: Array
    y: Array
    kind: Literal["line", "steps", "points", "bars"] = "line"
    marker: str = ""
    notes: tuple[str, ...] = ()
    marked: tuple[int, ...] = ()
    is_listed: bool = True
    is_silent: bool = False

    @property
    def has_markers(self) -> bool:
        """Whether each point is drawn as its marker."""
        return bool(self.marker) and (self.x.size <= FEW or bool(self.marked))


@dataclass(frozen=True)
class Rule:
    """A mark at some places of the x-axis: a line over the whole height, or a short one where there may be many."""

    label: str
    look: str
    x: tuple[float, ...]
    short: bool = False


@dataclass(frozen=True)
class Chart:
    """What a chart shows.

    Args:
        name: its id on the page.
        text: what it shows, in a sentence or two, for those who do not see it.
        ring: a point that is circled.
        note: what is said below the legend.
        by: whether a pointer finds what lies at its x, or the point that is next to it.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    text: str
    rules: tuple[Rule, ...] = ()
    ring: tuple[float, float] | None = None
    by: Literal["x", "point"] = "x"
    note: str = ""

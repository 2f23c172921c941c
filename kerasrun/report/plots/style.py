"""How every picture looks, and how a figure becomes the bytes of a file.

No figure passes through pyplot and no global setting of matplotlib changes: a caller's own figures are safe.
"""

import gc
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath
from typing import Any

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from kerasrun.errors import InputError
from kerasrun.report.plots.axes import Place
from kerasrun.report.plots.names import FORMATS, text_width
from kerasrun.report.plots.names import printable as printable
from kerasrun.report.plots.signs import families

# What a power at a tick is written with, and takes no room.
MATH = re.compile(r"\$|[{}^]|\\time")

DPI = 140

# Okabe and Ito's colours, told apart by colour-blind readers and, by their brightness, in a grey print.
BLUE, ORANGE, VERMILION = "#0072B2", "#E69F00", "#D55E00"
RED = "#C00000"
INK, FAINT, GRID = "#333333", "#666666", "#DDDDDD"

SETTINGS: dict[str, Any] = {
    "font.size": 10,
    "axes.labelsize": 10.5,
    "axes.edgecolor": "#666666",
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": "#666666",
    "ytick.color": "#666666",
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9.5,
    "lines.solid_capstyle": "round",
    "lines.dash_capstyle": "butt",
    # A long noisy line is more than Agg takes in one piece.
    "agg.path.chunksize": 10_000,
    # At this many dots an inch letters need no hints, and are drawn much faster without.
    "text.hinting": "none",
    "svg.hashsalt": "kerasrun",
}

# What the writers would otherwise stamp on a file: the same numbers shall give the same bytes.
METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}


def render(figures: dict[str, Callable[[], Figure]], formats: Sequence[str]) -> dict[str, bytes]:
    """Draw figures and turn them into files.

    Args:
        figures: for each file name without its ending, what builds the figure.
        formats: the endings, of "png", "svg" and "pdf".

    Returns:
        File name → content, the same bytes for the same figures.

    Raises:
        InputError: a format is not one of these.
    """
    unknown = [str(form) for form in formats if form not in FORMATS]
    if unknown:
        raise InputError(f"unknown picture format: {', '.join(unknown)}. Choose from: {', '.join(FORMATS)}.")
    files = {}
    with house_style(), _no_collecting():
        for name, build in figures.items():
            figure = build()
            files.update({f"{name}.{form}": _content(figure, form) for form in formats})
    return files


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Within it, nothing looks for garbage: a figure is thousands of objects, and a quarter of the time went there."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _content(figure: Figure, form: str) -> bytes:
    buffer = BytesIO()
    more: dict[str, Any] = {"pil_kwargs": {"compress_level": 3}} if form == "png" else {}
    figure.savefig(buffer, format=form, dpi=DPI, metadata=METADATA[form], facecolor="white", **more)
    return buffer.getvalue()


@contextmanager
def house_style() -> Iterator[None]:
    """Within it, figures are drawn in kerasrun's style, and a sign that no font has gives no warning."""
    settings: Any = {**SETTINGS, "font.family": list(families())}
    with rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        # The defaults first, so that a user's matplotlibrc does not show through.
        rcdefaults()
        rcParams.update(settings)
        yield


def new_axes(width: float = 6.4, height: float = 4.2) -> tuple[Figure, Axes]:
    """A figure of one panel, which `lay_out` gives its margins; width and height in inches."""
    figure = Figure(figsize=(width, height))
    return figure, figure.add_subplot()


def new_figure(width: float, height: float) -> Figure:
    """A figure whose axes find their margins themselves, which takes time; width and height in inches."""
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08)
    return Figure(figsize=(width, height), layout=layout)


def lay_out(figure: Figure, foot: float = 0.0) -> None:
    """Margins for a figure of equal panels, drawn already, from what their ticks and labels say.

    Args:
        foot: room at the foot, in inches.
    """
    width, height = figure.get_size_inches()
    rows, columns = figure.axes[0].get_gridspec().get_geometry()  # type: ignore[union-attr]
    left, right = max(map(_left_inches, figure.axes)), 0.14
    top, bottom = 0.3, 0.52
    wide, high = width / columns - left - right, (height - foot) / rows - top - bottom
    figure.subplots_adjust(
        left=left / width,
        right=1 - right / width,
        top=1 - top / height,
        bottom=(bottom + foot) / height,
        wspace=(left + right) / wide,
        hspace=(top + bottom) / high,
    )


def _left_inches(axes: Axes) -> float:
    """What stands to the left of an axes: the label's lines, and the ticks' texts."""
    low, high = axes.get_ylim()
    places = [place for place in axes.yaxis.get_majorticklocs() if low <= place <= high]
    texts = [MATH.sub("", text) for text in axes.yaxis.get_major_formatter().format_ticks(places)]
    return 0.32 + 0.17 * len(axes.get_ylabel().split("\n")) + text_inches(texts)


def add_legend(axes: Axes, place: Place) -> None:
    """A legend in a corner, its paper white enough to be read over a line."""
    legend = axes.legend(loc=place, framealpha=0.9, edgecolor="none", handlelength=2.6, borderpad=0.5)
    for line in legend.get_lines():
        line.set_linewidth(max(line.get_linewidth(), 1.5))


def text_inches(texts: Iterable[str], size: float = 9) -> float:
    """About how long the longest of some texts is, in inches; size in points."""
    return max(map(text_width, texts), default=0) * size * 0.6 / 72


def note_inches(text: str) -> float:
    """The room that `add_note` takes at the foot of a figure."""
    return 0.22 if text else 0.0


def add_note(figure: Figure, text: str) -> None:
    """A line in small type at the foot of a figure."""
    if text:
        width, height = figure.get_size_inches()
        figure.text(0.12 / width, 0.08 / height, text, fontsize=7.5, color=FAINT, parse_math=False)


def percent(value: float, _: object = None) -> str:
    """A share as a tick tells it: 0.5 → 50%."""
    return f"{100 * value:.4g}%"


def rows_words(count: int, part: str) -> str:
    """How many rows of what, in words: `360 test rows`."""
    rows = "row" if count == 1 else "rows"
    return f"{count:,} {part} {rows}" if part in ("test", "validation") else f"{count:,} {rows} of {_data_words(part)}"


def _data_words(part: str) -> str:
    return "the training data" if part == "train" else printable(PurePath(part).name)

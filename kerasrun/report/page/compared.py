"""Several runs on one page: what differs, their figures side by side, and their curves over one another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kerasrun.errors import InputError
from kerasrun.report.history import History
from kerasrun.report.page.axis import Axis
from kerasrun.report.page.chart import Chart, Series
from kerasrun.report.page.chart_figure import chart_figure
from kerasrun.report.page.drawing import MARKERS
from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.page import Section, whole_page
from kerasrun.report.page.tables import table
from kerasrun.report.page.words import UNKNOWN, count, figure, place, sentence
from kerasrun.report.plots.overlay_panels import MAX_RUNS, overlay_panels, told_apart
from kerasrun.report.plots.panels import Curve, Panel
from kerasrun.report.plots.scaling import choose_scale

# About so many markers has a curve; the axis of epochs is logarithmic where one run is so much longer than another.
NUM_MARKERS, LONGER = 8, 20
SHAPES = ("dot", *MARKERS)


Rows = Sequence[tuple[str, Sequence[str], Sequence[int]]]


@dataclass(frozen=True)
class ComparedFacts:
    """What the page shows of several runs.

    Args:
        names, whole_names: short ones that tell the runs apart, and `<experiment>/<run>`.
        runs: of each run its state, and what it was.
        figures, differences: tables by title, of rows: a name, a text a run, and the places of the best.
        histories: by the names.
        notes: what is to be known of the tables.
    """

    names: tuple[str, ...]
    whole_names: tuple[str, ...]
    runs: tuple[tuple[str, str], ...]
    figures: Mapping[str, Rows]
    differences: Mapping[str, Rows]
    histories: Mapping[str, History]
    notes: tuple[str, ...] = ()


def compared_page(facts: ComparedFacts) -> str:
    """The page of several runs."""
    title = f"{count(len(facts.names), 'run')} compared"
    head = tag(
        "header",
        tag("p", "kerasrun", class_="brand"),
        tag("h1", title),
        tag("p", ", ".join(facts.whole_names), class_="circumstances"),
    )
    return whole_page(title, head, list(_sections(facts)))


def _sections(facts: ComparedFacts) -> Iterator[Section]:
    rows = [[name, *(text or UNKNOWN for text in run)] for name, run in zip(facts.names, facts.runs, strict=True)]
    yield "runs", "The runs", [table("The runs that are compared", ["run", "state", "what it is"], rows)]
    figures = list(_tables(facts, facts.figures))
    notes = [tag("p", f"{sentence(note)}.", class_="note") for note in facts.notes]
    if figures:
        yield "figures", "Figures", [*figures, *notes]
    charts = _charts(facts)
    if charts:
        yield "curves", "Curves", [tag("div", charts, class_="charts")]
    same = tag("p", "Settings, seeds, data and environment are the same.")
    yield "differences", "What differs", list(_tables(facts, facts.differences)) or [same]


def _tables(facts: ComparedFacts, tables: Mapping[str, Rows]) -> Iterator[Markup]:
    """A row a setting or figure, a column a run; the best has a sign as well as weight."""
    for title, rows in tables.items():
        cells = [
            [name, *(tag("b", "★ ", text, class_="best") if at in best else text for at, text in enumerate(texts))]
            for name, texts, best in rows
        ]
        starred = ": ★ is the best of its row" if any(best for _, _, best in rows) else ""
        if cells:
            yield table(f"{sentence(title)}{starred}", ["", *facts.names], cells, "compared")


def _charts(facts: ComparedFacts) -> list[Markup]:
    try:
        panels = overlay_panels(facts.histories)
    except InputError:  # no run has a finite value yet
        return []
    looks = {name: place for place, name in enumerate(told_apart(facts.histories))}
    others = len(facts.histories) - len(looks)
    return [chart_figure(_chart(panel, looks, others)) for panel in panels]


def _chart(panel: Panel, looks: Mapping[str, int], others: int) -> Chart:
    validated = {curve.label for curve in panel.curves if curve.role == "validation"}
    scale = choose_scale(np.concatenate([curve.y for curve in panel.curves]), panel.is_error)
    series = [_series(curve, looks.get(curve.label), curve.label in validated) for curve in panel.curves]
    # Grey ones lie behind.
    drawn = sorted((item for item in series if item is not None), key=lambda item: not item.is_silent)
    notes = ["Solid: validation; dashed: training."] if validated else []
    notes += [f"{others:,} of higher loss are grey."] if others else []
    return Chart(
        f"chart-{panel.name}",
        panel.y_label,
        _x_axis(panel),
        Axis(scale.low, scale.high, log=scale.log, note=scale.note),
        tuple(drawn),
        " ".join(_text(curve, panel.x_label) for curve in panel.curves if curve.label in looks),
        note=" ".join(notes),
    )


def _series(curve: Curve, place: int | None, has_validation: bool) -> Series | None:
    """A curve with a few markers, at other places in each; training beside validation is thin and dashed."""
    is_second = curve.role == "training" and has_validation
    if place is None:
        return None if is_second else Series(curve.label, "other", curve.x, curve.y, is_silent=True)
    if is_second:
        look = f"run run{place} second"
        return Series(f"{curve.label}, training", look, curve.x, curve.y, is_listed=False)
    step = max(1, curve.x.size // NUM_MARKERS)
    marked = tuple(sorted({*range(step * place // MAX_RUNS, curve.x.size, step), curve.x.size - 1}))
    return Series(curve.label, f"run run{place}", curve.x, curve.y, marker=SHAPES[place], marked=marked)


def _x_axis(panel: Panel) -> Axis:
    ends = [float(curve.x.max()) for curve in panel.curves]
    low, high = min(float(curve.x.min()) for curve in panel.curves), max(ends)
    if min(ends) >= 1 and high > LONGER * min(ends):
        return Axis(max(low, 1.0), high, f"{panel.x_label} (logarithmic)", log=True)
    return Axis(low, high, panel.x_label, whole=True)


def _text(curve: Curve, unit: str) -> str:
    known = np.flatnonzero(np.isfinite(curve.y))
    if not known.size:
        return f"{curve.label}, {curve.role}: no finite value."
    last = known[-1]
    return f"{curve.label}, {curve.role}: ends at {figure(curve.y[last])} at {unit} {place(curve.x[last])}."

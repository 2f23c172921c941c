"""What a run has to say, as plain lines of text: for its log, a pipe, and a terminal alike."""

import textwrap
from typing import Any

from kerasrun.report.diagnosis.findings import Reading
from kerasrun.report.history import NO_FIGURES
from kerasrun.report.numbers import duration, size
from kerasrun.report.numbers import number as number
from kerasrun.runs.class_counts import class_lines
from kerasrun.runs.events import Finished, Planned, Reproduced

MAX_LAYERS = 30

# A terminal's columns, and so many findings of a reading.
WIDTH, MAX_FINDINGS = 80, 3


def place_words(place: Any, config: Any) -> str:
    """Where a training stands: `epoch 3, step 120`, or `step 4,800` where steps are counted."""
    if config.training.steps is not None:
        return f"step {place.step:,}"
    return f"epoch {place.epoch:,}" + (f", step {place.step:,}" if place.step else "")


def plan_lines(plan: Planned) -> list[str]:
    """What is about to happen."""
    lines = [f"{plan.name}  →  {plan.folder}", ""]
    for index, (part, count, shapes) in enumerate(plan.data):
        lines.append(f"{'data' if index == 0 else '':10}{part:12}{count:>9} rows   {shapes}")
    lines += [line for counted in plan.classes for line in class_lines(counted)]
    lines.append(f"{'model':10}{plan.num_parameters:,} parameters")
    shown = plan.layers if len(plan.layers) <= MAX_LAYERS else plan.layers[: MAX_LAYERS - 1]
    width = max((len(name) for name, _, _ in shown), default=0)
    lines += [f"{'':10}{name:{width}}  {kind:22}{count:>11,}" for name, kind, count in shown]
    if len(shown) < len(plan.layers):
        lines.append(f"{'':10}and {len(plan.layers) - len(shown)} layers more")
    lines.append(f"{'training':10}{plan.training}")
    lines += [f"{'note':10}{note}" for note in plan.notes]
    return [*lines, ""]


def checked_lines(checked: Any) -> list[str]:
    """What a config comes to."""
    lines = [""]
    for index, (part, count, shapes) in enumerate(checked.data):
        lines.append(f"{'data' if index == 0 else '':10}{part:12}{count:>9} rows   {shapes}")
    lines += [line for counted in checked.classes for line in class_lines(counted)]
    rows = [(layer.name, layer.kind, layer.output, f"{layer.num_parameters:,}") for layer in checked.layers]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    for index, row in enumerate(rows):
        *words, count = (f"{cell:{width}}" for cell, width in zip(row[:-1], widths[:-1], strict=True)), row[-1]
        lines.append(f"{'model' if index == 0 else '':10}{'  '.join(*words)}  {count:>{widths[-1]}}")
    lines.append(f"{'':10}{checked.num_parameters:,} parameters")
    lines.append(f"{'training':10}{checked.training}")
    sizes = [f"{name} {size(size_bytes)}" for name, size_bytes in checked.memory.items()]
    lines.append(f"{'memory':10}{', '.join(sizes[:3])}")
    lines.append(f"{'':10}{', '.join(sizes[3:])} a batch")
    for index, (name, task) in enumerate(checked.callbacks):
        lines.append(f"{'callbacks' if index == 0 else '':10}{name}{': ' if task else ''}{task}")
    lines += [f"{'note':10}{note}" for note in checked.notes]
    each = "between two evaluations" if checked.config.training.steps else "an epoch"
    return [
        *lines,
        f"{'time':10}about {duration(checked.epoch_time_s)} {each}, {duration(checked.total_time_s)} in all",
    ]


class EpochLines:
    """A line an epoch (or an evaluation, where steps are counted), under a heading that stands once."""

    def __init__(self, plan: Planned) -> None:
        self.total = plan.total
        self.unit = "step" if plan.counted_in == "steps" else "epoch"
        self.first_width = max(len(f"{plan.total}/{plan.total}"), len(self.unit))
        self.names: list[str] | None = None

    def lines(self, event: Any) -> list[str]:
        """The line of an EpochEnd or Evaluation, after the heading if it is the first."""
        lines = []
        if self.names is None:
            self.names = list(event.logs)
            heading = "".join(f"{name:>{_width(name)}}" for name in self.names)
            lines.append(f"{self.unit:>{self.first_width}}{heading}{'time':>10}")
        count = f"{getattr(event, self.unit)}/{self.total}"
        values = "".join(f"{number(event.logs.get(name, float('nan'))):>{_width(name)}}" for name in self.names)
        return [*lines, f"{count:>{self.first_width}}{values}{duration(event.time_s):>10}"]


def _width(name: str) -> int:
    return max(len(name), 8) + 2


def figure_lines(figures: dict[str, dict[str, float]]) -> list[str]:
    """A table of figures: a row a part of the data."""
    names = list(dict.fromkeys(name for row in figures.values() for name in row))
    first = max((len(part) for part in figures), default=0)
    lines = [f"{'':{first}}" + "".join(f"{name:>{_width(name)}}" for name in names)]
    for part, row in figures.items():
        lines.append(f"{part:{first}}" + "".join(f"{number(row[n]) if n in row else '':>{_width(n)}}" for n in names))
    return lines


def finish_lines(finished: Finished) -> list[str]:
    """What came of the run."""
    lines = ["", *figure_lines({part: row for part, row in finished.metrics.items() if part != "best"}), ""]
    best = finished.metrics.get("best")
    found = finished.history.best()
    if best and found:
        epoch, monitor = found
        figures = "  ".join(
            f"{name} {number(value)}"
            for name, value in best.items()
            if name not in NO_FIGURES and (name == monitor or not name.endswith("loss"))
        )
        where = f"step {int(best['step']):,}" if "step" in best else f"epoch {int(epoch):,}"
        lines.append(f"{'best':10}{where}: {figures}")
    if finished.stopped:
        lines.append(f"{'stopped':10}{finished.stopped.removeprefix('stopped ')}")
    lines.append(f"{'time':10}{duration(finished.time_s)}")
    lines += reading_lines(finished.reading)
    names = [str(path.relative_to(finished.folder).as_posix()) for path in finished.files]
    return [*lines, f"{'saved in':10}{finished.folder}", *wrapped_names(names)]


def reading_lines(reading: Reading, most: int = MAX_FINDINGS) -> list[str]:
    """What the curves tell, the weightiest first, and what to try, at 80 columns."""
    lines: list[str] = []
    for finding in reading.findings[:most]:
        lines += textwrap.wrap(f"{finding.title}: {finding.sentence}", WIDTH - 10)
        if finding.advice:
            lines += textwrap.wrap(f"try {finding.advice}", WIDTH - 10, initial_indent="  ", subsequent_indent="      ")
    return [f"{'reading' if index == 0 else '':10}{line}" for index, line in enumerate(lines)]


def reproduced_lines(reproduced: Reproduced) -> list[str]:
    """That a run came out the same."""
    lines = ["", f"reproduced to the bit: weights and history are those of {reproduced.original}"]
    return lines + [f"{'':10}though {name} is {now} and was {then}" for name, then, now in reproduced.differences]


def wrapped_names(names: list[str]) -> list[str]:
    """Names side by side in lines of at most 80 characters; many files of one folder as their number."""
    folders: dict[str, list[str]] = {}
    for name in names:
        folders.setdefault(name.split("/")[0] + "/" if "/" in name else "", []).append(name)
    words = folders.pop("", [])
    for folder, inside in folders.items():
        words += inside if len(inside) <= 8 else [f"{folder} ({len(inside)} files)"]
    lines, line = [], f"{'':10}"
    for word in words:
        if len(line) > 10 and len(line) + len(word) > 80:
            lines.append(line.rstrip())
            line = f"{'':10}"
        line += word + "  "
    return [*lines, line.rstrip()]

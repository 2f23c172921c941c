"""What a run tells beside the events of the training loop: what is planned, and what came of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kerasrun.report.diagnosis.findings import Reading
from kerasrun.report.history import History
from kerasrun.runs.class_counts import ClassCounts


@dataclass(frozen=True)
class Planned:
    """What is about to happen: known before the first step.

    Args:
        counted_in, total: `epochs` or `steps`, and how many of them.
        may_stop: whether a callback can end the training before its time.
        classes: how many rows each class has, for each target that is classes.
    """

    folder: Path
    name: str
    data: list[tuple[str, str, str]]
    layers: list[tuple[str, str, int]]
    num_parameters: int
    training: str
    notes: list[str]
    counted_in: str
    total: int
    steps_per_epoch: int
    batch_size: int
    may_stop: bool
    classes: list[ClassCounts] = field(default_factory=list)


@dataclass(frozen=True)
class Finished:
    """A run that ended, and what came of it.

    Args:
        metrics: the figures by part (`train`, `validation`, `test`), and `best`: the best epoch's.
        stopped: why it ended before its time, or "".
        reading: what its curves tell.
    """

    folder: Path
    model: Any = field(repr=False)
    history: History = field(repr=False)
    metrics: dict[str, dict[str, float]]
    stopped: str
    time_s: float
    files: list[Path]
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True)
class Reproduced:
    """A run that came out the same, to the bit.

    Args:
        differences: of what the bits may depend on, and in this case did not: name, then, now.
    """

    original: Path
    folder: Path
    differences: list[tuple[str, str, str]]

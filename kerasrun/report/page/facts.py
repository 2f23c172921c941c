"""What a page shows of a run: plain values, put together by whoever knows the run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kerasrun.report.diagnosis.findings import Reading
from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.results import Results


@dataclass(frozen=True)
class Setting:
    """A line of a config.

    Args:
        text: as YAML, indented.
        is_own: whether it differs from the default, or has none.
    """

    text: str
    is_own: bool


@dataclass(frozen=True)
class Layer:
    """A layer of a model.

    Args:
        kind: its class.
        output: its shape in words.
        arguments: those that differ from their defaults, as YAML on one line.
        reads: for each application of the layer, what it reads: the name of a layer, and which application of that.
        inside: the layers of a model within the model.
    """

    name: str
    kind: str
    output: str
    num_parameters: int
    trainable: bool
    arguments: str
    reads: tuple[tuple[tuple[str, int], ...], ...]
    inside: tuple["Layer", ...] = ()


@dataclass(frozen=True)
class RunFacts:
    """All that a page shows of one run. What is not known is empty or None; `missing` says why.

    Args:
        experiment, run: the run's name, `<experiment>/<run>`.
        state: `finished`, `running`, `interrupted`, `failed`, `broken off`, `damaged`.
        why: why it ended before its time, or what it failed of.
        started, ended: as the manifest has them.
        figures: by part of the data, and `best`: the best epoch's.
        validation_name: what the columns val_… of the history were measured on.
        settings: the whole config, line by line.
        data: the rows of each part; `source` and `sha256` beside.
        environment: versions, threads, device.
        commands: what each does, and the command.
        files: names and sizes in bytes.
        missing: what is not there, and why.
    """

    experiment: str
    run: str
    state: str
    why: str = ""
    started: str = ""
    ended: str = ""
    time_s: float | None = None
    num_parameters: int | None = None
    history: History = field(default_factory=History)
    marks: Marks = field(default_factory=Marks)
    reading: Reading = field(default_factory=Reading)
    results: Results | None = None
    figures: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    validation_name: str = "validation"
    layers: tuple[Layer, ...] = ()
    settings: tuple[Setting, ...] = ()
    own_settings: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    source: str = ""
    data_sha256: str = ""
    warnings: tuple[str, ...] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)
    program: str = ""
    program_reason: str = ""
    commands: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`<experiment>/<run>`."""
        return f"{self.experiment}/{self.run}"

"""Where a training stands: what a display shows of it, and what its run tells to those who watch it."""

import contextlib
import json
import math
import os
from dataclasses import asdict, dataclass
from typing import Any

from kerasrun.runs.store.folder import RunFolder

# A file of more is none.
MAX_BYTES = 200_000


@dataclass(frozen=True)
class Standing:
    """A training at one moment.

    Args:
        unit: what is counted, `epoch` or `step`.
        done: how many of them; within an epoch, a fraction.
        steps_per_unit, rows_per_step: how many steps an epoch has (1 where steps are counted), and rows a step.
        rate: how many a second, lately; 0 where that is not known yet.
        may_stop: whether a callback can end the training before its time.
        logs: the newest figures.
        best: the lowest val_loss, or loss where nothing is validated, and the epoch or step that had it.
        curves: loss, and val_loss if there is one, from the beginning on, thinned to at most 128 values.
        concluding: whether all is trained, and the run evaluates, saves and draws.
    """

    unit: str
    done: float
    total: int
    steps_per_unit: int
    rows_per_step: int
    rate: float
    may_stop: bool
    logs: dict[str, float]
    best: tuple[str, float, int] | None
    curves: dict[str, list[float]]
    concluding: bool = False

    @property
    def time_left_s(self) -> float | None:
        """Seconds until the last epoch or step at this rate; None where that is not known."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None


def write_standing(run: RunFolder, standing: Standing) -> None:
    """Replace what the run tells of itself; it is of no worth later, so it is not synced, and no error matters."""
    aside = run.progress.with_name(f".{os.getpid()}.partial{run.progress.name}")
    with contextlib.suppress(OSError):
        try:
            aside.write_text(json.dumps(_plain(asdict(standing)), allow_nan=False), encoding="utf-8")
            aside.replace(run.progress)
        finally:
            aside.unlink(missing_ok=True)


def remove_standing(run: RunFolder) -> None:
    """Take it away: the run has ended."""
    with contextlib.suppress(OSError):
        run.progress.unlink(missing_ok=True)


def read_standing(run: RunFolder) -> Standing | None:
    """What a run tells of itself; None where it tells nothing, or nothing that can be understood."""
    try:
        with run.progress.open(encoding="utf-8") as file:
            found = json.loads(file.read(MAX_BYTES))
        best = found["best"]
        return Standing(
            "step" if found["unit"] == "step" else "epoch",
            float(found["done"]),
            int(found["total"]),
            int(found["steps_per_unit"]),
            int(found["rows_per_step"]),
            float(found["rate"]),
            bool(found["may_stop"]),
            {str(name): _number(value) for name, value in found["logs"].items()},
            None if best is None else (str(best[0]), _number(best[1]), int(best[2])),
            {str(name): list(map(_number, values)) for name, values in found["curves"].items()},
            bool(found["concluding"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError):
        return None


def _plain(value: Any) -> Any:
    """A value for JSON: what is not finite becomes null, and numbers have no more digits than are shown."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.8g}") if math.isfinite(value) else None
    return value


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)

"""Whether the numbers of a training are still finite; it is stopped where not, unless the config lets it go on."""

import math
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.errors import UnsoundError
from kerasrun.runs.lines import place_words
from kerasrun.runs.record import Record
from kerasrun.training.events import Evaluation

CAUSES = "Likely causes: a learning rate too high, inputs not scaled, or targets outside the loss's range"


def check_losses(event: Any, record: Record) -> None:
    """Whether the losses that an event tells are finite.

    Raises:
        UnsoundError: one is not.
    """
    if told := _unsound_loss(event, record.prepared.config):
        raise _unsound(told, record)


def check_figures(event: Any, config: Config) -> None:
    """The same where nothing is recorded.

    Raises:
        UnsoundError: a loss is not finite.
    """
    if told := _unsound_loss(event, config):
        raise UnsoundError(f"{told}. {CAUSES}")


def _unsound_loss(event: Any, config: Config) -> str:
    logs = getattr(event, "logs", {}) if config.training.on_nan == "stop" else {}
    values = {name: logs.get(name, 0.0) for name in ("loss", "val_loss")}
    return next((f"the {n} is {v} in {_when(event)}" for n, v in values.items() if not math.isfinite(v)), "")


def check_weights(record: Record) -> None:
    """Whether every weight is finite.

    Raises:
        UnsoundError: one is not.
    """
    matters = record.prepared.config.training.on_nan == "stop"
    name = record.prepared.loop.unsound_weight() if matters else ""
    if name:
        place = place_words(record.prepared.loop.place, record.prepared.config)
        raise _unsound(f"{name} is not finite after {place}", record)


def _unsound(what: str, record: Record) -> UnsoundError:
    """The error for a training that went bad, with the way back."""
    known = record.manifest.checkpoints
    good = f"the last good checkpoint is {record.run.checkpoints / known[-1]['file']}" if known else ""
    where = good or f"what was recorded lies in {record.run.path}"
    return UnsoundError(f"{what}, so training was stopped; {where}. {CAUSES}")


def _when(event: Any) -> str:
    """The epoch and step in which a loss went bad, as far as it is known."""
    if isinstance(event, Evaluation):
        bad = np.flatnonzero(~np.isfinite(event.losses))
        return f"step {event.step - len(event.losses) + int(bad[0]) + 1 if len(bad) else event.step:,}"
    step = getattr(event, "bad_step", 0)
    return f"epoch {event.epoch:,}" + (f", step {step:,}" if step else "")

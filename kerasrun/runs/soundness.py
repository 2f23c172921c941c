"""Whether the numbers of a training are still finite; it is stopped where not, unless the config lets it go on."""

import math
from typing import Any

import numpy as np

from kerasrun.errors import UnsoundError
from kerasrun.runs.lines import place_words
from kerasrun.runs.record import Record
from kerasrun.training.events import Evaluation


def check_losses(event: Any, record: Record) -> None:
    """Whether the losses that an event tells are finite.

    Raises:
        UnsoundError: one is not.
    """
    for name in ("loss", "val_loss") if _matters(record) else ():
        value = event.logs.get(name, 0.0)
        if not math.isfinite(value):
            raise _unsound(f"the {name} is {value} in {_when(event)}", record)


def check_weights(record: Record) -> None:
    """Whether every weight is finite.

    Raises:
        UnsoundError: one is not.
    """
    name = record.prepared.loop.unsound_weight() if _matters(record) else ""
    if name:
        place = place_words(record.prepared.loop.place, record.prepared.config)
        raise _unsound(f"{name} is not finite after {place}", record)


def _matters(record: Record) -> bool:
    return record.prepared.config.training.on_nan == "stop"


def _unsound(what: str, record: Record) -> UnsoundError:
    """The error for a training that went bad, with the way back."""
    known = record.manifest.checkpoints
    good = f"the last good checkpoint is {record.run.checkpoints / known[-1]['file']}" if known else ""
    return UnsoundError(
        f"{what}, so training was stopped; {good or f'what was recorded lies in {record.run.path}'}. "
        "Likely causes: a learning rate too high, inputs not scaled, or targets outside the loss's range"
    )


def _when(event: Any) -> str:
    """The epoch and step in which a loss went bad, as far as it is known."""
    if isinstance(event, Evaluation):
        bad = np.flatnonzero(~np.isfinite(event.losses))
        return f"step {event.step - len(event.losses) + int(bad[0]) + 1 if len(bad) else event.step:,}"
    step = getattr(event, "bad_step", 0)
    return f"epoch {event.epoch:,}" + (f", step {step:,}" if step else "")

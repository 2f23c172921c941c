"""What happened along a training that its curves are marked with: saved models, a rate that changed, an early end."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kerasrun.report.history import History

# A rate that changes more often follows a schedule, which a curve of its own shows better.
MAX_RATE_CHANGES = 12


@dataclass(frozen=True)
class Marks:
    """Epochs, as the history's column `epoch` has them; in a run counted in steps they may be fractions.

    Args:
        checkpoints: at whose end, or within which, a callback saved the model; rising.
        rate_changes: those that began with another learning rate than the one before; rising.
        early_stop: the last one, where a callback stopped the training before its time.
    """

    checkpoints: tuple[float, ...] = ()
    rate_changes: tuple[float, ...] = ()
    early_stop: float | None = None


def marks_of(history: History, saves: Iterable[tuple[int, int]] = (), stopped: bool = False) -> Marks:
    """The marks of a run.

    Args:
        saves: where the training stood when a callback saved the model: epochs done and steps of the next, or,
            in a run counted in steps, evaluations done and steps of all.
        stopped: whether a callback stopped the training before its time.
    """
    table = history.epochs or history.evaluations
    epochs = table.get("epoch", [])
    if not epochs:
        return Marks()
    rows = {row for place in saves if (row := _row(history, *place)) is not None}
    checkpoints = tuple(epochs[row] for row in sorted(rows))
    return Marks(checkpoints, _rate_changes(epochs, table.get("learning_rate", [])), epochs[-1] if stopped else None)


def _row(history: History, epoch: int, step: int) -> int | None:
    """The row of the epoch, or of the evaluation, that ends what a save lies in; None where it is not recorded."""
    if history.epochs:
        recorded = np.asarray(history.epochs["epoch"])
        at_the_end = epoch == recorded[-1] and step == 0  # saved when the training ended
        row = int(np.searchsorted(recorded, epoch if at_the_end else epoch + 1))
    else:
        row = int(np.searchsorted(history.evaluations["step"], step))
    return row if row < len((history.epochs or history.evaluations)["epoch"]) else None


def _rate_changes(epochs: list[float], rates: list[float]) -> tuple[float, ...]:
    before, after = np.asarray(rates[:-1], np.float64), np.asarray(rates[1:], np.float64)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(np.abs(after - before) > 1e-6 * np.abs(before)) + 1
    return tuple(epochs[row] for row in rows) if rows.size <= MAX_RATE_CHANGES else ()

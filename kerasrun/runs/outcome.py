"""What came of a run: in figures, and in hashes, by which two runs that are the same to the bit are known."""

import hashlib
import math
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.report.history import NO_FIGURES, History
from kerasrun.report.parsing import TABLE_NAMES

# What a clock says is no result.
TIMES = ("epoch_time_s",)


def result_hashes(model: Any, history: History) -> dict[str, str]:
    """SHA-256 of the weights, in the order of `model.weights`, and of the history, but for its times."""
    return {"weights": _weights_hash(model), "history": _history_hash(history)}


def environment_differences(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """What two runs' environments do not share: name, then, now; None for what is not there."""
    names = dict.fromkeys([*before["environment"], *now["environment"]])
    pairs = [(name, before["environment"].get(name), now["environment"].get(name)) for name in names]
    return [(name, then, after) for name, then, after in pairs if then != after]


def _weights_hash(model: Any) -> str:
    digest = hashlib.sha256()
    for weight in model.weights:
        array = np.ascontiguousarray(np.asarray(weight.value))
        digest.update(f"{array.dtype.name}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _history_hash(history: History) -> str:
    digest = hashlib.sha256()
    for name in TABLE_NAMES:
        for column, values in getattr(history, name).items():
            if column not in TIMES:
                digest.update(f"{name}.{column}".encode())
                digest.update(np.array(values, np.float64).tobytes())
    return digest.hexdigest()


def best_row(history: History) -> dict[str, dict[str, float]]:
    """The row of the best epoch, as `best`; nothing for a history without epochs."""
    best = history.best()
    if best is None:
        return {}
    table = history.epochs or history.evaluations
    row = table["epoch"].index(best[0])
    return {"best": {name: column[row] for name, column in table.items()}}


def come_to(history: History) -> dict[str, Any]:
    """How far a run has come, as its manifest says it: the units that are `done`, and the best epoch's `figures`."""
    best = best_row(history).get("best", {})
    figures = {name: value for name, value in best.items() if name not in NO_FIGURES and math.isfinite(value)}
    return {"done": units_done(history), "figures": figures}


def stopped_early(config: Config, history: History) -> str:
    """Why training ended before its time, or "" where it did not."""
    settings = config.training
    unit, wanted = ("steps", settings.steps) if settings.steps else ("epochs", settings.epochs or 0)
    done = units_done(history)
    return f"stopped by a callback after {done:,} of {wanted:,} {unit}" if done < (wanted or 0) else ""


def units_done(history: History) -> int:
    """How many epochs a history has, or steps where these are counted."""
    return int((history.evaluations.get("step") or history.epochs.get("epoch") or [0])[-1])

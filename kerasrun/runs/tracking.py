"""Follows the events of a training, to tell now and then where it stands."""

import math
import time
from collections import deque
from typing import Any

from kerasrun.report.history import History
from kerasrun.runs.events import Planned
from kerasrun.runs.standing import Standing

# A curve keeps at most so many points.
MAX_POINTS = 256

# The rate is that of so many seconds, or of the last epoch if that took longer.
RATE_OVER_S = 15.0


class Curve:
    """A figure's course, thinned as it grows: each point is the mean of as many values as every other."""

    def __init__(self) -> None:
        self.points: list[float] = []
        self.stride, self.sum, self.count = 1, 0.0, 0

    def add(self, value: float) -> None:
        """The next value."""
        self.sum += value
        self.count += 1
        if self.count < self.stride:
            return
        self.points.append(self.sum / self.count)
        self.sum, self.count = 0.0, 0
        if len(self.points) == MAX_POINTS:
            self.points = [(one + other) / 2 for one, other in zip(self.points[::2], self.points[1::2], strict=True)]
            self.stride *= 2


class Tracker:
    """What of a training's past its display needs."""

    def __init__(self, plan: Planned) -> None:
        self.plan, self.unit = plan, plan.counted_in.removesuffix("s")
        self.done = 0.0
        self.logs: dict[str, float] = {}
        self.best: tuple[str, float, int] | None = None
        self.curves = {"loss": Curve(), "val_loss": Curve()}
        self.samples: deque[tuple[float, float]] = deque()

    def take_up(self, history: History) -> None:
        """Begin, after what an earlier part of the same run has recorded."""
        table = history.evaluations or history.epochs
        for index, at in enumerate(table.get(self.unit, [])):
            self._add(int(at), {name: table[name][index] for name in self.curves if name in table})
        self.samples.append((time.monotonic(), self.done))

    def note(self, event: Any) -> None:
        """Something happened: an EpochEnd, an Evaluation, or Progress within."""
        at = getattr(event, self.unit)
        if hasattr(event, "time_s"):
            self._add(at, event.logs)
        else:
            self.done = at if self.unit == "step" else at - 1 + event.step / event.num_steps
            self.logs = self.logs | event.logs

    def _add(self, at: int, logs: dict[str, float]) -> None:
        self.done, self.logs = float(at), logs
        for name, curve in self.curves.items():
            if name in logs:
                curve.add(logs[name])
        monitor = "val_loss" if "val_loss" in logs else "loss"
        value = logs.get(monitor, math.nan)
        if math.isfinite(value) and (self.best is None or value < self.best[1]):
            self.best = (monitor, value, at)

    def standing(self, concluding: bool = False) -> Standing:
        """Where the training stands now."""
        plan = self.plan
        return Standing(
            self.unit,
            self.done,
            plan.total,
            plan.steps_per_epoch if self.unit == "epoch" else 1,
            plan.batch_size,
            self._rate(time.monotonic()),
            plan.may_stop,
            self.logs,
            self.best,
            {name: list(curve.points) for name, curve in self.curves.items() if curve.points},
            concluding,
        )

    def _rate(self, now: float) -> float:
        samples = self.samples
        while len(samples) > 1 and now - samples[1][0] >= RATE_OVER_S and self.done - samples[1][1] >= 1:
            samples.popleft()
        then, done = samples[0]
        if now - samples[-1][0] >= RATE_OVER_S / 20:
            samples.append((now, self.done))
        return (self.done - done) / (now - then) if now > then else 0.0

"""What a display needs of a training's past, taken from its history when it is asked for: epochs may be very short."""

import math
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

from kerasrun.report.history import NO_FIGURES, History, Table, row_count
from kerasrun.runs.events import Planned
from kerasrun.runs.standing import Standing

# A curve keeps at most so many points.
MAX_POINTS = 128

# The rate is that of so many seconds, or of the last epoch if that took longer.
RATE_OVER_S = 15.0


class Curve:
    """A figure's course, thinned as it grows: each point is the mean of as many values as every other."""

    def __init__(self) -> None:
        self.points: list[float] = []
        self.stride, self.sum, self.count = 1, 0.0, 0

    def extend(self, values: Iterable[float]) -> None:
        """The next values."""
        for value in values:
            self.sum += value
            self.count += 1
            if self.count == self.stride:
                self.points.append(self.sum / self.count)
                self.sum, self.count = 0.0, 0
                if len(self.points) == MAX_POINTS:
                    self._halve()

    def _halve(self) -> None:
        self.points = [(one + other) / 2 for one, other in zip(self.points[::2], self.points[1::2], strict=True)]
        self.stride *= 2


class Tracker:
    """Follows one training.

    Args:
        history: what was recorded before, and what is recorded from now on.
    """

    def __init__(self, plan: Planned, history: History) -> None:
        self.plan, self.history, self.unit = plan, history, plan.counted_in.removesuffix("s")
        self.num_rows, self.done = 0, 0.0
        self.best: tuple[str, float, int] | None = None
        self.curves = {"loss": Curve(), "val_loss": Curve()}
        self._catch_up(self._table())
        self.samples = deque([(time.monotonic(), self.done)])

    def standing(self, event: Any = None, concluding: bool = False) -> Standing:
        """Where the training stands now.

        Args:
            event: the last one; it counts where it is Progress, which no history has.
        """
        plan, table = self.plan, self._table()
        self._catch_up(table)
        logs = {name: column[-1] for name, column in table.items() if name not in NO_FIGURES}
        if event is not None and not hasattr(event, "time_s"):
            self.done = event.step if self.unit == "step" else event.epoch - 1 + event.step / event.num_steps
            logs |= event.logs
        return Standing(
            self.unit,
            float(self.done),
            plan.total,
            plan.steps_per_epoch if self.unit == "epoch" else 1,
            plan.batch_size,
            self._rate(time.monotonic()),
            plan.may_stop,
            logs,
            self.best,
            {name: list(curve.points) for name, curve in self.curves.items() if curve.points},
            concluding,
        )

    def _table(self) -> Table:
        return self.history.evaluations if self.unit == "step" else self.history.epochs

    def _catch_up(self, table: Table) -> None:
        """Take in the rows that are new."""
        first, self.num_rows = self.num_rows, row_count(table)
        if first == self.num_rows:
            return
        self.done = table[self.unit][-1]
        new = {name: table[name][first:] for name in self.curves if name in table}
        for name, values in new.items():
            self.curves[name].extend(values)
        monitor = "val_loss" if "val_loss" in new else "loss"
        value, at = min(zip(new[monitor], table[self.unit][first:], strict=True), key=_by_value)
        if math.isfinite(value) and (self.best is None or value < self.best[1]):
            self.best = (monitor, value, int(at))

    def _rate(self, now: float) -> float:
        samples = self.samples
        while len(samples) > 1 and now - samples[1][0] >= RATE_OVER_S and self.done - samples[1][1] >= 1:
            samples.popleft()
        then, done = samples[0]
        if now - samples[-1][0] >= RATE_OVER_S / 20:
            samples.append((now, self.done))
        return (self.done - done) / (now - then) if now > then else 0.0


def _by_value(pair: tuple[float, float]) -> float:
    return pair[0] if math.isfinite(pair[0]) else math.inf

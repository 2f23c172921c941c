"""The loop over steps, each on rows drawn anew."""

import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasrun.training.events import Evaluation, Progress
from kerasrun.training.loop import Loop
from kerasrun.training.order import step_rows
from kerasrun.training.program import DeviceRows, Figures


@dataclass
class StepLoop(Loop):
    """Trains for a number of steps, or until a callback stops it.

    Both sets are evaluated before, every so often, and at the end. For callbacks, an epoch is what lies between two
    evaluations.
    """

    steps: int = 1
    evaluate_every: int = 1

    def __post_init__(self) -> None:
        # One shape for the batches of every period, so that one program serves them all.
        self.shape = (min(self.evaluate_every, self.steps), min(self.program.batch_size, len(self.train)))

    @functools.cached_property
    def train_steps(self) -> Callable[..., tuple[np.ndarray, Figures]]:
        """The compiled program."""
        return self.program.steps(self.train, self.held())

    def compile(self) -> None:
        """Compile the program, and train nothing."""
        self.train_steps(self._draw(0, 0), 0, 0)

    def held(self) -> list[DeviceRows]:
        """The training rows as a whole, and the validation rows unless a callback acts around them."""
        return [self.train, *super().held()]

    def run(self) -> Iterator[Progress | Evaluation]:
        """Train; yields Progress within long periods, and an Evaluation before the first step and after each."""
        callbacks = self.begin(-(-self.steps // self.evaluate_every), self.evaluate_every)
        begun = time.perf_counter()
        logs, learning_rate = self._evaluate(callbacks)
        yield Evaluation(0, logs, np.array([]), learning_rate, time.perf_counter() - begun)
        for period, first in enumerate(range(0, self.steps, self.evaluate_every)):
            for event in self._period(callbacks, period, first, min(first + self.evaluate_every, self.steps)):
                logs = event.logs
                yield event
            if self.model.stop_training:
                break
        self.end(callbacks, logs)

    def _period(self, callbacks: Any, period: int, first: int, last: int) -> Iterator[Progress | Evaluation]:
        """The steps between two evaluations, in as many calls as their time asks for."""
        begun = time.perf_counter()
        callbacks.on_epoch_begin(period)
        batches = self._draw(first, last - first)
        losses: list[np.ndarray] = []
        rates: list[float] = []
        for start, stop in self.pace.chunks(last - first, single=self.train_batches):
            part, rate = self._part(callbacks, batches, start, stop)
            losses.append(part)
            rates.append(rate)
            if self.train_batches and self.model.stop_training:
                break
            if stop < last - first:
                yield Progress(period + 1, first + stop, self.steps, {"loss": float(part[-1])})
        logs, _ = self._evaluate(callbacks)
        callbacks.on_epoch_end(period, logs)
        done = first + sum(map(len, losses))
        yield Evaluation(done, logs, np.concatenate(losses), rates[0], time.perf_counter() - begun)

    def _part(self, callbacks: Any, batches: Any, start: int, stop: int) -> tuple[np.ndarray, float]:
        if self.train_batches:
            callbacks.on_train_batch_begin(start)
        losses, figures = self.train_steps(batches, start, stop)
        if self.train_batches:
            callbacks.on_train_batch_end(start, {"loss": float(losses[-1])})
        return losses, figures.learning_rate

    def _evaluate(self, callbacks: Any) -> tuple[dict[str, float], float]:
        """Figures of both sets as wholes, and the learning rate of the next step."""
        nothing, rates = self._draw(0, 0), []
        logs: dict[str, float] = {}
        begin = self.shape[0]
        for start, stop in self.test_pace.chunks(sum(map(self.program.num_steps, self.held()))):
            _, figures = self.train_steps(nothing, begin + start, begin + stop)
            logs |= figures.logs
            rates.append(figures.learning_rate)
        return logs | self.validate(callbacks), rates[0]

    def _draw(self, first: int, count: int) -> Any:
        """The rows of some steps, on the device."""
        size = self.program.batch_size
        batches = np.zeros(self.shape, np.int32)
        for index in range(count):
            batches[index] = step_rows(len(self.train), size, self.seed, first + index, self.shuffle)
        return self.program.engine.tensor(batches)

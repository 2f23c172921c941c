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

# Batches are drawn for so many steps ahead at most.
MAX_BATCHES = 4096


@dataclass
class StepLoop(Loop):
    """Trains for a number of steps, or until a callback stops it.

    Both sets are evaluated before, every so often, and at the end. For callbacks, an epoch is what lies between two
    evaluations.
    """

    steps: int = 1
    evaluate_every: int = 1

    def __post_init__(self) -> None:
        # One shape for the batches of every call, so that one program serves them all.
        self.shape = (min(self.evaluate_every, self.steps, MAX_BATCHES), min(self.program.batch_size, len(self.train)))

    @functools.cached_property
    def no_batches(self) -> Any:
        """What stands for batches where there is only to evaluate."""
        return self._draw(0, 0)

    @functools.cached_property
    def train_steps(self) -> Callable[..., tuple[np.ndarray, Figures]]:
        """The compiled program."""
        return self.program.steps(self.train, self.held())

    def compile(self) -> None:
        """Compile the program, and train nothing."""
        self.train_steps(self.no_batches, 0, 0)

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
        losses: list[np.ndarray] = []
        rates: list[float] = []
        for drawn in range(first, last, self.shape[0]):
            count = min(self.shape[0], last - drawn)
            batches = self._draw(drawn, count)
            for start, stop in self.pace.chunks(count, single=self.train_batches):
                part, rate = self._part(callbacks, batches, drawn - first, start, stop)
                losses.append(part)
                rates.append(rate)
                if self.train_batches and self.model.stop_training:
                    break
                if drawn + stop < last:
                    yield Progress(period + 1, drawn + stop, self.steps, {"loss": float(part[-1])})
            if self.train_batches and self.model.stop_training:
                break
        logs, _ = self._evaluate(callbacks)
        callbacks.on_epoch_end(period, logs)
        done = first + sum(map(len, losses))
        yield Evaluation(done, logs, np.concatenate(losses), rates[0], time.perf_counter() - begun)

    def _part(self, callbacks: Any, batches: Any, before: int, start: int, stop: int) -> tuple[np.ndarray, float]:
        if self.train_batches:
            callbacks.on_train_batch_begin(before + start)
        losses, figures = self.train_steps(batches, start, stop)
        if self.train_batches:
            callbacks.on_train_batch_end(before + start, {"loss": float(losses[-1])})
        return losses, figures.learning_rate

    def _evaluate(self, callbacks: Any) -> tuple[dict[str, float], float]:
        """Figures of both sets as wholes, and the learning rate of the next step."""
        rates = []
        logs: dict[str, float] = {}
        begin = self.shape[0]
        for start, stop in self.test_pace.chunks(sum(map(self.program.num_steps, self.held()))):
            _, figures = self.train_steps(self.no_batches, begin + start, begin + stop)
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

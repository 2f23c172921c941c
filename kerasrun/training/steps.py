"""The loop over steps, each on rows drawn anew."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasrun.training.events import Evaluation, Paused, Progress
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

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to train. A stop counts at the end of a period."""
        place = self.place
        stopped = self.model.stop_training and place.epoch > 1
        return place.epoch > 0 and place.step == place.first and (place.step >= self.steps or stopped)

    def compile(self) -> None:
        """Compile the program, and train nothing."""
        self.train_steps(self.no_batches, 0, 0)

    def held(self) -> list[DeviceRows]:
        """The training rows as a whole, and the validation rows unless a callback acts around them."""
        return [self.train, *super().held()]

    def run(self) -> Iterator[Paused | Progress | Evaluation]:
        """Train; an Evaluation before the first step and after each period, Progress within, Paused after each call."""
        callbacks = self.begin(-(-self.steps // self.evaluate_every), self.evaluate_every)
        place = self.place
        while not self.is_done:
            if place.epoch > 0:
                yield from self._period(callbacks)
            yield from self._evaluate(callbacks)
            if place.epoch > 0:
                self.end_epoch(callbacks, place.epoch - 1)
            losses = np.concatenate([np.array([], np.float32), *place.losses])
            place.epoch, place.first, place.losses = place.epoch + 1, place.step, []
            yield Evaluation(place.step, place.logs, losses, place.learning_rate, self.take_time())
            yield from self.pause()
        self.end(callbacks)

    def _period(self, callbacks: Any) -> Iterator[Paused | Progress]:
        """The steps up to the next evaluation, or what is left of them, in as many calls as their time asks for."""
        place = self.place
        last = min((place.first // self.evaluate_every + 1) * self.evaluate_every, self.steps)
        if place.step == place.first:
            self.take_time()
            callbacks.on_epoch_begin(place.epoch - 1)
        for batches, start, stop in self._calls(place.step, last):
            if self.train_batches and self.model.stop_training:
                break
            figures = self._part(callbacks, batches, start, stop)
            if place.step == place.first:
                place.learning_rate = figures.learning_rate
            place.step += stop - start
            if place.step < last:
                yield Progress(place.epoch, place.step, self.steps, {"loss": float(place.losses[-1][-1])})
                yield from self.pause()

    def _calls(self, first: int, last: int) -> Iterator[tuple[Any, int, int]]:
        """Batches on the device, and which of them a call takes: `start` up to `stop`."""
        for drawn in range(first, last, self.shape[0]):
            count = min(self.shape[0], last - drawn)
            batches = self._draw(drawn, count)
            for start, stop in self.pace.chunks(count, single=self.train_batches):
                yield batches, start, stop

    def _part(self, callbacks: Any, batches: Any, start: int, stop: int) -> Figures:
        before = self.place.step - self.place.first
        if self.train_batches:
            callbacks.on_train_batch_begin(before)
        with self.pace.measured(stop - start):
            losses, figures = self.train_steps(batches, start, stop)
        self.place.losses.append(losses)
        if self.train_batches:
            callbacks.on_train_batch_end(before, {"loss": float(losses[-1])})
        return figures

    def _evaluate(self, callbacks: Any) -> Iterator[Paused]:
        """Figures of both sets as wholes; before the first step, the learning rate that it will have."""
        place = self.place
        if place.evaluated == 0:
            place.logs = {}
        begin, num_steps = self.shape[0], sum(map(self.program.num_test_steps, self.held()))
        for start, stop in self.test_pace.chunks(num_steps, start=place.evaluated):
            with self.test_pace.measured(stop - start):
                _, figures = self.train_steps(self.no_batches, begin + start, begin + stop)
            if place.epoch == 0 and start == 0:
                place.learning_rate = figures.learning_rate
            place.logs |= figures.logs
            place.evaluated = stop
            if stop < num_steps:
                yield from self.pause()
        yield from self.validate(callbacks)
        place.evaluated = 0

    def _draw(self, first: int, count: int) -> Any:
        """The rows of some steps, on the device."""
        size = self.program.batch_size
        batches = np.zeros(self.shape, np.int32)
        for index in range(count):
            batches[index] = step_rows(len(self.train), size, self.seed, first + index, self.shuffle)
        return self.program.engine.tensor(batches)

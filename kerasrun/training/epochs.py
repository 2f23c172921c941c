"""The loop over epochs."""

import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kerasrun.training.events import EpochEnd, Paused, Progress
from kerasrun.training.loop import Loop
from kerasrun.training.order import epoch_order
from kerasrun.training.program import Figures

# Orders are drawn for several epochs ahead: at most so many row indices, and so many epochs.
MAX_INDICES, MAX_EPOCHS = 2**17, 256


@dataclass
class EpochLoop(Loop):
    """Trains for a number of epochs, or until a callback stops it.

    Where no callback can act, several short epochs share a call of the program.
    """

    epochs: int = 1
    orders: Any = field(default=None, init=False)
    orders_from: int = field(default=-1, init=False)

    def __post_init__(self) -> None:
        self.num_steps = self.program.num_steps(self.train)
        self.length = self.program.length(self.train, self.held())
        self.num_ahead = max(1, min(MAX_INDICES // len(self.train), MAX_EPOCHS, self.epochs))

    @functools.cached_property
    def train_epochs(self) -> Callable[..., list[Figures]]:
        """The compiled program."""
        return self.program.epochs(self.train, self.held())

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to train. As in `fit`, a stop counts at the end of an epoch."""
        stopped = self.model.stop_training and self.place.epoch > 0
        return self.place.step == 0 and (self.place.epoch >= self.epochs or stopped)

    def compile(self) -> None:
        """Compile the program, and train nothing."""
        self.train_epochs(self._orders(0), 0, 0, 0, 0)

    def run(self) -> Iterator[Paused | Progress | EpochEnd]:
        """Train; yields Progress within long epochs, the EpochEnd of each, and Paused after every call."""
        callbacks = self.begin(self.epochs, self.num_steps)
        while not self.is_done:
            count = min(self.pace.next_steps() // self.length, self._shareable())
            yield from self._several(count) if count > 1 else self._one(callbacks)
            yield from self.pause()
        self.end(callbacks)

    def _several(self, count: int) -> Iterator[EpochEnd]:
        """Whole epochs in one call."""
        place = self.place
        begun = time.perf_counter()
        table = self.train_epochs(self._orders(place.epoch), place.epoch % self.num_ahead, count, 0, self.length)
        time_s = time.perf_counter() - begun
        self.pace.done(count * self.length, time_s)
        for figures in table:
            place.epoch, place.logs = place.epoch + 1, figures.logs
            yield EpochEnd(place.epoch, figures.logs, figures.learning_rate, time_s / count, figures.bad_step)
        self.take_time()

    def _one(self, callbacks: Any) -> Iterator[Paused | Progress | EpochEnd]:
        """One epoch, or what is left of it, in as many calls as its length asks for."""
        place = self.place
        if place.step == 0:
            self.take_time()
            place.logs, place.bad_step = {}, 0
            callbacks.on_epoch_begin(place.epoch)
        yield from self._steps(callbacks)
        yield from self.validate(callbacks)
        self.end_epoch(callbacks, place.epoch)
        place.epoch, place.step = place.epoch + 1, 0
        yield EpochEnd(place.epoch, place.logs, place.learning_rate, self.take_time(), place.bad_step)

    def _steps(self, callbacks: Any) -> Iterator[Paused | Progress]:
        """The steps of an epoch, until a callback that acts on batches stops them."""
        place = self.place
        for start, stop in self.pace.chunks(self.length, single=self.train_batches, start=place.step):
            if self.train_batches and self.model.stop_training:
                break
            figures = self._part(callbacks, place.epoch, start, stop)
            if start == 0:
                place.learning_rate = figures.learning_rate
            place.bad_step = place.bad_step or figures.bad_step
            place.logs |= figures.logs
            place.step = stop
            if stop < self.length:
                done = min(stop, self.num_steps)
                yield Progress(place.epoch + 1, done, self.num_steps, dict(place.logs), place.bad_step)
                yield from self.pause()

    def _part(self, callbacks: Any, epoch: int, start: int, stop: int) -> Figures:
        if self.train_batches:
            callbacks.on_train_batch_begin(start)
        with self.pace.measured(stop - start):
            figures = self._steps_of(epoch, start, stop)
        if self.train_batches:
            callbacks.on_train_batch_end(start, figures.logs)
        return figures

    def _steps_of(self, epoch: int, start: int, stop: int) -> Figures:
        """The steps `start` up to `stop` of an epoch, its validation's behind them too."""
        [figures] = self.train_epochs(self._orders(epoch), epoch % self.num_ahead, 1, start, stop)
        return figures

    def _shareable(self) -> int:
        """How many epochs may share the next call: those whose orders are drawn, if no callback can act."""
        if self.callbacks or self.place.step:
            return 1
        return min(self.num_ahead - self.place.epoch % self.num_ahead, self.epochs - self.place.epoch)

    def _orders(self, epoch: int) -> Any:
        """Orders on the device; that of the epoch is at `epoch % num_ahead`."""
        first = epoch - epoch % self.num_ahead
        if first != self.orders_from:
            orders = [epoch_order(len(self.train), self.seed, first + i, self.shuffle) for i in range(self.num_ahead)]
            self.orders, self.orders_from = self.program.engine.tensor(np.stack(orders)), first
        return self.orders

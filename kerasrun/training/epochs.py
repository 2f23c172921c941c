"""The loop over epochs."""

import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kerasrun.training.events import EpochEnd, Progress
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

    def compile(self) -> None:
        """Compile the program, and train nothing."""
        self.train_epochs(self._orders(0), 0, 0, 0, 0)

    def run(self) -> Iterator[Progress | EpochEnd]:
        """Train; yields Progress within long epochs, and the EpochEnd of each."""
        callbacks = self.begin(self.epochs, self.num_steps)
        epoch, logs = 0, None
        while epoch < self.epochs:
            count = min(self.pace.next_steps() // self.length, self._shareable(epoch))
            for event in self._several(epoch, count) if count > 1 else self._one(callbacks, epoch):
                logs = event.logs
                yield event
            epoch += max(count, 1)
            if self.model.stop_training:
                break
        self.end(callbacks, logs)

    def _several(self, epoch: int, count: int) -> Iterator[EpochEnd]:
        """Whole epochs in one call."""
        begun = time.perf_counter()
        table = self.train_epochs(self._orders(epoch), epoch % self.num_ahead, count, 0, self.length)
        time_s = time.perf_counter() - begun
        self.pace.done(count * self.length, time_s)
        for number, figures in enumerate(table, epoch + 1):
            yield EpochEnd(number, figures.logs, figures.learning_rate, time_s / count)

    def _one(self, callbacks: Any, epoch: int) -> Iterator[Progress | EpochEnd]:
        """One epoch, in as many calls as its length asks for."""
        begun = time.perf_counter()
        callbacks.on_epoch_begin(epoch)
        logs: dict[str, float] = {}
        rates = []
        for start, stop in self.pace.chunks(self.length, single=self.train_batches):
            figures = self._part(callbacks, epoch, start, stop)
            logs |= figures.logs
            rates.append(figures.learning_rate)
            if self.train_batches and self.model.stop_training:
                break
            if stop < self.length:
                yield Progress(epoch + 1, min(stop, self.num_steps), self.num_steps, dict(logs))
        logs |= self.validate(callbacks)
        callbacks.on_epoch_end(epoch, logs)
        yield EpochEnd(epoch + 1, logs, rates[0], time.perf_counter() - begun)

    def _part(self, callbacks: Any, epoch: int, start: int, stop: int) -> Figures:
        if self.train_batches:
            callbacks.on_train_batch_begin(start)
        [figures] = self.train_epochs(self._orders(epoch), epoch % self.num_ahead, 1, start, stop)
        if self.train_batches:
            callbacks.on_train_batch_end(start, figures.logs)
        return figures

    def _shareable(self, epoch: int) -> int:
        """How many epochs from this one on may share a call: those whose orders are drawn, if no callback can act."""
        return 1 if self.callbacks else min(self.num_ahead - epoch % self.num_ahead, self.epochs - epoch)

    def _orders(self, epoch: int) -> Any:
        """Orders on the device; that of the epoch is at `epoch % num_ahead`."""
        first = epoch - epoch % self.num_ahead
        if first != self.orders_from:
            orders = [epoch_order(len(self.train), self.seed, first + i, self.shuffle) for i in range(self.num_ahead)]
            self.orders, self.orders_from = self.program.engine.tensor(np.stack(orders)), first
        return self.orders

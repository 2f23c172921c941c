"""The loop over epochs."""

import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasrun.training.events import EpochEnd, Progress
from kerasrun.training.loop import Loop
from kerasrun.training.order import epoch_order
from kerasrun.training.program import Figures

# The orders of the epochs that share a call hold at most so many row indices.
MAX_ORDERS = 2**17


@dataclass
class EpochLoop(Loop):
    """Trains for a number of epochs, or until a callback stops it.

    Where no callback can act, several short epochs share a call of the program.
    """

    epochs: int = 1

    def __post_init__(self) -> None:
        self.num_steps = self.program.num_steps(self.train)
        # One shape for the orders of every call, so that one program serves them all.
        shareable = 1 if self.callbacks else max(1, MAX_ORDERS // len(self.train))
        self.shareable = min(shareable, max(self.epochs, 1))

    @functools.cached_property
    def train_epochs(self) -> Callable[..., list[Figures]]:
        """The compiled program."""
        return self.program.epochs(self.train, self.held())

    def compile(self) -> None:
        """Compile the program, and train nothing."""
        self.train_epochs(self._draw(0, 0), 0, 0, 0)

    def run(self) -> Iterator[Progress | EpochEnd]:
        """Train; yields Progress within long epochs, and the EpochEnd of each."""
        callbacks = self.begin(self.epochs, self.num_steps)
        epoch, logs = 0, None
        while epoch < self.epochs and not self.model.stop_training:
            count = min(self.next_steps() // self.num_steps, self.shareable, self.epochs - epoch)
            for event in self._several(epoch, count) if count > 1 else self._one(callbacks, epoch):
                logs = event.logs
                yield event
            epoch += max(count, 1)
        self.end(callbacks, logs)

    def _several(self, epoch: int, count: int) -> Iterator[EpochEnd]:
        """Whole epochs in one call."""
        begun = time.perf_counter()
        orders = self._draw(epoch, count)
        table = self.train_epochs(orders, count, 0, self.num_steps)
        time_s = time.perf_counter() - begun
        self.rate = count * self.num_steps / time_s
        for number, figures in enumerate(table, epoch + 1):
            yield EpochEnd(number, figures.logs, figures.learning_rate, time_s / count)

    def _one(self, callbacks: Any, epoch: int) -> Iterator[Progress | EpochEnd]:
        """One epoch, in as many calls as its length asks for."""
        begun = time.perf_counter()
        callbacks.on_epoch_begin(epoch)
        orders, parts = self._draw(epoch, 1), []
        for start, stop in self.chunks(self.num_steps):
            parts.append(self._part(callbacks, orders, start, stop))
            if self.train_batches and self.model.stop_training:
                break
            if stop < self.num_steps:
                yield Progress(epoch + 1, stop, self.num_steps, parts[-1].logs)
        logs = parts[-1].logs | self.validate(callbacks)
        callbacks.on_epoch_end(epoch, logs)
        yield EpochEnd(epoch + 1, logs, parts[0].learning_rate, time.perf_counter() - begun)

    def _part(self, callbacks: Any, orders: Any, start: int, stop: int) -> Figures:
        if self.train_batches:
            callbacks.on_train_batch_begin(start)
        [figures] = self.train_epochs(orders, 1, start, stop)
        if self.train_batches:
            callbacks.on_train_batch_end(start, figures.logs)
        return figures

    def _draw(self, epoch: int, count: int) -> Any:
        """The orders of some epochs, on the device."""
        orders = np.zeros((self.shareable, len(self.train)), np.int32)
        for index in range(count):
            orders[index] = epoch_order(len(self.train), self.seed, epoch + index, self.shuffle)
        return self.program.engine.tensor(orders)

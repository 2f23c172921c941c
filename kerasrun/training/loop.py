"""The loop: a generator that trains, and yields what happened. Disk, console and records are the caller's."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from kerasrun.training.order import epoch_order, step_rows
from kerasrun.training.program import Program

# A call of the program takes about this long, so that a bar moves and a signal is answered.
CALL_TIME_S = 0.25


@dataclass(frozen=True)
class Progress:
    """Some steps are done. `epoch` counts from 1; `step` and `num_steps` count within the epoch."""

    epoch: int
    step: int
    num_steps: int
    logs: dict[str, float]


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is done, and its callbacks have run. `learning_rate` is the one it was trained with."""

    epoch: int
    logs: dict[str, float]
    learning_rate: float
    time_s: float


@dataclass(frozen=True)
class Evaluation:
    """Loss and metrics over whole sets, in a training counted in steps.

    `losses` holds the loss of every step since the last evaluation, each before its update, shape (steps,).
    """

    step: int
    logs: dict[str, float]
    losses: np.ndarray
    learning_rate: float
    time_s: float


Event = Progress | EpochEnd | Evaluation


@dataclass
class Training:
    """All that a training needs.

    Args:
        program: the compiled program.
        callbacks: Keras callbacks, in order.
        train, validation: rows on the device (see Program.to_device), validation may be None.
        num_train, num_validation: how many rows they hold.
        seed: what the order of rows comes from, together with the epoch or step.
        train_batches, test_batches: whether a callback acts on each batch of training, of validation.
    """

    program: Program
    callbacks: list[Any]
    train: Any
    num_train: int
    validation: Any = None
    num_validation: int = 0
    seed: int = 0
    shuffle: bool = True
    train_batches: bool = False
    test_batches: bool = False
    rate: float = field(default=0.0, init=False)

    def run_epochs(self, epochs: int) -> Iterator[Event]:
        """Train for a number of epochs, or until a callback stops it."""
        model = self.program.model
        num_steps = -(-self.num_train // self.program.batch_size)
        callbacks = self._begin(epochs, num_steps)
        logs: dict[str, float] = {}
        for epoch in range(epochs):
            begun = time.perf_counter()
            learning_rate = current_learning_rate(model)
            callbacks.on_epoch_begin(epoch)
            order = epoch_order(self.num_train, self.seed, epoch, self.shuffle)
            for start, stop in self._chunks(num_steps):
                logs = self._train_chunk(callbacks, order, start, stop)
                if self.train_batches and model.stop_training:
                    break
                if stop < num_steps:
                    yield Progress(epoch + 1, stop, num_steps, logs)
            logs = dict(logs)
            if self.validation is not None:
                logs |= self._validate(callbacks)
            callbacks.on_epoch_end(epoch, logs)
            yield EpochEnd(epoch + 1, logs, learning_rate, time.perf_counter() - begun)
            if model.stop_training:
                break
        self._end(callbacks, logs if epochs else None)

    def run_steps(self, steps: int, evaluate_every: int) -> Iterator[Event]:
        """Train for a number of steps, or until a callback stops it; evaluate before, every so often, and at the end.

        For callbacks, an epoch is what lies between two evaluations.
        """
        model = self.program.model
        callbacks = self._begin(-(-steps // evaluate_every), evaluate_every)
        begun = time.perf_counter()
        logs = self._evaluate_both(callbacks)
        yield Evaluation(0, logs, np.array([]), current_learning_rate(model), time.perf_counter() - begun)
        for period, first in enumerate(range(0, steps, evaluate_every)):
            begun = time.perf_counter()
            learning_rate = current_learning_rate(model)
            last = min(first + evaluate_every, steps)
            callbacks.on_epoch_begin(period)
            losses: list[np.ndarray] = []
            for start, stop in self._chunks(last - first):
                losses.append(self._train_single(callbacks, first, start, stop))
                if self.train_batches and model.stop_training:
                    break
                if stop < last - first:
                    yield Progress(period + 1, first + stop, steps, {"loss": float(losses[-1][-1])})
            logs = self._evaluate_both(callbacks)
            callbacks.on_epoch_end(period, logs)
            done = first + sum(map(len, losses))
            yield Evaluation(done, logs, np.concatenate(losses), learning_rate, time.perf_counter() - begun)
            if model.stop_training:
                break
        self._end(callbacks, logs)

    def _begin(self, epochs: int, num_steps: int) -> Any:
        self.program.model.stop_training = False
        callbacks = keras.callbacks.CallbackList(
            self.callbacks, model=self.program.model, verbose=0, epochs=epochs, steps=num_steps
        )
        callbacks.on_train_begin()
        return callbacks

    def _end(self, callbacks: Any, logs: dict[str, float] | None) -> None:
        model = self.program.model
        if logs is not None:
            model.optimizer.finalize_variable_values(model.trainable_weights)
        callbacks.on_train_end(logs)

    def _chunks(self, num_steps: int) -> Iterator[tuple[int, int]]:
        """Parts of an epoch, each of about CALL_TIME_S by the speed so far; single steps where callbacks want them."""
        start = 0
        while start < num_steps:
            count = 1 if self.train_batches else max(1, int(self.rate * CALL_TIME_S)) if self.rate else 32
            stop = min(start + count, num_steps)
            begun = time.perf_counter()
            yield start, stop
            self.rate = (stop - start) / max(time.perf_counter() - begun, 1e-9)
            start = stop

    def _train_chunk(self, callbacks: Any, order: np.ndarray, start: int, stop: int) -> dict[str, float]:
        size = self.program.batch_size
        if self.train_batches:
            callbacks.on_train_batch_begin(start)
        logs = self.program.train(self.train, order, start * size, min(stop * size, self.num_train), fresh=start == 0)
        if self.train_batches:
            callbacks.on_train_batch_end(start, logs)
        return logs

    def _train_single(self, callbacks: Any, first: int, start: int, stop: int) -> np.ndarray:
        size = self.program.batch_size
        batches = [step_rows(self.num_train, size, self.seed, first + i, self.shuffle) for i in range(start, stop)]
        if self.train_batches:
            callbacks.on_train_batch_begin(start)
        losses = self.program.train_single(self.train, np.stack(batches))
        if self.train_batches:
            callbacks.on_train_batch_end(start, {"loss": float(losses[-1])})
        return losses

    def _validate(self, callbacks: Any) -> dict[str, float]:
        callbacks.on_test_begin()
        logs: dict[str, float] = {}
        size = self.program.batch_size
        if self.test_batches:
            for batch, start in enumerate(range(0, self.num_validation, size)):
                stop = min(start + size, self.num_validation)
                callbacks.on_test_batch_begin(batch)
                logs = self.program.evaluate(self.validation, self.num_validation, start, stop, fresh=start == 0)
                callbacks.on_test_batch_end(batch, logs)
        else:
            logs = self.program.evaluate(self.validation, self.num_validation)
        callbacks.on_test_end(logs)
        return {f"val_{name}": value for name, value in logs.items()}

    def _evaluate_both(self, callbacks: Any) -> dict[str, float]:
        logs = self.program.evaluate(self.train, self.num_train)
        return logs | self._validate(callbacks) if self.validation is not None else logs


def current_learning_rate(model: keras.Model) -> float:
    """The learning rate of the next step; of a schedule, its value now."""
    optimizer = model.optimizer
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    return float(np.asarray(optimizer.learning_rate))

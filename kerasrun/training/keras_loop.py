"""Keras's own loop, `model.fit`, as a choice and as the reference: same weights, same batches, same events."""

import contextlib
import functools
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras.src.backend.common.global_state import GLOBAL_STATE_TRACKER  # not public

from kerasrun.data.rows import Rows, map_arrays
from kerasrun.training.engine import learning_rate_of
from kerasrun.training.events import EpochEnd, Paused, Progress
from kerasrun.training.order import epoch_order
from kerasrun.training.program import named_values
from kerasrun.training.state import Place, ResumableLoop, State

# Between two Progress events lies at least this time.
PROGRESS_EVERY_S = 0.25


class _Stopped(BaseException):
    """The consumer of the events has gone: `fit` is to end."""


@dataclass
class KerasLoop(ResumableLoop):
    """Trains with one `model.fit`, and yields what the other loops yield.

    Args:
        model: compiled.
        callbacks: Keras callbacks, in order.
        train, validation: rows prepared as the model reads them; validation may be None.
        seed: what the order of rows comes from, together with the epoch.
        resumed: the state to go on from; None to begin.
    """

    model: keras.Model
    callbacks: list[Any]
    train: Rows
    validation: Rows | None
    batch_size: int
    epochs: int
    seed: int = 0
    shuffle: bool = True
    resumed: State | None = None
    random_states: list[Any] = field(default_factory=list, init=False)
    place: Place = field(default_factory=Place, init=False)
    events: "queue.Queue[Any]" = field(default_factory=lambda: queue.Queue(maxsize=1), init=False)
    stopped: threading.Event = field(default_factory=threading.Event, init=False)
    goes_on: threading.Event = field(default_factory=threading.Event, init=False)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to train."""
        return self.place.epoch >= self.epochs or bool(self.model.stop_training)

    def compile(self) -> None:
        """Nothing: `fit` compiles its own functions."""

    def run(self) -> Iterator[Paused | Progress | EpochEnd]:
        """Train; `fit` runs in a thread of its own, waits where its events are not taken, and pauses after an epoch."""
        thread = threading.Thread(target=self._fit, args=(dict(vars(GLOBAL_STATE_TRACKER)),), name="fit", daemon=True)
        try:
            thread.start()
            while (event := self.events.get()) is not None:
                if isinstance(event, BaseException):
                    raise event
                yield event
                if isinstance(event, Paused):
                    self.goes_on.set()
        finally:
            self.stopped.set()
            self.goes_on.set()
            while thread.is_alive():  # it may wait for room in the queue
                with contextlib.suppress(queue.Empty):
                    self.events.get(timeout=0.05)

    def emit(self, event: Any) -> None:
        """Hand on an event, from the thread of `fit`."""
        if self.stopped.is_set():
            raise _Stopped
        self.events.put(event)

    def pause(self) -> None:
        """Wait until the consumer has read the state, in the thread of `fit`."""
        self.goes_on.clear()
        self.emit(Paused())
        self.goes_on.wait()
        if self.stopped.is_set():
            raise _Stopped

    def _fit(self, state: dict[str, Any]) -> None:
        vars(GLOBAL_STATE_TRACKER).update(state)  # Keras keeps policy and seed a thread
        try:
            self._call_fit()
        except _Stopped:
            pass
        except BaseException as error:
            self.events.put(error)
        finally:
            if not self.stopped.is_set():
                self.events.put(None)

    def _call_fit(self) -> None:
        held = self.validation
        num_steps = -(-len(self.train) // self.batch_size)
        place = self.resumed.place if self.resumed else self.place
        self.model.fit(
            self._batches(place.epoch),
            epochs=place.epoch if place.stopped else self.epochs,
            initial_epoch=place.epoch,
            steps_per_epoch=num_steps,
            validation_data=None if held is None else (held.x, held.y, held.sample_weight),
            validation_batch_size=self.batch_size,
            callbacks=[*self.callbacks, _Teller(self, num_steps)],
            shuffle=False,
            verbose=0,
        )

    def _batches(self, first: int) -> Iterator[tuple[Any, ...]]:
        """The batches of all epochs from one on, and of one more, since `fit` reads ahead."""
        x, y, weights = self.train.x, self.train.y, self.train.sample_weight
        for epoch in range(first, self.epochs + 1):
            order = epoch_order(len(self.train), self.seed, epoch, self.shuffle)
            for start in range(0, len(order), self.batch_size):
                chosen = order[start : start + self.batch_size]
                take = functools.partial(np.take, indices=chosen, axis=0)
                batch = (map_arrays(take, x), None if y is None else map_arrays(take, y))
                yield batch if weights is None else (*batch, take(weights))


class _Teller(keras.callbacks.Callback):
    """Tells the loop what `fit` does. It comes last, so that it tells what the other callbacks made of an epoch."""

    def __init__(self, loop: KerasLoop, num_steps: int) -> None:
        super().__init__()
        self.loop, self.num_steps = loop, num_steps
        self.epoch, self.begun, self.told, self.learning_rate = 0, 0.0, 0.0, 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        self.loop.take_up()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.learning_rate = float(keras.ops.convert_to_numpy(learning_rate_of(self.model.optimizer)))
        self.epoch, self.begun, self.told = epoch, time.perf_counter(), time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if time.perf_counter() - self.told > PROGRESS_EVERY_S and batch + 1 < self.num_steps:
            self.told = time.perf_counter()
            self.loop.emit(Progress(self.epoch + 1, batch + 1, self.num_steps, _floats(logs)))

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        if self.loop.stopped.is_set():
            raise _Stopped

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        time_s = time.perf_counter() - self.begun
        self.loop.place.epoch = epoch + 1
        self.loop.emit(EpochEnd(epoch + 1, _floats(logs), self.learning_rate, time_s))
        self.loop.pause()


def _floats(logs: Any) -> dict[str, float]:
    """Logs as the other loops have them; a callback may have added the learning rate, which events carry apart."""
    figures: dict[str, float] = {}
    for name, value in (logs or {}).items():
        figures |= {} if name == "learning_rate" else named_values(name, value)
    return figures

"""What the loop over epochs and the loop over steps share.

A loop is a generator that trains and yields what happened. Disk, console and records are the caller's. Where it
yields Paused, its state can be read, and a loop that is given this state goes on from there to the same bits.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import keras

from kerasrun.training.events import Paused
from kerasrun.training.pace import Pace
from kerasrun.training.program import DeviceRows, Program
from kerasrun.training.state import Place, ResumableLoop, State


@dataclass
class Loop(ResumableLoop):
    """All that a training needs.

    Args:
        program: the compiled program, built.
        callbacks: Keras callbacks, in order.
        train, validation: rows on the device; validation may be None.
        seed: what the order of rows comes from, together with the epoch or step.
        train_batches, test_batches: whether a callback acts on each batch of training, of validation.
        around_tests: whether a callback acts before or after a validation as a whole.
        resumed: the state to go on from; None to begin.
        random_states: variables beside the model's that training changes: those of augmentation.
    """

    program: Program
    callbacks: list[Any]
    train: DeviceRows
    validation: DeviceRows | None = None
    seed: int = 0
    shuffle: bool = True
    train_batches: bool = False
    test_batches: bool = False
    around_tests: bool = False
    resumed: State | None = None
    random_states: list[Any] = field(default_factory=list)
    place: Place = field(default_factory=Place, init=False)
    pace: Pace = field(default_factory=Pace, init=False)
    test_pace: Pace = field(default_factory=Pace, init=False)

    @property
    def model(self) -> Any:
        """The Keras model that is trained."""
        return self.program.model

    @property
    def validates_apart(self) -> bool:
        """Whether validation is a call of its own, since a callback wants to act between training and validation."""
        return self.train_batches or self.test_batches or self.around_tests

    def held(self) -> list[DeviceRows]:
        """The sets that the program evaluates in the same call that it trains in."""
        return [] if self.validation is None or self.validates_apart else [self.validation]

    def begin(self, epochs: int, num_steps: int) -> Any:
        """Tell the callbacks that training begins; all of them as one."""
        self.model.stop_training = False
        callbacks = keras.callbacks.CallbackList(
            self.callbacks, add_history=True, model=self.model, verbose=0, epochs=epochs, steps=num_steps
        )
        callbacks.on_train_begin()
        self.take_up()
        self.resumed_at = time.perf_counter()
        return callbacks

    def pause(self) -> Iterator[Paused]:
        """Let the consumer read the state; the time that this takes is not the epoch's."""
        self.place.time_s += time.perf_counter() - self.resumed_at
        yield Paused()
        self.resumed_at = time.perf_counter()

    def take_time(self) -> float:
        """Seconds since the epoch began; the next one begins now."""
        now = time.perf_counter()
        time_s = self.place.time_s + now - self.resumed_at
        self.place.time_s, self.resumed_at = 0.0, now
        return time_s

    def end_epoch(self, callbacks: Any, epoch: int) -> None:
        """Tell the callbacks that an epoch has ended, and its figures.

        Keras's list would first ask of each figure whether it is a tensor, which takes longer than some epochs do.
        """
        logs = dict(sorted(self.place.logs.items()))
        for callback in callbacks.callbacks:
            callback.on_epoch_end(epoch, logs)

    def end(self, callbacks: Any) -> None:
        """Tell the callbacks that training ends, with the logs of its last epoch; None if there was none."""
        logs = self.place.logs or None
        if logs is not None:
            self.model.optimizer.finalize_variable_values(self.model.trainable_weights)
        callbacks.on_train_end(logs)

    def validate(self, callbacks: Any) -> Iterator[Paused]:
        """Validate in calls of their own, with what callbacks do around them, where the program does not do it."""
        if self.validation is None or not self.validates_apart:
            return
        yield from self.pause()  # what callbacks open around a validation cannot be opened again in its middle
        self.model.stop_evaluating = False
        callbacks.on_test_begin()
        logs: dict[str, float] = {}
        for start, stop in self.test_pace.chunks(
            self.program.num_test_steps(self.validation), single=self.test_batches
        ):
            if self.test_batches:
                callbacks.on_test_batch_begin(start)
            with self.test_pace.measured(stop - start):
                logs = self.program.evaluate_part(self.validation, start, stop)
            if self.test_batches:
                callbacks.on_test_batch_end(start, logs)
                if self.model.stop_evaluating:
                    break
            yield Paused(has_state=False)
        callbacks.on_test_end(logs)
        self.place.logs |= {f"val_{name}": value for name, value in logs.items()}

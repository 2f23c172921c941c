"""What the loop over epochs and the loop over steps share.

A loop is a generator that trains and yields what happened. Disk, console and records are the caller's.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import keras

from kerasrun.training.program import DeviceRows, Program

# A call of the program takes about this long, so that a bar moves and a signal is answered.
CALL_TIME_S = 0.25
# Steps of the first call, when the speed is not known.
FIRST_STEPS = 32


@dataclass
class Loop:
    """All that a training needs.

    Args:
        program: the compiled program, built.
        callbacks: Keras callbacks, in order.
        train, validation: rows on the device; validation may be None.
        seed: what the order of rows comes from, together with the epoch or step.
        train_batches, test_batches: whether a callback acts on each batch of training, of validation.
        around_tests: whether a callback acts before or after a validation as a whole.
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
    rate: float = field(default=0.0, init=False)

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
            self.callbacks, model=self.model, verbose=0, epochs=epochs, steps=num_steps
        )
        callbacks.on_train_begin()
        return callbacks

    def end(self, callbacks: Any, logs: dict[str, float] | None) -> None:
        """Tell the callbacks that training ends, with the logs of its last epoch; None if there was none."""
        if logs is not None:
            self.model.optimizer.finalize_variable_values(self.model.trainable_weights)
        callbacks.on_train_end(logs)

    def next_steps(self) -> int:
        """How many steps the next call may take: by the speed so far; one where callbacks act on batches."""
        if self.train_batches:
            return 1
        return max(1, int(self.rate * CALL_TIME_S)) if self.rate else FIRST_STEPS

    def chunks(self, num_steps: int) -> Iterator[tuple[int, int]]:
        """Parts of so many steps, and how fast each was."""
        start = 0
        while start < num_steps:
            stop = min(start + self.next_steps(), num_steps)
            begun = time.perf_counter()
            yield start, stop
            self.rate = (stop - start) / max(time.perf_counter() - begun, 1e-9)
            start = stop

    def validate(self, callbacks: Any) -> dict[str, float]:
        """Validate in a call of its own, with what callbacks do around it; nothing where the program has done it."""
        if self.validation is None or not self.validates_apart:
            return {}
        callbacks.on_test_begin()
        logs: dict[str, float] = {}
        num_steps = self.program.num_steps(self.validation)
        for start in range(num_steps) if self.test_batches else [0]:
            stop = start + 1 if self.test_batches else num_steps
            if self.test_batches:
                callbacks.on_test_batch_begin(start)
            logs = self.program.evaluate(self.validation, start, stop)
            if self.test_batches:
                callbacks.on_test_batch_end(start, logs)
        callbacks.on_test_end(logs)
        return {f"val_{name}": value for name, value in logs.items()}

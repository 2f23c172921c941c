"""What the loop over epochs and the loop over steps share.

A loop is a generator that trains and yields what happened. Disk, console and records are the caller's.
"""

from dataclasses import dataclass, field
from typing import Any

import keras

from kerasrun.training.pace import Pace
from kerasrun.training.program import DeviceRows, Program


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
        return callbacks

    def end(self, callbacks: Any, logs: dict[str, float] | None) -> None:
        """Tell the callbacks that training ends, with the logs of its last epoch; None if there was none."""
        if logs is not None:
            self.model.optimizer.finalize_variable_values(self.model.trainable_weights)
        callbacks.on_train_end(logs)

    def validate(self, callbacks: Any) -> dict[str, float]:
        """Validate in a call of its own, with what callbacks do around it; nothing where the program has done it."""
        if self.validation is None or not self.validates_apart:
            return {}
        self.model.stop_evaluating = False
        callbacks.on_test_begin()
        logs: dict[str, float] = {}
        for start, stop in self.test_pace.chunks(self.program.num_steps(self.validation), single=self.test_batches):
            if self.test_batches:
                callbacks.on_test_batch_begin(start)
            logs = self.program.evaluate_part(self.validation, start, stop)
            if self.test_batches:
                callbacks.on_test_batch_end(start, logs)
                if self.model.stop_evaluating:
                    break
        callbacks.on_test_end(logs)
        return {f"val_{name}": value for name, value in logs.items()}

"""What a training loop yields."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Progress:
    """Some steps are done. `epoch` counts from 1.

    `step` and `num_steps` count within the epoch, or over the whole of a training that is counted in steps.
    `bad_step` is the first of the epoch's steps, from 1, whose loss is not finite; 0 where there is none.
    """

    epoch: int
    step: int
    num_steps: int
    logs: dict[str, float]
    bad_step: int = 0


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is done, and its callbacks have run. `learning_rate` is the one its first step had."""

    epoch: int
    logs: dict[str, float]
    learning_rate: float
    time_s: float
    bad_step: int = 0


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


@dataclass(frozen=True)
class Paused:
    """Between two calls of the program, or two epochs of Keras's own loop.

    The loop's state can be read here, unless callbacks stand in the middle of a validation.
    """

    has_state: bool = True


Event = Paused | Progress | EpochEnd | Evaluation

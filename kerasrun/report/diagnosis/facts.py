"""What is known of a run beside its curves, and bears on how they are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Stopping:
    """The EarlyStopping of a run.

    Args:
        monitor: the column that it watched.
        mode: whether low or high is good there.
        restores_best: whether the model got the weights of the best epoch back.
    """

    monitor: str = "val_loss"
    mode: Literal["min", "max"] = "min"
    restores_best: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of a run. What is not known is left out, and then nothing is claimed that needs it.

    Args:
        num_train, num_validation, num_test: how many rows each part has.
        validation_part: what the rows validated on are called in `figures`: `validation` or `test`.
        stopped: why training ended before its time, or "".
        stopping: the run's EarlyStopping, if it has one.
        unlike_in_training: layers that act otherwise in training than in validation, as Dropout does.
        has_penalty: whether the loss has a penalty of the weights in it.
        is_weighted: whether the classes weigh unequally in the training loss, and in no other.
        figures: loss and metrics by part, measured alike on the whole part after training; nan where unknown.
        references: by part, the loss of the best constant answer: what a model has that looks at no input.
    """

    num_train: int | None = None
    num_validation: int | None = None
    num_test: int | None = None
    validation_part: str = "validation"
    stopped: str = ""
    stopping: Stopping | None = None
    unlike_in_training: tuple[str, ...] = ()
    has_penalty: bool = False
    is_weighted: bool = False
    figures: Figures = field(default_factory=dict)
    references: Mapping[str, float] = field(default_factory=dict)

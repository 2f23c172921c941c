"""Build what a config describes and try it: layers and shapes, memory, a few steps, and how long an epoch will take."""

import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.config import Config
from kerasrun.config.checks.callbacks import watched
from kerasrun.data.loading import check_source
from kerasrun.runs.class_counts import ClassCounts
from kerasrun.runs.planning import plan_training
from kerasrun.runs.prepared import Prepared, prepare_training
from kerasrun.runs.soundness import check_figures
from kerasrun.runs.store.folder import RunFolder

# A trial trains for so long at least, and to the end of an epoch that takes no longer than that.
TRIAL_S, EPOCH_S = 2.0, 15.0


@dataclass(frozen=True)
class CheckedLayer:
    """One layer of a model: what it puts out, None where a size is free, and how many numbers it holds."""

    name: str
    kind: str
    output: str
    num_parameters: int


@dataclass(frozen=True)
class Checked:
    """What a config comes to.

    Args:
        data: each part's name, number of rows, and shapes.
        classes: how many rows each class has, for each target that is classes.
        memory: bytes by what takes them; activations are those of one batch.
        callbacks: each one's name, and what it watches or writes.
        epoch_time_s: about how long an epoch takes, its validation included; in a training counted in steps what lies
            between two evaluations.
        total_time_s: about how long the whole training takes.
    """

    config: Config
    data: list[tuple[str, str, str]]
    classes: list[ClassCounts]
    layers: list[CheckedLayer]
    num_parameters: int
    training: str
    memory: dict[str, int]
    callbacks: list[tuple[str, str]]
    epoch_time_s: float
    total_time_s: float
    notes: list[str]


def check_files(config: Config) -> None:
    """Whether the files that a config names for its data are there.

    Raises:
        ConfigError: one is not.
    """
    check_source(config)


def check_training(config: Config, verbose: bool = False) -> Checked:
    """Prepare a training in a folder that is thrown away, train for a moment, and tell what came of it.

    Raises:
        InputError: something is at fault.
        UnsoundError: the first steps give no finite loss.
    """
    with contextlib.ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="kerasrun-check-")))
        prepared = prepare_training(config, folder, verbose, cleanup)
        plan = plan_training(prepared, RunFolder(folder))
        layers = [_layer(layer) for layer in prepared.model.layers]
        memory = _memory(prepared)
        epoch_time_s = _try(prepared)
        prepared.close_files()
        return Checked(
            config,
            plan.data,
            plan.classes,
            layers,
            plan.num_parameters,
            plan.training,
            memory,
            [(spec.name, _task(spec)) for spec in config.callbacks],
            epoch_time_s,
            epoch_time_s * _num_epochs(prepared),
            plan.notes,
        )


def _layer(layer: Any) -> CheckedLayer:
    import keras

    try:
        shapes = [tuple(tensor.shape) for tensor in keras.tree.flatten(layer.output)]
        shown = ", ".join(f"({', '.join(['rows', *('any' if n is None else str(n) for n in s[1:])])})" for s in shapes)
    except (AttributeError, ValueError):
        shown = "?"  # a layer that is applied several times has several outputs
    return CheckedLayer(layer.name, type(layer).__name__, shown, layer.count_params())


def _memory(prepared: Prepared) -> dict[str, int]:
    import keras
    import numpy as np

    from kerasrun.data.rows import array_items
    from kerasrun.data.streamed import Streamed

    model = prepared.model

    def size(variables: list[Any]) -> int:
        return sum(int(np.prod(v.shape)) * np.dtype(v.dtype).itemsize for v in variables)

    rows = sum(
        array.nbytes
        for part in prepared.data.parts().values()
        for arrays in (None if isinstance(part, Streamed) else part.x, part.y)
        if arrays is not None
        for _, array in array_items(arrays, "")
    )
    outputs = [tensor for layer in model.layers for tensor in _outputs(layer)]
    values = sum(int(np.prod([n or 1 for n in tensor.shape[1:]])) for tensor in keras.tree.flatten(outputs))
    return {
        "weights": size(model.weights),
        "gradients": size(model.trainable_weights),
        "optimizer": size(model.optimizer.variables),
        "rows": rows,
        "activations": 4 * values * min(prepared.config.training.batch_size, len(prepared.data.train)),
    }


def _outputs(layer: Any) -> list[Any]:
    try:
        return [layer.output]
    except (AttributeError, ValueError):
        return []


def _task(spec: Any) -> str:
    """What a callback does, in a few words."""
    monitor = watched(spec) if not spec.own else None
    paths = [str(spec.arguments[name]) for name in ("filepath", "filename", "log_dir") if name in spec.arguments]
    paths += ["tensorboard/"] if spec.class_name == "TensorBoard" and not paths else []
    words = [f"watches {monitor}"] if monitor else []
    return ", ".join(words + [f"writes {path}" for path in paths])


def _num_epochs(prepared: Prepared) -> float:
    settings = prepared.config.training
    if settings.steps is None:
        return float(settings.epochs or 0)
    return settings.steps / max(1, min(prepared.loop.evaluate_every, settings.steps))


def _try(prepared: Prepared) -> float:
    """Train for a moment, forward and backward; returns about how many seconds an epoch takes."""
    if not prepared.config.training.epochs and not prepared.config.training.steps:
        return 0.0
    clock = _Stopwatch(prepared)
    for event in prepared.loop.run():
        check_figures(event, prepared.config)
        clock.note(event)
        if clock.is_enough():
            break
    return clock.epoch_time_s()


class _Stopwatch:
    """Measures epochs; where one takes too long, it is reckoned from the steps that were seen."""

    def __init__(self, prepared: Prepared) -> None:
        loop = prepared.loop
        self.loop, self.begun = loop, time.perf_counter()
        self.length = getattr(loop, "length", 0) or getattr(loop, "evaluate_every", 0)
        self.epochs: list[float] = []
        self.marks: list[tuple[float, int]] = []

    def note(self, event: Any) -> None:
        if hasattr(event, "time_s"):
            self.epochs.append(event.time_s)
            self.marks.clear()
        elif hasattr(event, "num_steps"):
            self.length = self.length or event.num_steps
            self.marks.append((time.perf_counter(), event.step))

    def is_enough(self) -> bool:
        spent = time.perf_counter() - self.begun
        if spent < TRIAL_S:
            return False
        return len(self.epochs) > 1 or (len(self.marks) > 2 and self._reckoned() > EPOCH_S) or spent > 4 * EPOCH_S

    def epoch_time_s(self) -> float:
        if len(self.epochs) > 1:
            return sorted(self.epochs[1:])[len(self.epochs[1:]) // 2]
        if self.marks and not self.epochs:
            return self._reckoned()
        return self.epochs[0] if self.epochs else 0.0

    def _reckoned(self) -> float:
        (first, from_step), (last, to_step) = self.marks[0], self.marks[-1]
        return (last - first) / max(1, to_step - from_step) * self.length if to_step > from_step else 0.0

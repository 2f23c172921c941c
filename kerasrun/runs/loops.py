"""The loop that a config asks for, around the program that its model runs as."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.data import Dataset, Rows
from kerasrun.data.streamed import AnyRows, Streamed


@dataclass(frozen=True)
class Chosen:
    """Which program trains a model, and why: `graph` or `xla`; `fit` for Keras's own loop."""

    program: str
    reason: str


def choose(config: Config, model: Any, prepare: Any, before: str = "") -> Chosen:
    """The program by the config; where it leaves that open, the one that the run had `before`, or by the rule."""
    from kerasrun.model.backend import gpus
    from kerasrun.training.choice import choose_program

    settings = config.training
    if settings.loop == "keras":
        return Chosen("fit", "training.loop: keras")
    if settings.program != "auto":
        return Chosen(settings.program, f"training.program: {settings.program}")
    if before and config.backend == "tensorflow":
        return Chosen(before, "as this run began")
    if config.imports and config.backend == "tensorflow":
        return Chosen("graph", "classes of your own may not compile under XLA")
    return Chosen(*choose_program([model, *prepare.all_models()], bool(gpus())))


def build_loop(
    config: Config, data: Dataset, parts: dict[str, AnyRows], program: Any, callbacks: list[Any], chosen: Chosen
) -> tuple[Any, list[str]]:
    """The loop with its callbacks, and notes where they make it slow.

    Args:
        parts: rows of each part as the model's outputs want them.
        program: built for the chosen engine.
    """
    held = parts[data.validation_part] if data.validation_part else None
    train = parts["train"]
    if config.augment:
        _check_augments(config)
    if isinstance(train, Streamed):
        _check_streams(config)
    if chosen.program == "fit":
        return _keras_loop(config, train, held, program, callbacks), []
    from kerasrun.model.callbacks import listens_around_tests, listens_to_batches
    from kerasrun.training.blocks import Blocks
    from kerasrun.training.epochs import EpochLoop
    from kerasrun.training.steps import StepLoop
    from kerasrun.training.streamed_epochs import StreamedLoop

    listening = {phase: [c for c in callbacks if listens_to_batches(c, phase)] for phase in ("train", "test")}
    settings = config.training
    if listening["test"]:
        program.test_batch_size = program.batch_size  # it gets the batches that `fit` would give it
    shared: dict[str, Any] = {
        "program": program,
        "callbacks": callbacks,
        "validation": None if held is None else program.supply(held),
        "seed": config.seed,
        "shuffle": config.data.shuffle,
        "random_states": program.prepare.random_states,
        "train_batches": bool(listening["train"]),
        "test_batches": bool(listening["test"]),
        "around_tests": any(map(listens_around_tests, callbacks)),
    }
    notes = _notes(listening)
    if isinstance(train, Streamed):
        blocks = Blocks(train, program.to_device, config.training.batch_size, config.seed, config.data.shuffle)
        return StreamedLoop(**shared, train=blocks, epochs=settings.epochs or 0), [_streams(blocks), *notes]
    shared["train"] = program.to_device(train)
    if settings.steps is None:
        return EpochLoop(**shared, epochs=settings.epochs or 0), notes
    every = settings.evaluate_every or program.num_steps(shared["train"])
    return StepLoop(**shared, steps=settings.steps, evaluate_every=every), notes


def _check_streams(config: Config) -> None:
    """Whether rows that are read as they are needed can be trained on so.

    Raises:
        ConfigError: they cannot.
    """
    hint = "or keep them in memory with data.stream: false"
    if config.training.steps is not None:
        message = "steps draw any rows at any time, and these rows are streamed from their files"
        raise config.fault(("training", "steps"), message, f"write epochs: N, {hint}", at_key=True)
    if config.training.loop == "keras":
        message = "Keras's own loop needs its rows in memory, and these are streamed from their files"
        raise config.fault(("training", "loop"), message, f"leave it out, {hint}")


def _check_augments(config: Config) -> None:
    """Whether pictures can be altered anew in each step.

    Raises:
        ConfigError: they cannot.
    """
    hint = "write these layers at the beginning of the model, where they act in training alone too"
    if config.training.loop == "keras":
        raise config.fault(("data", "augment"), "Keras's own loop reads rows that are prepared once", hint, at_key=True)
    if config.backend == "jax":
        raise config.fault(("data", "augment"), "on JAX pictures are not augmented here", hint, at_key=True)


def _streams(blocks: Any) -> str:
    """How rows are streamed, in words."""
    order, rows = blocks.order, blocks.rows
    if not blocks.shuffle:
        return f"rows are streamed from their files, {order.window:,} at a time, in their order"
    return f"rows are streamed from their files and shuffled in windows of {min(order.window, len(rows)):,}"


def _notes(listening: dict[str, list[Any]]) -> list[str]:
    """What batches cost, once for each callback that acts on them."""
    words = {"train": "", "test": " in the validation"}
    return [
        f"one step a call{words[phase]}, since {type(getattr(callback, 'callback', callback)).__name__} "
        f"acts on every batch{words[phase]}"
        for phase, callbacks in listening.items()
        for callback in callbacks
        if phase == "train" or callback not in listening["train"]
    ]


def _keras_loop(config: Config, train: Any, held: Any, program: Any, callbacks: list[Any]) -> Any:
    """Keras's own loop reads rows that are prepared already."""
    from kerasrun.training.keras_loop import KerasLoop

    settings = config.training
    return KerasLoop(
        program.model,
        callbacks,
        _prepared(train, program.prepare),
        None if held is None else _prepared(held, program.prepare),
        settings.batch_size,
        settings.epochs or 0,
        config.seed,
        config.data.shuffle,
    )


def _prepared(rows: Rows, prepare: Any) -> Rows:
    """Rows with their inputs prepared, as numpy arrays."""
    import keras

    parts = [prepare(rows.slice(start, start + 4096).x) for start in range(0, len(rows), 4096)]
    join = lambda *tensors: np.concatenate([np.asarray(tensor) for tensor in tensors])  # noqa: E731
    return Rows(keras.tree.map_structure(join, *parts), rows.y, rows.sample_weight)

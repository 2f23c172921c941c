"""Everything that a training needs, made from its config and checked before the first step."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.config import Config
from kerasrun.data import Dataset, Rows, load_data


@dataclass(frozen=True)
class Prepared:
    """A training that can begin.

    Args:
        model: the compiled keras.Model.
        prepare: what comes before it: from inputs as they came to what the model reads.
        program: the compiled program (kerasrun.training.program.Program).
        arrays: the rows of each part of the data, on the device.
        training: the loop (kerasrun.training.loop.Training).
        environment: what the bits depend on beside the config: versions, threads, device.
        notes: what the user should know about how this will run.
    """

    config: Config
    data: Dataset
    model: Any
    prepare: Any
    program: Any
    arrays: dict[str, Any]
    training: Any
    environment: dict[str, Any]
    notes: list[str]

    def figures(self) -> dict[str, dict[str, float]]:
        """Loss and metrics of the model as it is now, for each part of the data."""
        return {part: self.program.evaluate(self.arrays[part], len(rows)) for part, rows in self.data.parts().items()}

    def predict(self, x: Any) -> Any:
        """The model's outputs for inputs as they came."""
        from kerasrun.training.program import predict

        return predict(self.model, self.prepare, x)


def prepare_training(config: Config, folder: Path, verbose: bool, cleanup: contextlib.ExitStack) -> Prepared:
    """Load the data, start the backend, build and compile the model, and try one row.

    Args:
        folder: the run's folder, where callbacks' paths lie.
        cleanup: gets what is to be given back to the process in the end.

    Raises:
        InputError: the data is at fault.
        ConfigError: model, loss, metrics or callbacks do not fit one another or the data.
    """
    data = load_data(config)  # before TensorFlow is loaded: most faults are here
    from kerasrun.model import backend

    threads = backend.start_backend(config.threads, verbose)
    cleanup.enter_context(backend.isolated_state(config.training.dtype_policy))
    backend.set_seed(config.seed)
    from kerasrun.model.build import build_model
    from kerasrun.model.callbacks import build_callbacks
    from kerasrun.model.compile import compile_model
    from kerasrun.model.objects import ObjectBuilder
    from kerasrun.model.preparation import Preparation
    from kerasrun.training.program import Program

    builder = ObjectBuilder(config)
    prepare = Preparation(data.train.x, data.divisor, data.flatten)
    model = build_model(config, prepare.output_shape(data.train.x), builder)
    notes = compile_model(model, config, builder)
    parts = _fitting_rows(config, data, model)
    program = Program(model, prepare, config.training.batch_size)
    arrays = {part: program.to_device(rows) for part, rows in parts.items()}
    _try_program(program, arrays["train"], len(data.train), config)
    names = list(model.get_metrics_result())
    names += [f"val_{name}" for name in names] if data.validation is not None else []
    callbacks = build_callbacks(config, folder, builder, names)
    training, more_notes = _loop(config, data, program, arrays, callbacks)
    notes += more_notes
    if config.threads not in (None, threads):
        notes.append(f"TensorFlow already runs with {threads} threads, not {config.threads}")
    return Prepared(config, data, model, prepare, program, arrays, training, backend.environment(threads), notes)


def _fitting_rows(config: Config, data: Dataset, model: Any) -> dict[str, Rows]:
    """The rows of each part as the model's outputs want them, weighted by class where asked."""
    from kerasrun.model.targets import check_targets, class_weights, share_targets

    parts = {part: share_targets(model, rows) for part, rows in data.parts().items()}
    for rows in parts.values():
        check_targets(model, rows, config)
    if config.training.class_weight:
        weights = class_weights(data.train, config.training.class_weight, config)
        parts["train"] = Rows(parts["train"].x, parts["train"].y, weights)
    return parts


def _try_program(program: Any, arrays: Any, num_rows: int, config: Config) -> None:
    """One row through model, loss and metrics, and the training step traced: what does not fit shows now."""
    from kerasrun.model.objects import first_lines

    try:
        program.build(arrays)
    except Exception as error:
        message = f"loss or metrics do not fit the model: {first_lines(error)}"
        raise config.fault(("training",), message, at_key=True) from error
    try:
        program.trace(arrays, num_rows, single_losses=config.training.steps is not None)
    except Exception as error:
        message = f"a training step cannot be made of this: {first_lines(error)}"
        raise config.fault(("training",), message, at_key=True) from error


def _loop(
    config: Config, data: Dataset, program: Any, arrays: dict[str, Any], callbacks: list[Any]
) -> tuple[Any, list[str]]:
    """The loop with its callbacks, and a note where they make it slow."""
    from kerasrun.model.callbacks import listens_to_batches
    from kerasrun.training.loop import Training

    listening = {phase: [c for c in callbacks if listens_to_batches(c, phase)] for phase in ("train", "test")}
    names = dict.fromkeys(type(getattr(c, "callback", c)).__name__ for found in listening.values() for c in found)
    notes = [f"one step a call, since {name} acts on every batch" for name in names]
    training = Training(
        program,
        callbacks,
        arrays["train"],
        len(data.train),
        arrays[data.validation_part] if data.validation_part else None,
        len(data.validation) if data.validation else 0,
        config.seed,
        config.data.shuffle,
        train_batches=bool(listening["train"]),
        test_batches=bool(listening["test"]),
    )
    return training, notes

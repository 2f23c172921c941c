"""Everything that a training needs, made from its config and checked before the first step."""

import contextlib
import importlib
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kerasrun.config import Config
from kerasrun.data import Dataset, fetch_data, load_data
from kerasrun.data.classes import class_weights
from kerasrun.data.streamed import AnyRows, Streamed
from kerasrun.runs.loops import Chosen, build_loop, choose
from kerasrun.runs.store.checkpoints import NUM_KEPT

# A file that is missing or of the wrong kind is noticed in this time.
FAULTS_SHOW_IN_S = 0.05


@dataclass(frozen=True)
class Prepared:
    """A training that can begin.

    Args:
        model: the compiled keras.Model.
        prepare: what comes before it: from inputs as they came to what the model reads.
        parts: the rows of each part of the data, as the model's outputs want them.
        chosen: which program trains the model, and why.
        loop: what trains it.
        callbacks: Keras's, in order.
        environment: what the bits depend on beside the config: versions, threads, device.
        notes: what the user should know about how this will run.
    """

    config: Config
    data: Dataset
    parts: dict[str, AnyRows]
    model: Any
    prepare: Any
    chosen: Chosen
    loop: Any
    callbacks: list[Any]
    environment: dict[str, Any]
    notes: list[str]

    @property
    def on_device(self) -> bool:
        """Whether the loop's rows lie on the device; Keras's own loop has them as arrays."""
        return self.chosen.program != "fit"

    @property
    def state_bytes(self) -> int:
        """What the values of all variables take."""
        from kerasrun.training.state import size_bytes

        return size_bytes(self.model)

    @property
    def size_bytes(self) -> int:
        """About what the files of the run will take: checkpoints, of which three lie there for a moment, and models."""
        return (NUM_KEPT + 1 + len(self.config.output.save)) * self.state_bytes

    @property
    def growing(self) -> list[Path]:
        """Files, and folders of files, that callbacks go on writing to."""
        from kerasrun.model.callbacks import growing_paths

        return growing_paths(self.callbacks)

    def flush(self) -> None:
        """Bring what callbacks hold back into their files."""
        from kerasrun.model.callbacks import flush

        flush(self.callbacks)

    def close_files(self) -> None:
        """Close what callbacks have open."""
        from kerasrun.model.callbacks import close_files

        close_files(self.callbacks)


def prepare_training(
    config: Config, folder: Path, verbose: bool, cleanup: contextlib.ExitStack, like: dict[str, Any] | None = None
) -> Prepared:
    """Load the data while the backend starts, build and compile the model, and compile the program.

    Args:
        folder: the run's folder, where callbacks' paths lie.
        cleanup: gets what is to be given back to the process in the end.
        like: the manifest of a run whose threads and program are taken where the config leaves them open.

    Raises:
        InputError: the data is at fault.
        ConfigError: model, loss, metrics or callbacks do not fit one another or the data.
    """
    wanted = config.threads or (like["environment"]["threads"] if like else None)
    data, threads = _load_and_start(config, wanted, verbose)
    from kerasrun.model import backend

    cleanup.enter_context(backend.isolated_state(config.training.dtype_policy))
    backend.set_seed(config.seed)
    from kerasrun.model.build import build_model
    from kerasrun.model.callbacks import build_callbacks
    from kerasrun.model.compile import compile_model
    from kerasrun.model.embeddings import check_embeddings
    from kerasrun.model.objects import ObjectBuilder
    from kerasrun.model.preparation import build_preparation
    from kerasrun.training.choice import choose_test_batch
    from kerasrun.training.engine import engine_for
    from kerasrun.training.program import Program
    from kerasrun.training.streamed_epochs import close_blocks

    builder = ObjectBuilder(config)
    streamed = data.train if isinstance(data.train, Streamed) else None
    x = data.train.head().x if isinstance(data.train, Streamed) else data.train.x
    prepare = build_preparation(data.steps, x, builder, streamed)
    model = build_model(config, prepare.output_shape(x), builder)
    notes = [*data.notes, *compile_model(model, config, builder)]
    parts = _fitting_rows(config, data, model, prepare)
    if not prepare.all_models():
        check_embeddings(model, parts, config)
    chosen = choose(config, model, prepare, like["program"] if like else "")
    batch_size = config.training.batch_size
    engine = engine_for(model, chosen.program)
    test_batch_size = None if config.imports else choose_test_batch(model, batch_size)
    program = Program(model, prepare, batch_size, engine, test_batch_size)
    _try_row(program, parts["train"], config)
    names = list(model.get_metrics_result())
    names += [f"val_{name}" for name in names] if data.validation is not None else []
    callbacks = build_callbacks(config, folder, builder, model, names)
    loop, more_notes = build_loop(config, data, parts, program, callbacks, chosen)
    cleanup.callback(close_blocks, loop)
    notes += _attend_tensorboard(callbacks, loop, program, parts["train"], config)
    cleanup.enter_context(backend.tensorflow_left_out())
    with ThreadPoolExecutor(1) as executor:
        # While the compiler works, which needs no Python.
        pictures = executor.submit(importlib.import_module, "kerasrun.runs.pictures") if config.output.plots else None
        _compile(loop, chosen.program, config)
        if pictures is not None:
            pictures.result()
    notes += more_notes
    if wanted not in (None, threads):
        notes.append(f"{config.backend} already runs with {threads} threads, not {wanted}")
    environment = backend.environment(threads)
    return Prepared(config, data, parts, model, prepare, chosen, loop, callbacks, environment, notes)


def _attend_tensorboard(callbacks: list[Any], loop: Any, program: Any, train: AnyRows, config: Config) -> list[str]:
    """Let TensorBoard show all that it is asked for; what it will not show is returned in words."""
    from kerasrun.model.tensorboard import attend_tensorboard, tensorboard_notes

    steps = config.training.steps
    attend_tensorboard(
        callbacks,
        lambda: program.step_graph(program.to_device(train.head())),
        None if steps is None else lambda: loop.place.step,
    )
    num_batches = steps or (config.training.epochs or 0) * -(-len(train) // config.training.batch_size)
    return tensorboard_notes(callbacks, program.model, num_batches)


def _load_and_start(config: Config, threads: int | None, verbose: bool) -> tuple[Dataset, int]:
    """The data, and how many threads the backend has; the one is loaded while the other starts."""
    fetch_data(config)
    executor = ThreadPoolExecutor(1)
    try:
        data = executor.submit(load_data, config)
        if wait([data], FAULTS_SHOW_IN_S).done:
            data.result()  # data that is not right is told before the backend is loaded
        from kerasrun.model.backend import start_backend

        running = start_backend(threads, verbose, config.backend)
        return data.result(), running
    finally:
        executor.shutdown(wait=False)


def _fitting_rows(config: Config, data: Dataset, model: Any, prepare: Any) -> dict[str, AnyRows]:
    """The rows of each part, encoded and as the model's outputs want them.

    As in Keras, training rows that have weights of their own weigh these times the weight of their class.
    """
    from kerasrun.model.targets import check_targets, share_targets

    parts = {part: share_targets(model, prepare.encode_rows(rows)) for part, rows in data.parts().items()}
    for rows in parts.values():
        check_targets(model, rows, config)
    if config.training.class_weight:
        own, weights = (
            data.train.sample_weight,
            class_weights(data.train, config.training.class_weight, data.classes, config),
        )
        parts["train"] = replace(parts["train"], sample_weight=weights if own is None else weights * own)
    return parts


def _try_row(program: Any, train: AnyRows, config: Config) -> None:
    """One row through model, loss and metrics: what does not fit shows now."""
    from kerasrun.model.blame import layer_in
    from kerasrun.model.objects import first_lines

    try:
        program.build(program.to_device(train.head()))
    except Exception as error:
        layer = layer_in(error)
        if layer is not None:
            message = f"the layer {layer.name} ({type(layer).__name__}) cannot take a row: {first_lines(error)}"
            raise config.fault(("model",), message, at_key=True) from error
        message = f"loss or metrics do not fit the model: {first_lines(error)}"
        raise config.fault(("training",), message, at_key=True) from error


def _compile(loop: Any, program: str, config: Config) -> None:
    """Compile the training steps without running one."""
    from kerasrun.model.objects import first_lines

    try:
        loop.compile()
    except Exception as error:
        message = f"a training step cannot be made of this: {first_lines(error)}"
        hint = "training.program: graph does without XLA" if program == "xla" and config.backend != "jax" else ""
        raise config.fault(("training",), message, hint, at_key=True) from error

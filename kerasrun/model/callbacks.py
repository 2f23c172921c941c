"""Callbacks of a config, as Keras's own objects."""

import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np

from kerasrun.config import Config
from kerasrun.config.callbacks import PATH_ARGUMENTS
from kerasrun.config.checks.callbacks import check_fields, check_monitor, watched
from kerasrun.config.faults import Faults
from kerasrun.config.specs import ObjectSpec
from kerasrun.model.backend import load_tensorflow_quietly
from kerasrun.model.objects import ObjectBuilder

# EarlyStopping's base, which Keras does not export.
MonitorCallback: Any = keras.callbacks.EarlyStopping.__mro__[1]

# Those that save by batches only if told to.
CHECKPOINTS = tuple(
    getattr(keras.callbacks, name)
    for name in ("ModelCheckpoint", "BackupAndRestore", "OrbaxCheckpoint")
    if hasattr(keras.callbacks, name)
)

# Arguments that every run sets where the config leaves them out.
DEFAULT_PATHS = {"TensorBoard": {"log_dir": "tensorboard"}}


class EveryEpochs(keras.callbacks.Callback):
    """Lets a callback see the end of every n-th epoch only, as `period` did in Keras 2."""

    def __init__(self, callback: Any, every_epochs: int) -> None:
        super().__init__()
        self.callback, self.every_epochs = callback, every_epochs

    def set_params(self, params: Any) -> None:
        self.callback.set_params(params)

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self.callback.set_model(model)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.callback.on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if (epoch + 1) % self.every_epochs == 0:
            self.callback.on_epoch_end(epoch, logs)


def build_callbacks(
    config: Config, folder: Path, builder: ObjectBuilder, model: keras.Model, log_names: list[str]
) -> list[Any]:
    """The callbacks, with their paths inside the run's folder.

    Args:
        model: the compiled model.
        log_names: the names that an epoch's logs will have.

    Raises:
        ConfigError: a callback watches what no epoch will have, or Keras refuses a setting.
    """
    callbacks = []
    for spec in config.callbacks:
        _check(spec, log_names, config)
        paths = DEFAULT_PATHS.get(spec.class_name, {}) | {
            name: value for name, value in spec.arguments.items() if name in PATH_ARGUMENTS and isinstance(value, str)
        }
        if spec.class_name == "TensorBoard" and spec.arguments.get("log_dir") == "logs":
            paths["log_dir"] = "tensorboard"  # Keras's default, as the complete config writes it
        inside = {name: str(folder / value) for name, value in paths.items()}
        plain = spec.__class__(
            **{**vars(spec), "arguments": {k: v for k, v in spec.arguments.items() if k not in inside}}
        )
        if spec.class_name == "TensorBoard":
            _check_profile(spec, config)
            load_tensorflow_quietly()
        callback = builder.build(plain, **inside)
        _check_direction(callback, model, spec, config)
        compare_in_numpy(callback)
        for path in inside.values():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        every = spec.extra.get("every_epochs")
        callbacks.append(EveryEpochs(callback, every) if every else callback)
    return callbacks


def compare_in_numpy(callback: Any) -> None:
    """Let a callback that watches a figure compare it in numpy, with the same result.

    Keras compares two floats as float32 tensors of the backend, which takes longer than a short epoch.
    """
    if getattr(type(callback), "_is_improvement", None) is not getattr(MonitorCallback, "_is_improvement", 0):
        return

    compares = callback._is_improvement

    def is_improvement(value: float, reference: float | None) -> bool:
        compare = {keras.ops.less: np.less, keras.ops.greater: np.greater}.get(callback.monitor_op)
        if reference is None or compare is None:
            return bool(compares(value, reference))
        return bool(compare(np.float32(value - callback.min_delta), np.float32(reference)))

    callback._is_improvement = is_improvement


def _check(spec: ObjectSpec, log_names: list[str], config: Config) -> None:
    """The checks of a config alone, with the names that only Keras knew."""
    if not spec.own:
        faults = Faults(config.source)
        check_monitor(spec, log_names, faults)
        check_fields(spec, log_names, faults)
        faults.raise_if_any()


def _check_profile(spec: ObjectSpec, config: Config) -> None:
    """Whether Keras profiles batches here: where it does not, it goes on with a warning."""
    if spec.arguments.get("profile_batch") and config.backend == "jax" and sys.version_info < (3, 12):
        message = "Keras profiles JAX from Python 3.12 on, and this is an older one"
        raise config.fault((*spec.path, spec.name, "profile_batch"), message, "leave it out, or train on TensorFlow")


def _check_direction(callback: Any, model: keras.Model, spec: ObjectSpec, config: Config) -> None:
    """Whether it is known if more or less of the figure that a callback watches is better."""
    if watched(spec) is None or not isinstance(callback, MonitorCallback):
        return
    probe = MonitorCallback(callback.monitor, callback.mode)
    probe.set_model(model)
    try:
        probe._set_monitor_op()
    except ValueError:
        message = f"whether more or less of '{callback.monitor}' is better is not known"
        raise config.fault((*spec.path, spec.name), message, "write mode: max, or mode: min", at_key=True) from None


def listens_to_batches(callback: Any, phase: str) -> bool:
    """Whether a callback acts on batches of a phase, `train` or `test`.

    Two of Keras's own listen to batches only under some settings.
    """
    if isinstance(callback, EveryEpochs):
        return listens_to_batches(callback.callback, phase)
    if isinstance(callback, CHECKPOINTS):
        return phase == "train" and callback.save_freq != "epoch"
    if isinstance(callback, keras.callbacks.TensorBoard):
        return bool(callback.update_freq != "epoch" or callback.write_steps_per_second or callback._should_trace)
    hooks = [f"on_{phase}_batch_begin", f"on_{phase}_batch_end"] + (
        ["on_batch_begin", "on_batch_end"] if phase == "train" else []
    )
    return any(_acts(callback, hook) for hook in hooks)


def _acts(callback: Any, hook: str) -> bool:
    """Whether a callback has a hook of its own, in its class or set on it."""
    return not getattr(getattr(callback, hook), "_is_default", False)


def listens_around_tests(callback: Any) -> bool:
    """Whether a callback acts before or after a validation as a whole."""
    if isinstance(callback, EveryEpochs):
        return False  # hands on the ends of epochs alone
    return _acts(callback, "on_test_begin") or _acts(callback, "on_test_end")


def growing_paths(callbacks: list[Any]) -> list[Path]:
    """The files and folders that callbacks go on writing to, while others are written anew as a whole."""
    paths = []
    for callback in map(_inner, callbacks):
        if isinstance(callback, keras.callbacks.TensorBoard):
            paths.append(Path(callback.log_dir))
        elif isinstance(callback, keras.callbacks.CSVLogger):
            paths.append(Path(callback.filename))
    return paths


def flush(callbacks: list[Any]) -> None:
    """Bring what callbacks hold back into their files."""
    for callback in map(_inner, callbacks):
        if isinstance(callback, keras.callbacks.TensorBoard):
            for writer in callback._writers.values():
                writer.flush()


def close_files(callbacks: list[Any]) -> None:
    """Close what callbacks have open, where their training ends without a word to them."""
    for callback in map(_inner, callbacks):
        if isinstance(callback, keras.callbacks.TensorBoard):
            callback._close_writers()
        elif isinstance(callback, keras.callbacks.CSVLogger) and callback.csv_file:
            callback.csv_file.close()


def go_on_writing(callbacks: list[Any]) -> None:
    """Let callbacks that have not begun add to what lies there of the same run, where they would begin anew."""
    for callback in map(_inner, callbacks):
        if isinstance(callback, keras.callbacks.TensorBoard):
            callback.write_graph = False  # it is there
        elif isinstance(callback, keras.callbacks.CSVLogger):
            callback.append = True


def _inner(callback: Any) -> Any:
    return callback.callback if isinstance(callback, EveryEpochs) else callback

"""From specs to objects of Keras."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from kerasrun.config import Config
from kerasrun.config.specs import ObjectSpec
from kerasrun.errors import InputError

# Beginnings of lines that say where in Keras or TensorFlow an error arose, and not what it is.
DECORATION = (
    "Exception encountered when calling",
    "Graph execution error",
    "Detected at node",
    "File ",
    "Stack trace",
    "in user code",
)

# Keras tells a whole config at times.
MAX_LENGTH = 500

# What schedules reckon with as it is.
RATES = ("initial_learning_rate", "end_learning_rate", "warmup_target", "alpha", "decay_rate", "values", "power")

MODULES: dict[str, Any] = {
    "layers": keras.layers,
    "optimizers": keras.optimizers,
    "schedules": keras.optimizers.schedules,
    "losses": keras.losses,
    "metrics": keras.metrics,
    "initializers": keras.initializers,
    "regularizers": keras.regularizers,
    "constraints": keras.constraints,
    "callbacks": keras.callbacks,
}


def import_own_module(path: Path) -> ModuleType:
    """Run a user's own Python file, and register its Keras classes so that models with them save and load.

    Raises:
        InputError: the file raises an error.
    """
    name = f"kerasrun_import_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"--import {path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(f"--import {path}: {type(error).__name__}: {error}") from error
    for value in list(vars(module).values()):
        if (
            isinstance(value, type)
            and value.__module__ == name
            and not keras.saving.get_registered_name(value).count(">")
        ):
            keras.saving.register_keras_serializable(package=path.stem)(value)
    return module


class ObjectBuilder:
    """Builds the objects of one config."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.own = [import_own_module(path) for path in config.imports]

    def build(self, spec: ObjectSpec, **more: Any) -> Any:
        """The object of a spec.

        Args:
            more: further arguments, such as a layer's name; they go before those of the spec.

        Raises:
            ConfigError: Keras refuses the arguments; the message names the place in the config.
        """
        if not spec.class_name:
            return spec.name
        arguments = {name: self._argument(value) for name, value in spec.arguments.items()}
        if spec.kind == "schedules":
            arguments |= {name: _as_floats(arguments[name]) for name in RATES if name in arguments}
        if spec.kind in ("losses", "metrics") and not arguments and spec.name != spec.class_name:
            return spec.name  # a bare name keeps its name in the logs: `mse`
        try:
            return self._class(spec)(**(arguments | more))
        except Exception as error:
            raise self.config.fault(
                (*spec.path, spec.name), f"{spec.class_name}: {first_lines(error)}", at_key=True
            ) from error

    def _class(self, spec: ObjectSpec) -> Any:
        if spec.own:
            return next(vars(module)[spec.class_name] for module in self.own if spec.class_name in vars(module))
        module = keras.applications if spec.application else MODULES[spec.kind]
        return getattr(module, spec.class_name)

    def _argument(self, value: Any) -> Any:
        if isinstance(value, ObjectSpec):
            return self.build(value)
        if isinstance(value, list):
            return [self._argument(item) for item in value]
        return value


def _as_floats(value: Any) -> Any:
    """Whole numbers as floats: of a schedule from 1, Keras would make whole numbers, and fail."""
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    return float(value) if isinstance(value, int) else value


def first_lines(error: BaseException, count: int = 3) -> str:
    """The lines of an error's message that say what is wrong, without Keras's and TensorFlow's decoration."""
    lines = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", str(error)).splitlines():
        if line.startswith("Arguments received by"):
            break
        if line.strip() and not line.strip().startswith(DECORATION):
            lines.append(line.strip())
    text = " ".join(lines[:count]) or type(error).__name__
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"

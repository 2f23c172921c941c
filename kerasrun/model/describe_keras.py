"""Describe the installed Keras as JSON: every named object with its arguments.

`python -m kerasrun.model.describe_keras` prints the catalogue that `kerasrun.config` checks configs
against, so that checking a config needs no Keras.
"""

import inspect
import json
import math
import re
import sys
from collections.abc import Callable
from typing import Any

NEEDS_PYTHON = "it needs a Python function, which a config cannot hold; use --import with a class of your own"
OTHER_FRAMEWORK = "it wraps a model of another framework"
ABSTRACT = "it is an abstract base class"
INNER = "it is a helper of Keras itself"

REFUSED: dict[str, dict[str, str]] = {
    "layers": {
        "Lambda": NEEDS_PYTHON,
        "TFSMLayer": OTHER_FRAMEWORK,
        "JaxLayer": OTHER_FRAMEWORK,
        "FlaxLayer": OTHER_FRAMEWORK,
        "TorchModuleWrapper": OTHER_FRAMEWORK,
        "Layer": ABSTRACT,
        "Wrapper": ABSTRACT,
        "InputSpec": INNER,
        "MaxNumBoundingBoxes": "it reads boxes as a mapping, and no data here has any",
        "InputLayer": "inputs are declared under `model.inputs`",
    },
    "optimizers": {
        "Optimizer": ABSTRACT,
        "MultiOptimizer": "it maps Python objects to optimizers, which a config cannot hold",
        "OptimizerMap": INNER,
    },
    "schedules": {"LearningRateSchedule": ABSTRACT},
    "losses": {"Loss": ABSTRACT},
    "metrics": {
        "Metric": ABSTRACT,
        "MeanMetricWrapper": NEEDS_PYTHON,
        "Mean": "it averages values that it is given, not predictions against labels",
        "Sum": "it adds values that it is given, not predictions against labels",
    },
    "initializers": {"Initializer": ABSTRACT},
    "regularizers": {"Regularizer": ABSTRACT},
    "constraints": {"Constraint": ABSTRACT},
    "callbacks": {
        "Callback": ABSTRACT,
        "CallbackList": INNER,
        "LambdaCallback": NEEDS_PYTHON,
        "LearningRateScheduler": "it needs a Python function; write a schedule as the optimizer's learning_rate",
        "RemoteMonitor": "it sends your data to another machine",
        "History": "every run keeps its history already",
        "ProgbarLogger": "every run shows its progress already",
    },
    "activations": {
        "glu": "it halves the last axis, which Keras's layers do not expect of an activation",
        "threshold": "it needs arguments, and an activation is a name alone",
    },
}

# What `keras.layers.Layer` takes beside a class's own arguments. (`name` is a wiring key of the config.)
LAYER_ARGUMENTS = {"activity_regularizer": None, "trainable": True, "dtype": None, "autocast": True}


def snake_case(name: str) -> str:
    """`MeanSquaredError` → `mean_squared_error`."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def plain(value: Any) -> Any:
    """The value as JSON holds it; raises TypeError where JSON cannot."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise TypeError(f"{value!r} has no JSON form")


def describe_arguments(function: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """Each argument as {} where it is required, else {"default": …} ({"default_text": …} if JSON cannot hold it)."""
    arguments: dict[str, dict[str, Any]] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self" or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        if parameter.default is parameter.empty:
            arguments[parameter.name] = {}
            continue
        try:
            arguments[parameter.name] = {"default": plain(parameter.default)}
        except TypeError:
            arguments[parameter.name] = {"default_text": str(parameter.default)}
    return arguments


def first_line(thing: Any) -> str:
    """The first sentence of an object's documentation, for `--help` and editors."""
    text = inspect.getdoc(thing) or ""
    return " ".join(text.strip().split("\n\n")[0].split())


def describe_class(kind: str, cls: type) -> dict[str, Any]:
    """One class: its one-line documentation and its arguments."""
    arguments = describe_arguments(cls.__init__)  # type: ignore[misc]
    if kind == "layers":
        arguments.pop("name", None)
        for name, default in LAYER_ARGUMENTS.items():
            if name not in arguments and takes_argument(cls, name, default):
                arguments[name] = {"default": default}
    return {"doc": first_line(cls), "arguments": arguments}


def takes_argument(cls: type, name: str, value: Any) -> bool:
    """Whether a layer passes an argument on to `Layer`: if not, trying it gives an error that names it."""
    try:
        cls(**{name: value})
    except Exception as error:
        return name not in str(error)
    return True


def describe_kind(kind: str, module: Any, base: type) -> dict[str, Any]:
    """All classes of a module, with the other names that Keras accepts for each."""
    classes: dict[str, Any] = {}
    aliases: dict[str, str] = {}
    for name in sorted(vars(module)):
        cls: type = getattr(module, name)
        if not isinstance(cls, type) or not (issubclass(cls, base) or name in REFUSED[kind]):
            continue
        canonical: str = cls.__name__ if getattr(module, cls.__name__, None) is cls else name
        if name != canonical:
            aliases[name] = canonical
        elif name not in REFUSED[kind]:
            classes[name] = describe_class(kind, cls)
    return {"classes": classes, "aliases": aliases}


def add_string_names(description: dict[str, Any], names: dict[str, Any]) -> None:
    """Add the names that Keras's `get` accepts: `he_normal`, `mse`, `sgd`. Functions go by their class."""
    classes = description["classes"]
    by_snake = {snake_case(name): name for name in classes}
    for name, thing in sorted(((n, t) for n, t in names.items() if isinstance(n, str)), key=lambda item: item[0]):
        if name in classes:
            continue
        target = getattr(thing, "__name__", "")
        canonical = target if target in classes else by_snake.get(target)
        if canonical:
            description["aliases"].setdefault(name, canonical)
        elif inspect.isfunction(thing):
            description.setdefault("functions", []).append(name)


def describe_applications(keras: Any) -> dict[str, Any]:
    """The networks of `keras.applications`, which serve as layers. `weights` has no silent default: it downloads."""
    networks = {}
    for name in sorted(vars(keras.applications)):
        function = getattr(keras.applications, name)
        if name[0].isupper() and inspect.isfunction(function):
            arguments = describe_arguments(function)
            for hidden in ("name", "input_tensor"):
                arguments.pop(hidden, None)
            arguments["weights"] = {}
            networks[name] = {"doc": first_line(function), "arguments": arguments, "application": True}
    return networks


def describe_activations(names: dict[Any, Any]) -> dict[str, Any]:
    """Activations are functions, and go by name alone."""
    refused = REFUSED["activations"]
    functions = sorted(name for name in names if isinstance(name, str) and name.islower() and name not in refused)
    return {"classes": {}, "aliases": {}, "functions": functions, "refused": refused}


def describe_keras() -> dict[str, Any]:
    """The whole catalogue of the installed Keras."""
    import keras
    from keras.src import (  # their tables of names
        activations,
        constraints,
        initializers,
        losses,
        metrics,
        optimizers,
        regularizers,
    )

    kinds: dict[str, tuple[Any, type, dict[str, Any]]] = {
        "layers": (keras.layers, keras.layers.Layer, {}),
        "optimizers": (keras.optimizers, keras.optimizers.Optimizer, optimizers.ALL_OBJECTS_DICT),
        "schedules": (keras.optimizers.schedules, keras.optimizers.schedules.LearningRateSchedule, {}),
        "losses": (keras.losses, keras.losses.Loss, losses.ALL_OBJECTS_DICT),
        "metrics": (keras.metrics, keras.metrics.Metric, metrics.ALL_OBJECTS_DICT),
        "initializers": (keras.initializers, keras.initializers.Initializer, initializers.ALL_OBJECTS_DICT),
        "regularizers": (keras.regularizers, keras.regularizers.Regularizer, regularizers.ALL_OBJECTS_DICT),
        "constraints": (keras.constraints, keras.constraints.Constraint, constraints.ALL_OBJECTS_DICT),
        "callbacks": (keras.callbacks, keras.callbacks.Callback, {}),
    }
    catalogue: dict[str, Any] = {"keras": keras.__version__}
    for kind, (module, base, names) in kinds.items():
        description = describe_kind(kind, module, base)
        add_string_names(description, names)
        description["refused"] = {k: v for k, v in REFUSED[kind].items() if hasattr(module, k)}
        catalogue[kind] = description
    catalogue["layers"]["classes"] |= describe_applications(keras)
    # Names that mean one thing or another by the shapes of outputs and targets.
    catalogue["metrics"]["functions"] = ["accuracy", "acc"]
    catalogue["losses"]["functions"] = ["crossentropy", "ce"]
    catalogue["metrics"]["aliases"].pop("accuracy")
    catalogue["activations"] = describe_activations(activations.ALL_OBJECTS_DICT)
    return catalogue


if __name__ == "__main__":
    json.dump(describe_keras(), sys.stdout, indent=1, ensure_ascii=False)

"""What a model is made of, as plain values: its layers, their arguments, and what each reads."""

import json
from collections.abc import Iterator
from typing import Any

import keras

FORMAT = "kerasrun-model-1"

# What Keras's description of a layer holds beside its arguments.
NO_ARGUMENTS = ("name", "trainable", "dtype", "layers", "build_input_shape")
TENSOR = "__keras_tensor__"

Use = list[Any]
"""An output of a layer as another reads it: the layer's name, which application of it, which of its outputs."""


def describe_model(model: keras.Model) -> dict[str, Any]:
    """A model as plain values, which JSON can hold.

    Returns:
        `format`; `kind`, the class; `layers`, those that only hand on an input too. Each layer has `name`, `class`,
        `outputs` (a shape each, None where a size is free), `num_parameters`, `trainable`, `dtype`, `arguments` (as a
        config writes them, defaults included), and `reads`: for each application of the layer the outputs that it
        reads, as `Use`. A model within the model has `layers` of its own.
    """
    return {"format": FORMAT, "kind": type(model).__name__, "layers": _layers(model)}


def _layers(model: keras.Model) -> list[dict[str, Any]]:
    try:
        described = model.get_config()["layers"]
    except (NotImplementedError, KeyError, TypeError):  # a class of the user's own that does not describe itself
        described = []
    by_name = {layer.name: layer for layer in getattr(model, "operations", None) or model.layers}
    if not described or any(_name_of(entry) not in by_name for entry in described[1:]):
        described = [{"name": layer.name, "config": {}} for layer in model.layers]
    layers: list[dict[str, Any]] = []
    for entry in described:
        layer = by_name.get(_name_of(entry))
        before = [[[layers[-1]["name"], 0, 0]]] if layers else []
        nodes = entry.get("inbound_nodes")
        reads = before if nodes is None else [list(_uses(node)) for node in nodes]
        layers.append(_input(entry) if layer is None else _layer(layer, entry, reads))
    return layers


def _name_of(entry: dict[str, Any]) -> str:
    return str(entry.get("name") or entry["config"]["name"])


def _input(entry: dict[str, Any]) -> dict[str, Any]:
    """The input of a Sequential, which is none of its layers."""
    config = entry["config"]
    return {
        "name": config["name"],
        "class": entry["class_name"],
        "outputs": [list(config["batch_shape"])],
        "num_parameters": 0,
        "trainable": True,
        "dtype": str(config["dtype"]),
        "arguments": {},
        "reads": [],
    }


def _layer(layer: Any, entry: dict[str, Any], reads: list[list[Use]]) -> dict[str, Any]:
    is_model = isinstance(layer, keras.Model)
    arguments = {} if is_model else {k: _written(v) for k, v in entry["config"].items() if k not in NO_ARGUMENTS}
    described = {
        "name": layer.name,
        "class": type(layer).__name__,
        "outputs": _shapes(layer),
        "num_parameters": layer.count_params() if getattr(layer, "built", False) else 0,
        "trainable": bool(getattr(layer, "trainable", True)),
        "dtype": str(getattr(getattr(layer, "dtype_policy", None), "name", "")),
        "arguments": arguments,
        "reads": reads,
    }
    return described | ({"layers": _layers(layer)} if is_model else {})


def _shapes(layer: Any) -> list[list[int | None]]:
    """The shape of each output of the layer's first application; none where it was never applied to one."""
    try:
        return [list(tensor.shape) for tensor in keras.tree.flatten(layer.output)]
    except (AttributeError, ValueError):
        return []


def _uses(value: Any) -> Iterator[Use]:
    """Every tensor in a description of what a layer was called with."""
    if isinstance(value, dict) and value.get("class_name") == TENSOR:
        yield list(value["config"]["keras_history"])
    elif isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _uses(item)


def _written(value: Any) -> Any:
    """An argument as a config writes it: an object by the name of its class, and that one's arguments."""
    if isinstance(value, dict) and "class_name" in value:
        inner = value.get("config")
        if not isinstance(inner, dict):
            return str(inner or value["class_name"])  # a function, by its name
        arguments = {k: _written(v) for k, v in inner.items() if k not in ("name", "trainable", "dtype")}
        return {str(value["class_name"]): arguments} if arguments else str(value["class_name"])
    if isinstance(value, dict):
        return {str(key): _written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written(item) for item in value]
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return str(value)
    return value

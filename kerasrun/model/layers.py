"""One layer: built from its spec, and blamed by its place where it does not fit."""

import re
from typing import Any

import keras

from kerasrun.config import Config
from kerasrun.config.specs import LayerSpec
from kerasrun.model.objects import ObjectBuilder, first_lines

# (shape without the batch, dtype) of one input
Shape = tuple[tuple[int | None, ...], str]

# Layers that hand on the very tensor they read, so that a graph would lose them (Keras 3.15). A Pipeline keeps them.
LOST_IN_GRAPHS = (keras.layers.Equalization,)


def build_layer(spec: LayerSpec, builder: ObjectBuilder, shape: Any) -> Any:
    """The layer of a spec.

    Args:
        shape: the shape of what it reads, with the batch; only networks of `keras.applications` look at it.
    """
    more: dict[str, Any] = {"name": spec.name} if spec.name else {}
    assert spec.layer is not None
    if spec.layer.application and spec.layer.arguments.get("input_shape") is None and isinstance(shape, tuple):
        more["input_shape"] = shape[1:]
    layer = builder.build(spec.layer, **more)
    return keras.layers.Pipeline([layer], name=layer.name) if isinstance(layer, LOST_IN_GRAPHS) else layer


def check_trainable(config: Config, spec: LayerSpec, layer: Any) -> None:
    """Whether a layer that is not to train, and is built, has anything to train.

    Raises:
        ConfigError: it has not.
    """
    if spec.layer and spec.layer.arguments.get("trainable") is False and not layer.weights:
        message = f"{spec.layer.name} has no weights, so 'trainable' has no effect"
        raise config.fault((*spec.path, spec.layer.name, "trainable"), message, "leave it out", at_key=True)


def misfit(config: Config, spec: LayerSpec, shape: Any, error: Exception) -> Exception:
    """The error of a layer that does not fit what it reads: its place, the shape, and what it wants."""
    number, name = spec.path[-1], spec.layer.name if spec.layer else f"reuse: {spec.reuse}"
    told, hint = in_plain_words(name, shape, first_lines(error, 2))
    hint = _step_by_step(config, spec, error) or hint
    path = (*spec.path, spec.layer.name) if spec.layer else spec.path
    message = f"layer {int(number) + 1}, {name}, does not fit: it reads the shape {_show_shape(shape)}{told}"
    return config.fault(path, message, hint, at_key=True)


# What the axes of a row mean, by the end of a layer's name.
AXES = {
    "1D": "steps, channels",
    "2D": "height, width, channels",
    "3D": "depth, height, width, channels",
    "LSTM": "steps, features",
    "GRU": "steps, features",
    "RNN": "steps, features",
    "Attention": "steps, features",
}


RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")


def in_plain_words(name: str, shape: Any, told: str) -> tuple[str, str]:
    """What a layer wants of what it reads, and how to give it that; Keras's own words where they say it well."""
    axes = re.search(r"expected (min_|max_)?ndim=(\d+), found ndim=(\d+)", told)
    size = re.search(r"expected axis (-?\d+) of input shape to have value (\d+)", told)
    if axes:
        wanted, found = int(axes[2]), int(axes[3])
        meaning = next((f": rows, {words}" for end, words in AXES.items() if name.endswith(end)), "")
        least = {"min_": "at least ", "max_": "at most "}.get(axes[1] or "", "")
        return f", and wants {least}{wanted} axes{meaning}", _reshaped(shape, wanted, found)
    if size:
        where = "in the last axis" if size[1] == "-1" else f"in axis {size[1]}"
        return f", and wants {size[2]} {where}", ""
    if "missing a required argument" in told:
        return f". {told}", "name all that it reads: from: {query: a, value: b}"
    return f". {told}", "name what it reads: from: [a, b]" if "should be called on a list" in told else ""


def _step_by_step(config: Config, spec: LayerSpec, error: Exception) -> str:
    """What to do where a layer that reads steps stands behind one that hands on its last step alone."""
    number = int(spec.path[-1])
    before = config.model.layers[number - 1].layer if number and spec.reads is None else None
    if before is None or before.class_name not in RECURRENT or "expected ndim=3, found ndim=2" not in str(error):
        return ""
    return "the layer before it hands on its last step alone: give it return_sequences: true"


def _reshaped(shape: Any, wanted: int, found: int) -> str:
    if found > wanted:
        return "put Flatten before it" if wanted == 2 else "put Reshape before it, or a layer that takes an axis away"
    known = isinstance(shape, tuple) and all(isinstance(size, int) for size in shape[1:])
    if known and found == wanted - 1:
        return f"put Reshape: {[*shape[1:], 1]} before it"
    return "leave out what flattens the rows before it, or put Reshape before it"


def _show_shape(shape: Any) -> str:
    if isinstance(shape, tuple):
        sizes = ["rows" if i == 0 and n is None else "any" if n is None else str(n) for i, n in enumerate(shape)]
        return f"({', '.join(sizes)})"
    if isinstance(shape, dict):
        return ", ".join(f"{name} {_show_shape(one)}" for name, one in shape.items())
    return " and ".join(map(_show_shape, shape)) if isinstance(shape, list) else str(shape)


def compatible(declared: tuple[int | None, ...], given: tuple[int | None, ...]) -> bool:
    """Whether rows of the shape `given` fit the shape `declared`, where None is any size."""
    return len(declared) == len(given) and all(a is None or a == b for a, b in zip(declared, given, strict=True))

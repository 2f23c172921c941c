"""One layer: built from its spec, and blamed by its place where it does not fit."""

import re
from typing import Any

import keras

from kerasrun.config import Config
from kerasrun.config.model_section import LayerSpec
from kerasrun.config.objects import ObjectSpec
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


def misfit(config: Config, spec: LayerSpec, shape: Any, error: Exception) -> Exception:
    """The error of a layer that does not fit what it reads: its place, the shape, and what Keras said."""
    number, name = int(spec.path[-1]), spec.layer.name if spec.layer else f"reuse: {spec.reuse}"
    path = (*spec.path, spec.layer.name) if spec.layer else spec.path
    begun = f"layer {number + 1}, {name}, does not fit: it reads the shape {_show_shape(shape)}"
    axes = re.search(r"expected (min_)?ndim=(\d+), found ndim=(\d+)", str(error))
    if axes:
        wanted, given = int(axes[2]), int(axes[3])
        before = config.model.layers[number - 1].layer if number and spec.reads is None else None
        message = f"{begun}, and wants {'at least ' if axes[1] else ''}{wanted} axes, the rows included"
        return config.fault(path, message, _axes_hint(wanted, given, shape, before), at_key=True)
    hint = ""
    if "missing a required argument" in str(error):
        hint = "name all that it reads: from: {query: a, value: b}"
    elif "should be called on a list" in str(error):
        hint = "name what it reads: from: [a, b]"
    return config.fault(path, f"{begun}. {first_lines(error, 2)}", hint, at_key=True)


def _axes_hint(wanted: int, given: int, shape: Any, before: ObjectSpec | None) -> str:
    """How to come to the number of axes that a layer wants."""
    if wanted == 4 and given == 3:
        return f"pictures need an axis of channels: put Reshape: [{shape[1]}, {shape[2]}, 1] before it"
    if wanted == 3 and before is not None and before.class_name in ("LSTM", "GRU", "SimpleRNN", "Bidirectional"):
        return "the layer before it puts out its last step alone: give it return_sequences: true"
    if given == 2 and wanted > 2:
        return "its rows are flat: leave out what makes them so (data.flatten, Flatten), or put a Reshape before it"
    return ""


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

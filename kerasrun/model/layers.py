"""One layer: built from its spec, and blamed by its place where it does not fit."""

from typing import Any

import keras

from kerasrun.config import Config
from kerasrun.config.model_section import LayerSpec
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
    number, name = spec.path[-1], spec.layer.name if spec.layer else f"reuse: {spec.reuse}"
    read = f"it reads the shape {_show_shape(shape)}"
    path = (*spec.path, spec.layer.name) if spec.layer else spec.path
    return config.fault(
        path, f"layer {int(number) + 1}, {name}, does not fit: {read}. {first_lines(error, 2)}", at_key=True
    )


def _show_shape(shape: Any) -> str:
    if isinstance(shape, tuple):
        sizes = ["rows" if i == 0 and n is None else "any" if n is None else str(n) for i, n in enumerate(shape)]
        return f"({', '.join(sizes)})"
    return str(shape)


def compatible(declared: tuple[int | None, ...], given: tuple[int | None, ...]) -> bool:
    """Whether rows of the shape `given` fit the shape `declared`, where None is any size."""
    return len(declared) == len(given) and all(a is None or a == b for a, b in zip(declared, given, strict=True))

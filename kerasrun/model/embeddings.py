"""Whether numbers of words lie within what an Embedding has: outside, TensorFlow stops and XLA takes the last one."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from kerasrun.config import Config
from kerasrun.data.rows import LONE, Rows, array_items
from kerasrun.data.streamed import AnyRows


def check_embeddings(model: keras.Model, parts: Mapping[str, AnyRows], config: Config) -> None:
    """Compare the inputs in memory that an Embedding reads as they are with its size.

    Args:
        parts: the rows as the model reads them.

    Raises:
        ConfigError: a number lies outside.
    """
    for layer in model.layers:
        name = _input_of(layer, model)
        if name is None:
            continue
        numbers = [array for rows in parts.values() if isinstance(rows, Rows) for array in _named(rows, name)]
        largest = max((int(array.max()) for array in numbers if array.size), default=0)
        if largest >= layer.input_dim:
            message = (
                f"the layer {layer.name} (Embedding) has input_dim: {layer.input_dim}, and the inputs are numbers "
                f"up to {largest:,}"
            )
            raise config.fault(("model",), message, f"write input_dim: {largest + 1}, or take fewer words", at_key=True)


def _input_of(layer: Any, model: keras.Model) -> str | None:
    """The name of the model's input that an Embedding reads; None of other layers and inputs."""
    if not isinstance(layer, keras.layers.Embedding):
        return None
    try:
        return next((tensor.name for tensor in model.inputs if tensor is layer.input), None)
    except (AttributeError, ValueError):  # it is applied several times
        return None


def _named(rows: Rows, name: str) -> list[np.ndarray]:
    named = dict(array_items(rows.x, LONE))
    return [named[name]] if name in named else list(named.values()) if len(named) == 1 else []

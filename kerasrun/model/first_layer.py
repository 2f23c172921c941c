"""What the first layer of an image net looks for: its weights, as small pictures."""

from typing import Any

import keras
import numpy as np

# So many filters are shown.
MAX_FILTERS = 64


def first_filters(model: keras.Model, image_shape: tuple[int, ...]) -> tuple[str, np.ndarray, int] | None:
    """The name of the first layer with weights, its first filters, and how many it has.

    Args:
        image_shape: (height, width) or (height, width, channels) of the model's pictures.

    Returns:
        Filters of shape (n, height, width), or (n, height, width, 3) where the pictures are in colour, float32; those
        of other numbers of channels are means over them. A layer of units that reads whole pictures has a filter
        a unit. None where the first layer with weights is neither of the two.
    """
    layer = next((layer for layer in _leaves(model) if layer.weights), None)
    if not isinstance(layer, keras.layers.Dense | keras.layers.Conv2D):
        return None
    kernel = np.asarray(layer.kernel).astype(np.float32)
    if isinstance(layer, keras.layers.Dense):
        if kernel.shape[0] != int(np.prod(image_shape)):
            return None
        kernel = kernel.reshape(*image_shape, -1)
    if kernel.ndim == 3:  # pictures without an axis for channels
        kernel = kernel[:, :, None, :]
    if min(kernel.shape[:2]) < 2:
        return None
    filters = np.moveaxis(kernel, -1, 0)[:MAX_FILTERS]
    return layer.name, filters if filters.shape[-1] == 3 else filters.mean(axis=-1), kernel.shape[-1]


def _leaves(model: Any) -> Any:
    """The layers in their order, those of models inside a model at its place."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _leaves(layer)
        else:
            yield layer

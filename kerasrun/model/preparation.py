"""Preparation of the inputs: preprocessing layers in a Keras model of their own, run before the net."""

from typing import Any

import keras
import numpy as np

from kerasrun.data.rows import Arrays, map_arrays


class Preparation:
    """Scales and flattens inputs as they came into what the net reads.

    Args:
        x: inputs of shape (rows, …), for their shapes and dtypes; the values are not looked at.
        divisor: what inputs are divided by, or None.
        flatten: whether each row becomes one vector.
    """

    def __init__(self, x: Arrays, divisor: float | None, flatten: bool) -> None:
        self.models: Any = map_arrays(lambda array: _build(array, divisor, flatten), x)  # type: ignore[arg-type, return-value]

    def __call__(self, x: Any) -> Any:
        """Prepared inputs of a batch: tensors in, tensors out."""
        if isinstance(x, dict):
            return {name: self._apply(self.models[name], value) for name, value in x.items()}
        return self._apply(self.models, x)

    @staticmethod
    def _apply(model: Any, x: Any) -> Any:
        return x if model is None else model(x, training=False)

    def all_models(self) -> list[keras.Model]:
        """The models that have something to prepare."""
        models = self.models.values() if isinstance(self.models, dict) else [self.models]
        return [model for model in models if model is not None]

    def output_shape(self, x: Arrays) -> Any:
        """The shape without the batch, and the dtype, that the net reads: one pair, or one a name."""
        if isinstance(x, dict):
            return {name: _output(self.models[name], array) for name, array in x.items()}
        return _output(self.models, x)


def _build(array: np.ndarray, divisor: float | None, flatten: bool) -> keras.Model | None:
    layers: list[Any] = []
    if divisor is not None:
        layers.append(keras.layers.Rescaling(1.0 / divisor, dtype="float32"))
    if flatten:
        layers.append(keras.layers.Flatten(dtype="float32"))
    if not layers:
        return None
    return keras.Sequential([keras.Input(array.shape[1:], dtype=array.dtype.name), *layers], name="preparation")


def _output(model: keras.Model | None, array: np.ndarray) -> tuple[tuple[int | None, ...], str]:
    if model is not None:
        return tuple(model.output_shape[1:]), "float32"
    return array.shape[1:], array.dtype.name if array.dtype in (np.int32, np.int64) else keras.config.floatx()

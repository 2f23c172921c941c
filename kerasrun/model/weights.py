"""Initial weights: from a file or written out in the config; and layers that do not train."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.data.files.arrays import read_npz
from kerasrun.errors import InputError
from kerasrun.model.judging.file import TRAIN
from kerasrun.model.saved import load_keras_model


def weighted_layers(model: keras.Model) -> dict[str, Any]:
    """The model's layers that have weights, by name."""
    return {layer.name: layer for layer in model.layers if layer.weights}


def set_initial_weights(model: keras.Model, weights: str | dict[str, Any], config: Config) -> None:
    """Set the weights of all layers from a file, or of some layers from files or lists.

    An `.npz` holds arrays named `layer/variable` (`hidden/kernel`), a `.keras` file layers of the same names.

    Raises:
        ConfigError: a layer or array is missing, or a shape differs.
    """
    layers = weighted_layers(model)
    if isinstance(weights, str):
        weights = dict.fromkeys(layers, weights)
    sources: dict[str, dict[str, list[np.ndarray]]] = {}
    for name, value in weights.items():
        path = ("model", "weights", name) if isinstance(config.model.weights, dict) else ("model", "weights")
        if name not in layers:
            raise config.fault(path, f"no layer with weights is named '{name}'", closest(name, layers), at_key=True)
        if isinstance(value, str):
            if value not in sources:
                sources[value] = _read_weights(Path(value), layers)
            if name not in sources[value]:
                raise config.fault(
                    path, f"{value} holds no weights for the layer '{name}'", closest(name, sources[value])
                )
            arrays = sources[value][name]
        else:
            arrays = _inline(value, path, config)
        _assign(layers[name], arrays, path, config)


def _inline(value: list[Any], path: Any, config: Config) -> list[np.ndarray]:
    try:
        return [np.asarray(array, dtype=np.float64) for array in value]
    except (ValueError, TypeError, OverflowError):
        raise config.fault(path, "each array must be a number or a list of numbers, all rows of one length") from None


def _assign(layer: Any, arrays: list[np.ndarray], path: Any, config: Config) -> None:
    if any(array.dtype.kind not in "biuf" for array in arrays):
        raise config.fault(path, f"the arrays for the layer '{layer.name}' do not hold numbers")
    wanted = [tuple(variable.shape) for variable in layer.weights]
    given = [array.shape for array in arrays]
    if wanted != given:
        names = ", ".join(f"{v.name} {list(v.shape)}" for v in layer.weights)
        raise config.fault(
            path,
            f"the layer '{layer.name}' wants {names}; given are {', '.join(str(list(s)) for s in given) or 'none'}",
        )
    layer.set_weights(arrays)


def _read_weights(file: Path, layers: dict[str, Any]) -> dict[str, list[np.ndarray]]:
    if file.suffix == ".keras":
        return {name: layer.get_weights() for name, layer in weighted_layers(load_keras_model(file, TRAIN)).items()}
    if file.suffix != ".npz":
        raise InputError(f"{file}: weights are read from an .npz or a .keras file")
    arrays = read_npz(file)
    found = {}
    for name, layer in layers.items():
        keys = [f"{name}/{variable.path.split('/', 1)[-1]}" for variable in layer.weights]
        keys = [
            key if key in arrays else f"{name}/{variable.name}"
            for key, variable in zip(keys, layer.weights, strict=True)
        ]
        if all(key in arrays for key in keys):
            found[name] = [arrays[key] for key in keys]
    return found


def freeze_layers(model: keras.Model, names: list[str], config: Config) -> None:
    """Keep the weights of these layers as they are through training.

    Raises:
        ConfigError: no layer bears a name.
    """
    layers = {layer.name: layer for layer in model.layers}
    for index, name in enumerate(names):
        if name not in layers:
            raise config.fault(
                ("model", "freeze", index),
                f"no layer is named '{name}'",
                closest(name, layers) or f"there are {', '.join(layers)}",
            )
        if not layers[name].weights:
            message = f"the layer '{name}' has no weights to freeze"
            raise config.fault(("model", "freeze", index), message, "leave it out")
        layers[name].trainable = False


def freeze_inside(model: keras.Model) -> None:
    """Keep the layers inside a layer from training where the layer is not to train.

    Keras 3.15 hands `trainable` on to them when it is changed, but not when it is given as an argument.
    """
    for layer in model._flatten_layers(include_self=False):
        if not layer.trainable:
            for inner in layer._flatten_layers(include_self=False):
                inner.trainable = False

"""The half of a preparation that turns words into numbers, on the host: no compiled program knows text."""

import warnings
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from kerasrun.data.rows import LONE

# So many texts are looked up at once.
TEXTS_AT_ONCE = 65_536

# The number that Keras's lookups give to a word that they do not know.
UNKNOWN = 1


def _named_inputs(model: keras.Model) -> Mapping[str, Any]:
    given = model._inputs_struct
    return given if isinstance(given, dict) else {LONE: given}


def find_lookups(model: keras.Model) -> dict[str, Any]:
    """By the input's name the layer that makes numbers of its words."""
    texts = {tensor.name: name for name, tensor in _named_inputs(model).items() if tensor.dtype == "string"}
    return {
        texts[layer.input.name]: layer
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer) and getattr(layer.input, "name", None) in texts
    }


def behind_lookups(model: keras.Model, lookups: Mapping[str, Any]) -> keras.Model | None:
    """What comes after the lookups; None where that is nothing."""
    named = {name: lookups[name].output if name in lookups else t for name, t in _named_inputs(model).items()}
    if all(any(output is begun for begun in named.values()) for output in keras.tree.flatten(model.output)):
        return None
    inputs = {
        name: keras.Input(begun.shape[1:], dtype=encoded_as(begun) if name in lookups else begun.dtype, name=name)
        for name, begun in named.items()
    }
    known = {id(begun): inputs[name] for name, begun in named.items()}
    before = {*lookups.values(), *(layer for layer in model.layers if isinstance(layer, keras.layers.InputLayer))}
    for layer in model.layers:  # each stands after those that it reads
        if layer not in before:
            known[id(layer.output)] = layer(keras.tree.map_structure(lambda tensor: known[id(tensor)], layer.input))
    outputs = keras.tree.map_structure(lambda tensor: known[id(tensor)], model.output)
    is_named = isinstance(model._inputs_struct, dict)
    return keras.Model(inputs if is_named else inputs[LONE], outputs, name="preparation_behind_words")


def look_up(layer: Any, texts: np.ndarray) -> np.ndarray:
    """The numbers of words, (rows, …); whole numbers as int32.

    A text without a word is read as one that is not known: zeros may be masked, and a mean over none is no number.
    """
    with warnings.catch_warnings():
        # JAX has int32 for the layer's int64, which is all that is wanted.
        warnings.filterwarnings("ignore", "Explicitly requested dtype int64", UserWarning)
        parts = [
            np.asarray(layer(texts[start : start + TEXTS_AT_ONCE].tolist()))
            for start in range(0, max(1, len(texts)), TEXTS_AT_ONCE)
        ]
    numbers = np.concatenate(parts)
    if isinstance(layer, keras.layers.TextVectorization) and layer.get_config()["output_mode"] == "int":
        numbers[~numbers.any(axis=1), 0] = UNKNOWN
    return numbers.astype(np.int32) if numbers.dtype.kind == "i" else numbers


def encoded_as(tensor: Any) -> str:
    """The type in which `encode` gives the numbers of words."""
    return "int32" if str(tensor.dtype) == "int64" else str(tensor.dtype)

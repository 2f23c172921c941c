"""Preparation of the inputs: Keras's preprocessing layers in a model of their own, run before the net.

It has two halves. Words become numbers on the host, once, when rows are loaded. All else is done inside the compiled
program, batch by batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from kerasrun.config.specs import ObjectSpec
from kerasrun.data.rows import LONE, Arrays, Rows, array_items, map_arrays
from kerasrun.data.steps import Steps
from kerasrun.data.streamed import AnyRows, Streamed
from kerasrun.model import backend
from kerasrun.model.encoded import keep_encoded
from kerasrun.model.lookups import TEXTS_AT_ONCE, behind_lookups, encoded_as, find_lookups, look_up
from kerasrun.model.objects import ObjectBuilder


class Preparation:
    """From inputs as they came to what the net reads.

    Args:
        model: the whole preparation as a Keras model: of inputs by name, or of a lone one. None where there is none.
    """

    def __init__(self, model: keras.Model | None) -> None:
        self.model = model
        self._lookups = find_lookups(model) if model is not None else {}
        self._compiled = model if not self._lookups else behind_lookups(model, self._lookups)

    def encode(self, x: Arrays) -> Arrays:
        """Inputs with their words as numbers; all else as it came."""
        if not self._lookups:
            return x
        if isinstance(x, dict):
            return {name: look_up(self._lookups[name], a) if name in self._lookups else a for name, a in x.items()}
        return look_up(next(iter(self._lookups.values())), x)

    def encode_rows(self, rows: Any) -> Any:
        """The same of rows, streamed or not."""
        if not isinstance(rows, Streamed):
            return replace(rows, x=self.encode(rows.x))
        return keep_encoded(rows, self.encode) if self._lookups else rows

    def __call__(self, x: Any, training: bool = False) -> Any:
        """Prepared inputs of a batch that is encoded: tensors in, tensors out."""
        return x if self._compiled is None else self._compiled(x, training=training)

    @property
    def random_states(self) -> list[Any]:
        """The variables of the random generators, which training changes."""
        if self._compiled is None:
            return []
        weights = {id(weight) for weight in self._compiled.weights}
        return [variable for variable in self._compiled.variables if id(variable) not in weights]

    def all_models(self) -> list[keras.Model]:
        """The models that run inside the compiled program."""
        return [] if self._compiled is None else [self._compiled]

    def output_shape(self, x: Arrays) -> Any:
        """The shape without the batch, and the dtype, that the net reads: one pair, or one a name.

        Args:
            x: inputs, encoded or not; only their shapes and types are looked at.
        """
        if self.model is not None:
            numbers = [layer.output for layer in self._lookups.values()]
            return keras.tree.map_structure(lambda t: _of_tensor(t, any(t is n for n in numbers)), self.model.output)
        return map_arrays(_of_array, x)  # type: ignore[arg-type]


def build_preparation(
    steps: Steps, x: Arrays, builder: ObjectBuilder | None = None, streamed: Streamed | None = None
) -> Preparation:
    """Build the preparation of inputs.

    Args:
        x: the inputs of the training rows. Their shapes and dtypes count, and of texts the words.
        builder: makes the layers of an augmentation.
        streamed: the training rows, where `x` has the first of them alone.
    """
    named = dict(array_items(x, LONE))
    inputs = {name: _input(steps, name, array) for name, array in named.items()}
    outputs = {
        name: _of_text(steps.text, name, inputs[name], streamed or Rows(x, None))
        if steps.text is not None and _is_text(array)
        else _prepared(steps, name, inputs[name], array, builder)
        for name, array in named.items()
    }
    if all(outputs[name] is inputs[name] for name in inputs) and not steps.join:
        return Preparation(None)
    single = not isinstance(x, dict)
    whole = _joined(list(outputs.values())) if steps.join else outputs[LONE] if single else outputs
    return Preparation(keras.Model(inputs[LONE] if single else inputs, whole, name="preparation"))


def _input(steps: Steps, name: str, array: np.ndarray) -> Any:
    """Numbers of whatever type are read as floats where something is done to them: a picture may come as either."""
    is_changed = steps.augment or steps.divisor is not None or name in steps.spreads or steps.flatten or steps.join
    dtype = "string" if _is_text(array) else "float32" if is_changed else array.dtype.name
    return keras.Input(array.shape[1:], dtype=dtype, name=name)


def _prepared(steps: Steps, name: str, tensor: Any, array: np.ndarray, builder: ObjectBuilder | None) -> Any:
    if _is_text(array):
        return _of_category(steps, name, tensor)
    if steps.augment:
        assert builder is not None
        tensor = _augmented(steps.augment, name, tensor, builder)
    if steps.divisor is not None:
        tensor = keras.layers.Rescaling(1.0 / steps.divisor, dtype="float32", name=f"{name}.rescaling")(tensor)
    if (spread := steps.spreads.get(name)) is not None:
        mean, variance = spread.mean.tolist(), spread.variance.tolist()
        layer = keras.layers.Normalization(mean=mean, variance=variance, dtype="float32", name=f"{name}.normalization")
        tensor = layer(tensor)
    if steps.flatten:
        tensor = keras.layers.Flatten(dtype="float32", name=f"{name}.flatten")(tensor)
    return tensor


def _augmented(specs: Sequence[ObjectSpec], name: str, tensor: Any, builder: ObjectBuilder) -> Any:
    """Pictures altered at random. Keras's layers take those without an axis of channels for a single picture."""
    shape = tuple(tensor.shape[1:])
    if len(shape) == 2:
        tensor = keras.layers.Reshape((*shape, 1), dtype="float32", name=f"{name}.with_channel")(tensor)
    for number, spec in enumerate(specs):
        tensor = builder.build(spec, name=f"{name}.{number}.{spec.class_name}", dtype="float32")(tensor)
    return tensor if len(shape) > 2 else keras.layers.Reshape(shape, dtype="float32", name=f"{name}.plain")(tensor)


def _of_text(arguments: Mapping[str, Any], name: str, tensor: Any, train: AnyRows) -> Any:
    """The words of a text as numbers; which there are is learned from the training rows."""
    ngrams = arguments.get("ngrams")
    arguments = {**arguments, "ngrams": tuple(ngrams) if isinstance(ngrams, list) else ngrams}
    layer = keras.layers.TextVectorization(**arguments, name=f"{name}.words")
    if "vocabulary" not in arguments:
        blocks = (dict(array_items(block.x, LONE))[name] for _, block in train.blocks())
        texts = (
            block[start : start + TEXTS_AT_ONCE].tolist()
            for block in blocks
            for start in range(0, len(block), TEXTS_AT_ONCE)
        )
        layer.adapt(backend.text_batches(texts))
    return layer(tensor)


def _of_category(steps: Steps, name: str, tensor: Any) -> Any:
    words = steps.vocabularies[name]
    number = keras.layers.StringLookup(vocabulary=list(words), name=f"{name}.lookup")(tensor)
    if steps.encode == "integer":
        return number
    return keras.layers.CategoryEncoding(
        len(words) + 1, output_mode="one_hot", dtype="float32", name=f"{name}.one_hot"
    )(number)


def _joined(tensors: list[Any]) -> Any:
    return tensors[0] if len(tensors) == 1 else keras.layers.Concatenate(dtype="float32", name="all.joined")(tensors)


def _is_text(array: np.ndarray) -> bool:
    return array.dtype.kind in "OUS"


def _of_tensor(tensor: Any, is_encoded: bool) -> tuple[tuple[int | None, ...], str]:
    return tuple(tensor.shape[1:]), _read_as(encoded_as(tensor) if is_encoded else str(tensor.dtype))


def _of_array(array: np.ndarray) -> tuple[tuple[int | None, ...], str]:
    return array.shape[1:], _read_as(array.dtype.name)


def _read_as(dtype: str) -> str:
    """What a net reads values of a type as: whole numbers may count something, all else becomes a float."""
    if dtype in ("int32", "int64"):
        return dtype
    return "float32" if dtype == "float32" else keras.config.floatx()

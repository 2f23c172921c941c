"""Every argument of every layer changes the layer: its weights, outputs, masks, losses, training or graph."""

import collections
import random
from fnmatch import fnmatchcase
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from layer_bases import BASES, READS, values, written
from layer_others import OTHERS
from tiny_models import fitting, shapes_of
from walk import KINDS, Stages, Walk, unused

from kerasrun.config import load_config
from kerasrun.errors import ConfigError
from kerasrun.model.backend import isolated_state
from kerasrun.model.build import build_model
from kerasrun.model.objects import ObjectBuilder

LAYERS = [name for name, entry in KINDS["layers"].entries.items() if not entry.application]

# What a config is told that freezes a layer without weights.
NOTHING_TO_TRAIN = "has no weights, so 'trainable' has no effect"

# The fast tests hold one of each family, and all that is quick.
SLOW = (
    "ConvLSTM?D GRU GRUCell LSTMCell RNN SimpleRNN* StackedRNNCells Bidirectional *?Attention MelSpectrogram "
    "Conv[13]DTranspose SeparableConv1D DepthwiseConv1D Conv3D AugMix RandAugment *Equalization Random[!CFT]* "
    "RandomColor*"
)


def observe_layer(
    name: str, arguments: dict[str, Any], reads: Any = None, kind: str = "", behind: Any = (), **more: Any
) -> Stages:
    """Build a model of the layer, and watch what it does.

    Args:
        reads: shape and kind of each input, if not as usual.
        kind: the kind of all inputs, if not as usual.
        behind: layers that stand before it.
    """
    reads = [(shape, kind or usual) for shape, usual in reads or fitting(READS, name)]
    generator = np.random.default_rng(3)
    x = {letter: values(*read, generator) for letter, read in zip("ab", reads, strict=False)}
    config = load_config(written(name, arguments, reads, behind, more.get("policy", "float32")))
    with isolated_state(config.training.dtype_policy):
        keras.utils.set_random_seed(config.seed)
        try:
            model = build_model(config, shapes_of(x), ObjectBuilder(config))
        except ConfigError as error:
            if NOTHING_TO_TRAIN not in str(error):
                raise
            yield "weights", NOTHING_TO_TRAIN
            return
    x = {letter: keras.ops.convert_to_tensor(rows) for letter, rows in x.items()}
    yield "weights", [weight_of(weight) for weight in model.weights]
    yield "outputs", outputs_of(model, x, training=False)
    yield "outputs in training", outputs_of(model, x, training=True)
    yield "losses", [np.asarray(loss) for loss in model.losses]
    yield "weights after two steps", train_two_steps(model, x)
    yield "outputs after two steps", outputs_of(model, x, training=False)
    if more.get("traced"):
        yield "graph", operations(model, x)


def weight_of(weight: Any) -> tuple[Any, ...]:
    return weight.path, str(weight.dtype), np.asarray(weight)


def outputs_of(model: Any, x: Any, training: bool) -> Any:
    """The values of all outputs, with their type and mask."""
    random.seed(5)  # some layers choose by Python's own generator
    return [describe(output) for output in keras.tree.flatten(model(x, training=training))]


def describe(output: Any) -> Any:
    mask = getattr(output, "_keras_mask", None)
    if isinstance(output, tf.RaggedTensor):
        return "ragged", output.to_list()
    if isinstance(output, tf.SparseTensor):
        return "sparse", np.asarray(tf.sparse.to_dense(output))
    return str(output.dtype), np.asarray(output), None if mask is None else np.asarray(mask)


def train_two_steps(model: Any, x: Any) -> Any:
    """The weights after two steps of plain gradient descent on the squares of the outputs."""
    optimizer = keras.optimizers.SGD(0.1)
    for _ in range(2):
        with tf.GradientTape() as tape:
            outputs = [o for o in keras.tree.flatten(model(x, training=True)) if "float" in str(o.dtype)]
            losses = [tf.cast(tf.reduce_mean(tf.square(output)), "float32") for output in outputs]
            loss = tf.add_n([*losses, *(tf.cast(loss, "float32") for loss in model.losses), 0.0])
        trainable = model.trainable_variables
        gradients = tape.gradient(loss, trainable)
        pairs = [pair for pair in zip(gradients, trainable, strict=True) if pair[0] is not None]
        if pairs:
            optimizer.apply_gradients(pairs)
    return [np.asarray(weight) for weight in model.weights]


def operations(model: Any, x: Any) -> Any:
    """How often each operation stands in the traced program."""
    traced = tf.function(lambda x: model(x, training=True)).get_concrete_function(x)
    return sorted(collections.Counter(operation.type for operation in traced.graph.get_operations()).items())


WALK = Walk("layers", OTHERS, {}, observe_layer, BASES)


def is_slow(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in SLOW.split())


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] * is_slow(n)) for n in LAYERS])
def test_every_argument_acts(name):
    assert WALK.faults(name) == []


def test_every_row_of_the_tables_is_of_use():
    places = [place for place in WALK.places() if place.partition(".")[0] in LAYERS]
    assert unused(OTHERS, places) == unused(WALK.excuses, places) == []

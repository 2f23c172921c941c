"""From a config's model section to a keras.Model: a Sequential, a graph, or one that was saved."""

import os
from pathlib import Path

import keras

from kerasrun.config import Config
from kerasrun.model.graph import GraphBuilder
from kerasrun.model.judging.file import TRAIN
from kerasrun.model.judging.sizes import watched_variables
from kerasrun.model.layers import Shape, build_layer, check_trainable, compatible, misfit
from kerasrun.model.objects import ObjectBuilder
from kerasrun.model.saved import load_keras_model
from kerasrun.model.weights import freeze_inside, freeze_layers, set_initial_weights


def build_model(config: Config, shapes: Shape | dict[str, Shape], builder: ObjectBuilder) -> keras.Model:
    """Build the model with its initial weights; it is not compiled yet.

    Args:
        shapes: shape and dtype of the prepared inputs: one pair, or one a name.

    Raises:
        ConfigError: a layer does not fit what it reads; the message names the layer's place and the shapes.
    """
    with watched_variables(_numbers_in_memory(), "this machine has no memory for training so many"):
        return _build(config, shapes, builder)


def _numbers_in_memory() -> int:
    """How many weights fit into memory with a gradient and what an optimizer keeps, in single precision."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (3 * 4)


def _build(config: Config, shapes: Shape | dict[str, Shape], builder: ObjectBuilder) -> keras.Model:
    spec = config.model
    if spec.load:
        model = load_keras_model(Path(spec.load), TRAIN)
        check_input_shapes(model, shapes, config)
        check_dtype_policy(model, config)
    elif spec.is_sequential and not isinstance(shapes, dict):
        model = _build_sequential(config, shapes, builder)
    else:
        model = GraphBuilder(config, builder).build(shapes)
    freeze_inside(model)
    if spec.weights is not None:
        set_initial_weights(model, spec.weights, config)
    freeze_layers(model, spec.freeze, config)
    return model


def _build_sequential(config: Config, shape: Shape, builder: ObjectBuilder) -> keras.Model:
    source = tensor = keras.Input(shape[0], dtype=shape[1])
    layers = []
    for spec in config.model.layers:
        layer = build_layer(spec, builder, tensor.shape)
        try:
            tensor = layer(tensor)  # builds the layer, so that one that does not fit is known by its place
        except Exception as error:
            raise misfit(config, spec, tuple(tensor.shape), error) from error
        check_trainable(config, spec, layer)
        layers.append(layer)
    return keras.Sequential([source, *layers])


def check_input_shapes(model: keras.Model, shapes: Shape | dict[str, Shape], config: Config) -> None:
    """Whether a saved model reads inputs of these shapes.

    Raises:
        ConfigError: it does not.
    """
    given = {None: shapes} if not isinstance(shapes, dict) else dict(shapes)
    if len(model.inputs) != len(given):
        raise config.fault(
            ("model", "load"), f"the saved model has {len(model.inputs)} inputs, and the data {len(given)}"
        )
    for tensor, (shape, _) in zip(model.inputs, given.values(), strict=True):
        if not compatible(tuple(tensor.shape[1:]), shape):
            message = f"the saved model reads rows of shape {list(tensor.shape[1:])}, and the data's have {list(shape)}"
            raise config.fault(("model", "load"), message, "see data.flatten")


def check_dtype_policy(model: keras.Model, config: Config) -> None:
    """Whether a saved model computes as the config says: its layers keep the policy that they were made with.

    Raises:
        ConfigError: it does not.
    """
    wanted = config.training.dtype_policy
    for layer in model.layers:
        if layer.weights and layer.dtype_policy.name != wanted:
            message = f"the saved model's layer '{layer.name}' computes in {layer.dtype_policy.name}, not {wanted}"
            hint = f"set training.dtype_policy: {layer.dtype_policy.name}"
            raise config.fault(("training", "dtype_policy"), message, hint, at_key=True)

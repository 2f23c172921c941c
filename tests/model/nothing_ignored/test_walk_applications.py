"""Every argument of the networks of `keras.applications` changes the network that a config builds."""

import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import keras
import numpy as np
import pytest
from tiny_models import NUM_ROWS, fitting, shapes_of
from walk import KINDS, Stages, Walk, beside, fails, find

from kerasrun.config import load_config
from kerasrun.model.backend import isolated_state
from kerasrun.model.build import build_model
from kerasrun.model.objects import ObjectBuilder

NETWORKS = [name for name, entry in KINDS["layers"].entries.items() if entry.application]

# The slow tests walk this one and one of each family; the fast ones see that every argument reaches Keras.
SMALLEST = "MobileNet"

# One of each family; the larger ones are built by the same code.
FAMILIES = [
    *("ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "EfficientNetV2B0", "InceptionResNetV2", "InceptionV3"),
    *("MobileNetV2", "MobileNetV3Large", "MobileNetV3Small", "NASNetMobile", "ResNet50", "ResNet50V2"),
    *("VGG16", "VGG19", "Xception"),
]

# The smallest images that a network takes.
SIZES = {"Xception": 71, "Inception*": 75, "*": 32}

SAVED = "saved.weights.h5"

OTHERS: dict[str, Any] = {
    "include_top": False,
    "weights": SAVED,
    "input_shape": fails([90, 90, 3], "does not fit"),
    "pooling": beside("avg", include_top=False),
    "classes": 7,
    "classifier_activation": "sigmoid",
    "include_preprocessing": False,
    "alpha": 0.75,
    "depth_multiplier": 2,
    "dropout dropout_rate": 0.5,
    "minimalistic": True,
}


def read(name: str, arguments: dict[str, Any]) -> Any:
    """A config of the network."""
    return load_config(
        {
            "data": {"source": "npz", "path": "rows.npz"},
            "model": [{name: arguments}],
            "training": {"epochs": 1, "loss": "mse"},
        }
    )


def taken(name: str) -> set[str]:
    """The arguments of a network."""
    return set(KINDS["layers"].entries[name].arguments)


def images(name: str) -> np.ndarray:
    size = fitting(SIZES, name)
    return np.random.default_rng(4).uniform(0, 255, (NUM_ROWS, size, size, 3)).astype("float32")


def build(name: str, arguments: dict[str, Any]) -> Any:
    """The model, with weights that come from one seed."""
    config = read(name, arguments)
    with isolated_state("float32"):
        keras.utils.set_random_seed(1)
        return build_model(config, shapes_of(images(name)), ObjectBuilder(config))


def with_saved_weights(name: str, arguments: dict[str, Any]) -> Any:
    """The model that begins with weights from a file."""
    network = build(name, arguments | {"weights": None}).layers[-1]
    network.set_weights([np.full_like(weight, 0.5) for weight in network.get_weights()])
    with tempfile.TemporaryDirectory() as folder:
        network.save_weights(Path(folder, SAVED))
        return build(name, arguments | {"weights": str(Path(folder, SAVED))})


def observe_network(name: str, arguments: dict[str, Any]) -> Stages:
    model = with_saved_weights(name, arguments) if arguments["weights"] == SAVED else build(name, arguments)
    yield "shapes of weights", [tuple(weight.shape) for weight in model.weights]
    yield "weights", model.get_weights()
    yield "outputs", np.asarray(model(images(name), training=False))
    keras.utils.set_random_seed(2)
    yield "outputs in training", np.asarray(model(images(name), training=True))


WALK = Walk("layers", OTHERS, {}, observe_network, {SMALLEST: {"weights": None, "alpha": 0.25}, "*": {"weights": None}})


@pytest.mark.slow
def test_every_argument_of_the_smallest_network_acts():
    assert WALK.faults(SMALLEST) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_every_argument_of_every_family_acts(name):
    assert WALK.faults(name) == []


@pytest.mark.parametrize("name", NETWORKS)
def test_every_argument_reaches_keras(name):
    """The large ones are not built here; a small model stands in for them."""
    for argument in taken(name):
        other = find(OTHERS, f"{name}.{argument}")
        value = getattr(other, "value", other)
        assert value is not None, f"no value other than the default is known for {name}.{argument}"
        with mock.patch.object(keras.applications, name, return_value=keras.layers.Flatten()) as network:
            build(name, {"weights": None, argument: value})
        assert network.call_args.kwargs[argument] == (mock.ANY if argument == "weights" else value)

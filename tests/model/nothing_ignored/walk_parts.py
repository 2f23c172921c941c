"""Every argument of every initializer, regularizer and constraint changes what it makes of given weights."""

from typing import Any

import keras
import numpy as np
from walk import Other, Stages, Walk, beside

from kerasrun.config import load_config
from kerasrun.model.objects import ObjectBuilder

WEIGHTS = keras.ops.convert_to_tensor(np.random.default_rng(5).normal(size=(4, 3)).astype("float32"))


def part_of(kind: str, name: str, arguments: dict[str, Any]) -> Any:
    """The object of a layer in a config, as Keras's own."""
    argument = f"kernel_{kind.removesuffix('s')}"
    config = load_config(
        {
            "data": {"source": "npz", "path": "rows.npz"},
            "model": [{"Dense": {"units": 3, argument: {name: arguments}}}],
            "training": {"epochs": 1, "loss": "mse"},
        }
    )
    return ObjectBuilder(config).build(config.model.layers[0].layer.arguments[argument])


def observe_initializer(name: str, arguments: dict[str, Any], shape: tuple[int, ...] = (4, 6)) -> Stages:
    if name == "STFT":
        shape = (8, 1, 5)
    yield "weights", np.asarray(part_of("initializers", name, arguments)(shape))


def observe_regularizer(name: str, arguments: dict[str, Any]) -> Stages:
    yield "penalty", np.asarray(part_of("regularizers", name, arguments)(WEIGHTS))


def observe_constraint(name: str, arguments: dict[str, Any]) -> Stages:
    yield "weights", np.asarray(part_of("constraints", name, arguments)(WEIGHTS))


WALKS = [
    Walk(
        "initializers",
        {
            "seed": 7,
            "value gain mean minval": 0.5,
            "stddev maxval": 0.2,
            "scale": 3.0,
            "VarianceScaling.mode": "fan_out",
            "distribution": "uniform",
            "input_axes": Other([0], {"output_axes": [2]}, {"shape": (4, 3, 2)}),
            "output_axes": Other([2], {"input_axes": [0]}, {"shape": (4, 3, 2)}),
            "side": "imag",
            "window": "hamming",
            "scaling": "spectrum",
            "periodic": True,
        },
        {},
        observe_initializer,
        {"Glorot* He* Lecun* Orthogonal Random* TruncatedNormal VarianceScaling": {"seed": 3}},
    ),
    Walk(
        "regularizers",
        {"l1 l2 factor": 0.5, "OrthogonalRegularizer.mode": "columns"},
        {},
        observe_regularizer,
        {},
    ),
    Walk(
        "constraints",
        {
            "MaxNorm.max_value": 0.5,
            "min_value": beside(3.0, max_value=4.0),
            "max_value": 0.5,
            "rate": 0.5,
            "axis": 1,
        },
        {},
        observe_constraint,
        {},
    ),
]

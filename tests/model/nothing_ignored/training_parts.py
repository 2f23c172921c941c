"""Parts of a config's training section, as Keras's own objects."""

from typing import Any

import tensorflow as tf

from kerasrun.config import load_config
from kerasrun.model.backend import isolated_state
from kerasrun.model.objects import ObjectBuilder


def part_of(**training: Any) -> Any:
    """What the training section of a config holds, as Keras's own objects."""
    config = load_config(
        {
            "data": {"source": "npz", "path": "rows.npz"},
            "model": [{"Flatten": None}],
            "training": {"epochs": 1, "loss": "mse"} | training,
        }
    )
    spec = config.optimizer if "optimizer" in training else config.metrics[0] if "metrics" in training else config.loss
    with isolated_state("float32"):  # names count from 0
        return ObjectBuilder(config).build(spec)


def operation_names(function: Any, *arguments: Any) -> list[str]:
    """The names that a program's operations bear, as TensorBoard shows them."""
    graph = tf.function(function).get_concrete_function(*arguments).graph
    return [operation.name for operation in graph.get_operations()]

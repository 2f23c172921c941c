"""TensorFlow's way: variables change in place, and the program is a tf.function, as a graph or under XLA."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerasrun.training.engine import learning_rate_of

# What Keras's layers draw from, and the argument that names the generator.
RANDOM_FUNCTIONS = (
    (tf.random, "stateless_uniform", "alg"),
    (tf.random, "stateless_normal", "alg"),
    (tf.random, "stateless_truncated_normal", "alg"),
    (tf.nn.experimental, "stateless_dropout", "rng_alg"),
)


class OnTensorFlow:
    """Steps of a model on TensorFlow. Its state is nothing, since variables change in place.

    Args:
        program: `graph` or `xla`.
    """

    figures_dtype = "float64"

    def __init__(self, model: keras.Model, program: str) -> None:
        self.model, self.program = model, program

    tensor = staticmethod(tf.constant)
    gather = staticmethod(tf.gather)

    def build(self, batch: Any) -> dict[str, int]:
        self.model.test_step(batch)
        self.model.reset_metrics()
        return {name: int(np.prod(np.shape(value))) for name, value in self.model.get_metrics_result().items()}

    def compile(self, function: Callable[..., Any], *fixed: Any) -> Callable[..., Any]:
        def run(*tensors: Any) -> Any:
            state = tf.constant(0)  # loops and branches hand on at least one value
            with named_generator() if self.program == "xla" else contextlib.nullcontext():
                return function(state, *fixed, *tensors)[1]  # tensors that a trace finds around it are no constants

        compiled = tf.function(run, jit_compile=self.program == "xla", autograph=False)
        return _Concrete(compiled) if fixed else compiled

    def train(self, state: Any, batch: Any) -> tuple[Any, Any]:
        return state, self.model.train_step(batch)["loss"]

    def test(self, state: Any, batch: Any) -> tuple[Any, Any]:
        return state, self.model.test_step(batch)["loss"]

    def forward(self, state: Any, x: Any) -> Any:
        return self.model(x, training=False)

    def reset(self, state: Any) -> Any:
        self.model.reset_metrics()
        return state

    def results(self, state: Any) -> dict[str, Any]:
        return self.model.get_metrics_result()

    def learning_rate(self, state: Any) -> Any:
        return learning_rate_of(self.model.optimizer)

    def step_graph(self, batch: Any) -> Any:
        def spec(tensor: Any) -> Any:
            return tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype)

        rows = keras.tree.map_structure(spec, batch, none_is_leaf=False)
        step = tf.function(lambda batch: self.model.train_step(batch), autograph=False)
        return step.get_concrete_function(rows).graph


class _Concrete:
    """A tf.function for tensors of one signature: without the search for a fitting trace in each call."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.concrete: Any = None

    def __call__(self, *arrays: Any) -> Any:
        tensors = [tf.convert_to_tensor(array) for array in arrays]
        if self.concrete is None:
            self.concrete = self.function.get_concrete_function(*tensors)
        return self.concrete(*tensors)


@contextlib.contextmanager
def named_generator() -> Iterator[None]:
    """While a program is traced, name Philox as the generator of all random numbers.

    Left to choose, XLA on a CPU takes one that makes dropout five times as slow. Keras gives no way to name it.
    """
    plain = [getattr(module, name) for module, name, _ in RANDOM_FUNCTIONS]
    try:
        for (module, name, argument), function in zip(RANDOM_FUNCTIONS, plain, strict=True):
            setattr(module, name, functools.partial(function, **{argument: "philox"}))
        yield
    finally:
        for (module, name, _), function in zip(RANDOM_FUNCTIONS, plain, strict=True):
            setattr(module, name, function)

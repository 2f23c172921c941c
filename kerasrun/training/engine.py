"""What a backend must be able to do for the compiled program, and the one for the backend that runs."""

from collections.abc import Callable
from typing import Any, Protocol

import keras
import numpy as np


class Engine(Protocol):
    """What a backend does in a way of its own. `state` is what a step changes."""

    figures_dtype: str

    def tensor(self, array: np.ndarray) -> Any:
        """An array on the device, in the type it came in."""

    def build(self, batch: Any) -> dict[str, int]:
        """Create all variables by the shapes of a batch; the names of the figures, and how many values each has."""

    def compile(self, function: Callable[..., Any], *fixed: Any) -> Callable[..., Any]:
        """From function(state, *fixed, *tensors) → (state, outputs) to compiled(*tensors) → outputs."""

    def train(self, state: Any, batch: Any) -> tuple[Any, Any]:
        """One train_step: state and loss."""

    def test(self, state: Any, batch: Any) -> tuple[Any, Any]:
        """One test_step: state and loss."""

    def forward(self, state: Any, x: Any) -> Any:
        """The model's outputs, as in a prediction."""

    def reset(self, state: Any) -> Any:
        """The state with metrics begun anew."""

    def results(self, state: Any) -> dict[str, Any]:
        """Loss and metrics so far."""

    def learning_rate(self, state: Any) -> Any:
        """The learning rate of the next step."""

    def gather(self, array: Any, rows: Any) -> Any:
        """Rows of an array by their indices, which are all in range."""

    def step_graph(self, batch: Any) -> Any:
        """The graph of a training step on batches like this one, of any size; None where the backend has no graphs."""


def learning_rate_of(optimizer: Any) -> Any:
    """The learning rate of an optimizer, or of the one inside where it only scales the loss for another."""
    return getattr(optimizer, "inner_optimizer", optimizer).learning_rate


def engine_for(model: keras.Model, program: str = "graph") -> Engine:
    """The engine of the backend that Keras runs on.

    Args:
        program: `graph` or `xla`; JAX knows only `xla`.
    """
    if keras.backend.backend() == "jax":
        from kerasrun.training.on_jax import OnJax

        return OnJax(model)
    from kerasrun.training.on_tensorflow import OnTensorFlow

    return OnTensorFlow(model, program)

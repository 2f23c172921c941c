"""JAX's way: a step takes all variables' values and returns new ones, and jax.jit compiles the program."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from kerasrun.training.engine import learning_rate_of

# Values of all variables: trainable, the layers' others, the optimizer's, the metrics'.
State = tuple[list[Any], list[Any], list[Any], list[Any]]


class OnJax:
    """Steps of a model on JAX."""

    figures_dtype = "float32"

    def __init__(self, model: keras.Model) -> None:
        self.model = model
        self._fresh: list[Any] = []

    tensor = staticmethod(jnp.asarray)

    def build(self, batch: Any) -> dict[str, int]:
        self.model._symbolic_build(data_batch=batch)  # as `fit` does; Keras has no public name for it
        self.model.reset_metrics()
        self._fresh = [np.array(variable.value) for variable in self.model.metrics_variables]
        names = list(self.results(self._read()))  # eval_shape would sort them
        shapes = jax.eval_shape(lambda state: list(self.results(state).values()), self._read())
        return {name: int(np.prod(value.shape)) for name, value in zip(names, shapes, strict=True)}

    def compile(self, function: Callable[..., Any], *fixed: Any) -> Callable[..., Any]:
        jitted = jax.jit(function, donate_argnums=0)

        def run(*tensors: Any) -> Any:
            state, outputs = jitted(self._read(), *fixed, *tensors)
            self._write(state)
            return outputs

        return run

    def train(self, state: State, batch: Any) -> tuple[State, Any]:
        logs, after = self.model.train_step(state, batch)
        return _lists(after), logs["loss"]

    def test(self, state: State, batch: Any) -> tuple[State, Any]:
        trainable, others, optimizer, metrics = state
        logs, (trainable, others, metrics) = self.model.test_step((trainable, others, metrics), batch)
        return _lists((trainable, others, optimizer, metrics)), logs["loss"]

    def forward(self, state: State, x: Any) -> Any:
        return self.model.stateless_call(state[0], state[1], x, training=False)[0]

    def reset(self, state: State) -> State:
        return (*state[:3], [jnp.asarray(value) for value in self._fresh])

    def results(self, state: State) -> dict[str, Any]:
        with self._values_of(self.model.metrics_variables, state[3]):
            return self.model.get_metrics_result()

    def learning_rate(self, state: State) -> Any:
        with self._values_of(self.model.optimizer.variables, state[2]):
            return jnp.asarray(learning_rate_of(self.model.optimizer))

    def gather(self, array: Any, rows: Any) -> Any:
        return array.at[rows].get(mode="promise_in_bounds")

    def step_graph(self, batch: Any) -> None:
        return None

    @staticmethod
    def _values_of(variables: list[Any], values: list[Any]) -> Any:
        return keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True)))

    def _variables(self) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
        model = self.model
        optimizer = model.optimizer.variables if model.optimizer is not None else []
        return model.trainable_variables, model.non_trainable_variables, optimizer, model.metrics_variables

    def _read(self) -> State:
        """All values. One that two variables share is copied, since the program gets the memory of each."""
        seen: set[int] = set()

        def own(value: Any) -> Any:
            shared = id(value) in seen
            seen.add(id(value))
            return jnp.copy(value) if shared else value

        return _lists([[own(variable.value) for variable in part] for part in self._variables()])

    def _write(self, state: State) -> None:
        for part, values in zip(self._variables(), state, strict=True):
            for variable, value in zip(part, values, strict=True):
                variable.assign(value)


def _lists(state: Any) -> State:
    first, second, third, fourth = map(list, state)
    return first, second, third, fourth

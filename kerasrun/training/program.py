"""The compiled program: many steps of Keras's own train_step or test_step in one call of TensorFlow.

Rows stay on the device in the type they came in; batches are gathered and prepared inside the program. The
number of steps is a tensor, so that one trace serves whole epochs, parts of them and single steps.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerasrun.data.rows import Rows, map_arrays


class Program:
    """Runs steps of one compiled model over rows on the device.

    Args:
        model: a compiled keras.Model.
        prepare: from a batch of inputs as they came to what the model reads; runs inside the program.
        batch_size: rows a step.
    """

    def __init__(self, model: keras.Model, prepare: Callable[[Any], Any], batch_size: int) -> None:
        self.model, self.prepare, self.batch_size = model, prepare, batch_size
        self._sizes: dict[str, int] = {}
        self._train_steps = tf.function(self._make_train_steps(), reduce_retracing=True)
        self._test_steps = tf.function(self._make_test_steps(), reduce_retracing=True)
        self._single_losses = tf.function(self._make_single_losses(), reduce_retracing=True)

    def to_device(self, rows: Rows) -> tuple[Any, Any, Any]:
        """The rows' inputs, targets and weights as tensors."""
        y = None if rows.y is None else map_arrays(tf.constant, rows.y)
        weights = None if rows.sample_weight is None else tf.constant(rows.sample_weight)
        return map_arrays(tf.constant, rows.x), y, weights

    def build(self, arrays: tuple[Any, Any, Any]) -> None:
        """Create the metrics' variables, which a compiled loop cannot; the model's weights stay as they are."""
        self.model.test_step(self._batch(arrays, tf.range(1)))
        self.model.reset_metrics()

    def trace(self, arrays: Any, num_rows: int, single_losses: bool) -> None:
        """Trace the training steps without running one, as the first call would."""
        width = min(self.batch_size, num_rows)
        if single_losses:
            self._single_losses.get_concrete_function(arrays, tf.zeros((1, width), tf.int32))
        else:
            order, number = tf.range(num_rows), tf.constant(0)
            self._train_steps.get_concrete_function(arrays, order, number, number, width, tf.constant(True))

    def train(self, arrays: Any, order: np.ndarray, start: int, stop: int, fresh: bool) -> dict[str, float]:
        """Train on the rows `order[start:stop]`, a batch a step; the last batch may be smaller.

        Args:
            order: indices of rows, shape (rows,) int32.
            fresh: whether the metrics begin anew.

        Returns:
            Loss and metrics since they last began anew.
        """
        return self._in_batches(self._train_steps, arrays, tf.constant(order), start, stop, fresh)

    def evaluate(
        self, arrays: Any, num_rows: int, start: int = 0, stop: int | None = None, fresh: bool = True
    ) -> dict[str, float]:
        """Loss and metrics over the rows from start up to stop, in their order."""
        order = tf.range(num_rows)
        return self._in_batches(self._test_steps, arrays, order, start, num_rows if stop is None else stop, fresh)

    def train_single(self, arrays: Any, batches: np.ndarray) -> np.ndarray:
        """Train on each batch of row indices, shape (steps, batch) int32; the loss of each before its update."""
        return np.asarray(self._single_losses(arrays, tf.constant(batches)))

    def _in_batches(self, steps: Any, arrays: Any, order: Any, start: int, stop: int, fresh: bool) -> dict[str, float]:
        full, rest = divmod(stop - start, self.batch_size)
        values: Any = None
        if full:
            values = steps(arrays, order, tf.constant(start), tf.constant(full), self.batch_size, tf.constant(fresh))
        if rest:
            begun = tf.constant(fresh and not full)
            values = steps(arrays, order, tf.constant(stop - rest), tf.constant(1), rest, begun)
        return self._logs(np.asarray(values))

    def _logs(self, values: np.ndarray) -> dict[str, float]:
        """Names for the values of the metrics; a metric of several values gets a number behind its name."""
        logs, offset = {}, 0
        for name, size in self._sizes.items():
            for index in range(size):
                logs[name if size == 1 else f"{name}_{index}"] = float(values[offset + index])
            offset += size
        return logs

    def _batch(self, arrays: tuple[Any, Any, Any], rows: Any) -> tuple[Any, Any, Any]:
        x, y, weights = arrays
        gather = lambda array: tf.gather(array, rows)  # noqa: E731
        return (
            self.prepare(map_arrays(gather, x)),
            None if y is None else map_arrays(gather, y),
            None if weights is None else gather(weights),
        )

    def _results(self) -> Any:
        """All metrics as one float64 vector: one read from Python instead of one a metric."""
        results = self.model.get_metrics_result()
        self._sizes = {name: int(np.prod(value.shape)) for name, value in results.items()}
        return tf.concat([tf.reshape(tf.cast(value, tf.float64), [-1]) for value in results.values()], axis=0)

    def _make_train_steps(self) -> Callable[..., Any]:
        return self._make_steps(lambda: self.model.train_step)

    def _make_test_steps(self) -> Callable[..., Any]:
        return self._make_steps(lambda: self.model.test_step)

    def _make_steps(self, get_step: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
        step = tf.autograph.experimental.do_not_convert(lambda batch: get_step()(batch))
        reset = tf.autograph.experimental.do_not_convert(lambda: self.model.reset_metrics())
        results = tf.autograph.experimental.do_not_convert(self._results)
        batch_of = tf.autograph.experimental.do_not_convert(self._batch)

        def run_steps(arrays: Any, order: Any, start: Any, num_steps: Any, width: int, fresh: Any) -> Any:
            if fresh:
                reset()
            for index in tf.range(num_steps):
                step(batch_of(arrays, tf.slice(order, [start + index * width], [width])))
            return results()

        return run_steps

    def _make_single_losses(self) -> Callable[..., Any]:
        step = tf.autograph.experimental.do_not_convert(lambda batch: self.model.train_step(batch)["loss"])
        reset = tf.autograph.experimental.do_not_convert(lambda: self.model.reset_metrics())
        batch_of = tf.autograph.experimental.do_not_convert(self._batch)

        def run_steps(arrays: Any, batches: Any) -> Any:
            losses = tf.TensorArray(tf.float32, tf.shape(batches)[0])
            for index in tf.range(tf.shape(batches)[0]):
                reset()
                losses = losses.write(index, tf.cast(step(batch_of(arrays, batches[index])), tf.float32))
            return losses.stack()

        return run_steps


def predict(model: keras.Model, prepare: Callable[[Any], Any], x: Any, batch_size: int = 1024) -> Any:
    """The model's outputs for inputs as they came: one array of shape (rows, …), or one a name."""
    call = tf.function(lambda batch: model(prepare(batch), training=False), reduce_retracing=True)
    num_rows = len(next(iter(x.values()))) if isinstance(x, dict) else len(x)
    outputs = []
    for start in range(0, num_rows, batch_size):
        batch = map_arrays(lambda array: array[start : start + batch_size], x)  # noqa: B023
        outputs.append(keras.tree.map_structure(np.asarray, call(batch)))
    return keras.tree.map_structure(lambda *parts: np.concatenate(parts), *outputs)

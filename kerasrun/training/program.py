"""The compiled program: many steps of Keras's own train_step and test_step in one call.

Rows stay on the device in the type they came in; batches are gathered and prepared inside the program. Where to
begin and to stop are tensors, so one compiled program serves several epochs, one, or a part of one. What a backend
does in a way of its own lies in on_tensorflow.py and on_jax.py; all else is keras.ops, for both.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from kerasrun.data.rows import Rows, map_arrays
from kerasrun.data.streamed import AnyRows, Streamed
from kerasrun.training.blocks import Blocks
from kerasrun.training.engine import Engine
from kerasrun.training.pace import Pace


@dataclass(frozen=True)
class DeviceRows:
    """Rows on the device: inputs, targets and weights, as the backend's tensors."""

    arrays: tuple[Any, Any, Any]
    num_rows: int

    def __len__(self) -> int:
        return self.num_rows


@dataclass(frozen=True)
class Figures:
    """Loss and metrics at the end of a call, and the learning rate that its first step had.

    `bad_step` is the first step, from 1, whose loss is not finite; 0 where there is none.
    """

    learning_rate: float
    logs: dict[str, float]
    bad_step: int = 0


class Program:
    """Runs steps of one model over rows on the device.

    Args:
        model: a keras.Model; compiled, unless it is only to predict.
        prepare: from a batch of inputs to what the model reads; runs inside the program. Called with training=True
            where the batch is one to train on.
        batch_size: rows a step.
        test_batch_size: rows a step of an evaluation; None for the same.
        engine: how the backend runs a step and compiles many.
    """

    def __init__(
        self,
        model: keras.Model,
        prepare: Callable[..., Any],
        batch_size: int,
        engine: Engine,
        test_batch_size: int | None = None,
    ) -> None:
        self.model, self.prepare, self.batch_size, self.engine = model, prepare, batch_size, engine
        self.test_batch_size = test_batch_size or batch_size
        self._sizes: dict[str, int] = {}
        self._train = engine.compile(self._run_window)
        self._test = engine.compile(self._run_test)
        self._forward = engine.compile(self._run_forward)

    def supply(self, rows: AnyRows) -> DeviceRows | Blocks:
        """Rows to evaluate: on the device, or streamed ones, which come there window by window."""
        if isinstance(rows, Streamed):
            return Blocks(rows, self.to_device, self.test_batch_size)
        return self.to_device(rows)

    def to_device(self, rows: Rows) -> DeviceRows:
        """The rows on the device, in the types they came in."""
        tensor = self.engine.tensor
        y = None if rows.y is None else map_arrays(tensor, rows.y)
        weights = None if rows.sample_weight is None else tensor(rows.sample_weight)
        return DeviceRows((map_arrays(tensor, rows.x), y, weights), len(rows))

    def build(self, rows: DeviceRows) -> None:
        """Create the metrics' variables, which a compiled loop cannot; the model's weights stay as they are."""
        self._sizes = self.engine.build(self._batch(rows.arrays, self._sliced, 0, 1, False))

    def step_graph(self, rows: DeviceRows) -> Any:
        """The graph of one training step on such rows, to be looked at; None where the backend has no graphs."""
        return self.engine.step_graph(self._batch(rows.arrays, self._sliced, 0, 1, False))

    def num_steps(self, rows: DeviceRows | Blocks) -> int:
        """Steps in an epoch over the rows; the last may have fewer rows than the others."""
        return -(-len(rows) // self.batch_size)

    def num_test_steps(self, rows: DeviceRows | Blocks) -> int:
        """Steps in an evaluation of the rows."""
        return -(-len(rows) // self.test_batch_size)

    def length(self, train: DeviceRows, held: list[DeviceRows]) -> int:
        """Steps in an epoch together with the evaluation of the held sets, which comes after."""
        return self.num_steps(train) + sum(map(self.num_test_steps, held))

    def epochs(self, train: DeviceRows, held: list[DeviceRows]) -> Callable[..., list[Figures]]:
        """The program that trains epochs, compiled when it is first called.

        Args:
            held: sets to evaluate at the end of an epoch.

        Returns:
            train_epochs(orders, first, num_epochs, start, stop): trains some epochs, each over all rows in its order,
            the first of them in `orders[first]`. It goes on at step `start`, or begins anew at 0; the last epoch ends
            before step `stop`, where the steps of the evaluation count too. Orders are on the device, shape
            (at least first + num_epochs, rows) int32. It returns the figures so far of what was done of each epoch.
            No epochs compile the program and train nothing.
        """
        run = self.engine.compile(self._run_epochs, train.arrays, tuple(rows.arrays for rows in held))
        num_steps, length = self.num_steps(train), self.length(train, held)

        def train_epochs(orders: Any, first: int, num_epochs: int, start: int, stop: int) -> list[Figures]:
            span = np.array([first, first + num_epochs, start, stop], np.int32)
            table = np.asarray(run(orders, span))[first : first + num_epochs]
            figures = []
            for number, row in enumerate(table):
                begun = start if number == 0 else 0
                done = stop if number == num_epochs - 1 else length
                figures.append(self._figures(row, {"": begun < num_steps, "val_": done > num_steps}))
            return figures

        return train_epochs

    def steps(self, train: DeviceRows, held: list[DeviceRows]) -> Callable[..., tuple[np.ndarray, Figures]]:
        """The program that trains steps, compiled when it is first called.

        Args:
            held: sets to evaluate; the second one's figures are named `val_…`.

        Returns:
            train_steps(batches, start, stop): trains on the batches `start` up to `stop`, each with its metrics begun
            anew. Batches are indices of rows on the device, shape (batches, batch) int32; the steps after the last of
            them are those of the evaluation. It returns the loss of each batch before its update, and the figures of
            the sets so far.
        """
        run = self.engine.compile(self._run_steps, train.arrays, tuple(rows.arrays for rows in held))
        ends = np.cumsum([self.num_test_steps(rows) for rows in held])

        def train_steps(batches: Any, start: int, stop: int) -> tuple[np.ndarray, Figures]:
            losses, row = run(batches, np.array([start, stop], np.int32))
            count = batches.shape[0]
            begins = [count, *(count + ends[:-1])]
            seen = {
                name: bool(start < count + end and stop > begin)
                for name, begin, end in zip(("", "val_"), begins, ends, strict=False)
            }
            return np.asarray(losses)[start:stop], self._figures(np.asarray(row), seen)

        return train_steps

    def train_window(self, rows: DeviceRows, start: int, stop: int, begins: bool) -> Figures:
        """Train on rows in their order, from step `start` up to `stop`.

        Args:
            begins: whether metrics begin anew.
        """
        return self._figures(np.asarray(self._train(rows.arrays, _span(start, stop, begins))), {"": True})

    def evaluate(self, rows: DeviceRows | Blocks) -> dict[str, float]:
        """Loss and metrics over the rows in their order; in parts, so that a signal is answered."""
        logs: dict[str, float] = {}
        pace = Pace()
        for start, stop in pace.chunks(self.num_test_steps(rows)):
            with pace.measured(stop - start):
                logs = self.evaluate_part(rows, start, stop)
        return logs

    def evaluate_rows(self, rows: AnyRows) -> dict[str, float]:
        """Loss and metrics over rows, streamed or not, in their order."""
        supplied = self.supply(rows)
        try:
            return self.evaluate(supplied)
        finally:
            if isinstance(supplied, Blocks):
                supplied.close()

    def evaluate_part(self, rows: DeviceRows | Blocks, start: int, stop: int) -> dict[str, float]:
        """Loss and metrics up to step `stop` of the rows in their order; they begin anew at step 0, else go on."""
        logs: dict[str, float] = {}
        for part, first, last, begins in self._spans(rows, start, stop):
            row = self._test(part.arrays, _span(first, last, begins))
            logs = self._figures(np.asarray(row), {"": True}).logs
        return logs

    def _spans(self, rows: DeviceRows | Blocks, start: int, stop: int) -> Iterator[tuple[DeviceRows, int, int, bool]]:
        """The steps of an evaluation by the rows that are on the device together, and whether they are the first."""
        if isinstance(rows, DeviceRows):
            yield rows, start, stop, start == 0
            return
        for index, first, last in rows.spans(start, stop):
            yield rows.window(0, index), first, last, index == first == 0

    def predict_rows(self, rows: AnyRows) -> Any:
        """The model's outputs for rows, streamed or not, in the batches of an evaluation."""
        if not isinstance(rows, Streamed):
            return self.predict(rows.x, self.test_batch_size)
        blocks = Blocks(rows, lambda window: window.x, self.test_batch_size)
        windows = (blocks.window(0, index) for index in range(blocks.order.num_windows))
        parts = [self.predict(x, self.test_batch_size) for x in windows]
        blocks.close()
        return keras.tree.map_structure(lambda *arrays: np.concatenate(arrays), *parts)

    def predict(self, x: Any, batch_size: int = 1024) -> Any:
        """The model's outputs for inputs as they came: one array of shape (rows, …), or one a name."""
        num_rows = len(next(iter(x.values()))) if isinstance(x, dict) else len(x)
        parts = []
        for start in range(0, num_rows, batch_size):
            batch = map_arrays(lambda array: self.engine.tensor(array[start : start + batch_size]), x)  # noqa: B023
            parts.append(keras.tree.map_structure(np.asarray, self._forward(batch)))
        return keras.tree.map_structure(lambda *arrays: np.concatenate(arrays), *parts)

    def _figures(self, row: np.ndarray, seen: dict[str, bool]) -> Figures:
        """Names for a row of values; a metric of several values gets a number behind its name.

        Args:
            seen: the prefix of each set's names, and whether the row has its figures.
        """
        logs: dict[str, float] = {}
        offset = 2
        for prefix, is_seen in seen.items():
            for name, size in self._sizes.items():
                if is_seen:
                    logs |= named_values(prefix + name, row[offset : offset + size])
                offset += size
        return Figures(float(row[0]), logs, int(row[1]))

    # What follows runs inside the compiled program. `state` is the engine's: what a step changes.

    def _run_epochs(self, state: Any, train: Any, held: Any, orders: Any, span: Any) -> Any:
        first_epoch, end_epoch, start, stop = span[0], span[1], span[2], span[3]
        num_steps = _num_steps(train, self.batch_size)
        length = num_steps + sum(_num_steps(rows, self.test_batch_size) for rows in held)

        def run_epoch(epoch: Any, carry: Any) -> Any:
            state, table = carry
            first = ops.where(epoch == first_epoch, start, 0)
            last = ops.where(epoch == end_epoch - 1, stop, length)
            order = self._row(orders, epoch)
            state = ops.cond(first == 0, lambda: self.engine.reset(state), lambda: state)
            rate = self._values(self.engine.learning_rate(state))
            watched = (state, first, ops.zeros_like(first))
            state, _, bad = self._walk(
                self._watched_train, watched, train, self.batch_size, self._shuffled(order), first, last, True
            )
            figures = [rate, self._values(bad, *self.engine.results(state).values())]
            state, evaluated = self._evaluate(state, held, first - num_steps, last - num_steps)
            row = ops.concatenate([*figures, *evaluated])
            return state, ops.slice_update(table, (epoch, 0), row[None])

        width = 2 + sum(self._sizes.values()) * (1 + len(held))
        table = ops.zeros((orders.shape[0], width), self.engine.figures_dtype)
        return ops.fori_loop(first_epoch, end_epoch, run_epoch, (state, table))

    def _run_steps(self, state: Any, train: Any, held: Any, batches: Any, span: Any) -> Any:
        start, stop = span[0], span[1]
        count, size = batches.shape

        def run_step(index: Any, carry: Any) -> Any:
            state, losses = carry
            batch = self._batch(train, self._shuffled(self._row(batches, index)), 0, size, True)
            state, loss = self.engine.train(self.engine.reset(state), batch)
            return state, ops.slice_update(losses, (index,), self._values(loss))

        rate = self._values(self.engine.learning_rate(state))
        losses = ops.zeros((count,), self.engine.figures_dtype)
        state, losses = ops.fori_loop(start, ops.minimum(stop, count), run_step, (state, losses))
        state, evaluated = self._evaluate(state, held, start - count, stop - count)
        return state, (losses, ops.concatenate([rate, self._values(0), *evaluated]))

    def _run_window(self, state: Any, rows: Any, span: Any) -> Any:
        state = ops.cond(span[2] > 0, lambda: self.engine.reset(state), lambda: state)
        rate = self._values(self.engine.learning_rate(state))
        watched = (state, span[0], ops.zeros_like(span[0]))
        state, _, bad = self._walk(
            self._watched_train, watched, rows, self.batch_size, self._sliced, span[0], span[1], True
        )
        return state, ops.concatenate([rate, self._values(bad, *self.engine.results(state).values())])

    def _run_test(self, state: Any, rows: Any, span: Any) -> Any:
        state = ops.cond(span[2] > 0, lambda: self.engine.reset(state), lambda: state)
        state = self._walk(self.engine.test, state, rows, self.test_batch_size, self._sliced, span[0], span[1])
        figures = self._values(*self.engine.results(state).values())
        return state, ops.concatenate([self._values(0, 0), figures])

    def _watched_train(self, watched: Any, batch: Any) -> Any:
        """A training step that also counts, and keeps the number of the first one whose loss is not finite."""
        state, step, bad = watched
        state, loss = self.engine.train(state, batch)
        is_first = ops.logical_and(bad == 0, ops.logical_not(ops.isfinite(loss)))
        return (state, step + 1, ops.where(is_first, step + 1, bad)), loss

    def _run_forward(self, state: Any, x: Any) -> Any:
        return state, self.engine.forward(state, self.prepare(x, training=False))

    def _evaluate(self, state: Any, held: Any, first: Any, last: Any) -> Any:
        """The steps `first` up to `last` of the evaluation of the sets, one after the other; the figures of each."""
        figures = []
        for rows in held:
            num_steps = _num_steps(rows, self.test_batch_size)
            begins = ops.logical_and(first <= 0, last > 0)
            state = ops.cond(begins, functools.partial(self.engine.reset, state), functools.partial(_same, state))
            begin = ops.maximum(first, 0)
            state = self._walk(self.engine.test, state, rows, self.test_batch_size, self._sliced, begin, last)
            figures.append(self._values(*self.engine.results(state).values()))
            first, last = first - num_steps, last - num_steps
        return state, figures

    def _walk(
        self,
        step: Any,
        state: Any,
        arrays: Any,
        size: int,
        choose: Any,
        first: Any,
        last: Any,
        training: bool = False,
    ) -> Any:
        """The steps `first` up to `last` over rows; the smaller batch at their end, if there is one, is a step too."""
        full, rest = divmod(_num_rows(arrays), size)
        if full:

            def run_step(index: Any, state: Any) -> Any:
                return step(state, self._batch(arrays, choose, index * size, size, training))[0]

            state = ops.fori_loop(first, ops.minimum(last, full), run_step, state)
        if rest:
            batch_left = ops.logical_and(first <= full, last > full)
            run_last = lambda: step(state, self._batch(arrays, choose, full * size, rest, training))[0]  # noqa: E731
            state = ops.cond(batch_left, run_last, lambda: state)
        return state

    def _batch(
        self, arrays: Any, choose: Callable[..., Any], start: Any, size: int, training: bool
    ) -> tuple[Any, Any, Any]:
        """A batch of prepared inputs, targets and weights."""
        x, y, weights = keras.tree.map_structure(lambda array: choose(array, start, size), arrays, none_is_leaf=False)
        return self.prepare(x, training=training), y, weights

    def _shuffled(self, order: Any) -> Callable[..., Any]:
        """Chooses the rows of an array that stand at some places of an order."""
        return lambda array, start, size: self.engine.gather(array, ops.slice(order, (start,), (size,)))

    @staticmethod
    def _row(table: Any, index: Any) -> Any:
        """A row of a table. The index is one that a loop counts: under XLA, others compile the program anew."""
        return ops.slice(table, (index, 0), (1, table.shape[1]))[0]

    @staticmethod
    def _sliced(array: Any, start: Any, size: int) -> Any:
        """Some consecutive rows of an array."""
        return ops.slice(array, (start, *(0 for _ in array.shape[1:])), (size, *array.shape[1:]))

    def _values(self, *values: Any) -> Any:
        """Numbers and arrays as one vector, for one read from Python."""
        dtype = self.engine.figures_dtype
        return ops.concatenate([ops.reshape(ops.cast(value, dtype), (-1,)) for value in values])


def named_values(name: str, values: Any) -> dict[str, float]:
    """The values of a metric; where it has several, a number stands behind the name."""
    flat = np.asarray(values).reshape(-1)
    if len(flat) == 1:
        return {name: float(flat[0])}
    return {f"{name}_{index}": float(value) for index, value in enumerate(flat)}


def _span(start: int, stop: int, begins: bool) -> np.ndarray:
    return np.array([start, stop, begins], np.int32)


def _same(state: Any) -> Any:
    return state


def _num_steps(arrays: Any, batch_size: int) -> int:
    return -(-_num_rows(arrays) // batch_size)


def _num_rows(arrays: Any) -> int:
    return int(keras.tree.flatten(arrays)[0].shape[0])

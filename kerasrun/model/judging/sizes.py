"""What a model asks of memory beyond its file: variables while it is loaded, tensors while it computes."""

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any

import keras
from keras.src.models.functional import Functional  # Keras exports the class of graphs under no name

from kerasrun.model.judging.arguments import MAX_NUMBERS
from kerasrun.model.judging.config import MAX_CALLS
from kerasrun.model.judging.names import Refusal, shown

# A model has its weights, at most three times as many numbers in its optimizer, an average of them, and what its
# metrics count, which no file of an untrained model holds.
MAX_VARIABLES, FREE_NUMBERS = 6, 2**24

Shape = tuple[int | None, ...]


@contextlib.contextmanager
def limited_variables(num_weights: int | None) -> Iterator[None]:
    """Within, Keras makes no more variables than a model of so many weights can need; None sets no limit.

    Raises:
        Refusal: at the end, if it was to make more, whatever Keras made of that.
    """
    if num_weights is None:
        yield
        return
    most, reason = MAX_VARIABLES * num_weights + FREE_NUMBERS, f"the file holds {num_weights:,} weights in all"
    with watched_variables(most, reason) as refusals:
        try:
            yield
        except Exception:
            if not refusals:
                raise
    if refusals:
        raise refusals[0]


@contextlib.contextmanager
def watched_variables(most: int, reason: str) -> Iterator[list[Refusal]]:
    """Within, Keras makes variables of so many numbers at most; yields the list of what was refused.

    Raises:
        Refusal: where one more is to be made, with the reason.
    """
    left, refusals = most, list[Refusal]()
    make = keras.Variable.__init__

    def make_within(variable: Any, initializer: Any, shape: Any = None, *args: Any, **more: Any) -> None:
        nonlocal left
        if isinstance(shape, (tuple, list)) and all(isinstance(size, int) for size in shape):
            left -= math.prod(map(abs, shape))
        if left < 0:
            refusals.append(Refusal(f"it makes variables up to {list(shape)}, and {reason}"))
            raise refusals[0]
        make(variable, initializer, shape, *args, **more)

    inherits = "__init__" not in vars(keras.Variable)
    keras.Variable.__init__ = make_within
    try:
        yield refusals
    finally:
        if inherits:
            del keras.Variable.__init__
        else:
            keras.Variable.__init__ = make


def rows_at_once(model: Any, shapes: dict[str | None, Shape], wanted: int, num_kept: int = 0) -> int:
    """How many rows a model can be given at once: so many as wanted, or fewer where a layer puts out much for each.

    Args:
        shapes: the shapes of the inputs without the batch, by name; a lone one is named None.
        num_kept: for how many rows all outputs are kept.

    Raises:
        Refusal: one row alone asks for too much, or the outputs that are kept do.
    """
    if not isinstance(model, (keras.Sequential, Functional)) or not model.inputs:
        return wanted  # a class of the user's own, whose code is trusted
    rows = wanted
    while True:
        watch = _Watch()
        inputs = [_input(tensor, shapes, rows) for tensor in model.inputs]
        kept = num_kept * sum(map(_numbers, _tensors(watch.follow(model, 1)(inputs)))) // rows
        if kept > MAX_NUMBERS:
            told = f"it puts out {kept:,} numbers for {num_kept:,} rows, and at most {MAX_NUMBERS:,} are taken"
            raise Refusal(f"{told}; give it fewer rows")
        if watch.largest <= MAX_NUMBERS:
            return rows
        if rows == 1:
            raise Refusal(f"{watch.place} makes {watch.largest:,} numbers of a row; at most {MAX_NUMBERS:,} are taken")
        rows = max(1, min(rows - 1, rows * MAX_NUMBERS // watch.largest))


def _input(tensor: Any, shapes: dict[str | None, Shape], rows: int) -> keras.KerasTensor:
    """The input of a model in the shape of the data, where the model leaves it open."""
    given = shapes.get(tensor.name, shapes.get(None, ()))
    own = tuple(tensor.shape[1:])
    if len(own) == len(given):
        own = tuple(size if size is not None else other for size, other in zip(own, given, strict=True))
    return keras.KerasTensor((rows, *own), dtype=tensor.dtype)


class _Watch:
    """Follows tensors through a model by their shapes, and keeps the largest."""

    def __init__(self) -> None:
        self.largest, self.place, self._calls = 0, "", 0

    def follow(self, operation: Any, times: int) -> Callable[..., Any]:
        """From an operation to a function that gives the shapes of its outputs, and looks at all within it.

        Args:
            times: how often it is called.
        """
        graph = getattr(operation, "_functional", None) or operation
        if isinstance(graph, Functional):
            # Keras has no public way to walk through a graph with other shapes than it was built with.
            return lambda inputs, *_, **__: graph._run_through_graph(inputs, lambda inner: self.follow(inner, times))

        def call(*args: Any, **kwargs: Any) -> Any:
            outputs = operation.compute_output_spec(*args, **kwargs)
            read = _tensors((args, kwargs))
            self._note(operation, [_scores(operation, read), *map(_numbers, _tensors(outputs))], times)
            self._follow_within(operation, read, times)
            return outputs

        return call

    def _follow_within(self, operation: Any, read: list[Any], times: int) -> None:
        """What a layer does with the layers that it holds, step by step where it goes through time."""
        steps = read[0].shape[1] if read and len(read[0].shape) > 1 else None
        if isinstance(operation, keras.layers.TimeDistributed):
            inside = keras.KerasTensor((read[0].shape[0], *read[0].shape[2:]), dtype=read[0].dtype)
            self.follow(operation.layer, times * (steps or 1))(inside)
        elif isinstance(operation, keras.layers.Pipeline):
            tensor = read[0]
            for layer in operation.layers:
                tensor = self.follow(layer, times)(tensor)
        elif _unrolls(operation):
            self._note(operation, [], times * (steps or 1))

    def _note(self, operation: Any, numbers: list[int], times: int) -> None:
        self._calls += times
        place = f"the layer {shown(operation.name)}"
        if self._calls > MAX_CALLS:
            raise Refusal(f"{place} is called step by step, more than {MAX_CALLS:,} times")
        if max(numbers, default=0) > self.largest:
            self.largest, self.place = max(numbers), place


def _unrolls(operation: Any) -> bool:
    """Whether a layer, or one within it, writes its loop over time out step by step."""
    layers = operation._flatten_layers() if isinstance(operation, keras.Layer) else []
    return any(getattr(layer, "unroll", False) for layer in layers)


def _tensors(tree: Any) -> list[Any]:
    return [item for item in keras.tree.flatten(tree) if isinstance(item, keras.KerasTensor)]


def _numbers(tensor: Any) -> int:
    return math.prod(size or 1 for size in tensor.shape)


def _scores(operation: Any, read: list[Any]) -> int:
    """Numbers that attention makes on its way: one for each two places, in each head."""
    layers = keras.layers
    if not isinstance(
        operation, (layers.Attention, layers.AdditiveAttention, layers.MultiHeadAttention, layers.GroupQueryAttention)
    ):
        return 0
    asking, asked = read[0].shape, read[min(1, len(read) - 1)].shape
    heads = getattr(operation, "num_heads", getattr(operation, "num_query_heads", 1))
    width = asking[-1] or 1 if isinstance(operation, layers.AdditiveAttention) else 1
    return math.prod(size or 1 for size in (asking[0], *asking[1:-1], *asked[1:-1], heads, width))

"""All that a training is between two calls of its program, and what it takes to go on from there to the same bits."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

# What a callback is told and not what it remembers.
NOT_MEMORY = frozenset({"_model", "params", "validation_data"})


@dataclass
class Place:
    """Where a training stands.

    Args:
        epoch: epochs that are done; in a training counted in steps, evaluations.
        step: steps done of the epoch that has begun, its evaluation's too; in a training counted in steps, of all.
        first: the step at which the period between two evaluations began.
        evaluated: steps done of the evaluation of a period.
        stopped: whether a callback has asked for the end.
        learning_rate: what the first step of the epoch had.
        time_s: what the epoch has taken so far.
        bad_step: the first step of the epoch whose loss is not finite, from 1, or 0.
        logs: figures so far of the epoch, or those of the last one.
        losses: each step's loss since `first`.
    """

    epoch: int = 0
    step: int = 0
    first: int = 0
    evaluated: int = 0
    stopped: bool = False
    learning_rate: float = 0.0
    time_s: float = 0.0
    bad_step: int = 0
    logs: dict[str, float] = field(default_factory=dict)
    losses: list[np.ndarray] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """A training between two calls.

    Args:
        variables: every value of model, optimizer and metrics, random states too, in the order of `variables_of`.
        memories: what each callback remembers, as plain values and arrays.
    """

    place: Place
    variables: list[np.ndarray]
    memories: list[dict[str, Any]]


class ResumableLoop:
    """A loop whose state can be read where it is paused, and which goes on from such a state."""

    model: Any
    random_states: list[Any]
    callbacks: list[Any]
    resumed: State | None
    place: Place

    def take_up(self) -> None:
        """Go on from the state that the loop was given; called when the callbacks know that training begins."""
        self.memories = [copy.deepcopy(read_memory(callback)) for callback in self.callbacks]
        if self.resumed is None:
            return
        self.place = copy.deepcopy(self.resumed.place)
        self.model.stop_training = self.place.stopped
        write_variables(self.model, self.resumed.variables, self.random_states)
        for callback, memory in zip(self.callbacks, self.resumed.memories, strict=True):
            write_memory(callback, memory)
        self.resumed = None  # its arrays are as large as the model

    def unsound_weight(self) -> str:
        """The name of a weight that is not finite, or nothing."""
        for variable in self.model.weights:
            value = _lent_array(variable)
            if "float" in value.dtype.name and not np.isfinite(value).all():
                return str(variable.path)
        return ""

    def state(self) -> State:
        """All that the training is now. It is to be used before the loop goes on."""
        self.place.stopped = bool(self.model.stop_training)
        pairs = zip(self.callbacks, self.memories, strict=True)
        memories = [changes(read_memory(callback), since) for callback, since in pairs]
        return State(self.place, read_variables(self.model, self.random_states), memories)


def variables_of(model: keras.Model, more: Sequence[Any] = ()) -> list[Any]:
    """Every variable of a compiled and built model once: `model.weights` lacks the states of random generators.

    Args:
        more: variables that training changes and that are not the model's.
    """
    everything = [*model.variables, *model.optimizer.variables, *model.metrics_variables, *more]
    return list({id(variable): variable for variable in everything}.values())


def size_bytes(model: keras.Model) -> int:
    """How many bytes the values of all variables take."""
    return sum(int(np.prod(v.shape)) * np.dtype(v.dtype).itemsize for v in variables_of(model))


def read_variables(model: keras.Model, more: Sequence[Any] = ()) -> list[np.ndarray]:
    """The values of all variables, to be used before the next of them changes; `more` as in `variables_of`."""
    return [_lent_array(variable) for variable in variables_of(model, more)]


def _lent_array(variable: Any) -> np.ndarray:
    """A variable's value in the backend's own memory, where it lends that: a copy of 100 MB takes half a second."""
    value = variable.value
    if hasattr(value, "read_value"):  # a variable of TensorFlow
        value = value.read_value()
    try:
        return np.asarray(memoryview(value))
    except (TypeError, ValueError, BufferError):  # bfloat16, say, has no such form
        return np.asarray(keras.ops.convert_to_numpy(value))


def fits(model: keras.Model, values: list[np.ndarray], more: Sequence[Any] = ()) -> bool:
    """Whether values have the shapes and types of all variables; `more` as in `variables_of`."""
    variables = [(tuple(v.shape), str(v.dtype)) for v in variables_of(model, more)]
    return variables == [(value.shape, value.dtype.name) for value in values]


def write_variables(model: keras.Model, values: list[np.ndarray], more: Sequence[Any] = ()) -> None:
    """Give all variables their values; `more` as in `variables_of`.

    Raises:
        ValueError: they are another model's.
    """
    if not fits(model, values, more):
        raise ValueError("these values do not fit the variables of this model")
    variables = variables_of(model, more)
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def read_memory(callback: Any) -> dict[str, Any]:
    """What a callback remembers: its attributes that are plain values or arrays; `inner.name` for those of another."""
    memory: dict[str, Any] = {}
    for name, value in vars(callback).items():
        if isinstance(value, keras.callbacks.Callback):
            memory |= {f"{name}.{key}": inner for key, inner in read_memory(value).items()}
        elif name == "monitor_op":
            memory[name] = value is not None  # a function: it is chosen again
        elif name not in NOT_MEMORY and _is_plain(value):
            memory[name] = value
    return memory


def changes(memory: dict[str, Any], since: dict[str, Any]) -> dict[str, Any]:
    """The part of a memory that is not as it was at the beginning, where the config alone had made it."""
    return {name: value for name, value in memory.items() if name not in since or not _same(value, since[name])}


def write_memory(callback: Any, changed: dict[str, Any]) -> None:
    """Let a callback that has just begun remember what another had come to know."""
    for name in sorted(changed, key=lambda name: not name.endswith("monitor_op")):
        *path, attribute = name.split(".")
        holder = callback
        for part in path:
            holder = getattr(holder, part)
        if attribute == "monitor_op":
            holder._set_monitor_op()  # it turns min_delta about too, so it comes before the values
        else:
            setattr(holder, attribute, changed[name])


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return all(map(_is_plain, value))
    if type(value) is dict:
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    if isinstance(value, np.ndarray):
        return value.dtype != object
    return value is None or isinstance(value, np.generic) or type(value) in (bool, int, float, str)


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (np.ndarray, np.generic)):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return bool(one == other) or (one != one and other != other)

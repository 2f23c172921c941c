"""Rows: inputs, targets and weights of equal length."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

# What a lone input is called where inputs have names.
LONE = "x"

# One array, or one a name of an input (or output).
Arrays = np.ndarray | dict[str, np.ndarray]


def map_arrays(function: Callable[[np.ndarray], np.ndarray], arrays: Arrays) -> Arrays:
    """The same function of each array."""
    if isinstance(arrays, dict):
        return {name: function(array) for name, array in arrays.items()}
    return function(arrays)


def array_items(arrays: Arrays, single: str) -> list[tuple[str, np.ndarray]]:
    """The arrays with their names; `single` names a lone one."""
    return list(arrays.items()) if isinstance(arrays, dict) else [(single, arrays)]


@dataclass(frozen=True)
class Rows:
    """Rows of data.

    Args:
        x: inputs of shape (rows, …), in the type they came in.
        y: targets of shape (rows, …); None where rows have no labels.
        sample_weight: weights of the rows in the loss, shape (rows,) float32, or None for 1.
    """

    x: Arrays
    y: Arrays | None
    sample_weight: np.ndarray | None = None

    def __len__(self) -> int:
        return len(next(iter(self.x.values()))) if isinstance(self.x, dict) else len(self.x)

    def head(self) -> "Rows":
        """The first row."""
        return self.slice(0, 1)

    def blocks(self) -> Iterator[tuple[int, "Rows"]]:
        """The rows in parts that are in memory, each with the number of its first: all at once."""
        yield 0, self

    def take(self, rows: np.ndarray) -> "Rows":
        """Some rows, by their numbers from 0."""
        return self.each(lambda array: array[rows])

    def slice(self, start: int, stop: int | None) -> "Rows":
        """The rows from start up to stop, as views."""
        return self.each(lambda array: array[start:stop])

    def each(self, function: Callable[[np.ndarray], np.ndarray]) -> "Rows":
        """The same function of each array."""
        return Rows(
            map_arrays(function, self.x),
            None if self.y is None else map_arrays(function, self.y),
            None if self.sample_weight is None else function(self.sample_weight),
        )

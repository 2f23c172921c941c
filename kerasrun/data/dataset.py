"""A dataset: the rows for training, validation and test, and what is known of them."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kerasrun.data.rows import array_items
from kerasrun.data.steps import Steps
from kerasrun.data.streamed import AnyRows
from kerasrun.errors import InputError


@dataclass(frozen=True)
class Dataset:
    """The rows of an experiment.

    Args:
        train, validation, test: the rows of each part; None where there is no such part.
        validation_name: what the validation rows are called in pictures: `validation`, or `test`.
        steps: what is done to inputs before the net reads them.
        classes: the names of the classes, or None where targets are not classes.
        pixel_max: the largest value that a pixel may have, where a row of inputs is one picture, of shape
            (height, width) or with channels; None where it is not.
        true_curve: x and y of the curve behind the targets, each of shape (points,), where it is known.
        reading: what it takes to read more rows of such data from files, in plain values that JSON can hold.
        notes: what the user should know of the data.
    """

    train: AnyRows
    validation: AnyRows | None
    test: AnyRows | None
    validation_name: str = "validation"
    steps: Steps = field(default_factory=Steps)
    classes: tuple[str, ...] | None = None
    pixel_max: float | None = None
    true_curve: tuple[np.ndarray, np.ndarray] | None = None
    reading: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def parts(self) -> dict[str, AnyRows]:
        """The parts that there are, by name; test rows that serve for validation count once, as `test`."""
        validation = None if self.validation is self.test else self.validation
        parts = {"train": self.train, "validation": validation, "test": self.test}
        return {name: rows for name, rows in parts.items() if rows is not None}

    @property
    def judging_part(self) -> str:
        """The part that the model is judged by: `test`; where there is none `validation`, else `train`."""
        return next(part for part in ("test", "validation", "train") if part in self.parts())

    @property
    def validation_part(self) -> str | None:
        """The part that is validated on: `validation`, `test`, or None."""
        return None if self.validation is None else self.validation_name

    def each(self, function: Callable[[AnyRows], AnyRows]) -> "Dataset":
        """The same function of the rows of each part."""
        parts = {name: function(rows) for name, rows in self.parts().items()}
        validation = parts["test"] if self.validation is self.test and "test" in parts else parts.get("validation")
        return replace(self, train=parts["train"], validation=validation, test=parts.get("test"))

    def fingerprint(self) -> str:
        """A SHA-256 over every array: its part, name, dtype, shape and bytes."""
        digest = hashlib.sha256()
        for part, rows in self.parts().items():
            head = rows.head()
            for single, arrays in (("x", head.x), ("y", head.y), ("sample_weight", head.sample_weight)):
                for name, array in array_items(arrays, single) if arrays is not None else []:
                    shape = (len(rows), *array.shape[1:])
                    digest.update(f"{part}/{single}/{name}/{array.dtype.str}/{shape}\n".encode())
                    for values in _values(rows, single, name):
                        _add(digest, values)
        return digest.hexdigest()


def _values(rows: AnyRows, single: str, name: str) -> Iterator[np.ndarray]:
    """An array in parts. Of streamed rows the inputs alone are read, once for each of them: all go into one digest."""
    blocks = rows.blocks() if single == "x" else [(0, rows)]
    return (dict(array_items(getattr(block, single), single))[name] for _, block in blocks)


def _add(digest: Any, array: np.ndarray) -> None:
    if array.dtype == object:  # texts
        digest.update("".join(f"{text}\0" for text in array.reshape(-1)).encode())
    else:
        digest.update(np.ascontiguousarray(array).data)


def check_finite(parts: Mapping[str, AnyRows | None]) -> None:
    """Refuse a NaN or an infinity, naming its row (from 0) and column.

    Raises:
        InputError: there is one.
    """
    for part, rows in parts.items():
        for start, block in rows.blocks() if rows else ():
            for single, arrays in (("x", block.x), ("y", block.y)):
                for name, array in array_items(arrays, single) if arrays is not None else []:
                    _check_array(part, name, array, start)


def _check_array(part: str, name: str, array: np.ndarray, start: int) -> None:
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        first = np.argwhere(~np.isfinite(array))[0].tolist()
        place = f"row {start + first[0]}" + (f", column {first[1:]}" if len(first) > 1 else "")
        raise InputError(f"{part} data: {name} holds {array[tuple(first)]} in {place}; remove or fill it in first")

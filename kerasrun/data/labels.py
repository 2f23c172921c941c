"""Labels of classes: checked, counted, one-hot where asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kerasrun.data.rows import Arrays
from kerasrun.data.streamed import AnyRows
from kerasrun.errors import InputError

MAX_CLASSES = 1_000_000
MAX_ONE_HOT = 1_000_000_000  # values, of 4 bytes each


def prepare_labels(
    train: AnyRows,
    test: AnyRows | None,
    one_hot: bool,
    num_classes: int | None,
    labels_are_classes: bool,
    class_names: Sequence[str] | None = None,
) -> tuple[Any, Any, tuple[str, ...] | None]:
    """Check integer labels against the number of classes, and make them one-hot where asked.

    Args:
        num_classes: how many classes there are; None to find it as the largest label and one more.
        labels_are_classes: whether targets are classes even where nothing in the config says so.
        class_names: what the classes are called, or the columns of targets that are one-hot or labels already.

    Returns:
        The training rows, the test rows, and the names of the classes: where none are given, the numbers from 0.

    Raises:
        InputError: labels are not whole numbers from 0, or one lies outside the classes.
    """
    if not (one_hot or num_classes or labels_are_classes or class_names):
        return train, test, None
    if class_names and not one_hot and _num_columns(train.y) == len(class_names) > 1:
        return train, test, tuple(class_names)
    parts = {"train": train, "test": test}
    labels = {part: _integer_labels(rows.y, f"{part} data") for part, rows in parts.items() if rows is not None}
    largest = max((int(y.max()) for y in labels.values() if len(y)), default=0)
    count = num_classes or len(class_names or ()) or largest + 1
    if count > MAX_CLASSES:
        raise InputError(
            f"data: the label {largest:,} would make {count:,} classes; more than {MAX_CLASSES:,} are not read"
        )
    if one_hot and count * sum(map(len, labels.values())) > MAX_ONE_HOT:
        raise InputError(
            f"data.one_hot: {count:,} classes would not fit in memory; use sparse_categorical_crossentropy"
        )
    hint = f"{_mending(num_classes, class_names)} or mend the label"
    targets = {part: _as_classes(y, f"{part} data", count, one_hot, hint) for part, y in labels.items()}
    names = tuple(class_names or map(str, range(count)))
    return replace(train, y=targets["train"]), None if test is None else replace(test, y=targets["test"]), names


def labels_of(y: Arrays, what: str, count: int, one_hot: bool, hint: str) -> np.ndarray:
    """Targets of a known number of classes as a model reads them.

    Args:
        y: class numbers, (rows,) or (rows, 1); or a column a class, which stay as they are.
        what: what to call the rows in messages.
        hint: what to do about a label outside the classes.

    Returns:
        (rows,) int32; or one-hot, (rows, classes) float32.

    Raises:
        InputError: labels are not whole numbers from 0, or one lies outside the classes.
    """
    if isinstance(y, np.ndarray) and _num_columns(y) == count > 1:
        return y
    return _as_classes(_integer_labels(y, what), what, count, one_hot, hint)


def _as_classes(labels: np.ndarray, what: str, count: int, one_hot: bool, hint: str) -> np.ndarray:
    if len(labels) and labels.max() >= count:
        row = int(np.argmax(labels >= count))
        raise InputError(
            f"{what}: the label {labels[row]} in row {row} lies outside the {count} classes (0 to {count - 1}); {hint}"
        )
    return np.eye(count, dtype=np.float32)[labels] if one_hot else labels.astype(np.int32)


def _mending(num_classes: int | None, class_names: Sequence[str] | None) -> str:
    return "name it in data.class_names" if class_names and not num_classes else "raise data.num_classes"


def _num_columns(y: Arrays | None) -> int | None:
    return y.shape[1] if isinstance(y, np.ndarray) and y.ndim == 2 else None


def _integer_labels(y: Arrays | None, what: str) -> np.ndarray:
    if y is None or isinstance(y, dict):
        raise InputError("data.one_hot, num_classes and class_names need one target of class labels")
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim != 1 or (y.dtype.kind not in "iu" and not np.array_equal(y, np.round(y))):
        raise InputError(f"{what}: labels must be whole numbers in one column, got shape {y.shape} of {y.dtype}")
    if len(y) and y.min() < 0:
        raise InputError(f"{what}: the label {y.min()} in row {int(np.argmin(y))} is less than 0")
    return y.astype(np.int64)

"""Classes: which one a row is of, how many rows each has, and what these weigh."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.data.labels import MAX_CLASSES
from kerasrun.data.rows import Arrays
from kerasrun.data.streamed import AnyRows

# So many rows are looked at in one go.
ROWS_AT_ONCE = 65_536

# So many names of classes stand in a message.
MAX_LISTED = 10


def class_counts(y: np.ndarray, num_classes: int) -> np.ndarray | None:
    """How many rows each class has, or each label where a row may have several: (classes,) int64.

    Args:
        y: class numbers, (rows,) or (rows, 1); or a column a class of zeros and ones.
        num_classes: how many there are at least.

    Returns:
        None where targets are neither.
    """
    if y.size == len(y):
        numbers = y.reshape(-1).astype(np.int64)
        is_sound = np.array_equal(numbers, y.reshape(-1)) and numbers.min(initial=0) >= 0
        return (
            np.bincount(numbers, minlength=num_classes) if is_sound and numbers.max(initial=0) < MAX_CLASSES else None
        )
    if y.ndim != 2:
        return None
    counts = np.zeros(y.shape[1], np.int64)
    for start in range(0, len(y), ROWS_AT_ONCE):
        part = y[start : start + ROWS_AT_ONCE]
        if not ((part == 0) | (part == 1)).all():
            return None
        counts += np.count_nonzero(part, axis=0)
    return counts


def class_weights(
    rows: AnyRows, weights: Mapping[str, float] | Literal["balanced"], names: Sequence[str] | None, config: Config
) -> np.ndarray:
    """The weight of each row by its class, shape (rows,) float32.

    Args:
        weights: by a class's name or number; as in Keras, one that is not named has 1. `balanced`: of n rows of k
            classes those of a class of m rows weigh n / (k m), as in scikit-learn.
        names: the names of the classes, where they are known.

    Raises:
        ConfigError: the targets are not classes of one output, or a key names no class.
    """
    labels = _labels(rows.y)
    if labels is None:
        message, hint = (
            "the targets are not the classes of one output",
            "weights by class go with class numbers or one-hot labels",
        )
        raise config.fault(("training", "class_weight"), message, hint, at_key=True)
    names = names or tuple(map(str, range(int(labels.max()) + 1)))
    if weights == "balanced":
        counts = np.bincount(labels, minlength=len(names))
        by_class = len(labels) / ((counts > 0).sum() * np.maximum(counts, 1))
    else:
        by_class = _given_weights(weights, tuple(names), config)
    return np.asarray(by_class.astype(np.float32)[labels])


def _labels(y: Arrays | None) -> np.ndarray | None:
    """The class of each row, (rows,) int64, from class numbers or one-hot labels; None of any other targets."""
    if not isinstance(y, np.ndarray):
        return None
    if y.dtype.kind in "iu" and y.size == len(y):
        return y.reshape(-1).astype(np.int64)
    is_one_hot = y.ndim == 2 and y.shape[1] > 1 and ((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all()
    return y.argmax(axis=1) if is_one_hot else None


def _given_weights(weights: Mapping[str, float], names: tuple[str, ...], config: Config) -> np.ndarray:
    """The weight of each class, (classes,). A number is one of a class where no class is called by a number."""
    numbers = {name: number for number, name in enumerate(names)}
    if not any(name.isdecimal() for name in names):
        numbers |= {str(number): number for number in range(len(names))}
    by_class, keys = np.ones(len(names)), dict[int, str]()
    for key, weight in weights.items():
        path = ("training", "class_weight", key)
        if key not in numbers:
            near = "" if key.isdecimal() else closest(key, names)
            hint = near or f"the classes are {_listed(names)}"
            raise config.fault(path, f"there is no class '{key}'", hint, at_key=True)
        if (other := keys.setdefault(numbers[key], key)) != key:
            raise config.fault(path, f"'{other}' and '{key}' are the same class", "keep one of them", at_key=True)
        by_class[numbers[key]] = weight
    return by_class


def _listed(names: tuple[str, ...]) -> str:
    """The names of classes; of those that are called by their numbers, the first and the last."""
    if names == tuple(map(str, range(len(names)))):
        return f"0 to {len(names) - 1}"
    return ", ".join(names) if len(names) <= MAX_LISTED else f"{', '.join(names[:MAX_LISTED])}, …"

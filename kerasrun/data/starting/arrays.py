"""What the arrays of a file are like: which are inputs, which the target, and what a row is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kerasrun.config.faults import closest
from kerasrun.data.files.array_rows import ArrayFile, ArrayPlace, find_arrays
from kerasrun.data.files.arrays import check_lengths, check_numbers
from kerasrun.data.starting.targets import Classes, Target, Wanted, are_classes, is_whole, of_labels, of_numbers
from kerasrun.errors import InputError

# What arrays of targets and of inputs are mostly called.
TARGETS = ("y", "target", "targets", "label", "labels")
INPUTS = ("x", "X", "data", "images", "inputs", "features")

# Whole numbers are classes where rows have at least so large a part of those from 0 to the largest.
LEAST_FILLED = 0.5

# Where a row is a picture: of uint8, height and width at least so many, with 1, 3 or 4 channels or none.
MIN_SIDE, CHANNELS = 4, (1, 3, 4)


@dataclass(frozen=True)
class FoundArrays:
    """Arrays of a file.

    Args:
        shape: of a row.
        largest: of the inputs, without their sign.
        is_one_hot: whether classes are one-hot vectors.
        is_sorted: whether the last fifth of the rows holds a class that no row before has.
    """

    num_rows: int
    inputs: str
    target_name: str
    target: Target
    shape: tuple[int, ...]
    dtype: np.dtype
    largest: float
    is_one_hot: bool
    is_sorted: bool
    has_test: bool

    @property
    def is_pictures(self) -> bool:
        """Whether a row is a picture."""
        deep = len(self.shape) == 2 or (len(self.shape) == 3 and self.shape[2] in CHANNELS)
        return deep and self.dtype == np.uint8 and min(self.shape[:2]) >= MIN_SIDE


def find_arrays_of(path: Path, target: str | None, wanted: Wanted) -> FoundArrays:
    """What the arrays are like.

    Raises:
        InputError: they cannot be read, or it is not clear which are inputs and which the target.
    """
    arrays = find_arrays(path)
    names = list(dict.fromkeys(name.removesuffix("_train").removesuffix("_test") for name in arrays))
    chosen = _target_name(names, target, path)
    inputs = _inputs_name(names, chosen, path)
    x, y = _part(arrays, inputs, path), _part(arrays, chosen, path)
    check_lengths([(inputs, x), (chosen, y)], path)
    found, is_one_hot, numbers = _target(y.load(), wanted, path, chosen)
    return FoundArrays(
        len(x),
        inputs,
        chosen,
        found,
        tuple(x.shape[1:]),
        np.dtype(x.dtype),
        _largest(x, path, inputs),
        is_one_hot,
        numbers is not None and _is_sorted(numbers),
        f"{inputs}_test" in arrays and f"{chosen}_test" in arrays,
    )


def _target_name(names: Sequence[str], target: str | None, path: Path) -> str:
    if target is not None:
        return target.removesuffix("_train")
    found = [name for name in names if name in TARGETS]
    if len(found) != 1:
        raise InputError(f"{path}: name the array to predict, such as --target {names[-1]}; it has {', '.join(names)}")
    return found[0]


def _inputs_name(names: Sequence[str], target: str, path: Path) -> str:
    others = [name for name in names if name != target]
    found = [name for name in others if name in INPUTS] or others
    if len(found) != 1:
        told = ", ".join(others) or "none"
        raise InputError(
            f"{path}: which array holds the inputs is not clear: beside '{target}' it has {told}; "
            "name one of them x, or write a config as in kerasrun init table"
        )
    return found[0]


def _part(arrays: Mapping[str, ArrayPlace], name: str, path: Path) -> ArrayFile:
    key = f"{name}_train" if f"{name}_train" in arrays else name
    if key not in arrays:
        hint = closest(name, arrays) or f"it has {', '.join(arrays)}"
        raise InputError(f"{path}: has no array '{name}'; {hint}")
    array = arrays[key].array()
    check_numbers(key, array, path)
    return array


def _largest(x: ArrayFile, path: Path, name: str) -> float:
    """The largest of the inputs, without their sign.

    Raises:
        InputError: a value is not finite.
    """
    largest = 0.0
    for start, block in x.blocks():
        found = float(np.abs(block.astype(np.float64)).max())
        if not np.isfinite(found):
            row = start + int(np.argmax(~np.isfinite(block).reshape(len(block), -1).all(axis=1)))
            told = f"the array '{name}' holds a value that is not finite in row {row}"
            raise InputError(f"{path}: {told}; remove or fill it in first")
        largest = max(largest, found)
    return largest


def _target(y: np.ndarray, wanted: Wanted, path: Path, name: str) -> tuple[Target, bool, np.ndarray | None]:
    """The target, whether it is of one-hot vectors, and of classes their numbers."""
    flat = y.reshape(len(y), -1).astype(np.float64)
    if not np.isfinite(flat).all():
        raise InputError(f"{path}: the array '{name}' holds values that are not finite")
    is_one_hot = flat.shape[1] > 1 and bool(np.isin(flat, (0, 1)).all() and (flat.sum(axis=1) == 1).all())
    if is_one_hot and wanted != "numbers":
        numbers = flat.argmax(axis=1)
        found = of_labels(numbers.astype(str).astype(object), str(path), name, False)
        return _counted(found, flat.shape[1]), True, numbers
    fits = flat.shape[1] == 1 and is_whole(flat) and flat.min() >= 0
    if wanted == "classes" and not fits:
        raise InputError(f"{path}: the array '{name}' holds no numbers of classes, which are whole and count from 0")
    count, different = int(flat.max()) + 1, len(np.unique(flat))
    is_filled = different >= LEAST_FILLED * count
    if wanted == "classes" and different > 1 and not is_filled:
        told = f"the array '{name}' has {different:,} different numbers up to {count - 1:,}"
        raise InputError(f"{path}: {told}, and each would be a class; number the classes 0 to {different - 1:,}")
    if wanted == "classes" or (wanted == "auto" and fits and is_filled and are_classes(flat)):
        numbers = flat[:, 0].astype(np.int64)
        return _counted(of_labels(numbers.astype(str).astype(object), str(path), name, True)), False, numbers
    return of_numbers(flat, str(path), name), False, None


def _counted(classes: Classes, count: int = 0) -> Classes:
    """Classes by their numbers, with those between that no row has."""
    count = count or max(map(int, classes.counts)) + 1
    return replace(classes, counts={str(number): classes.counts.get(str(number), 0) for number in range(count)})


def _is_sorted(numbers: np.ndarray) -> bool:
    cut = len(numbers) - max(1, len(numbers) // 5)
    return bool(set(numbers[cut:].tolist()) - set(numbers[:cut].tolist()))

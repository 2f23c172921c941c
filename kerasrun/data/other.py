"""Rows from a file given on the command line: `--data other.npz`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.data.dataset import check_finite
from kerasrun.data.files.arrays import check_lengths, check_npy, check_numbers, read_npz
from kerasrun.data.labels import prepare_labels
from kerasrun.data.rows import Arrays, Rows, array_items
from kerasrun.errors import InputError


def load_rows(path: Path, reading: Mapping[str, Any], classes: Sequence[str] | None, need_labels: bool) -> Rows:
    """The rows of an .npz or .npy file, their labels prepared as for the model's training.

    An .npz holds `x_test` (or `x`, or the names of the model's inputs) and, where labels are needed, `y_test`
    (or `y`). An .npy holds the inputs alone.

    Args:
        reading: the names of `inputs` and `targets`, and whether labels become `one_hot`, as source npz keeps them.
        classes: of the model, or None where targets are none.

    Raises:
        InputError: the file is not readable, lacks an array, or a label lies outside the classes.
        ValueError: what is kept for reading is not as it was written.
    """
    inputs, targets = (_names(reading.get(key, [name])) for key, name in (("inputs", "x"), ("targets", "y")))
    if path.suffix.lower() == ".npy":
        x: Arrays = _read_npy(path)
        y: Arrays | None = None
    else:
        arrays = read_npz(path)
        x = _pick(arrays, inputs, path)
        y = _pick(arrays, targets, path) if need_labels or _has(arrays, targets) else None
    if need_labels and y is None:
        raise InputError(f"{path}: an .npy file holds no labels; give an .npz with x and y")
    rows = Rows(x, y)
    named = [*array_items(x, "x"), *(array_items(y, "y") if y is not None else [])]
    for name, array in named:
        check_numbers(name, array, path)
    check_lengths(named, path)
    check_finite({"given": rows})
    if classes and isinstance(y, np.ndarray) and y.size == len(y):  # else they are one-hot, or several, already
        if (y >= len(classes)).any():
            row = int(np.argmax(y >= len(classes)))
            told = f"the label {y.reshape(-1)[row]} in row {row} lies outside the model's {len(classes)} classes"
            raise InputError(f"{path}: {told}, which count from 0")
        rows, _, _ = prepare_labels(rows, None, bool(reading.get("one_hot")), len(classes), labels_are_classes=True)
    return rows


def _names(kept: Any) -> list[str]:
    if not isinstance(kept, list) or not kept or not all(isinstance(name, str) for name in kept):
        raise ValueError("not as it was written")
    return kept


def _read_npy(path: Path) -> np.ndarray:
    check_npy(path)
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path}: not readable as .npy: {error}") from None


def _has(arrays: dict[str, np.ndarray], names: list[str]) -> bool:
    return all(f"{name}_test" in arrays or name in arrays for name in names)


def _pick(arrays: dict[str, np.ndarray], names: list[str], path: Path) -> Arrays:
    for name in names:
        if not _has(arrays, [name]):
            raise InputError(f"{path}: has no array '{name}_test' or '{name}'; it holds {', '.join(arrays) or 'none'}")
    picked = {name: arrays.get(f"{name}_test", arrays.get(name)) for name in names}
    return picked if len(names) > 1 else picked[names[0]]  # type: ignore[return-value]

"""Rows from arrays given on the command line: `--data other.npz`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.data.dataset import check_finite
from kerasrun.data.files.array_rows import ArrayPlace, find_arrays
from kerasrun.data.files.arrays import check_file, check_lengths, check_numbers
from kerasrun.data.labels import labels_of
from kerasrun.data.rows import Arrays, Rows, array_items
from kerasrun.errors import InputError


def load_rows(path: Path, reading: Mapping[str, Any], classes: Sequence[str] | None, need_labels: bool) -> Rows:
    """The rows of an .npz file, a folder of .npy files, or an .npy file, their labels prepared as for the training.

    There is `x_test` (or `x`, or the names of the model's inputs) and, where labels are needed, `y_test` (or `y`). An
    .npy holds the inputs alone.

    Args:
        reading: the names of `inputs` and `targets`, and whether labels become `one_hot`, as source npz keeps them.
        classes: of the model, or None where targets are none.

    Raises:
        InputError: a file is not readable, an array is missing, or a label lies outside the classes.
        ValueError: what is kept for reading is not as it was written.
    """
    inputs, targets = (_names(reading.get(key, [name])) for key, name in (("inputs", "x"), ("targets", "y")))
    if path.suffix.lower() == ".npy" and not path.is_dir():
        if need_labels:
            raise InputError(f"{path}: an .npy file holds no labels; give an .npz with x and y")
        check_file(path, "an .npy file")
        rows = Rows(_load(ArrayPlace(path, str(path)), "x", path), None)
    else:
        arrays = find_arrays(path)
        has_labels = need_labels or all(_key(arrays, name) in arrays for name in targets)
        rows = Rows(_pick(arrays, inputs, path), _pick(arrays, targets, path) if has_labels else None)
    check_lengths([*array_items(rows.x, "x"), *(array_items(rows.y, "y") if rows.y is not None else [])], path)
    check_finite({"given": rows})
    if not classes or not isinstance(rows.y, np.ndarray):
        return rows
    hint = "the model knows no others"
    return replace(rows, y=labels_of(rows.y, str(path), len(classes), bool(reading.get("one_hot")), hint))


def _names(kept: Any) -> list[str]:
    if not isinstance(kept, list) or not kept or not all(isinstance(name, str) for name in kept):
        raise ValueError("not as it was written")
    return kept


def _key(arrays: Mapping[str, ArrayPlace], name: str) -> str:
    return f"{name}_test" if f"{name}_test" in arrays else name


def _pick(arrays: Mapping[str, ArrayPlace], names: Sequence[str], path: Path) -> Arrays:
    picked = {}
    for name in names:
        key = _key(arrays, name)
        if key not in arrays:
            raise InputError(f"{path}: has no array '{name}_test' or '{name}'; it holds {', '.join(arrays) or 'none'}")
        picked[name] = _load(arrays[key], key, path)
    return picked if len(picked) > 1 else picked[names[0]]


def _load(place: ArrayPlace, name: str, path: Path) -> np.ndarray:
    array = place.array()
    check_numbers(name, array, path)
    return array.load()

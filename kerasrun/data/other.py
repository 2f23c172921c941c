"""Rows from a file given on the command line: `--data other.npz`."""

from pathlib import Path

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import NpzSection
from kerasrun.data.dataset import check_finite
from kerasrun.data.files.arrays import check_lengths, check_npy, check_numbers, read_npz
from kerasrun.data.labels import prepare_labels
from kerasrun.data.rows import Arrays, Rows, array_items
from kerasrun.errors import InputError


def load_rows(path: Path, config: Config | None, need_labels: bool) -> Rows:
    """The rows of an .npz or .npy file, their labels prepared as the model's config says.

    An .npz holds `x_test` (or `x`, or the names of the model's inputs) and, where labels are needed, `y_test`
    (or `y`). An .npy holds the inputs alone.

    Raises:
        InputError: the file is not readable, or lacks an array.
    """
    names = (
        (config.data.inputs, config.data.targets) if config and isinstance(config.data, NpzSection) else (["x"], ["y"])
    )
    if path.suffix == ".npy":
        x: Arrays = _read_npy(path)
        y: Arrays | None = None
    else:
        arrays = read_npz(path)
        x = _pick(arrays, names[0], path)
        y = _pick(arrays, names[1], path) if need_labels or _has(arrays, names[1]) else None
    if need_labels and y is None:
        raise InputError(f"{path}: an .npy file holds no labels; give an .npz with x and y")
    rows = Rows(x, y)
    named = [*array_items(x, "x"), *(array_items(y, "y") if y is not None else [])]
    for name, array in named:
        check_numbers(name, array, path)
    check_lengths(named, path)
    check_finite({"given": rows})
    data = config.data if config else None
    one_hot, num_classes = getattr(data, "one_hot", False), getattr(data, "num_classes", None)
    if y is not None and not isinstance(y, dict) and one_hot and y.ndim == 1:
        rows, _, _ = prepare_labels(rows, None, one_hot, num_classes, True, getattr(data, "class_names", None))
    return rows


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

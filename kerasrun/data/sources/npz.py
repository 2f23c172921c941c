"""Arrays of an .npz file: training rows, and test rows where it has them."""

from pathlib import Path

import numpy as np

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.config.sources import NpzSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.arrays import check_file, check_lengths, check_numbers, read_npz
from kerasrun.data.rows import Arrays, Rows, array_items
from kerasrun.data.whole import as_dataset
from kerasrun.errors import InputError


def load(config: Config) -> Dataset:
    """The arrays as the config wants them."""
    data = config.data
    assert isinstance(data, NpzSection)
    return as_dataset(*load_npz(Path(data.path), data), None, config)


def check(config: Config) -> None:
    """Whether the file is there."""
    check_file(Path(config.data.path), "an .npz file")  # type: ignore[attr-defined]


def load_npz(path: Path, data: NpzSection) -> tuple[Rows, Rows | None]:
    """Training rows from `<name>_train` or `<name>`, test rows from `<name>_test` where all are there."""
    arrays = read_npz(path)
    train = _rows(arrays, data, "_train", path)
    names = [*data.inputs, *data.targets]
    has_test = [f"{name}_test" in arrays for name in names]
    if any(has_test) and not all(has_test):
        missing = ", ".join(f"{name}_test" for name, there in zip(names, has_test, strict=True) if not there)
        raise InputError(f"{path}: holds some test arrays, and not {missing}")
    test = _rows(arrays, data, "_test", path) if any(has_test) else None
    if test is not None:
        _check_alike(train, test, path)
    return train, test


def _check_alike(train: Rows, test: Rows, path: Path) -> None:
    for ours, theirs in ((train.x, test.x), (train.y, test.y)):
        for (name, a), (_, b) in zip(array_items(ours, "x"), array_items(theirs, "x"), strict=True):  # type: ignore[arg-type]
            if a.shape[1:] != b.shape[1:]:
                shapes = f"{list(a.shape[1:])} for training and {list(b.shape[1:])} for testing"
                raise InputError(f"{path}: rows of '{name}' have the shape {shapes}; they must be alike")


def _rows(arrays: dict[str, np.ndarray], data: NpzSection, ending: str, path: Path) -> Rows:
    x = _pick(arrays, data.inputs, ending, path)
    y = _pick(arrays, data.targets, ending, path)
    check_lengths([*array_items(x, data.inputs[0]), *array_items(y, data.targets[0])], path)
    return Rows(x, y)


def _pick(arrays: dict[str, np.ndarray], names: list[str], ending: str, path: Path) -> Arrays:
    picked = {}
    for name in names:
        key = name + ending if name + ending in arrays or ending == "_test" else name
        if key not in arrays:
            hint = closest(name, arrays) or f"it holds {', '.join(arrays) or 'none'}"
            raise InputError(f"{path}: has no array '{name}' or '{name}{ending}'; {hint}")
        array = arrays[key]
        check_numbers(key, array, path)
        picked[name] = array.astype(np.float32) if array.dtype == np.float64 else array
    return picked if len(names) > 1 else picked[names[0]]

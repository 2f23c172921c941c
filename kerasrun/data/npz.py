"""Arrays from an .npz file, never unpickled."""

import zipfile
from pathlib import Path

import numpy as np

from kerasrun.config.faults import closest
from kerasrun.config.sections import NpzSection
from kerasrun.data.rows import Arrays, Rows, array_items
from kerasrun.errors import InputError


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """All arrays of an .npz file.

    Raises:
        InputError: the file is missing, is not an .npz, or holds pickled objects.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name an .npz file")
    try:
        archive = np.load(path, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise InputError(f"{path}: not an .npz file; write one with numpy.savez")
        with archive:
            return {name: archive[name] for name in archive.files}
    except ValueError as error:
        reason = "it holds pickled objects, which could run code" if "pickle" in str(error) else str(error)
        raise InputError(f"{path}: not read: {reason}") from None
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise InputError(f"{path}: not an .npz file ({error})") from None


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


def check_numbers(name: str, array: np.ndarray, path: Path) -> None:
    """Whether an array of a file holds rows of numbers, at least one row, of at most 8 bytes a number.

    Raises:
        InputError: it does not.
    """
    if array.ndim == 0 or 0 in array.shape or array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise InputError(f"{path}: the array '{name}' holds {array.dtype} of shape {array.shape}, not rows of numbers")


def check_lengths(named: list[tuple[str, np.ndarray]], path: Path) -> None:
    """Whether all arrays of a file have the same number of rows.

    Raises:
        InputError: they have not.
    """
    lengths = {name: len(array) for name, array in named}
    if len(set(lengths.values())) > 1:
        text = ", ".join(f"{name} has {length:,}" for name, length in lengths.items())
        raise InputError(f"{path}: all arrays need the same number of rows: {text}")


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

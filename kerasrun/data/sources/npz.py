"""Arrays of an .npz file, or of a folder of .npy files: training rows, and test rows where there are any."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.config.sources import NpzSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.array_rows import ArrayFile, find_arrays, folder_arrays
from kerasrun.data.files.arrays import check_file, check_lengths, check_numbers, read_npz
from kerasrun.data.rows import Arrays, Rows, array_items
from kerasrun.data.streamed import AnyRows, Streamed, default_chunk, default_window
from kerasrun.data.whole import as_dataset
from kerasrun.errors import InputError

# By its name an array in memory, or one that stays in its file.
Found = Mapping[str, np.ndarray | ArrayFile]


def load(config: Config) -> Dataset:
    """The arrays as the config wants them."""
    data = config.data
    assert isinstance(data, NpzSection)
    reading = {"inputs": data.inputs, "targets": data.targets, "one_hot": data.one_hot}
    return replace(as_dataset(*load_npz(Path(data.path), data), None, config), reading=reading)


def check(config: Config) -> None:
    """Whether the file or folder is there."""
    path = Path(config.data.path)  # type: ignore[attr-defined]
    if path.is_dir():
        find_arrays(path)
    else:
        check_file(path, "an .npz file, or a folder of .npy files")


def load_npz(path: Path, data: NpzSection) -> tuple[AnyRows, AnyRows | None]:
    """Training rows from `<name>_train` or `<name>`, test rows from `<name>_test` where all are there."""
    arrays = _find(path, data)
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


def _find(path: Path, data: NpzSection) -> Found:
    """All arrays, those in memory that are not to be streamed."""
    if data.stream is False:
        return folder_arrays(path) if path.is_dir() else read_npz(path)
    if data.stream == "auto" and not path.is_dir():
        check_file(path, "an .npz file, or a folder of .npy files")
        if path.stat().st_size <= data.memory_gb * 1e9 / 2:  # what is packed may take more
            arrays = read_npz(path)
            if _size_bytes(arrays, data) <= data.memory_gb * 1e9:
                return arrays
    files = find_arrays(path)
    if data.stream == "auto" and _size_bytes(files, data) <= data.memory_gb * 1e9:
        return {name: file.load() for name, file in files.items()}
    return files


def _size_bytes(arrays: Found, data: NpzSection) -> int:
    """What the inputs take, of all parts."""
    names = {f"{name}{ending}" for name in data.inputs for ending in ("", "_train", "_test")}
    return sum(
        array.size_bytes if isinstance(array, ArrayFile) else array.nbytes
        for name, array in arrays.items()
        if name in names
    )


def _check_alike(train: AnyRows, test: AnyRows, path: Path) -> None:
    ours, theirs = train.head(), test.head()
    for one, other in ((ours.x, theirs.x), (ours.y, theirs.y)):
        for (name, a), (_, b) in zip(array_items(one, "x"), array_items(other, "x"), strict=True):  # type: ignore[arg-type]
            if a.shape[1:] != b.shape[1:]:
                shapes = f"{list(a.shape[1:])} for training and {list(b.shape[1:])} for testing"
                raise InputError(f"{path}: rows of '{name}' have the shape {shapes}; they must be alike")


def _rows(arrays: Found, data: NpzSection, ending: str, path: Path) -> AnyRows:
    x = _pick(arrays, data.inputs, ending, path)
    y = _pick(arrays, data.targets, ending, path)
    check_lengths([*x.items(), *y.items()], path)
    targets = _lone({name: _in_memory(array) for name, array in y.items()})
    files = {name: array for name, array in x.items() if isinstance(array, ArrayFile)}
    if not files:
        return Rows(_lone({name: _in_memory(array) for name, array in x.items()}), targets)
    row_bytes = sum(file.row_bytes for file in files.values())
    return Streamed(
        lambda rows: _lone({name: file.read(rows) for name, file in files.items()}),
        0,
        len(next(iter(files.values()))),
        targets,
        row_bytes,
        data.shuffle_window or default_window(row_bytes),
        default_chunk(row_bytes),
    )


def _pick(arrays: Found, names: list[str], ending: str, path: Path) -> dict[str, np.ndarray | ArrayFile]:
    picked: dict[str, np.ndarray | ArrayFile] = {}
    for name in names:
        key = name + ending if name + ending in arrays or ending == "_test" else name
        if key not in arrays:
            hint = closest(name, arrays) or f"it holds {', '.join(arrays) or 'none'}"
            raise InputError(f"{path}: has no array '{name}' or '{name}{ending}'; {hint}")
        check_numbers(key, arrays[key], path)
        picked[name] = arrays[key]
    return picked


def _in_memory(array: np.ndarray | ArrayFile) -> np.ndarray:
    array = array.load() if isinstance(array, ArrayFile) else array
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _lone(arrays: dict[str, np.ndarray]) -> Arrays:
    return arrays if len(arrays) > 1 else next(iter(arrays.values()))

"""Arrays of an .npz file, or of a folder of .npy files: training rows, and test rows where there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.config.sources import NpzSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.duplicates import row_hashes
from kerasrun.data.files.array_rows import EXPECTED, ArrayFile, ArrayPlace, find_arrays
from kerasrun.data.files.arrays import check_file, check_lengths, check_numbers
from kerasrun.data.files.folders import told
from kerasrun.data.pool import shared_rows
from kerasrun.data.rows import Arrays, Rows
from kerasrun.data.streamed import AnyRows, Streamed, default_chunk, default_window
from kerasrun.data.whole import as_dataset
from kerasrun.errors import InputError

# The arrays of a part by the names of inputs and targets.
Part = Mapping[str, ArrayFile]


def load(config: Config) -> Dataset:
    """The arrays as the config wants them; those that it does not name are not read."""
    data = config.data
    assert isinstance(data, NpzSection)
    path = Path(data.path)
    arrays = find_arrays(path)
    parts = _parts(arrays, data, path)
    is_streamed = data.streams(lambda: sum(part[name].size_bytes for part in parts for name in set(data.inputs)))
    train, *tests = (_rows(part, data, is_streamed) for part in parts)
    dataset = as_dataset(train, tests[0] if tests else None, None, config)
    reading = {"inputs": data.inputs, "targets": data.targets, "one_hot": data.one_hot}
    return replace(dataset, reading=reading, notes=(*_left_out(arrays, parts), *_shared(dataset)))


def check(config: Config) -> None:
    """Whether the file or folder is there."""
    path = Path(config.data.path)  # type: ignore[attr-defined]
    if path.is_dir():
        find_arrays(path)
    else:
        check_file(path, EXPECTED)


def _parts(arrays: Mapping[str, ArrayPlace], data: NpzSection, path: Path) -> list[Part]:
    """The arrays `<name>_train` or `<name>` to train with, and `<name>_test` where all of them are there."""
    train = _part(arrays, data, "_train", path)
    missing = [f"{name}_test" for name in train if f"{name}_test" not in arrays]
    if len(missing) == len(train):
        return [train]
    if missing:
        raise InputError(f"{path}: holds some test arrays, and not {', '.join(missing)}")
    test = _part(arrays, data, "_test", path)
    for name, array in train.items():
        ours, theirs = list(array.shape[1:]), list(test[name].shape[1:])
        if ours != theirs:
            shapes = f"{ours} for training and {theirs} for testing"
            raise InputError(f"{path}: rows of '{name}' have the shape {shapes}; they must be alike")
    return [train, test]


def _part(arrays: Mapping[str, ArrayPlace], data: NpzSection, ending: str, path: Path) -> Part:
    part = {}
    for name in (*data.inputs, *data.targets):
        key = name + ending if name + ending in arrays or ending == "_test" else name
        if key not in arrays:
            hint = closest(name, arrays) or f"it holds {', '.join(arrays) or 'none'}"
            raise InputError(f"{path}: has no array '{name}' or '{name}{ending}'; {hint}")
        part[name] = arrays[key].array()
        check_numbers(key, part[name], path)
    check_lengths(list(part.items()), path)
    return part


def _left_out(arrays: Mapping[str, ArrayPlace], parts: Sequence[Part]) -> list[str]:
    """A word on arrays that are not read."""
    read = [array.place for part in parts for array in part.values()]
    others = [name for name, place in arrays.items() if place not in read]
    return [f"arrays that inputs and targets do not name, left out: {told(others)}"] if others else []


def _shared(dataset: Dataset) -> list[str]:
    """A word on rows that stand in two parts. Streamed ones would have to be read once more for it."""
    hashes = {name: row_hashes(rows.x) for name, rows in dataset.parts().items() if isinstance(rows, Rows)}
    return shared_rows(hashes)


def _rows(part: Part, data: NpzSection, is_streamed: bool) -> AnyRows:
    targets = _lone({name: part[name].load() for name in data.targets})
    files = {name: part[name] for name in data.inputs}
    if not is_streamed:
        return Rows(_lone({name: file.load() for name, file in files.items()}), targets)
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


def _lone(arrays: dict[str, np.ndarray]) -> Arrays:
    return arrays if len(arrays) > 1 else next(iter(arrays.values()))

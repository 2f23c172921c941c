"""Plain values with arrays among them as one file: numpy's `.npz`, read without pickle."""

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

# The member that holds everything but the arrays, as JSON in UTF-8.
TREE = "tree"


def write_packed(path: Path, tree: Any) -> None:
    """Write None, numbers, texts, lists, tuples, dicts and arrays, each to come back as the type it was."""
    arrays: dict[str, np.ndarray] = {}
    text = json.dumps(_pack(tree, arrays))
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **{TREE: np.frombuffer(text.encode(), np.uint8)}, **arrays)


def read_packed(path: Path) -> Any:
    """What `write_packed` wrote.

    Raises:
        ValueError: the file is something else.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return _unpack(json.loads(file[TREE].tobytes()), file)
    except (KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"not a file of packed values: {error}") from error


def _pack(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        name = f"a{len(arrays)}"
        array = np.asarray(value)
        # Types that are not numpy's own, as bfloat16, would come back as raw bytes.
        own = array.dtype.kind != "V"
        arrays[name] = array if own else np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        return ["array" if isinstance(value, np.ndarray) else "number", name, array.dtype.name, list(array.shape)]
    if isinstance(value, dict):
        return ["dict", [[_pack(key, arrays), _pack(item, arrays)] for key, item in value.items()]]
    if isinstance(value, (list, tuple)):
        return ["list" if isinstance(value, list) else "tuple", [_pack(item, arrays) for item in value]]
    return ["value", value]


def _unpack(packed: Any, file: Any) -> Any:
    kind, content, *more = packed
    if kind in ("array", "number"):
        array = file[content]
        if array.dtype.name != more[0]:
            array = array.reshape(-1).view(more[0]).reshape(more[1])
        return array if kind == "array" else array[()]
    if kind == "dict":
        return {_unpack(key, file): _unpack(item, file) for key, item in content}
    if kind in ("list", "tuple"):
        items = [_unpack(item, file) for item in content]
        return items if kind == "list" else tuple(items)
    return content

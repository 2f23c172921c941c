"""Pickles of plain values and arrays, as CIFAR's and IMDB's files hold them, read without running what they name.

A pickle can name any function of Python and have it called. Here it can name three, and gets in their place those
below, which note what numpy would be asked for; the arrays are then made of bytes whose number was checked.
"""

import math
import pickle
import re
from typing import IO, Any

import numpy as np

from kerasrun.errors import InputError

# What numpy writes for the types of numbers: `u1`, `<i8`, `f4`; and for lists.
NUMBERS, OBJECTS = re.compile(r"[<>=|]?[biuf][1248]"), re.compile(r"\|?O8?")


class Unsafe(pickle.UnpicklingError):
    """A pickle that names what plain data does not need."""


class _Type:
    """In place of a numpy.dtype: `code` is what numpy writes for it, `order` that of its bytes."""

    order = "|"

    def __init__(self, code: Any, *_: Any) -> None:
        self.code = code.decode("ascii") if isinstance(code, bytes) else str(code)
        if not NUMBERS.fullmatch(self.code) and not OBJECTS.fullmatch(self.code):
            raise Unsafe(f"it holds values of the type {self.code[:20]!r}")

    def __setstate__(self, state: Any) -> None:
        order = state[1].decode("ascii") if isinstance(state[1], bytes) else state[1]
        if order not in ("<", ">", "|", "=") or any(part is not None for part in state[2:5]):
            raise Unsafe("it holds values of a type that is made up of others")
        self.order = order

    @property
    def is_of_objects(self) -> bool:
        return OBJECTS.fullmatch(self.code) is not None


class _Array:
    """In place of a numpy.ndarray: `value` is the array, or the list of what an array of objects holds."""

    value: Any = None

    def __setstate__(self, state: Any) -> None:
        _, shape, dtype, is_by_column, content = state
        count = math.prod(shape) if all(isinstance(size, int) and size >= 0 for size in shape) else -1
        if not isinstance(dtype, _Type):
            raise Unsafe("an array in it has no type")
        if dtype.is_of_objects:
            if not isinstance(content, list) or (len(content),) != tuple(shape):
                raise Unsafe("a list in it has not the length that it says it has")
            self.value = content
            return
        numbers = np.dtype(dtype.order + dtype.code.lstrip("<>=|"))
        if not isinstance(content, bytes) or len(content) != count * numbers.itemsize:
            raise Unsafe("an array in it has not the size that it says it has")
        self.value = np.frombuffer(content, numbers).reshape(shape, order="F" if is_by_column else "C")


class _Reconstruct:
    """In place of the function that makes an empty array to be filled."""

    __slots__ = ()

    def __call__(self, kind: Any, *_: Any) -> _Array:
        if kind is not _Array:
            raise Unsafe("it makes an array of what is none")
        return _Array()

    def __setstate__(self, state: Any) -> None:
        raise Unsafe("it changes what it was given")


ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Type,
    ("numpy.core.multiarray", "_reconstruct"): _Reconstruct(),
    ("numpy._core.multiarray", "_reconstruct"): _Reconstruct(),
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise Unsafe(f"it names {module}.{name}, which could run code")
        return ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> Any:
        raise Unsafe("it names what lies outside of it")


def read_pickle(file: IO[bytes], what: str) -> Any:
    """The value of a pickle: numbers, texts, bytes, lists, and arrays; or a dict of such, its keys as bytes.

    An array of objects comes as the list of these. Texts of Python 2 come as bytes.

    Args:
        what: what to call the file in an error.

    Raises:
        InputError: it names anything else, or is damaged.
    """
    try:
        value = _Unpickler(file, encoding="bytes").load()
        if isinstance(value, dict):
            return {key.encode() if isinstance(key, str) else key: _plain(item) for key, item in value.items()}
        return _plain(value)
    except Unsafe as error:
        raise InputError(f"{what} is not read: {error}") from None
    except Exception as error:  # a made-up pickle is a program, and anything can come of it
        raise InputError(f"{what} is not read: a damaged pickle ({type(error).__name__}: {str(error)[:100]})") from None


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, _Array) else value

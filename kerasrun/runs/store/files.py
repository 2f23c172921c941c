"""Files that appear whole or not at all: written aside, synced, then renamed."""

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path aside to write to, of the same ending; at the end it becomes `path` in one step, or is removed."""
    aside = path.with_name(f".{os.getpid()}.partial.{path.name}")
    try:
        yield aside
        _sync(aside)
        aside.replace(path)
        if os.name == "posix":
            _sync(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file that appears whole or not at all. Text is UTF-8."""
    with whole_file(path) as aside:
        aside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, readable by people too."""
    write_whole(path, json_text(value))


def json_text(value: Any) -> str:
    """A value as JSON, readable by people too."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


# How the text of an object ends.
END = "\n}\n"

# Before and behind the hash that ends a sealed text.
SEAL = ',\n  "sha256": "', '"\n}\n'


def sealed(text: str) -> str:
    """The text of a JSON object with a hash of the rest as its last entry."""
    return f"{text.removesuffix(END)}{SEAL[0]}{_digest(text)}{SEAL[1]}"


def unsealed(text: str) -> str | None:
    """The text that `sealed` was given; None for one that is not as `sealed` made it."""
    head, _, tail = text.rpartition(SEAL[0])
    rest = head + END
    return rest if tail == _digest(rest) + SEAL[1] else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes.

    Raises:
        OSError: it cannot be read, or is no file: of a FIFO nothing may ever come.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fault_of(folder: Path, name: str, digest: str) -> str:
    """What is wrong with a file in a run's folder that had this SHA-256 when it was written; "" for nothing."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        return "lies outside of the run"
    try:
        return "" if sha256(path) == digest else "is not as it was written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

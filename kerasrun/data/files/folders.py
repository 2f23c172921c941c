"""Folders of files: a folder for each class, with files at any depth."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kerasrun.config.faults import similar_file
from kerasrun.config.sources import TABLES
from kerasrun.errors import InputError

# How the names of pictures end.
PICTURES = (".png", ".jpg", ".jpeg")

# So many names are told one by one.
MAX_TOLD = 5


@dataclass(frozen=True)
class Filed:
    """Files, and the class that each is of.

    Args:
        classes: the names of the classes, sorted.
        others: files that are of another kind, from the folder.
    """

    paths: list[Path]
    labels: list[str]
    classes: list[str]
    others: list[str]


@dataclass(frozen=True)
class FoundFile:
    """A file, what it is called, and the folder right inside the one named that it lies in, or ""."""

    path: Path
    name: str
    folder: str = ""


def find_files(paths: Sequence[Path], endings: Collection[str], kind: str) -> tuple[list[FoundFile], list[str]]:
    """Files and those in folders: those right in it, and those in the folders inside it at any depth.

    Args:
        endings: how the names of files in folders end that count.
        kind: what one is called: `picture`.

    Returns:
        The files, and the names of files in the folders that are of another kind.

    Raises:
        InputError: a path is not there, or a folder holds no such file.
    """
    files: list[FoundFile] = []
    others: list[str] = []
    for path in paths:
        if not path.is_dir():
            files.append(FoundFile(path, str(path)))
            continue
        names = {file: file.relative_to(path) for file in walk_files(path)}
        found = [file for file in names if file.suffix.lower() in endings]
        if not found:
            raise InputError(f"{path}: no {kind} lies in this folder; {', '.join(endings)} are read")
        others += [str(names[file]) for file in names if file.suffix.lower() not in endings]
        folders = {file: names[file].parts[0] if len(names[file].parts) > 1 else "" for file in found}
        files += [FoundFile(file, str(names[file]), folders[file]) for file in found]
    return files, others


def walk_files(folder: Path, apart: Collection[Path] = ()) -> Iterator[Path]:
    """The files in a folder, then those in the folders inside it at any depth, sorted by name.

    Hidden ones are left out, and so are links that lead back to a folder around them.

    Args:
        apart: folders that are passed over, without links in their paths.

    Raises:
        InputError: a folder cannot be read.
    """
    yield from _walk(folder, frozenset(map(str, apart)))


def _walk(folder: Path, closed: frozenset[str]) -> Iterator[Path]:
    real = os.path.realpath(folder)
    if real in closed:
        return
    for item in _items(folder):
        if item.is_dir():
            yield from _walk(folder / item.name, closed | {real})
        elif item.is_file():
            yield folder / item.name


def _items(folder: Path) -> list["os.DirEntry[str]"]:
    try:
        items = [item for item in os.scandir(folder) if not item.name.startswith(".")]
        return sorted(items, key=lambda item: (item.is_dir(), item.name))
    except OSError as error:
        raise InputError(f"{error.filename or folder}: cannot be read: {error.strerror}") from None


def is_table(path: Path) -> bool:
    """Whether a path has the name of a table that lists rows."""
    return path.name.lower().endswith(TABLES)


def check_place(path: Path, kind: str) -> None:
    """Whether a path is that of a folder, or of a table.

    Raises:
        InputError: it is not.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file or folder{similar_file(path)}")
    if not path.is_dir() and not is_table(path):
        raise InputError(f"{path}: is neither a folder of {kind} nor a table (.csv, .tsv, .parquet)")


def find_by_class(folder: Path, endings: Collection[str], kind: str, apart: Sequence[Path] = ()) -> Filed:
    """The files of a folder that holds a folder for each class.

    Args:
        endings: how the names of files end that count.
        kind: what they are called: `pictures`.
        apart: folders in it, at any depth, that are not of it.

    Raises:
        InputError: it holds no folder, or one without such a file.
    """
    left_out = [path.resolve() for path in apart]
    found = Filed([], [], [], [])
    loose = 0
    for item in _items(folder):
        path = folder / item.name
        if item.is_dir():
            _add_class(path, endings, kind, found, left_out)
        elif item.is_file():
            loose += path.suffix.lower() in endings
            found.others.append(item.name)
    if loose or not found.classes:
        told = f"{loose:,} {kind} lie in no folder of a class" if loose else "holds no folder of a class"
        raise InputError(f"{folder}: {told}; put the {kind} of each class into a folder that is named as the class is")
    return found


def _add_class(folder: Path, endings: Collection[str], kind: str, found: Filed, apart: Collection[Path]) -> None:
    files = list(walk_files(folder, apart))
    taken = [path for path in files if path.suffix.lower() in endings]
    found.others.extend(str(path.relative_to(folder.parent)) for path in files if path.suffix.lower() not in endings)
    if not taken and any(path.is_relative_to(folder.resolve()) for path in apart):
        return  # the place of another part, or what lies around it
    if not taken:
        raise InputError(f"{folder}: no {kind} lie in this folder of a class; {', '.join(endings)} are read")
    found.classes.append(folder.name)
    found.paths.extend(taken)
    found.labels.extend([folder.name] * len(taken))


def told(names: Sequence[str], count: int | None = None) -> str:
    """The first few of many names."""
    count = len(names) if count is None else count
    return ", ".join(names[:MAX_TOLD]) + (f", … ({count:,} in all)" if count > MAX_TOLD else "")

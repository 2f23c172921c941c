"""Rows that lie in folders by their class, or are listed in a table: where they are, and what each is to be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kerasrun.config import Config
from kerasrun.data.files.folders import check_place, find_by_class, is_table, told
from kerasrun.data.pool import Pool
from kerasrun.errors import InputError

if TYPE_CHECKING:
    from kerasrun.data.tables.table import Table


@dataclass(frozen=True)
class Listed:
    """Rows as they are listed, before what they hold is read.

    Args:
        y: names of classes, (rows,) of dtype object, or numbers, (rows, 1) float32.
        classes: the names in order, or None where they are to be sorted.
        paths: the files of folders; none of a table.
        table: what lists them, or None for folders.
        column: gives the values of a column of the table by which rows are parted.
        others: files in the folders that are of another kind.
    """

    y: np.ndarray
    classes: tuple[str, ...] | None = None
    paths: Sequence[Path] = ()
    table: "Table | None" = None
    column: Callable[[str], np.ndarray] | None = None
    others: tuple[str, ...] = ()

    def where(self, row: int) -> str:
        """What a row is called, by its number from 0."""
        return self.table.where(row) if self.table else str(self.paths[row])

    def pool(self, x: np.ndarray, hashes: np.ndarray | None = None) -> Pool:
        """The rows with what they hold; or with their numbers, and hashes of what they hold."""
        return Pool(x, self.y, self.where, self.column, hashes=hashes)


def places_of(config: Config) -> dict[str, Path]:
    """Where the rows lie: `path`, and those of the parts that have a place of their own."""
    data: Any = config.data
    own = {name: getattr(data, name) for name in ("test", "validation")}
    named = {name: path for name, path in own.items() if isinstance(path, str) and path != "test"}
    return {name: Path(path) for name, path in ({"path": data.path} | named).items()}


def check_places(config: Config, kind: str) -> None:
    """Whether the folders and tables are there.

    Raises:
        InputError: one is not.
    """
    for path in places_of(config).values():
        check_place(path, kind)


def list_rows(config: Config, endings: Sequence[str], kind: str, is_kept: bool = False) -> dict[str, Listed]:
    """The rows of each place.

    Args:
        endings: how the names of files in folders end that count.
        kind: what the rows are called: `pictures`.
        is_kept: whether the columns of tables stay on disk until they are asked for.

    Raises:
        InputError: a folder or table is missing, or not what it should be.
    """
    places, listed = places_of(config), {}
    for name, path in places.items():
        if is_table(path) != is_table(places["path"]):
            one, other = ("a table", "a folder") if is_table(path) else ("a folder", "a table")
            raise InputError(f"{path}: is {one}, and data.path {other}; {name} needs the same kind of place")
        check_place(path, kind)
        if is_table(path):
            listed[name] = _of_table(path, config, is_kept)
        else:
            found = find_by_class(path, endings, kind, [place for place in places.values() if place != path])
            listed[name] = Listed(np.array(found.labels, object), None, found.paths, others=tuple(found.others))
    return listed


def _of_table(path: Path, config: Config, is_kept: bool) -> Listed:
    from kerasrun.data.tables.splitting import split_column
    from kerasrun.data.tables.table import read_listed
    from kerasrun.data.targets import targets_of

    table = read_listed(path, is_kept)
    data: Any = config.data
    return Listed(
        *targets_of(table, data.target, config),
        table=table,
        column=lambda name: split_column(table, name, data.split),
    )


def note_others(listed: Mapping[str, Listed], kind: str) -> list[str]:
    """A word on files that are of another kind."""
    others = [name for part in listed.values() for name in part.others]
    return [f"no {kind}, left out: {told(others)}"] if others else []

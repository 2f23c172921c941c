"""Rows that come as one pool, and become training, validation and test rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.data.dataset import Dataset
from kerasrun.data.duplicates import row_hashes
from kerasrun.data.rows import Arrays, Rows, map_arrays
from kerasrun.data.splits import Split, split_rows
from kerasrun.errors import InputError


@dataclass(frozen=True)
class Pool:
    """Rows as their source has them.

    Args:
        x: inputs of shape (rows, …): one array, or one a name. Texts are (rows,) of dtype object.
        y: targets: numbers of shape (rows, …), or names of classes, (rows,) of dtype object.
        where: what a row is called, by its number from 0: `houses.csv, row 18`.
        column: gives the values of a column by its name, (rows,); None where there are no columns.
        sample_weight: (rows,) float32, or None.
        hashes: of each row's inputs, (rows,) uint64, where `x` has numbers of rows in their place.
    """

    x: Arrays
    y: np.ndarray
    where: Callable[[int], str]
    column: Callable[[str], np.ndarray] | None = None
    sample_weight: np.ndarray | None = None
    hashes: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.y)

    @property
    def is_of_classes(self) -> bool:
        """Whether targets are names of classes."""
        return self.y.dtype == object

    def take(self, rows: np.ndarray) -> "Pool":
        """Some rows, by their numbers."""
        weight, column, hashes = self.sample_weight, self.column, self.hashes
        return replace(
            self,
            x=map_arrays(lambda array: array[rows], self.x),
            y=self.y[rows],
            where=lambda row: self.where(int(rows[row])),
            column=None if column is None else lambda name: column(name)[rows],
            sample_weight=None if weight is None else weight[rows],
            hashes=None if hashes is None else hashes[rows],
        )

    def row_hashes(self) -> np.ndarray:
        """Of each row's inputs, (rows,) uint64."""
        return row_hashes(self.x) if self.hashes is None else self.hashes


def as_parts(pool: Pool, more: Mapping[str, Pool], config: Config, classes: tuple[str, ...] | None = None) -> Dataset:
    """Part a pool as the config says; names of classes become numbers.

    Args:
        more: the pools of `test` and `validation` where the config names files for them.
        classes: the names of the classes by their numbers, where the source has them in an order of its own.

    Returns:
        The parts with their classes; the steps are still to be fitted on the training rows.

    Raises:
        InputError: a part would be empty, there is one class alone, or a row is of a class that no training row has.
        ConfigError: the data has no test rows to validate on.
    """
    data: Any = config.data
    split = split_rows(len(pool), data, pool.y if pool.is_of_classes else None, pool.column)
    _check_marked(split, config)
    pools = {
        name: pool.take(rows)
        for name, rows in (("train", split.train), ("validation", split.validation), ("test", split.test))
        if rows is not None
    } | dict(more)
    _check_targets(pool, more)
    _check_weights(pools["train"])
    if pool.is_of_classes:
        classes = class_names(pools["train"], classes or data.class_names)
        _check_seen(pools)
    rows = {name: _rows(part, classes, config) for name, part in pools.items()}
    validation, name = rows.get("validation"), "validation"
    if data.validation == "test":
        if "test" not in rows:
            message = "this data has no test rows to validate on"
            raise config.fault(("data", "validation"), message, "give test a fraction, such as 0.2, or a path")
        validation, name = rows["test"], "test"
    notes = tuple(shared_rows({name: part.row_hashes() for name, part in pools.items()}))
    return Dataset(rows["train"], validation, rows.get("test"), name, classes=classes, notes=notes)


def class_names(train: Pool, given: Sequence[str] | None) -> tuple[str, ...]:
    """The names of the classes, in the order of their numbers: as given, else sorted.

    Raises:
        InputError: all rows are of one class, or one is of a class that is not given.
    """
    found = sorted(set(train.y))
    unknown = [name for name in found if given is not None and name not in given]
    if unknown:
        row = int(np.flatnonzero(train.y == unknown[0])[0])
        raise InputError(f"{train.where(row)}: the class '{unknown[0]}' is not among class_names")
    if len(found) < 2:
        raise InputError(f"all {len(train):,} training rows are of one class, '{found[0]}'; there is nothing to learn")
    return tuple(found if given is None else given)


def _check_marked(split: Split, config: Config) -> None:
    """A row that a column puts into a part which the config takes from elsewhere would be in none."""
    for name in ("validation", "test"):
        marked, elsewhere = getattr(split, name), getattr(config.data, name)
        if marked is not None and elsewhere is not None and not isinstance(elsewhere, float):
            message = f"{len(marked):,} rows are marked as {name} by the column of split, and would be left out"
            raise config.fault(("data", name), message, f"leave {name} out, or mark them otherwise")


def _check_targets(pool: Pool, more: Mapping[str, Pool]) -> None:
    """Targets of all places are of one kind."""
    for name, part in more.items():
        if part.is_of_classes != pool.is_of_classes:
            kinds = ("names of classes", "numbers") if part.is_of_classes else ("numbers", "names of classes")
            raise InputError(f"{part.where(0)}: the targets of {name} are {kinds[0]}, and those of path {kinds[1]}")


def _check_weights(train: Pool) -> None:
    """From rows that all weigh nothing, nothing is learnt."""
    if train.sample_weight is not None and not train.sample_weight.any():
        raise InputError("the weights of all training rows are 0, so none counts")


def _check_seen(pools: Mapping[str, Pool]) -> None:
    """A class that no training row has cannot be learnt."""
    seen = set(pools["train"].y)
    for part in pools.values():
        unseen = np.array([name not in seen for name in part.y])
        if unseen.any():
            row = int(np.argmax(unseen))
            others = f"; {int(unseen.sum()):,} rows are of such a class" if unseen.sum() > 1 else ""
            raise InputError(f"{part.where(row)}: the class '{part.y[row]}' stands in no training row{others}")


def _rows(part: Pool, classes: tuple[str, ...] | None, config: Config) -> Rows:
    if not part.is_of_classes or classes is None:
        return Rows(part.x, part.y, part.sample_weight)
    by_name = {name: number for number, name in enumerate(classes)}
    y = np.array([by_name[name] for name in part.y], np.int32)
    one_hot: bool = config.data.one_hot  # type: ignore[attr-defined]
    return Rows(part.x, np.eye(len(classes), dtype=np.float32)[y] if one_hot else y, part.sample_weight)


def shared_rows(hashes: Mapping[str, np.ndarray]) -> list[str]:
    """A word where rows of one part stand in another too: figures of those are too good.

    Args:
        hashes: of the rows of each part, (rows,) uint64.
    """
    notes = []
    for one, other in (("test", "train"), ("validation", "train"), ("test", "validation")):
        if one in hashes and other in hashes and (count := int(np.isin(hashes[one], hashes[other]).sum())):
            notes.append(f"{count:,} of {len(hashes[one]):,} rows of {one} stand in {other} too, with the same inputs")
    return notes

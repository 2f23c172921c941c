"""Which rows train, which validate and which test: by a rule and a seed, the same on every machine."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kerasrun.config.sources import ByColumn, ByGroup, ByTime, SplitSection
from kerasrun.errors import InputError

PARTS = ("train", "validation", "test")

# Keeps this draw apart from others that share the seed.
SPLIT = 3


@dataclass(frozen=True)
class Split:
    """The rows of each part, by their numbers, in ascending order: each (rows,) int64. None where there is no part."""

    train: np.ndarray
    validation: np.ndarray | None
    test: np.ndarray | None


def split_rows(
    num_rows: int,
    data: SplitSection,
    labels: np.ndarray | None = None,
    column: Callable[[str], np.ndarray] | None = None,
) -> Split:
    """Part rows as a config says.

    The test rows are a fraction of all rows, the validation rows a fraction of those that are left, as in Keras and
    scikit-learn. A fraction of n rows is rounded to the nearest whole number.

    Args:
        labels: the class of each row, (rows,), for a stratified split.
        column: gives the values of a column by its name, (rows,), for a split by one.

    Raises:
        InputError: a part would have no rows, or the rule asks for what the data has not.
    """
    test = data.test if isinstance(data.test, float) else None
    validation = data.validation if isinstance(data.validation, float) else None
    if isinstance(data.split, ByColumn):
        return _by_column(_column(data.split.column, column), data.split.column)
    rest = np.arange(num_rows)
    parts: dict[str, np.ndarray | None] = {"test": None, "validation": None}
    for number, (part, fraction) in enumerate((("test", test), ("validation", validation))):
        if fraction is not None:
            generator = np.random.Generator(np.random.Philox(key=[data.seed, (SPLIT << 60) + number]))
            rest, parts[part] = _cut(rest, fraction, data, labels, column, generator)
            if not len(rest) or not len(parts[part]):  # type: ignore[arg-type]
                raise InputError(f"{part}: {fraction} of {num_rows:,} rows leaves a part without rows")
    return Split(rest, parts["validation"], parts["test"])


def _cut(
    rows: np.ndarray,
    fraction: float,
    data: SplitSection,
    labels: np.ndarray | None,
    column: Callable[[str], np.ndarray] | None,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """The rows that stay, and a fraction of them that is cut off, both in ascending order."""
    if data.split == "ordered":
        size = share(len(rows), fraction)
        return rows[: len(rows) - size], rows[len(rows) - size :]
    if isinstance(data.split, ByTime):
        order = np.argsort(_column(data.split.time, column)[rows], kind="stable")
        size = share(len(rows), fraction)
        return np.sort(rows[order[: len(rows) - size]]), np.sort(rows[order[len(rows) - size :]])
    if isinstance(data.split, ByGroup):
        chosen = _of_groups(_column(data.split.grouped, column)[rows], fraction, generator)
    elif data.split == "stratified":
        if labels is None:
            raise InputError("split: stratified needs classes, and these targets are none; write split: random")
        chosen = _of_each_class(labels[rows], fraction, generator)
    else:
        chosen = np.zeros(len(rows), bool)
        chosen[generator.permutation(len(rows))[: share(len(rows), fraction)]] = True
    return rows[~chosen], rows[chosen]


def share(count: int, fraction: float) -> int:
    """A fraction of a count as a whole number, halves upwards; reckoned exactly, from the decimals as written."""
    return int(Fraction(str(fraction)) * count + Fraction(1, 2))


def _of_each_class(labels: np.ndarray, fraction: float, generator: np.random.Generator) -> np.ndarray:
    """So large a share of each class: of those cut short by rounding, the ones that lost most get one row more."""
    chosen = np.zeros(len(labels), bool)
    _, numbers, counts = np.unique(labels, return_inverse=True, return_counts=True)
    exact = [Fraction(str(fraction)) * int(count) for count in counts]
    sizes = [int(size) for size in exact]
    by_loss = sorted(range(len(sizes)), key=lambda index: (sizes[index] - exact[index], index))
    for index in by_loss[: max(0, share(len(labels), fraction) - sum(sizes))]:
        sizes[index] += 1
    for number, size in enumerate(sizes):
        rows = np.flatnonzero(numbers == number)
        chosen[rows[generator.permutation(len(rows))[:size]]] = True
    return chosen


def _of_groups(groups: np.ndarray, fraction: float, generator: np.random.Generator) -> np.ndarray:
    """Whole groups, in an order of chance, until the fraction of the rows is reached or nearly so."""
    names, numbers, counts = np.unique(groups.astype(str), return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise InputError(f"split: there is one group alone, '{names[0]}', so no part can be cut off")
    taken: list[int] = []
    wanted, size = share(len(groups), fraction), 0
    for group in generator.permutation(len(names)).tolist():
        closer = abs(size + counts[group] - wanted) <= abs(size - wanted)
        if (closer or not taken) and len(taken) < len(names) - 1:
            taken.append(group)
            size += int(counts[group])
    return np.asarray(np.isin(numbers, taken))


def _by_column(values: np.ndarray, name: str) -> Split:
    """Parts as a column says."""
    words = values.astype(str)
    for row, word in enumerate(words):
        if word not in PARTS:
            raise InputError(
                f"split: the column '{name}' says '{word}' in row {row + 1}; it may say {', '.join(PARTS)}"
            )
    train, validation, test = (np.flatnonzero(words == part) for part in PARTS)
    if not len(train):
        raise InputError(f"split: the column '{name}' says 'train' in no row")
    return Split(train, validation if len(validation) else None, test if len(test) else None)


def _column(name: str, column: Callable[[str], np.ndarray] | None) -> np.ndarray:
    if column is None:
        raise InputError(f"split: this data has no columns, so none is called '{name}'")
    return column(name)

"""What a series in a table is like: its time, its features, how far back to look, and which guess to start from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kerasrun.data.files.series import read_series
from kerasrun.data.splits import share
from kerasrun.data.starting.columns import Column, describe_column
from kerasrun.data.starting.seasons import find_season, guess_error
from kerasrun.data.starting.targets import MIN_ROWS, Numbers, Wanted, are_classes, is_whole, of_numbers
from kerasrun.data.starting.times import find_time, is_dated
from kerasrun.data.tables.cells import parse_numbers
from kerasrun.data.tables.table import Table

# The last fifth of the rows is to test on, the last fifth of the others to stop by.
FRACTION = 0.2

# How many rows are looked back upon where there is no season.
LAG = 20


@dataclass(frozen=True)
class FoundSeries:
    """A series.

    Args:
        target: its range, mean and deviation, over the training rows.
        time: the column that says when a row was.
        features: the columns that a forecast is made from, the target first.
        ignored: the others, with the reason.
        num_missing: in how many rows a feature has no value.
        season: after how many rows it comes back to what it was; None where it does not.
        guesses: how far off it is on average to guess the last value, and the one a season before, by how many rows
            these lie back.
    """

    num_rows: int
    num_train: int
    target_name: str
    target: Numbers
    time: str | None
    features: Sequence[str]
    ignored: Sequence[Column]
    num_missing: int
    season: int | None
    lag: int
    guesses: dict[int, float]

    @property
    def best_guess(self) -> int:
        """How many rows back the value lies that is the best guess of the next."""
        return min(self.guesses, key=self.guesses.__getitem__)


def is_series(table: Table, target: str, wanted: Wanted) -> bool:
    """Whether a table is taken for a series: regular dates that rise in the first column, and a target of numbers."""
    if wanted == "classes" or target == next(iter(table.columns)) or len(table) < MIN_ROWS or not is_dated(table):
        return False
    values, wrong = parse_numbers(table.column(target))
    known = values[~np.isnan(values)]
    return bool(
        not wrong.any() and len(known) and (wanted == "numbers" or not (is_whole(known) and are_classes(known)))
    )


def find_series(path: Path, table: Table, target: str) -> FoundSeries:
    """What a series is like. What tells how to forecast it is found in its training rows alone.

    Raises:
        InputError: the target has no first value or one that is no number, or is the same in all rows.
    """
    time = find_time(table, target)
    described = [_described(table, name) for name in table.columns if name not in (time, target)]
    features = [target, *(column.name for column in described if column.kind == "numeric")]
    gaps = [int(np.isnan(parse_numbers(table.column(name))[0]).sum()) for name in features]
    missing = "previous" if any(gaps) else "error"
    found = read_series(path, {"features": features, "target": target, "time": time, "missing": missing})
    assert found.series.target is not None
    num_rows = len(table)
    num_train = num_rows if num_rows < MIN_ROWS else _rest(_rest(num_rows))
    values = found.series.target[:num_train].astype(np.float64)
    numbers = of_numbers(values, str(path), target)
    season = find_season(values)
    lag = _lag(season, num_train)
    guesses = {rows: guess_error(values, rows) for rows in (1, *([season] if season and season <= lag else []))}
    ignored = [column for column in described if column.kind != "numeric"]
    return FoundSeries(num_rows, num_train, target, numbers, time, features, ignored, sum(gaps), season, lag, guesses)


def _described(table: Table, name: str) -> Column:
    """A column as a feature: categories are none, nor what has no value to begin with."""
    column = describe_column(table, name)
    if column.kind == "categorical":
        return Column(name, "ignored", "categories; a series is of numbers")
    if column.gaps:
        return Column(name, "ignored", f"holds '{column.gaps[0]}' among its numbers")
    if column.kind == "numeric" and column.num_missing and not table.column(name)[0].is_valid:
        return Column(name, "ignored", "has no value to begin with")
    return column


def _lag(season: int | None, num_train: int) -> int:
    """Two seasons, or one where the rows do not suffice; without a season some rows."""
    most = max(1, num_train // 4)
    if season is None or season > most:
        return min(LAG, most)
    return 2 * season if 2 * season <= most else season


def _rest(count: int) -> int:
    return count - share(count, FRACTION)

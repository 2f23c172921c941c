"""Which rows follow one another in time."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from kerasrun.data.starting.times import find_time, is_dated, times_of
from kerasrun.data.tables.lines import Dialect
from kerasrun.data.tables.table import Table

START = dt.datetime(2024, 1, 1)
DAYS = [str((START + dt.timedelta(days=number)).date()) for number in range(60)]


def table(**columns):
    cells = {name: pa.array(column, pa.large_string()) for name, column in columns.items()}
    return Table(((None, len(next(iter(cells.values())))),), cells, Dialect())


def texts(*values):
    return pa.array(values, pa.large_string())


@pytest.mark.parametrize(
    ("cells", "seconds"),
    [
        (["2024-01-01", "2024-01-02"], 86_400),
        (["2024-01", "2024-02"], 31 * 86_400),
        (["2024-01-01T10:00", "2024-01-01T10:30"], 1800),
        (["2024-01-01 10:00:00.5", "2024-01-01 10:00:01"], 0.5),
        (["2024-01-01T10:00:00Z", "2024-01-01T11:00:00Z"], 3600),
        (["2024-01-01T10:00:00+02:00", "2024-01-01T11:00:00+02:00"], 3600),
    ],
)
def test_dates_and_times_that_sort_as_texts_do_are_read(cells, seconds):
    assert np.diff(times_of(texts(*cells))) == [1e6 * seconds]


@pytest.mark.parametrize(
    "cells",
    [["1.3.2024", "2.3.2024"], ["2024", "2025"], ["2024-13-01", "2024-14-01"], ["2024-01-01", None], ["a", "b"]],
)
def test_others_are_not(cells):
    assert times_of(texts(*cells)) is None


def test_the_types_of_parquet_are_read():
    assert np.diff(times_of(pa.array([dt.date(2024, 1, 1), dt.date(2024, 1, 3)]))) == [2 * 86_400 * 1e6]
    assert np.diff(times_of(pa.array([START, START + dt.timedelta(hours=1)]))) == [3600 * 1e6]


def days_of_work():
    return [day for day in DAYS if dt.date.fromisoformat(day).weekday() < 5]


@pytest.mark.parametrize(
    "days",
    [
        DAYS,
        days_of_work(),
        [f"{1950 + n // 12}-{n % 12 + 1:02}" for n in range(60)],
        [f"{n}-01-01" for n in range(1960, 2020)],
    ],
    ids=["days", "days of work", "months", "years"],
)
def test_regular_dates_make_a_series(days):
    assert is_dated(table(day=days, y=["1"] * len(days)))


def test_irregular_ones_do_not():
    gaps = np.random.default_rng(0).exponential(10, 60).cumsum()
    sold = [str((START + dt.timedelta(days=int(gap) + number)).date()) for number, gap in enumerate(gaps)]
    assert not is_dated(table(sold=sold, y=["1"] * 60))


@pytest.mark.parametrize("days", [DAYS[::-1], [*DAYS[:30], *DAYS[:30]], [*DAYS[:30], *DAYS[29:-1]]])
def test_nor_do_dates_that_do_not_rise(days):
    assert not is_dated(table(day=days, y=["1"] * 60))
    assert find_time(table(day=days, y=["1"] * 60), "y") is None


def test_the_time_is_found_in_any_column_of_dates_and_in_a_first_one_of_numbers():
    numbers = [str(number) for number in range(60)]
    assert find_time(table(price=numbers[::-1], day=DAYS, y=numbers), "y") == "day"
    assert find_time(table(year=numbers, y=numbers), "y") == "year"
    assert find_time(table(y=numbers, total=numbers), "y") is None

"""Whether rows follow one another in time: by a column of dates or times."""

import numpy as np
import pyarrow as pa
from pyarrow import compute

from kerasrun.data.tables.cells import matching, parse_numbers
from kerasrun.data.tables.table import Table, is_text

# Dates that sort as texts do, from the month on; and what a time may end in.
SORTED = r"^[0-9]{4}-[0-9]{2}(-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?)?$"
ZONE = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"

# Steps in time are regular where so large a share of them is as long as the median one, within a tenth of it: months
# and days of work are, the days on which houses were sold are not.
SHARE, TOLERANCE = 0.5, 0.1


def find_time(table: Table, target: str) -> str | None:
    """The column by which the rows rise: of dates, or else the first one where it is of numbers."""
    names = [name for name in table.columns if name != target]
    for name in names:
        times = times_of(table.column(name))
        if times is not None and _rises(times):
            return name
    first = next(iter(table.columns))
    values, wrong = parse_numbers(table.column(first))
    return first if first != target and not wrong.any() and _rises(values) else None


def is_dated(table: Table) -> bool:
    """Whether the first column has rising dates or times in regular steps."""
    times = times_of(table.column(next(iter(table.columns))))
    if times is None or not _rises(times):
        return False
    steps = np.diff(times)
    middle = np.median(steps)
    return bool((np.abs(steps - middle) <= TOLERANCE * middle).mean() >= SHARE)


def times_of(cells: pa.Array) -> np.ndarray | None:
    """Dates and times as numbers of microseconds, (rows,) float64; None where a cell is none, or they do not sort."""
    if cells.null_count:
        return None
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        return cells.to_numpy(zero_copy_only=False).astype("datetime64[us]").astype(np.float64)
    if not is_text(cells.type) or not compute.all(matching(cells, SORTED)).as_py():
        return None
    plain = compute.replace_substring(compute.replace_substring_regex(cells, r"([T ].*)" + ZONE, r"\1"), " ", "T")
    try:
        return np.array(plain.to_pylist(), "datetime64[us]").astype(np.float64)
    except ValueError:
        return None


def _rises(values: np.ndarray) -> bool:
    return len(values) > 1 and bool((np.diff(values) > 0).all())

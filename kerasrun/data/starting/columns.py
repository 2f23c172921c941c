"""What a column of a table is good for: found by its cells and its name."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from pyarrow import compute

from kerasrun.data.files.arrays import LARGEST
from kerasrun.data.starting.words import MIN_WORDS, count_words, find_pictures
from kerasrun.data.tables.cells import DATE, HINTS, ISO_DATE, NUMBER_LIKE, matching, parse_numbers
from kerasrun.data.tables.kinds import MAX_CATEGORIES
from kerasrun.data.tables.table import Table, is_text

# How a column is called that names its rows, or what they belong to.
ID_NAME = re.compile(r"(^|[^A-Za-z])(id|uuid|guid|index|idx)$|^unnamed: ?\d+$", re.IGNORECASE)
CAMEL_ID_NAME = re.compile(r"[a-z](Id|ID)$")

# In a table of fewer rows a column may count them, or say what the target says, by chance.
MIN_ROWS = 20

# Of a column of numbers so many words, in so small a share of the rows, are taken to mean that there is no value.
MAX_WORDS, MAX_WORDS_SHARE = 3, 0.1


@dataclass(frozen=True)
class Column:
    """A column of a table, and what it is good for.

    Args:
        why: for one that is no input the reason, to stand in a comment.
        num_missing: in how many rows it has no value.
        gaps: words among its numbers that are taken to mean that there is no value.
        num_whole: of a column of whole numbers how many different ones there are, if few.
        num_words: of a column of words how many the median cell has.
        holds: what could be learned from in place of the table's columns.
        parts: by which rule rows can be parted by it.
    """

    name: str
    kind: Literal["numeric", "categorical", "ignored"]
    why: str = ""
    num_missing: int = 0
    gaps: tuple[str, ...] = ()
    num_whole: int = 0
    num_words: int = 0
    holds: Literal["", "pictures", "texts"] = ""
    parts: Literal["", "grouped", "time"] = ""


def describe_column(table: Table, name: str) -> Column:
    """What a column is good for as an input."""
    cells = table.column(name)
    is_gap = cells.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    num_known, num_missing = int((~is_gap).sum()), int(is_gap.sum())
    if why := _useless(cells, num_known):
        return Column(name, "ignored", why)
    values, wrong = parse_numbers(cells)
    if pa.types.is_temporal(cells.type) or _share(cells, DATE, num_known) > 0.5:
        sorts = pa.types.is_temporal(cells.type) or _share(cells, ISO_DATE, num_known) == 1
        return Column(name, "ignored", "dates or times", parts="time" if sorts and not num_missing else "")
    if not wrong.any():
        return _of_numbers(name, values, num_missing)
    if not is_text(cells.type):
        return Column(name, "ignored", f"of the type {cells.type}, neither numbers nor text")
    words = compute.unique(cells.filter(pa.array(wrong))).to_pylist()
    if sum(_share(cells, pattern, num_known) for pattern in NUMBER_LIKE) > 0.5:
        found = pa.array(words)
        word, hint = next(
            (word, HINTS[pattern])
            for pattern in NUMBER_LIKE
            for word in found.filter(matching(found, pattern)).to_pylist()
        )
        return Column(name, "ignored", f"numbers such as '{word[:20]}': {hint}")
    if len(words) <= MAX_WORDS and wrong.sum() <= MAX_WORDS_SHARE * num_known:
        return Column(name, "numeric", "", num_missing + int(wrong.sum()), tuple(words))
    return _of_pictures(table, name) or _of_words(name, cells, num_known, num_missing)


def says_the_same(cells: pa.Array, target: pa.Array) -> bool:
    """Whether a column says what the target says, in other words: each of its values goes with one of the target's."""
    codes, count = _codes(cells)
    other, other_count = _codes(target)
    return count == other_count and len(np.unique(codes * count + other)) == count


def _useless(cells: pa.Array, num_known: int) -> str:
    if not num_known:
        return "no row has a value"
    if not pa.types.is_nested(cells.type) and compute.count_distinct(cells).as_py() == 1:
        return "the same in all rows" if num_known == len(cells) else "the same in all rows that have a value"
    if 2 * num_known < len(cells):
        return f"{1 - num_known / len(cells):.0%} of the rows have no value"
    return ""


def _of_numbers(name: str, values: np.ndarray, num_missing: int) -> Column:
    known = values[~np.isnan(values)]
    if np.abs(known).max() > LARGEST:
        return Column(name, "ignored", f"numbers above {LARGEST:.2g}, the largest of float32")
    if (known != np.rint(known)).any():
        return Column(name, "numeric", "", num_missing)
    distinct = np.unique(known)
    counts_rows = len(known) >= MIN_ROWS and distinct[-1] - distinct[0] == len(known) - 1
    if len(distinct) == len(values) and (is_id(name) or counts_rows):
        return Column(name, "ignored", "another whole number in each row: an id or a count of rows")
    if is_id(name):
        return _of_ids(name, len(distinct), num_missing)
    return Column(name, "numeric", "", num_missing, num_whole=len(distinct) if len(distinct) <= MIN_ROWS else 0)


def _of_pictures(table: Table, name: str) -> Column | None:
    found = find_pictures(table.column(name), table.files[0][0].parent)
    if found is None:
        return None
    first, are_there = found
    if not are_there:
        return Column(name, "ignored", f"names of pictures that are not there, such as {first}")
    return Column(name, "ignored", "names of pictures; --source images learns from these instead", holds="pictures")


def _of_words(name: str, cells: pa.Array, num_known: int, num_missing: int) -> Column:
    count, num_words = compute.count_distinct(cells).as_py(), count_words(cells)
    if is_id(name) and count < num_known:
        return _of_ids(name, count, num_missing)
    if 2 * count <= num_known and count <= MAX_CATEGORIES:
        return Column(name, "categorical", "", num_missing, num_words=num_words)
    if num_words >= MIN_WORDS:
        why = f"texts of about {num_words:,} words; --source text learns from these instead"
        return Column(name, "ignored", why, num_missing, num_words=num_words, holds="texts")
    why = f" in {num_known:,} rows: ids, names or free text" if 2 * count > num_known else ", many for categories"
    return Column(name, "ignored", f"{count:,} different texts{why}", num_missing, num_words=num_words)


def _of_ids(name: str, count: int, num_missing: int) -> Column:
    """A column that says what its rows belong to."""
    parts: Literal["", "grouped"] = "" if num_missing else "grouped"
    if count > MAX_CATEGORIES:
        return Column(name, "ignored", f"{count:,} different ids, each of several rows", parts=parts)
    return Column(name, "categorical", "", num_missing, parts=parts)


def is_id(name: str) -> bool:
    """Whether a column is called as one of ids is."""
    return bool(ID_NAME.search(name) or CAMEL_ID_NAME.search(name))


def _share(cells: pa.Array, pattern: str, num_known: int) -> float:
    return float(compute.sum(matching(cells, pattern)).as_py() or 0) / num_known if is_text(cells.type) else 0.0


def _codes(cells: pa.Array) -> tuple[np.ndarray, int]:
    encoded = compute.cast(cells, pa.large_string()).dictionary_encode(null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(encoded.dictionary)

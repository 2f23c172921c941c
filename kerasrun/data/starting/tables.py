"""What a table is like: its target, and what each other column is good for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyarrow import compute

from kerasrun.config.sources import MISSING_VALUES
from kerasrun.data.starting.columns import MIN_ROWS, Column, describe_column, says_the_same
from kerasrun.data.starting.targets import Classes, Target, Wanted, find_column_target
from kerasrun.data.tables.lines import UNREADABLE, Dialect, open_bytes
from kerasrun.data.tables.table import PARQUET, Table, find_tables, read_table
from kerasrun.errors import InputError

# So many names of columns are told in an error.
MAX_TOLD = 20


@dataclass(frozen=True)
class FoundTable:
    """A table: its rows, its target, and what its other columns are good for."""

    table: Table = field(repr=False)
    target_name: str
    target: Target
    columns: Sequence[Column]
    encoding: str

    @property
    def num_rows(self) -> int:
        """How many rows it has."""
        return len(self.table)

    @property
    def used(self) -> list[Column]:
        """The columns that a table's own net learns from."""
        return [column for column in self.columns if column.kind != "ignored"]

    @property
    def pictures(self) -> Column | None:
        """The column that lists pictures."""
        return next((column for column in self.columns if column.holds == "pictures"), None)

    @property
    def texts(self) -> Column | None:
        """The column with the longest texts."""
        return max(
            (column for column in self.columns if column.num_words), key=lambda column: column.num_words, default=None
        )

    def of_kind(self, kind: str) -> list[Column]:
        """The columns of a kind."""
        return [column for column in self.columns if column.kind == kind]

    @property
    def gaps(self) -> list[str]:
        """Words that mean that there is no value, beside those that always do."""
        return list(dict.fromkeys(word for column in self.columns for word in column.gaps))


def open_table(path: Path, target: str | None) -> tuple[Table, str, str]:
    """A table, how its text is encoded, and the target.

    Raises:
        InputError: it cannot be read, or the target is not named or not there.
    """
    encoding = "utf-8" if path.suffix.lower() in PARQUET else _encoding(path)
    table = read_table(find_tables(str(path)), Dialect(encoding=encoding), MISSING_VALUES)
    names = list(table.columns)
    if target is None:
        told = ", ".join(names[:MAX_TOLD]) + (f" and {len(names) - MAX_TOLD} more" if len(names) > MAX_TOLD else "")
        raise InputError(f"{path}: name the column to predict, such as --target {_quoted(names[-1])}; it has {told}")
    table.column(target)
    return table, encoding, target


def find_table(table: Table, encoding: str, target: str, wanted: Wanted) -> FoundTable:
    """What a table is like.

    Raises:
        InputError: the target is not known in all rows, or is the same in all.
    """
    found = find_column_target(table, target, wanted)
    columns = [_described(table, name, target, found) for name in table.columns if name != target]
    return FoundTable(table, target, found, columns, encoding)


def _encoding(path: Path) -> str:
    """The encoding of a text: UTF-8 where it is that, UTF-16 where it begins so, else Latin-1, which any bytes are."""
    try:
        with open_bytes(path) as file:
            start = file.read(2)
            if start in (b"\xff\xfe", b"\xfe\xff"):
                return "utf-16"
            for number, line in enumerate(file):
                ((start if number == 0 else b"") + line).decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    except UNREADABLE:
        pass  # the reader tells it
    return "utf-8"


def _described(table: Table, name: str, target: str, found: Target) -> Column:
    column = describe_column(table, name)
    one, other = table.column(name), table.column(target)
    if shared := {*column.gaps} & set(compute.unique(other).to_pylist()):
        return Column(name, "ignored", f"'{min(shared)}' stands among its numbers, and is a class of {target} too")
    if column.kind == "ignored" or len(table) < MIN_ROWS:
        return column
    if one.equals(other) or (isinstance(found, Classes) and says_the_same(one, other)):
        return Column(name, "ignored", "says what the target says; with it there is nothing to predict")
    return column


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)

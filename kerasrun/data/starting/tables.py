"""What a table is like: its target, and what each other column is good for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kerasrun.config.sources import MISSING_VALUES
from kerasrun.data.starting.columns import MIN_ROWS, Column, describe_column, says_the_same
from kerasrun.data.starting.targets import Classes, Target, Wanted, find_column_target
from kerasrun.data.tables.lines import Dialect, open_bytes
from kerasrun.data.tables.table import PARQUET, Table, find_tables, read_table
from kerasrun.errors import InputError

ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".txt", *PARQUET)

# So many names of columns are told in an error.
MAX_TOLD = 20


@dataclass(frozen=True)
class FoundTable:
    """A table: its rows, its target, and what its other columns are good for."""

    num_rows: int
    target_name: str
    target: Target
    columns: Sequence[Column]
    encoding: str

    def of_kind(self, kind: str) -> list[Column]:
        """The columns of a kind."""
        return [column for column in self.columns if column.kind == kind]

    @property
    def gaps(self) -> list[str]:
        """Words that mean that there is no value, beside those that always do."""
        return list(dict.fromkeys(word for column in self.columns for word in column.gaps))


def find_table(path: Path, target: str | None, wanted: Wanted) -> FoundTable:
    """What a table is like.

    Raises:
        InputError: it cannot be read, the target is not named or not there, or there is nothing to learn from.
    """
    table, encoding = _read(path)
    names = list(table.columns)
    if target is None:
        told = ", ".join(names[:MAX_TOLD]) + (f" and {len(names) - MAX_TOLD} more" if len(names) > MAX_TOLD else "")
        raise InputError(f"{path}: name the column to predict, such as --target {_quoted(names[-1])}; it has {told}")
    table.column(target)
    found = find_column_target(table, target, wanted)
    columns = [_described(table, name, target, found) for name in names if name != target]
    if all(column.kind == "ignored" for column in columns):
        told = "".join(f"\n{column.name}: {column.why}" for column in columns[:MAX_TOLD])
        raise InputError(f"{path}: beside the target there is no column to learn from{told}")
    return FoundTable(len(table), target, found, columns, encoding)


def _read(path: Path) -> tuple[Table, str]:
    paths = find_tables(str(path))
    encoding = "utf-8" if path.suffix in PARQUET else _encoding(path)
    return read_table(paths, Dialect(encoding=encoding), MISSING_VALUES), encoding


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
    except (OSError, EOFError):
        pass  # the reader tells it
    return "utf-8"


def _described(table: Table, name: str, target: str, found: Target) -> Column:
    column = describe_column(table, name)
    if column.kind == "ignored" or len(table) < MIN_ROWS:
        return column
    one, other = table.column(name), table.column(target)
    if one.equals(other) or (isinstance(found, Classes) and says_the_same(one, other)):
        return Column(name, "ignored", "says what the target says; with it there is nothing to predict")
    return column


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)

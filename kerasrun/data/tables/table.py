"""A table: columns by name, of one file or of several one after the other."""

import glob
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import compute, parquet

from kerasrun.config.faults import closest
from kerasrun.data.files.arrays import check_file
from kerasrun.data.tables.delimited import read_delimited
from kerasrun.data.tables.lines import Dialect, line_of
from kerasrun.errors import InputError

PARQUET = (".parquet", ".pq")
WILD = "*?["

# So many names of columns are told.
MAX_TOLD = 12


@dataclass(frozen=True)
class Table:
    """Columns as their files have them: text, or of Parquet the types in there.

    Args:
        files: the files in their order, each with how many rows it has.
        columns: by name; spaces around a text are taken off, and what means that there is no value is null.
    """

    files: tuple[tuple[Path, int], ...]
    columns: dict[str, pa.Array]
    dialect: Dialect

    def __len__(self) -> int:
        return sum(count for _, count in self.files)

    @property
    def name(self) -> str:
        """What the table is called: its first file."""
        return str(self.files[0][0])

    def column(self, name: str) -> pa.Array:
        """A column by its name.

        Raises:
            InputError: there is none of this name.
        """
        if name not in self.columns:
            raise InputError(f"{self.name}: has no column '{name}'; {closest(name, self.columns) or self._told()}")
        return self.columns[name]

    def where(self, row: int) -> str:
        """The file and line of a row, counted from 0 over all files: `houses.csv: line 18`."""
        for path, count in self.files:
            if row < count:
                is_typed = path.suffix.lower() in PARQUET
                return f"{path}: row {row + 1}" if is_typed else f"{path}: line {line_of(path, row, self.dialect)}"
            row -= count
        raise IndexError(row)

    def head(self, count: int) -> "Table":
        """The first so many rows."""
        files, left = [], count
        for path, rows in self.files:
            files.append((path, min(rows, left)))
            left -= files[-1][1]
        return Table(tuple(files), {name: cells[:count] for name, cells in self.columns.items()}, self.dialect)

    def _told(self) -> str:
        names = list(self.columns)
        hint = "its first line has numbers and no names: " if all(_is_number(name) for name in names) else "it has "
        return hint + ", ".join(names[:MAX_TOLD]) + (f" and {len(names) - MAX_TOLD} more" * (len(names) > MAX_TOLD))


def find_tables(written: str | Sequence[str]) -> list[Path]:
    """The files of a path, a pattern such as `parts/*.csv`, or a list of these; those of a pattern sorted.

    Raises:
        InputError: there is no such file.
    """
    found: list[Path] = []
    for item in [written] if isinstance(written, str) else written:
        path = Path(item)
        if any(sign in item for sign in WILD) and not path.exists():
            matching = sorted(Path(name) for name in glob.glob(item, recursive=True) if Path(name).is_file())  # noqa: PTH207
            if not matching:
                raise InputError(f"{path}: no file is called like this")
            found += matching
        else:
            check_file(path, "a table: CSV, TSV or Parquet")
            found.append(path)
    return found


def read_listed(path: Path) -> Table:
    """A table that lists texts or pictures, where an empty cell alone has no value.

    Raises:
        InputError: it is not readable.
    """
    return read_table([path], Dialect(is_chosen=False), [""])


def read_table(paths: Sequence[Path], dialect: Dialect, missing_values: Sequence[str]) -> Table:
    """All rows of some files, which must have the same columns.

    Raises:
        InputError: a file is not readable, changes while it is read, or has other columns than the first.
    """
    read = [_unchanged(path, lambda path: _read(path, dialect)) for path in paths]
    names = read[0].column_names
    for path, table in zip(paths[1:], read[1:], strict=True):
        if set(table.column_names) != set(names):
            more, fewer = sorted({*table.column_names} - {*names}), sorted({*names} - {*table.column_names})
            told = [f"has {', '.join(more)}"] if more else []
            told += [f"lacks {', '.join(fewer)}"] if fewer else []
            raise InputError(f"{path}: {' and '.join(told)}, other than {paths[0]}; all files need the same columns")
    files = tuple((path, len(table)) for path, table in zip(paths, read, strict=True))
    words = pa.array(missing_values, pa.large_string())
    return Table(files, {name: _cells([table[name] for table in read], words) for name in names}, dialect)


def _read(path: Path, dialect: Dialect) -> pa.Table:
    if path.suffix.lower() not in PARQUET:
        return read_delimited(path, dialect)
    try:
        table = parquet.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: is no Parquet, or a damaged one: {str(error).splitlines()[0]}") from None
    if not len(table):
        raise InputError(f"{path}: has no rows")
    return table


def _unchanged(path: Path, read: Callable[[Path], pa.Table]) -> pa.Table:
    """What is read of a file that nobody writes to meanwhile."""
    before = path.stat()
    table = read(path)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputError(f"{path}: was changed while it was read; wait until it is written")
    return table


def _cells(parts: list[pa.ChunkedArray], missing: pa.Array) -> pa.Array:
    """A column of all files; where they have it in several types, and for categories and truth values, as text."""
    types = {part.type for part in parts}
    kinds = (pa.types.is_string, is_text, pa.types.is_dictionary, pa.types.is_boolean)
    if len(types) > 1 or any(is_kind(its_type) for is_kind in kinds for its_type in types):
        parts = [compute.cast(part, pa.large_string()) for part in parts]
    cells = pa.chunked_array([chunk for part in parts for chunk in part.chunks], parts[0].type).combine_chunks()
    if not is_text(cells.type):
        return cells
    trimmed = compute.utf8_trim_whitespace(cells)
    return compute.if_else(compute.is_in(trimmed, value_set=missing), pa.scalar(None, trimmed.type), trimmed)


def is_text(its_type: pa.DataType) -> bool:
    """Whether cells of a type are text."""
    return pa.types.is_large_string(its_type)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

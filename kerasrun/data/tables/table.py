"""A table: columns by name, of one file or of several one after the other."""

import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import compute, parquet

from kerasrun.config.faults import closest
from kerasrun.data.files.arrays import check_file
from kerasrun.data.files.stamps import changed, stamp_of
from kerasrun.data.tables.delimited import read_delimited
from kerasrun.data.tables.kept import KeptTable, LazyColumns
from kerasrun.data.tables.lines import Dialect, is_packed, line_of
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
        parts: a column in parts, where it need not fit in memory.
    """

    files: tuple[tuple[Path, int], ...]
    columns: Mapping[str, pa.Array]
    dialect: Dialect
    parts: Callable[[str], Iterator[pa.Array]] | None = None

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

    def blocks(self, name: str) -> Iterator[pa.Array]:
        """A column by its name, in parts that are in memory.

        Raises:
            InputError: there is none of this name.
        """
        if self.parts is None or name not in self.columns:
            return iter([self.column(name)])
        return self.parts(name)

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
        columns = LazyColumns(list(self.columns), lambda name: self.columns[name][:count])
        return Table(tuple(files), columns, self.dialect)

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


def text_bytes(path: Path) -> int:
    """About what a file holds once it is unpacked; text that gzip has packed is taken for five times as large."""
    if path.suffix.lower() in PARQUET:
        try:
            groups = parquet.ParquetFile(path).metadata
            return sum(groups.row_group(number).total_byte_size for number in range(groups.num_row_groups))
        except (pa.ArrowException, OSError):
            return 0  # it is told when it is read
    return path.stat().st_size * (5 if is_packed(path) else 1)


def read_listed(path: Path, is_kept: bool = False) -> Table:
    """A table that lists texts or pictures, where an empty cell alone has no value.

    Args:
        is_kept: whether columns stay on disk until they are asked for.

    Raises:
        InputError: it is not readable.
    """
    return read_table([path], Dialect(is_chosen=False), [""], is_kept)


def read_table(paths: Sequence[Path], dialect: Dialect, missing_values: Sequence[str], is_kept: bool = False) -> Table:
    """All rows of some files, which must have the same columns.

    Args:
        is_kept: whether columns stay on disk until they are asked for, one at a time.

    Raises:
        InputError: a file is not readable, changes while it is read, or has other columns than the first.
    """
    read = [_unchanged(path, lambda path: _read(path, dialect, is_kept)) for path in paths]
    names = read[0].column_names
    for path, table in zip(paths[1:], read[1:], strict=True):
        if set(table.column_names) != set(names):
            more, fewer = sorted({*table.column_names} - {*names}), sorted({*names} - {*table.column_names})
            told = [f"has {', '.join(more)}"] if more else []
            told += [f"lacks {', '.join(fewer)}"] if fewer else []
            raise InputError(f"{path}: {' and '.join(told)}, other than {paths[0]}; all files need the same columns")
    files = tuple((path, len(table)) for path, table in zip(paths, read, strict=True))
    words = pa.array(missing_values, pa.large_string())
    if not is_kept:
        return Table(files, {name: _cells([table[name] for table in read], words) for name in names}, dialect)
    columns = LazyColumns(names, lambda name: _cells([table[name] for table in read], words))

    def blocks(name: str) -> Iterator[pa.Array]:
        return (_cells([block], words) for table in read for block in table.blocks(name))

    return Table(files, columns, dialect, blocks)


def _read(path: Path, dialect: Dialect, is_kept: bool) -> pa.Table | KeptTable:
    if path.suffix.lower() not in PARQUET:
        return read_delimited(path, dialect, is_kept)
    try:
        file = parquet.ParquetFile(path)
        table = KeptTable(file, tuple(file.schema_arrow.names), path, stamp_of(path)) if is_kept else file.read()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: is no Parquet, or a damaged one: {str(error).splitlines()[0]}") from None
    if not len(table):
        raise InputError(f"{path}: has no rows")
    return table


def _unchanged(path: Path, read: Callable[[Path], pa.Table | KeptTable]) -> pa.Table | KeptTable:
    """What is read of a file that nobody writes to meanwhile."""
    before = stamp_of(path)
    table = read(path)
    if stamp_of(path) != before:
        raise InputError(changed(path))
    return table


def _cells(parts: list[pa.ChunkedArray], missing: pa.Array) -> pa.Array:
    """A column of all files; where they have it in several types, and for categories and truth values, as text."""
    types = {part.type for part in parts}
    kinds = (pa.types.is_string, pa.types.is_string_view, is_text, pa.types.is_dictionary, pa.types.is_boolean)
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

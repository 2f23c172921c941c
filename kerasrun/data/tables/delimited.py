"""Text with separators: read by pyarrow; where that fails, read again by line to say what is wrong in which."""

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from kerasrun.data.files.temporary import close_with, temporary_file, told_full
from kerasrun.data.tables.kept import KeptTable
from kerasrun.data.tables.lines import (
    UNREADABLE,
    Dialect,
    find_separator,
    is_packed,
    open_bytes,
    read_names,
    records,
)
from kerasrun.errors import InputError

# pyarrow reads so much at a time, and no row may be longer.
BLOCK_BYTES = 2**24

# What files begin with that are no text, or text of another encoding.
STARTS = {
    b"PK\3\4": "is a zip, as Excel's workbooks are; save it as CSV",
    b"\x1f\x8b": "is packed by gzip; let its name end in .gz",
    b"PAR1": "is Parquet; let its name end in .parquet",
    b"\xff\xfe": "begins as UTF-16 does; write encoding: utf-16",
    b"\xfe\xff": "begins as UTF-16 does; write encoding: utf-16",
}


def read_delimited(path: Path, dialect: Dialect, is_kept: bool = False) -> pa.Table | KeptTable:
    """All columns as text, as they stand in the file; names without the spaces around them.

    Args:
        is_kept: whether they wait in a temporary file until they are asked for, for text that memory does not hold.

    Raises:
        InputError: the file is no such text, it has no rows, a line has other columns than the first, a column has
            no name, or two have the same.
    """
    try:
        _check_start(path, dialect)
        names, table = _read_explained(path, dialect, is_kept)
    except UNREADABLE as error:
        if isinstance(error, OSError) and (full := told_full(error)):
            raise full from None
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not len(table):
        raise InputError(f"{path}: has a line of names, and no rows")
    return table.rename_columns([name.strip() for name in names])


def _read_explained(path: Path, dialect: Dialect, is_kept: bool) -> tuple[list[str], pa.Table | KeptTable]:
    """The names of the first line, and the table; what is wrong is told by its line."""
    try:
        names, separator = read_names(path, dialect)
        with pa.input_stream(str(path), compression="gzip" if is_packed(path) else None) as stream:
            reading = _options(names, separator, dialect)
            table, last = _kept(stream, reading) if is_kept else _in_memory(stream, reading)
    except (UnicodeError, csv.Error, pa.ArrowInvalid) as error:
        _explain(path, dialect)
        raise InputError(f"{path}: is not read: {str(error).splitlines()[0]}") from None
    if any("\n" in cell for cell in last):
        _explain(path, dialect)  # a quote that is never closed takes in all that follows
    return names, table


def _options(names: list[str], separator: str, dialect: Dialect) -> tuple[Any, Any, Any]:
    return (
        arrow_csv.ReadOptions(encoding=dialect.encoding, block_size=BLOCK_BYTES),
        # Where there is one column an empty line is a row without a value.
        arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True, ignore_empty_lines=len(names) > 1),
        arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False),
    )


def _in_memory(stream: Any, reading: tuple[Any, Any, Any]) -> tuple[pa.Table, list[str]]:
    """The table, and the cells of its last row."""
    table = arrow_csv.read_csv(stream, *reading)
    return table, [column[-1].as_py() for column in table.columns if len(table)]


def _kept(stream: Any, reading: tuple[Any, Any, Any]) -> tuple[KeptTable, list[str]]:
    """The same, rewritten block by block as Parquet, of which any column is read alone."""
    last: list[str] = []
    blocks = arrow_csv.open_csv(stream, *reading)
    file = temporary_file()
    try:
        with parquet.ParquetWriter(file, blocks.schema, compression="lz4", use_dictionary=False) as writer:
            for block in blocks:
                writer.write_batch(block)
                last = [column[-1].as_py() for column in block.columns] if len(block) else last
        kept = parquet.ParquetFile(file)
    except BaseException:
        file.close()
        raise
    close_with(kept, file)
    return KeptTable(kept, tuple(blocks.schema.names)), last


def _check_start(path: Path, dialect: Dialect) -> None:
    """Whether a file begins as text does."""
    with open_bytes(path) as file:
        start = file.read(4096)
    if not start.strip():
        raise InputError(f"{path}: is empty")
    told = next((words for sign, words in STARTS.items() if start.startswith(sign)), None)
    if not dialect.is_wide and (told or b"\0" in start):
        raise InputError(f"{path}: {told or 'is no text: it holds bytes of the value 0'}")


def _explain(path: Path, dialect: Dialect) -> None:
    """Say what is wrong in which line, if that can be found.

    Raises:
        InputError: it was found.
    """
    if not dialect.is_wide:
        _check_bytes(path, dialect)
    width = 0
    try:
        for line, cells in records(path, find_separator(path, dialect), dialect.encoding):
            width = width or len(cells)
            if len(cells) != width:
                columns = f"{len(cells)} column{'s' * (len(cells) != 1)}"
                raise InputError(f"{path}: line {line} has {columns}, and the first line {width}")
    except csv.Error as error:
        raise InputError(f"{path}: {error}") from None


def _check_bytes(path: Path, dialect: Dialect) -> None:
    """Whether each line is text in an encoding in which line ends are as in ASCII."""
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(dialect.encoding)
            except UnicodeDecodeError as error:
                hint = "write encoding: latin-1 if that is what it is" if dialect.is_chosen else "save it as UTF-8"
                told = f"the byte 0x{line[error.start]:02x} is no {dialect.encoding.upper()}; {hint}"
                raise InputError(f"{path}: line {number}: {told}") from None

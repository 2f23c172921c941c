"""Text with separators: read by pyarrow; where that fails, read again by line to say what is wrong in which."""

import csv
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from kerasrun.data.tables.lines import Dialect, find_separator, open_bytes, read_names, records
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


def read_delimited(path: Path, dialect: Dialect) -> pa.Table:
    """All columns as text, as they stand in the file; names without the spaces around them.

    Raises:
        InputError: the file is no such text, it has no rows, a line has other columns than the first, a column has
            no name, or two have the same.
    """
    try:
        _check_start(path, dialect)
        names, separator = read_names(path, dialect)
        table = _read(path, names, separator, dialect)
        if any("\n" in column[-1].as_py() for column in table.columns if len(table)):
            _explain(path, dialect)  # a quote that is never closed takes in all that follows
    except (UnicodeError, csv.Error, pa.ArrowInvalid) as error:
        _explain(path, dialect)
        raise InputError(f"{path}: is not read: {str(error).splitlines()[0]}") from None
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not len(table):
        raise InputError(f"{path}: has a line of names, and no rows")
    return table.rename_columns([name.strip() for name in names])


def _read(path: Path, names: list[str], separator: str, dialect: Dialect) -> pa.Table:
    with pa.input_stream(str(path), compression="gzip" if path.suffix == ".gz" else None) as stream:
        return arrow_csv.read_csv(
            stream,
            arrow_csv.ReadOptions(encoding=dialect.encoding, block_size=BLOCK_BYTES),
            arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False),
        )


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

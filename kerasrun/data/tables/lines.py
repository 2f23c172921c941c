"""Text with separators, line by line: what stands in the first line, and in which line a row begins."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kerasrun.errors import InputError

SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Dialect:
    """How text is written; the separator `auto` is the one that makes the most columns of the first line.

    Args:
        is_chosen: whether a config can name another encoding.
    """

    separator: str = "auto"
    encoding: str = "utf-8"
    is_chosen: bool = True

    @property
    def is_wide(self) -> bool:
        """Whether a letter takes several bytes, even those of ASCII."""
        return codecs.lookup(self.encoding).name.startswith(("utf-16", "utf-32"))


def is_packed(path: Path) -> bool:
    """Whether a file is one that gzip has packed, by its name."""
    return path.suffix.lower() == ".gz"


# What reading on in `open_bytes` raises of a file that is damaged.
UNREADABLE = (OSError, EOFError, zlib.error)


def open_bytes(path: Path) -> IO[bytes]:
    """A file as it is once unpacked."""
    return gzip.open(path) if is_packed(path) else path.open("rb")  # type: ignore[return-value]


def records(path: Path, separator: str, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Each record, with the number of the line in which it begins; an empty line is one where there is one column.

    Raises:
        csv.Error: a quote is never closed, say; it names the line.
        UnicodeError, OSError, EOFError: the file cannot be read on.
    """
    marked = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    with io.TextIOWrapper(open_bytes(path), encoding=marked, newline="") as file:
        line, width = 1, 0
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            for cells in reader:
                if cells or width == 1:
                    yield line, cells or [""]
                width = width or len(cells)
                line = reader.line_num + 1
        except csv.Error as error:
            told = "a quote is opened and never closed" if "end of data" in str(error) else str(error)
            raise csv.Error(f"line {line}: {told}") from None


def line_of(path: Path, row: int, dialect: Dialect) -> int:
    """The line in which a row begins; rows count from 0 behind the line of names."""
    found = records(path, find_separator(path, dialect), dialect.encoding)
    return next(line for number, (line, _) in enumerate(found) if number > row)


def read_names(path: Path, dialect: Dialect) -> tuple[list[str], str]:
    """The names of the columns as the first line has them, and the separator.

    Raises:
        InputError: there is one column alone, one without a name, or two of one name.
    """
    separator = find_separator(path, dialect)
    _, names = next(records(path, separator, dialect.encoding))
    _check_several(path, names, separator)
    stripped = [name.strip() for name in names]
    if "" in stripped:
        place = stripped.index("") + 1
        hint = "; if it numbers the rows, write the file without it" if place == 1 else ""
        raise InputError(f"{path}: column {place} has no name in the first line{hint}")
    twice = next((name for number, name in enumerate(stripped) if name in stripped[:number]), None)
    if twice is not None:
        raise InputError(f"{path}: two columns are called '{twice}'; each needs a name of its own")
    return names, separator


def find_separator(path: Path, dialect: Dialect) -> str:
    """The separator of the dialect, else the one that fits the first line."""
    if dialect.separator != "auto":
        return dialect.separator
    if ".tsv" in map(str.lower, path.suffixes):
        return "\t"
    counts = {sign: _count_names(path, sign, dialect.encoding) for sign in SEPARATORS}
    return max(counts, key=counts.__getitem__)


def _count_names(path: Path, sign: str, encoding: str) -> int:
    """How many columns a separator makes of the first line; 0 where names in quotes show that it is another."""
    try:
        return len(next(records(path, sign, encoding))[1])
    except csv.Error:
        return 0


def _check_several(path: Path, names: list[str], separator: str) -> None:
    others = {sign: names[0].count(sign) + 1 for sign in SEPARATORS if sign in names[0]}
    if len(names) == 1 and others:
        sign = max(others, key=others.__getitem__)
        raise InputError(
            f"{path}: its first line has no {shown(separator)}, and so one column alone; "
            f"separator: {shown(sign)} makes {others[sign]} of it"
        )


def shown(separator: str) -> str:
    """A separator as YAML has it."""
    return r'"\t"' if separator == "\t" else f"'{separator}'"

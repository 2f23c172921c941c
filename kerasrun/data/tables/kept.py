"""Tables in files of Parquet, each column of which is read when it is asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from kerasrun.data.files.stamps import changed, stamp_of
from kerasrun.errors import InputError

# So many rows of a column are read at once where it comes in parts.
BLOCK_ROWS = 65_536


@dataclass(frozen=True)
class KeptTable:
    """A table of which columns are read one by one, with what is used here of pyarrow's own tables.

    Args:
        column_names: what the columns are called here, in their order.
        path, stamp: of a file of the user's own, which somebody may write to.
    """

    file: parquet.ParquetFile
    column_names: Sequence[str]
    path: Path | None = None
    stamp: tuple[int, int] | None = None

    def __len__(self) -> int:
        return int(self.file.metadata.num_rows)

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        written = self._written(name)
        column = self.file.read([written])[written]
        self._check_unchanged()
        return column

    def blocks(self, name: str) -> Iterator[pa.ChunkedArray]:
        """A column in parts, each of which is read when its turn comes."""
        for block in self.file.iter_batches(BLOCK_ROWS, columns=[self._written(name)]):
            self._check_unchanged()
            yield pa.chunked_array([block.column(0)])

    def rename_columns(self, names: Sequence[str]) -> "KeptTable":
        """With other names, in their order."""
        return replace(self, column_names=tuple(names))

    def _written(self, name: str) -> str:
        """What a column is called in the file."""
        return str(self.file.schema_arrow.names[list(self.column_names).index(name)])

    def _check_unchanged(self) -> None:
        if self.path is not None and stamp_of(self.path) != self.stamp:
            raise InputError(changed(self.path))


class LazyColumns(Mapping[str, pa.Array]):
    """Columns by name that are made when they are asked for; the last one is kept."""

    def __init__(self, names: Sequence[str], make: Callable[[str], pa.Array]) -> None:
        self.names, self.make = tuple(names), make
        self.last: tuple[str, pa.Array] | None = None

    def __getitem__(self, name: str) -> pa.Array:
        if name not in self.names:
            raise KeyError(name)
        if self.last is None or self.last[0] != name:
            self.last = None  # its memory is for the next
            self.last = (name, self.make(name))
        return self.last[1]

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

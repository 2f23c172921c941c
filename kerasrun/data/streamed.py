"""Rows that do not fit in memory: their inputs lie in files, and are read in windows as training comes to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from kerasrun.data.rows import Arrays, Rows, array_items, map_arrays

# A window has about so many bytes of inputs where the config does not say how many rows it has.
WINDOW_BYTES = 2**26

# At most so many rows are looked at one by one after training.
MOST_LOOKED_AT = 200_000

# Rows that lie together in a file are read together, about so many bytes at once.
CHUNK_BYTES = 2**18

# Keeps these draws apart from others that share the seed: see kerasrun.training.order.
CHUNKS, WINDOWS = 4, 5


@dataclass(frozen=True)
class Streamed:
    """Rows whose inputs are read as they are needed; their targets and weights are in memory.

    Args:
        read: the inputs of some rows, by their numbers in the files: (n,) int64 → arrays of n rows.
        first, count: which rows of the files these are: so many from one on.
        y: targets of shape (count, …).
        row_bytes: what the inputs of a row take in memory, on average.
        window: how many rows are shuffled together.
        chunk: how many rows stay together on their way into a window; 1 where any row is read as fast as its neighbour.
        sample_weight: (count,) float32, or None.
    """

    read: Callable[[np.ndarray], Arrays]
    first: int
    count: int
    y: Arrays | None
    row_bytes: int
    window: int
    chunk: int = 1
    sample_weight: np.ndarray | None = None

    def __len__(self) -> int:
        return self.count

    def take(self, rows: np.ndarray) -> Rows:
        """Some rows, by their numbers from 0, read into memory."""
        weight = self.sample_weight
        return Rows(
            self.read(self.first + rows),
            None if self.y is None else map_arrays(lambda array: array[rows], self.y),
            None if weight is None else weight[rows],
        )

    def head(self) -> Rows:
        """The first row, read into memory."""
        return self.take(np.arange(1))

    def slice(self, start: int, stop: int | None) -> "Streamed":
        """The rows from start up to stop, still in their files."""
        start, stop, _ = slice(start, stop).indices(self.count)
        y, weight = self.y, self.sample_weight
        return replace(
            self,
            first=self.first + start,
            count=stop - start,
            y=None if y is None else map_arrays(lambda array: array[start:stop], y),
            sample_weight=None if weight is None else weight[start:stop],
        )

    def blocks(self) -> Iterator[tuple[int, Rows]]:
        """The rows in parts that are read into memory one after the other, each with the number of its first."""
        step = default_window(self.row_bytes)
        for start in range(0, self.count, step):
            yield start, self.take(np.arange(start, min(start + step, self.count)))

    def with_inputs(self, function: Callable[[Arrays], Arrays]) -> "Streamed":
        """The same rows, with something done to their inputs as they are read, which makes numbers of them."""
        read = self.read
        row_bytes = row_bytes_of(function(self.head().x))
        return replace(self, read=lambda rows: function(read(rows)), row_bytes=row_bytes)


AnyRows = Rows | Streamed


@dataclass(frozen=True)
class Stored:
    """Inputs of many rows in files, of which each part of a dataset has some.

    Args:
        read, row_bytes: as Streamed has them.
        window: how many rows are shuffled together; None for as many as take WINDOW_BYTES.
        scattered: whether any row is read as fast as its neighbour.
    """

    read: Callable[[np.ndarray], Arrays]
    row_bytes: int
    window: int | None = None
    scattered: bool = False

    def of(self, rows: AnyRows) -> Streamed:
        """Rows whose inputs are numbers of rows so far, (n,) int64, with the inputs themselves."""
        assert isinstance(rows, Rows) and isinstance(rows.x, np.ndarray)
        numbers = rows.x
        return Streamed(
            lambda wanted: self.read(numbers[wanted]),
            0,
            len(numbers),
            rows.y,
            self.row_bytes,
            self.window or default_window(self.row_bytes),
            1 if self.scattered else default_chunk(self.row_bytes),
            rows.sample_weight,
        )


def in_memory(rows: AnyRows) -> tuple[np.ndarray, Rows]:
    """Rows to look at: all that are in memory, and of streamed ones as many as take little of it, evenly spread.

    Returns:
        Their numbers, (n,) int64, rising; and the rows.
    """
    if isinstance(rows, Rows):
        return np.arange(len(rows)), rows
    most = min(MOST_LOOKED_AT, default_window(rows.row_bytes))
    spread = np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(np.int64)
    return spread, rows.take(spread)


def default_window(row_bytes: int) -> int:
    """How many rows of inputs of so many bytes each are shuffled together."""
    return max(1, WINDOW_BYTES // max(1, row_bytes))


def default_chunk(row_bytes: int) -> int:
    """How many rows of so many bytes each are read together."""
    return max(1, CHUNK_BYTES // max(1, row_bytes))


def row_bytes_of(arrays: Arrays) -> int:
    """The bytes of one row of all inputs."""
    return sum(array.dtype.itemsize * int(np.prod(array.shape[1:])) for _, array in array_items(arrays, "x"))


@dataclass(frozen=True)
class WindowOrder:
    """In which order the rows of an epoch come: chunks in an order of chance, and in each window its rows.

    A pure function of seed and epoch, so that any window can be read again without those before it.
    """

    num_rows: int
    window: int
    chunk: int
    seed: int

    @property
    def num_windows(self) -> int:
        """How many windows an epoch has; the last may be smaller."""
        return -(-self.num_rows // self.window)

    def rows(self, epoch: int, index: int, shuffle: bool) -> np.ndarray:
        """The rows of a window, (at most window,) int64."""
        start, stop = index * self.window, min((index + 1) * self.window, self.num_rows)
        if not shuffle:
            return np.arange(start, stop)
        rows = self._of_chunks(epoch, start, stop)
        number = (WINDOWS << 60) + (epoch << 24) + index
        return rows[np.random.Generator(np.random.Philox(key=[self.seed, number])).permutation(len(rows))]

    def _of_chunks(self, epoch: int, start: int, stop: int) -> np.ndarray:
        """The rows that stand from start up to stop where the chunks of an epoch follow one another."""
        count = -(-self.num_rows // self.chunk)
        order = np.random.Generator(np.random.Philox(key=[self.seed, (CHUNKS << 60) + epoch])).permutation(count)
        lengths = np.minimum((order + 1) * self.chunk, self.num_rows) - order * self.chunk
        ends = np.cumsum(lengths)
        begin, end = np.searchsorted(ends, start, "right"), np.searchsorted(ends, stop, "left")
        rows = [np.arange(c * self.chunk, min((c + 1) * self.chunk, self.num_rows)) for c in order[begin : end + 1]]
        offset = start - (ends[begin] - lengths[begin])
        return np.concatenate(rows)[offset : offset + stop - start]

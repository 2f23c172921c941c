"""Rows that are read as training comes to them: a window at a time, the next one ahead while this one trains."""

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kerasrun.data.rows import Rows
from kerasrun.data.streamed import Streamed, WindowOrder


@dataclass
class Blocks:
    """The windows of streamed rows, in the order of each epoch.

    Args:
        rows: as the model's outputs want them.
        place: brings the rows of a window to where they are used; done ahead, as the reading is.
        batch_size: a window has a multiple of so many rows, so that no batch reaches over its end.
        seed: what the order comes from, together with the epoch.
    """

    rows: Streamed
    place: Callable[[Rows], Any]
    batch_size: int
    seed: int = 0
    shuffle: bool = False
    ahead: tuple[tuple[int, int], "Future[Any]"] | None = field(default=None, init=False, repr=False)
    kept: tuple[tuple[int, int], Any] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        window = max(1, self.rows.window // self.batch_size) * self.batch_size
        self.order = WindowOrder(len(self.rows), window, self.rows.chunk, self.seed)
        self.reader = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")

    def __len__(self) -> int:
        return len(self.rows)

    def spans(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """The steps `start` up to `stop` of an epoch, by window: its number, and the steps `first` up to `last` in it.

        Without a step, the first window and none of its steps.
        """
        length = self.order.window // self.batch_size
        if start >= stop:
            yield 0, 0, 0
        while start < stop:
            index, first = divmod(start, length)
            last = min(first + stop - start, length)
            yield index, first, last
            start += last - first

    def blanks(self) -> list[Any]:
        """Rows of zeros in the shape of each kind of window, for a program to be compiled with."""
        head, last = self.rows.head(), len(self.rows) - (self.order.num_windows - 1) * self.order.window
        counts = {min(self.order.window, len(self.rows)), last}

        def zeros(array: np.ndarray, count: int) -> np.ndarray:
            return np.zeros((count, *array.shape[1:]), array.dtype)

        return [self.place(head.each(functools.partial(zeros, count=count))) for count in sorted(counts, reverse=True)]

    def window(self, epoch: int, index: int) -> Any:
        """The rows of a window in their order, in place; those after it are read meanwhile."""
        key = (epoch if self.shuffle else 0, index)
        if self.kept is None or self.kept[0] != key:
            self.kept = None  # its memory is for the next
            future = self.ahead[1] if self.ahead is not None and self.ahead[0] == key else self._read(key)
            following = (key[0], index + 1) if index + 1 < self.order.num_windows else (key[0] + self.shuffle, 0)
            self.ahead = (following, self._read(following)) if following != key else None
            self.kept = (key, future.result())
        return self.kept[1]

    def close(self) -> None:
        """Let go of what was read, and of the thread."""
        self.reader.shutdown(wait=False, cancel_futures=True)
        self.ahead = self.kept = None

    def _read(self, key: tuple[int, int]) -> "Future[Any]":
        return self.reader.submit(lambda: self.place(self.rows.take(self.order.rows(*key, self.shuffle))))

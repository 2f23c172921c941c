"""Windows of a series: some rows in a row as input, and the target in the rows that come next."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kerasrun.config.sources import SeriesSection
from kerasrun.data.memory import check_memory
from kerasrun.data.rows import Rows
from kerasrun.data.splits import share
from kerasrun.data.streamed import AnyRows, Stored
from kerasrun.errors import InputError


@dataclass(frozen=True)
class Series:
    """Rows in the order of time.

    Args:
        features: what a forecast is made from, (rows, features) float32.
        target: what is forecast, (rows,) float32; None where that is not known.
    """

    features: np.ndarray
    target: np.ndarray | None

    def __len__(self) -> int:
        return len(self.features)


def windows_at(
    series: Series, starts: np.ndarray, lag: int, horizon: int, is_streamed: bool = False, window: int | None = None
) -> AnyRows:
    """Windows by the rows in which their targets begin.

    Args:
        is_streamed: whether inputs are put together as they are needed, since rows stand in many windows.
        window: how many windows are then shuffled together.

    Returns:
        Inputs (windows, lag, features): the rows before each start. Targets (windows, horizon): the rows from it on;
        None where these are not known, or lie beyond the end.

    Raises:
        InputError: what has to be in memory does not fit.
    """
    in_memory = len(starts) * (4 * horizon + (0 if is_streamed else window_bytes(series, lag)))
    check_memory(in_memory, f"{len(starts):,} windows of {lag:,} rows", "raise stride, or leave out stream: false")
    y = None
    if series.target is not None and (not len(starts) or starts[-1] + horizon <= len(series)):
        y = series.target[starts[:, None] + np.arange(horizon)]

    def read(rows: np.ndarray) -> np.ndarray:
        found: np.ndarray = series.features[starts[rows][:, None] + np.arange(-lag, 0)]
        return found

    numbers = np.arange(len(starts))
    if not is_streamed:
        return Rows(read(numbers), y)
    return Stored(read, window_bytes(series, lag), window, scattered=True).of(Rows(numbers, y))


def window_bytes(series: Series, lag: int) -> int:
    """What the inputs of a window take."""
    return lag * series.features.shape[1] * series.features.itemsize


def window_starts(num_rows: int, data: SeriesSection) -> tuple[dict[str, np.ndarray], int]:
    """The rows in which the windows of each part begin their targets, and how many windows are of no part.

    The last rows are the test rows, those before them the validation rows. A window is of the part in which all of
    its targets lie; its inputs may look back over the border, as whoever forecasts knows what was before. One whose
    targets lie in two parts is of neither, so that no row is a target in two parts.

    Raises:
        InputError: a part has no window.
    """
    borders, all_starts = _borders(num_rows, data), np.arange(data.lag, num_rows - data.horizon + 1, data.stride)
    parts = {
        part: all_starts[(all_starts >= begin) & (all_starts + data.horizon <= end)]
        for part, (begin, end) in borders.items()
    }
    for part, starts in parts.items():
        if not len(starts):
            begin, end = borders[part]
            window = f"{data.lag:,} rows before {data.horizon:,}" if part == "train" else f"{data.horizon:,} targets"
            raise InputError(
                f"{part}: the {end - begin:,} rows of {num_rows:,} that are its own hold no window of {window}"
            )
    return parts, len(all_starts) - sum(map(len, parts.values()))


def _borders(num_rows: int, data: SeriesSection) -> Mapping[str, tuple[int, int]]:
    """The first row of each part, and the one after its last."""
    num_test = share(num_rows, data.test) if data.test is not None else 0
    rest = num_rows - num_test
    num_validation = share(rest, data.validation) if isinstance(data.validation, float) else 0
    borders = {"train": (0, rest - num_validation)}
    if isinstance(data.validation, float):
        borders["validation"] = (rest - num_validation, rest)
    return borders if data.test is None else borders | {"test": (rest, num_rows)}

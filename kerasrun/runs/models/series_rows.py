"""Windows of a series from a file on the command line: all that there are, and the one that ends with the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.data.files.series import Found, read_series
from kerasrun.data.windows import window_bytes, windows_at
from kerasrun.errors import InputError
from kerasrun.runs.models.chosen import Chosen
from kerasrun.runs.models.opened import ModelFile

# Windows that take more are put together as they are needed.
MOST_BYTES = 2**30


def series_rows(path: Path, name: str, opened: ModelFile, need_labels: bool) -> Chosen:
    """The windows of a series, one after each row that has enough rows before it.

    Without labels the last one ends with the file's last row: its forecast is of rows that are still to come.

    Raises:
        InputError: the file is not readable, or too short; or what the model carries is damaged.
    """
    reading = _checked(opened)
    lag, horizon = reading["lag"], reading["horizon"]
    found = read_series(path, reading, need_target=need_labels)
    starts = np.arange(lag, len(found.series) - horizon + 1 if need_labels else len(found.series) + 1)
    if not len(starts):
        wanted = f"{lag:,} rows, and {horizon:,} to compare it with" if need_labels else f"{lag:,} rows"
        raise InputError(f"{path}: has {len(found.series):,} rows, and a forecast is made from {wanted}")
    is_streamed = len(starts) * window_bytes(found.series, lag) > MOST_BYTES
    rows = windows_at(found.series, starts, lag, horizon, is_streamed)
    return Chosen(name, rows, notes=found.notes, marks=_marks(found, starts, reading["time"]))


def _marks(found: Found, starts: np.ndarray, time: str | None) -> Mapping[str, tuple[str, ...]]:
    """The last row that each forecast knows of: its time, else its number from 0."""
    if found.times is None:
        return {"after_row": tuple(map(str, starts - 1))}
    return {f"after_{time}": tuple(found.times[starts - 1])}


def _checked(opened: ModelFile) -> Mapping[str, Any]:
    """What the model file says of the series.

    Raises:
        InputError: it is not as it was written.
    """
    reading = opened.reading["series"]
    try:
        is_sound = (
            all(isinstance(name, str) for name in [*reading["features"], reading["target"], reading["time"] or ""])
            and len(reading["features"]) > 0
            and all(type(reading[name]) is int and reading[name] >= 1 for name in ("lag", "horizon"))
            and reading["missing"] in ("error", "previous")
        )
    except (KeyError, TypeError):
        is_sound = False
    if not is_sound:
        raise InputError(f"{opened.path}: what it carries of its series is damaged")
    return dict(reading)

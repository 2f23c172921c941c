"""Series: windows of columns for forecasting, parted by time."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kerasrun.config import Config
from kerasrun.config.sources import SeriesSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.arrays import check_file
from kerasrun.data.files.series import read_series
from kerasrun.data.steps import Steps, spread_of
from kerasrun.data.windows import window_bytes, window_starts, windows_at


def load(config: Config) -> Dataset:
    """The windows as the config wants them: inputs (windows, lag, features), targets (windows, horizon), both float32.

    Features are normalised by the training rows, each of which counts once, in however many windows it stands.
    """
    data = config.data
    assert isinstance(data, SeriesSection)
    reading = reading_of(data)
    found = read_series(Path(data.path), reading["series"])
    starts, num_left_out = window_starts(len(found.series), data)
    is_streamed = data.streams(lambda: sum(map(len, starts.values())) * window_bytes(found.series, data.lag))
    parts = {
        part: windows_at(found.series, chosen, data.lag, data.horizon, is_streamed, data.shuffle_window)
        for part, chosen in starts.items()
    }
    seen = found.series.features[: starts["train"][-1] + data.horizon]
    steps = Steps(spreads={"x": spread_of(seen)} if data.normalize else {})
    notes = found.notes
    if num_left_out:
        notes += (f"{num_left_out:,} windows are left out: their targets lie in two parts",)
    dataset = Dataset(
        parts["train"], parts.get("validation"), parts.get("test"), steps=steps, reading=reading, notes=notes
    )
    return replace(dataset, validation=dataset.test, validation_name="test") if data.validation == "test" else dataset


def reading_of(data: SeriesSection) -> Mapping[str, Any]:
    """What it takes to read more rows of such a series."""
    names = ("target", "time", "lag", "horizon", "missing")
    features = list(data.features or [data.target])
    return {"series": {"features": features, **{name: getattr(data, name) for name in names}}}


def check(config: Config) -> None:
    """Whether the file is there."""
    check_file(Path(config.data.path), "a table or an .npz file")  # type: ignore[attr-defined]

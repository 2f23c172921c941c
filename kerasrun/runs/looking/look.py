"""Load the data of a config, and see what it is: shapes, ranges, classes, rows that stand there twice."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import SplitSection
from kerasrun.data import Dataset, fetch_data, load_data
from kerasrun.data.classes import class_counts
from kerasrun.data.duplicates import hash_rows
from kerasrun.data.pool import shared_rows
from kerasrun.data.rows import Rows, array_items
from kerasrun.data.streamed import in_memory
from kerasrun.data.summary import Summary, summarize_inputs, summarize_targets
from kerasrun.runs.class_counts import ClassCounts, unseen_notes


@dataclass(frozen=True)
class Look:
    """What the data of a config is.

    Args:
        parts: by the part's name, how many rows it has and what these are like.
        classes: how many rows of each class there are; none where targets are numbers.
        inputs, targets: what the training rows are like.
        num_repeated: how many training rows are the same as one before them.
        notes: what the user should know.
    """

    config: Config
    data: Dataset = field(repr=False)
    parts: dict[str, tuple[int, str]]
    classes: list[ClassCounts]
    inputs: list[Summary]
    targets: list[Summary]
    num_repeated: int
    notes: list[str]


def look_at_data(config: Config) -> Look:
    """Load the data, and look at it; no backend is loaded.

    Raises:
        InputError: the data is at fault.
    """
    from kerasrun.runs.planning import shapes_of

    fetch_data(config)
    data = load_data(config)
    classes = _counted(data)
    hashes = {part: hash_rows(rows) for part, rows in data.parts().items()}
    # What is parted here was compared before gaps were filled.
    shared = [] if isinstance(config.data, SplitSection) else shared_rows(hashes)
    return Look(
        config,
        data,
        {part: (len(rows), shapes_of(rows.head())) for part, rows in data.parts().items()},
        classes,
        _named_inputs(data),
        [] if classes else summarize_targets(data.train),
        len(data.train) - len(np.unique(hashes["train"])),
        list(dict.fromkeys((*data.notes, *shared, *unseen_notes(classes)))),
    )


def _named_inputs(data: Dataset) -> list[Summary]:
    """What inputs are like, under the names that their columns have where they came from."""
    if "series" in data.reading:
        return summarize_inputs(_last_rows(data.train), data.reading["series"]["features"])
    table = data.reading.get("table", {})
    categories = table.get("categories", {})
    found = summarize_inputs(data.train, table.get("numeric", ()))
    return [replace(summary, name=categories.get(summary.name, summary.name)) for summary in found]


def _last_rows(windows: Any) -> Rows:
    """Of windows of a series the last row of each: the columns of the series, each row once."""
    return Rows(np.concatenate([block.x[:, -1] for _, block in windows.blocks()]), None)


def _counted(data: Dataset) -> list[ClassCounts]:
    """The classes of a lone target; without a model, whole numbers count as classes only where the data says so."""
    if data.classes is None:
        return []
    counts: dict[str, Any] = {
        part: class_counts(rows.y, len(data.classes))
        for part, rows in data.parts().items()
        if isinstance(rows.y, np.ndarray)
    }
    if any(found is None or len(found) != len(data.classes) for found in counts.values()):
        return []
    return [ClassCounts("", data.classes, {part: found.tolist() for part, found in counts.items()})]


def draw_data(look: Look, formats: list[str]) -> dict[str, bytes]:
    """Pictures of the data: samples where rows are pictures, else how columns are distributed.

    Returns:
        File name → content.
    """
    from kerasrun.report.plots.histograms import draw_histograms
    from kerasrun.report.plots.pictures import draw_samples
    from kerasrun.runs.collecting import NUM_SAMPLES, is_picture, pixels_of

    data = look.data
    spread = np.linspace(0, len(data.train) - 1, min(NUM_SAMPLES, len(data.train))).round().astype(np.int64)
    first = data.train.take(spread)
    pictures = next((x for _, x in array_items(first.x, "x") if is_picture(x, data.pixel_max)), None)
    if pictures is not None:
        labels = next((column for _, column in _target(first.y, look)), np.full(len(spread), "", object))
        return draw_samples(pixels_of(pictures, data.pixel_max), [str(label) for label in labels], formats)
    return draw_histograms(columns_of(look), formats)


def columns_of(look: Look) -> dict[str, dict[str, np.ndarray]]:
    """The columns that can be drawn, targets first, by the part of the data; of texts how many words they have."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for part, rows in ((part, in_memory(rows)[1]) for part, rows in look.data.parts().items()):
        names = [summary.name for summary in look.inputs]
        inputs = _last_rows(rows).x if "series" in look.data.reading else rows.x
        own = [column for _, array in array_items(inputs, "x") for column in _split(array)]
        if look.data.steps.text is not None:
            own = [np.array([len(text.split()) for text in column]) for column in own]
            names = [f"words of {name}" for name in names]
        named = dict(zip(names, own, strict=False)) if len(names) == len(own) else {}
        for name, column in [*_target(rows.y, look), *named.items()]:
            found.setdefault(name, {})[part] = column
    return found


def _target(y: Any, look: Look) -> list[tuple[str, np.ndarray]]:
    """The targets as columns: names of classes, or numbers."""
    if y is None:
        return []
    if look.classes:
        names = np.array(look.classes[0].names, object)
        labels = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(-1).astype(int)
        return [("class", names[labels])]
    columns = [column for _, array in array_items(y, "y") for column in _split(array.reshape(len(array), -1))]
    return list(zip([summary.name for summary in look.targets], columns, strict=False))


def _split(array: np.ndarray) -> list[np.ndarray]:
    if array.ndim == 1:
        return [array]
    return [array[:, i] for i in range(array.shape[1])] if array.ndim == 2 else [array.reshape(-1)]

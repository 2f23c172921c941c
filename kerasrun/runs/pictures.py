"""The pictures of a run: its curves, and what the model makes of some rows."""

from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.data import Dataset, Rows
from kerasrun.report.curves import draw_curves
from kerasrun.report.fit import draw_fit
from kerasrun.report.history import History
from kerasrun.report.pictures import draw_predictions, draw_samples
from kerasrun.runs.store.files import write_whole

NUM_SAMPLES = 30


def draw_history(history: History, formats: list[str], validation_name: str) -> dict[str, bytes]:
    """The curves of a history, by file name; none for a history without rows."""
    return {} if history.is_empty else draw_curves(history, formats, validation_name)


def draw_data(data: Dataset, predict: Any, formats: list[str]) -> dict[str, bytes]:
    """Pictures of rows beside what the model makes of them, by file name.

    Image classes: 30 samples with their labels, and with predicted class and probability. One number to one
    number: the fitted curve over the true one.

    Args:
        predict: from inputs as they came to the model's outputs.
    """
    rows = data.test or data.validation or data.train
    if data.pixel_max is not None and data.classes:
        return _draw_classes(rows.slice(0, NUM_SAMPLES), data.classes, data.pixel_max, predict, formats)
    count, x, y = len(data.train), data.train.x, data.train.y
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and x.size == y.size == count:
        return _draw_fit(data, predict, formats)
    return {}


def _draw_classes(
    rows: Rows, classes: tuple[str, ...], pixel_max: float, predict: Any, formats: list[str]
) -> dict[str, bytes]:
    assert isinstance(rows.x, np.ndarray) and isinstance(rows.y, np.ndarray)
    labels = [classes[index] for index in (rows.y.argmax(axis=1) if rows.y.ndim == 2 else rows.y)]
    images = rows.x.astype(np.float32) / pixel_max
    pictures = draw_samples(images, labels, formats)
    output = predict(rows.x)
    if isinstance(output, np.ndarray) and output.shape == (len(rows), len(classes)):
        chosen = output.argmax(axis=1)
        names = [classes[index] for index in chosen]
        pictures |= draw_predictions(images, labels, names, output[np.arange(len(rows)), chosen], formats)
    return pictures


def _draw_fit(data: Dataset, predict: Any, formats: list[str]) -> dict[str, bytes]:
    parts = [data.train] + ([data.validation] if data.validation is not None else [])
    x = np.concatenate([np.asarray(rows.x).reshape(-1) for rows in parts])
    y = np.concatenate([np.asarray(rows.y).reshape(-1) for rows in parts])
    y_pred = predict(np.concatenate([np.asarray(rows.x) for rows in parts]))
    if not isinstance(y_pred, np.ndarray) or y_pred.size != len(x):
        return {}
    held_out = np.arange(len(x)) >= len(data.train)
    return draw_fit(x, y, y_pred.reshape(-1), formats, held_out, data.true_curve, validation_label=data.validation_name)


def write_pictures(pictures: dict[str, bytes], folder: Path) -> list[Path]:
    """Write pictures into a folder, each whole or not at all."""
    if pictures:
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in pictures.items():
        write_whole(folder / name, content)
    return [folder / name for name in pictures]

"""Pictures of the data: samples with their labels, and what a model makes of them."""

import math
from collections.abc import Sequence
from functools import partial

from numpy.typing import ArrayLike, NDArray

from kerasrun.errors import InputError
from kerasrun.report.images import as_pictures
from kerasrun.report.plots import style
from kerasrun.report.plots.grid import Caption, grid_figure
from kerasrun.report.plots.names import text_width
from kerasrun.report.plots.signs import ClassLabels, class_labels, shortened

# Of a name over an image, which is narrow.
LONGEST_NAME = 16


def draw_samples(
    images: ArrayLike,
    labels: Sequence[object] | NDArray,
    formats: Sequence[str],
    class_names: Sequence[str] | None = None,
    rows: int = 3,
    columns: int = 10,
    name: str = "samples",
) -> dict[str, bytes]:
    """Draw the first rows × columns images in a grid, each under its label.

    Args:
        images: (n, height, width), or (n, height, width, channels) with 1, 3 or 4 channels. Integers are 0 to
            255; floats are 0 to 1, or 0 to 255 if one is above 1; where one is negative, the least is black
            and the greatest is white.
        labels: n class indices, or n labels in words.
        formats: of "png", "svg" and "pdf".
        class_names: the name of each class, if the labels are indices.
        rows, columns: the size of the grid; rows that stay empty are left out.
        name: the file name without its ending.

    Returns:
        File name → content.

    Raises:
        InputError: the shapes do not fit, there is no image, or a format is unknown.
    """
    count = rows * columns
    pictures = as_pictures(images, len(labels), count)
    names = class_labels(class_names) if class_names is not None else None
    captions = [Caption((_label(label, names),)) for label in labels[:count]]
    return style.render({name: partial(grid_figure, pictures, captions, columns, names.note if names else "")}, formats)


def draw_predictions(
    images: ArrayLike,
    labels: Sequence[object] | NDArray | None,
    predicted: Sequence[object] | NDArray,
    probabilities: Sequence[float] | NDArray,
    formats: Sequence[str],
    class_names: Sequence[str] | None = None,
    rows: int = 3,
    columns: int = 10,
    name: str = "predictions",
) -> dict[str, bytes]:
    """Draw the first rows × columns images, each under its predicted class and that class's probability.

    A wrong one has a red frame and a bold red caption that tells the true label too: "4 (is 9)".

    Args:
        labels: n true labels, or None if they are not known; then no prediction counts as wrong.
        predicted: n predicted labels, of the same kind as the labels.
        probabilities: (n,), from 0 to 1: that of the predicted class.

    The other arguments, what is returned and what is raised are as in draw_samples.
    """
    count = rows * columns
    lengths = {len(predicted), len(probabilities), len(predicted if labels is None else labels)}
    if len(lengths) > 1:
        raise InputError("labels, predicted classes and probabilities differ in number; there must be one an image.")
    pictures = as_pictures(images, len(predicted), count)
    true = predicted if labels is None else labels
    names = class_labels(class_names) if class_names is not None else None
    captions = [
        _prediction(_label(predicted[row], names), _label(true[row], names), probabilities[row])
        for row in range(len(pictures))
    ]
    return style.render({name: partial(grid_figure, pictures, captions, columns, names.note if names else "")}, formats)


def _label(label: object, names: ClassLabels | None) -> str:
    if names is None:
        return style.printable(label)
    index = int(label)  # type: ignore[call-overload]
    if not 0 <= index < len(names.texts):
        raise InputError(f"the label {index} has no name; there are {len(names.texts)} class names.")
    return shortened(names.texts[index], LONGEST_NAME)


def _prediction(told: str, true: str, probability: float) -> Caption:
    if math.isnan(probability):
        return Caption(("no prediction", f"(is {true})", "not a number"), wrong=True)
    share = f"{float(probability):.4f}"
    if told == true:
        return Caption((told, share))
    together = f"{told} (is {true})"
    lines = (together,) if text_width(together) <= 12 else (told, f"(is {true})")
    return Caption((*lines, share), wrong=True)

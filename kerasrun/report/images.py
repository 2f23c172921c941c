"""From the arrays of a data set to images that can be shown."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kerasrun.errors import InputError


def as_pictures(images: ArrayLike, labels: int, count: int) -> NDArray[np.uint8]:
    """The first images as bytes.

    Args:
        images: (n, height, width) or (n, height, width, channels), numbers or booleans; see
            `kerasrun.report.plots.pictures.draw_samples` for their range.
        labels: the number of labels there are, which must be n.
        count: how many images to take.

    Returns:
        (min(n, count), height, width) for grey images, (…, 3) or (…, 4) for those in colour; uint8.

    Raises:
        InputError: the shape or the type is none of these, or there is no image.
    """
    values = np.asarray(images)
    shape = f"images have the shape {values.shape}"
    if values.ndim not in (3, 4) or (values.ndim == 4 and values.shape[-1] not in (1, 3, 4)):
        raise InputError(f"{shape}; it must be (n, height, width), or with 1, 3 or 4 channels last.")
    if 0 in values.shape:
        raise InputError(f"{shape}: there is nothing to draw.")
    if values.dtype.kind not in "buif":
        raise InputError(f"images have the type {values.dtype}; they must be numbers.")
    if len(values) != labels:
        raise InputError(f"there are {len(values)} images and {labels} labels; there must be one label an image.")
    shown = _as_bytes(values[:count])
    return shown[..., 0] if shown.shape[-1] == 1 and shown.ndim == 4 else shown


def _as_bytes(values: NDArray) -> NDArray[np.uint8]:
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return np.where(values, 255, 0).astype(np.uint8)
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=255.0, neginf=0.0)
    low, high = numbers.min(), numbers.max()
    if low < 0:  # standardised, or -1 to 1
        numbers = (numbers - low) / (high - low or 1.0) * 255
    elif high <= 1 and values.dtype.kind == "f":
        numbers = numbers * 255
    return np.rint(np.clip(numbers, 0, 255)).astype(np.uint8)

"""A picture as a row of a stated form: what its header says, and its pixels."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image, ImageOps

from kerasrun.data.files.pictures import TURNS, opened_picture, plain, turn_of, upright

# Pillow's filters; those that smooth look at all pixels that fall on one where a picture shrinks.
FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "area": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

MAX_SIDE = 16_384

# The turns by which height and width change places.
ON_ITS_SIDE = [TURNS[orientation] for orientation in (5, 6, 7, 8)]


@dataclass(frozen=True)
class Form:
    """What pictures become.

    Args:
        resize: the filter, one of FILTERS.
        fit: what is done to a picture of another aspect: it is stretched; what stands out on both sides is cropped; or
            black is padded on both sides.
    """

    height: int
    width: int
    color: Literal["gray", "rgb"]
    resize: str = "bilinear"
    fit: Literal["stretch", "crop", "pad"] = "stretch"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of a row: (height, width, channels)."""
        return self.height, self.width, 3 if self.color == "rgb" else 1

    @classmethod
    def from_dict(cls, values: Any) -> "Form":
        """The form that plain values describe.

        Raises:
            ValueError: they describe none.
        """
        sound = (
            isinstance(values, dict) and values.keys() == {"height", "width", "color", "resize", "fit"},
            all(isinstance(values[key], int) and 0 < values[key] <= MAX_SIDE for key in ("height", "width")),
            values["color"] in ("gray", "rgb") and values["resize"] in FILTERS,
            values["fit"] in ("stretch", "crop", "pad"),
        )
        if not all(sound):
            raise ValueError("not as it was written")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that make the same form again."""
        return asdict(self)


@dataclass(frozen=True)
class Head:
    """What the header of a picture says: its size as it is to be seen, and whether it has colours."""

    height: int
    width: int
    color: Literal["gray", "rgb"]


def read_head(path: Path) -> Head:
    """The header of a picture; of its pixels none is read.

    Raises:
        InputError: it is no picture, damaged or far too large.
    """
    with opened_picture(path) as picture:
        width, height = picture.size
        if turn_of(picture) in ON_ITS_SIDE:
            width, height = height, width
        return Head(height, width, "gray" if picture.mode.startswith(("1", "L", "I", "F")) else "rgb")


def decode(path: Path, form: Form) -> np.ndarray:
    """One picture, turned as its camera says, on white where it is transparent.

    Returns:
        form.shape uint8; grey is the luma of ITU-R 601, as Pillow makes it, and 16 bits become the nearest of 8.

    Raises:
        InputError: it is no picture, damaged or far too large.
    """
    with opened_picture(path) as picture:
        found = plain(upright(picture), "RGB" if form.color == "rgb" else "L")
        return np.asarray(_fitted(found, form)).reshape(form.shape)


def _fitted(picture: Image.Image, form: Form) -> Image.Image:
    size, method = (form.width, form.height), FILTERS[form.resize]
    if picture.size == size:
        return picture
    if form.fit == "crop":
        return ImageOps.fit(picture, size, method)
    return ImageOps.pad(picture, size, method) if form.fit == "pad" else picture.resize(size, method)

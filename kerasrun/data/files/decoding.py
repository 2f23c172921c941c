"""Many pictures as rows of one form: found by their headers, decoded on all cores."""

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from PIL import ExifTags, Image, ImageOps

from kerasrun.data.duplicates import row_hashes
from kerasrun.data.files.pictures import opened_picture, quiet, told_faults
from kerasrun.data.files.temporary import TemporaryRows, temporary_folder
from kerasrun.errors import InputError

T = TypeVar("T")

# Pillow's filters; those that smooth look at all pixels that fall on one where a picture shrinks.
FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "area": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

MAX_SIDE = 16_384

# So many bytes of pictures are decoded before they are written.
PART_BYTES = 2**25

# Pictures that one thread takes at a time.
AT_ONCE = 32


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
        if _lies_on_its_side(picture.info.get("exif")):
            width, height = height, width
        return Head(height, width, "gray" if picture.mode.startswith(("1", "L", "I", "F")) else "rgb")


def _lies_on_its_side(written: bytes | None) -> bool:
    """Whether a camera says that height and width change places; Pillow's getexif reads all pixels of a PNG first."""
    exif = Image.Exif()
    exif.load(written or b"")
    return bool(exif.get(ExifTags.Base.Orientation, 1) >= 5)


def decode(path: Path, form: Form) -> np.ndarray:
    """One picture, turned as its camera says, on white where it is transparent.

    Returns:
        form.shape uint8; grey is the luma of ITU-R 601, as Pillow makes it, and 16 bits become the nearest of 8.

    Raises:
        InputError: it is no picture, damaged or far too large.
    """
    with opened_picture(path) as picture:
        plain = _plain(ImageOps.exif_transpose(picture), "RGB" if form.color == "rgb" else "L")
        return np.asarray(_fitted(plain, form)).reshape(form.shape)


def read_heads(paths: Sequence[Path]) -> tuple[list[Head | None], dict[int, str]]:
    """The headers of all pictures, None where one could not be read; and the faults by the pictures' numbers."""
    return _on_all_cores(lambda row: read_head(paths[row]), len(paths))


def decode_all(paths: Sequence[Path], form: Form) -> tuple[np.ndarray, dict[int, str]]:
    """All pictures; a row whose picture could not be read is left black.

    Returns:
        (n, *form.shape) uint8, and the faults by the pictures' numbers.

    Raises:
        InputError: they do not fit in memory.
    """
    try:
        rows = np.zeros((len(paths), *form.shape), np.uint8)
    except MemoryError:
        raise InputError(f"{len(paths):,} pictures of {form.shape} are more than the memory holds") from None

    def fill(row: int) -> None:
        rows[row] = decode(paths[row], form)

    return rows, _on_all_cores(fill, len(paths))[1]


@dataclass(frozen=True)
class Decoded:
    """Pictures that were all decoded once.

    Args:
        hashes: of each, (n,) uint64.
        faults: of those that could not be read, by their numbers.
        kept: the pictures on disk, in the form that rows have; None where the disk has no room for them.
    """

    hashes: np.ndarray
    faults: dict[int, str]
    kept: TemporaryRows | None


def decode_once(paths: Sequence[Path], form: Form) -> Decoded:
    """Decode all pictures, a part at a time, and keep them on disk where they take no more than half of what is free.

    Raises:
        InputError: the disk is full all the same.
    """
    picture_bytes = int(np.prod(form.shape))
    has_room = len(paths) * picture_bytes <= shutil.disk_usage(temporary_folder()).free / 2
    kept, hashes = TemporaryRows() if has_room else None, []
    faults: dict[int, str] = {}
    size = max(1, PART_BYTES // picture_bytes)
    for start in range(0, len(paths), size):
        rows, wrong = decode_all(paths[start : start + size], form)
        hashes.append(row_hashes(rows))
        faults |= {start + row: fault for row, fault in wrong.items()}
        if kept is not None:
            kept.add(rows)
    return Decoded(np.concatenate(hashes), faults, kept)


def decode_sound(paths: Sequence[Path], form: Form) -> np.ndarray:
    """All pictures, (n, *form.shape) uint8.

    Raises:
        InputError: one is no picture, is damaged or far too large; the first such are named. Or they do not fit in
            memory.
    """
    rows, faults = decode_all(paths, form)
    if faults:
        raise InputError(told_faults(list(faults.values()), len(paths)))
    return rows


def _on_all_cores(function: Callable[[int], T], count: int) -> tuple[list[T | None], dict[int, str]]:
    """A function of each picture by its number: what it gave, in their order, and what was at fault."""

    def work(start: int) -> list[tuple[T | None, str]]:
        return [_tried(function, row) for row in range(start, min(start + AT_ONCE, count))]

    with quiet(), ThreadPoolExecutor(os.cpu_count()) as executor:
        results = [result for part in executor.map(work, range(0, count, AT_ONCE)) for result in part]
    return [value for value, _ in results], {row: fault for row, (_, fault) in enumerate(results) if fault}


def _tried(function: Callable[[int], T], row: int) -> tuple[T | None, str]:
    try:
        return function(row), ""
    except InputError as error:
        return None, str(error)


def _plain(picture: Image.Image, mode: str) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = Image.fromarray(np.rint(np.asarray(picture, np.float32) / 257).astype(np.uint8))
    if "A" in picture.getbands() or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return picture if picture.mode == mode else picture.convert("RGB").convert(mode)


def _fitted(picture: Image.Image, form: Form) -> Image.Image:
    size, method = (form.width, form.height), FILTERS[form.resize]
    if picture.size == size:
        return picture
    if form.fit == "crop":
        return ImageOps.fit(picture, size, method)
    return ImageOps.pad(picture, size, method) if form.fit == "pad" else picture.resize(size, method)

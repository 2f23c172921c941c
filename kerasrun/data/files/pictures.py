"""Rows from picture files: PNG and JPEG, one by one or a folder of them."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from kerasrun.errors import InputError

FORMATS, ENDINGS = ("PNG", "JPEG"), (".png", ".jpg", ".jpeg")

# A picture of more pixels is not decoded: a file of some kilobytes can hold gigabytes of one colour.
MAX_PIXELS = 100_000_000

# So many faults are told one by one.
MAX_TOLD = 5


@dataclass(frozen=True)
class Target:
    """What a model reads.

    Args:
        shape: of a row: (height, width), or with 1, 3 or 4 channels last.
        pixel_max: the value of white.
        invert: whether dark and light change places.
    """

    shape: tuple[int, ...]
    pixel_max: float
    invert: bool = False

    @property
    def mode(self) -> str:
        """What Pillow calls pictures of so many channels."""
        return {1: "L", 3: "RGB", 4: "RGBA"}[self.shape[2] if len(self.shape) == 3 else 1]


@dataclass(frozen=True)
class PictureFile:
    """A picture, what it is called, and the folder inside the one named that it lies in, or ""."""

    path: Path
    name: str
    folder: str = ""


def find_pictures(paths: Sequence[Path]) -> tuple[list[PictureFile], list[str]]:
    """The pictures among files and folders: of a folder those in it and in the folders right inside it, by name.

    Returns:
        The pictures, and the names of files in the folders that are none.

    Raises:
        InputError: a path is not there, or a folder holds no picture.
    """
    pictures: list[PictureFile] = []
    others: list[str] = []
    for path in paths:
        if not path.is_dir():
            pictures.append(PictureFile(path, str(path)))
            continue
        found = [item for item in _inside(path) if item.path.suffix.lower() in ENDINGS]
        if not found:
            raise InputError(f"{path}: no picture lies in this folder; {', '.join(ENDINGS)} are read")
        others += [item.name for item in _inside(path) if item.path.suffix.lower() not in ENDINGS]
        pictures += found
    return pictures, others


def _inside(folder: Path) -> list[PictureFile]:
    """The files in a folder and in those right inside it, sorted; hidden ones are left out."""
    try:
        there = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        inner = {path: sorted(path.iterdir()) for path in there if path.is_dir()}
    except OSError as error:
        raise InputError(f"{error.filename or folder}: cannot be read: {error.strerror}") from None
    found = [PictureFile(path, path.name) for path in there if path.is_file()]
    for path, files in inner.items():
        seen = (file for file in files if file.is_file() and not file.name.startswith("."))
        found += [PictureFile(file, f"{path.name}/{file.name}", path.name) for file in seen]
    return found


def read_pictures(files: Sequence[PictureFile], target: Target) -> np.ndarray:
    """The rows of pictures.

    Returns:
        (n, *target.shape) float32, from 0 to pixel_max.

    Raises:
        InputError: one is no picture, is damaged or far too large. All such are named.
    """
    try:
        rows = np.empty((len(files), *target.shape), np.float32)
    except MemoryError:
        raise InputError(f"{len(files):,} pictures of {target.shape} are more than the memory holds") from None
    faults = []
    for index, file in enumerate(files):
        try:
            rows[index] = read_picture(file.path, target)
        except InputError as error:
            faults.append(str(error))
    if len(faults) > MAX_TOLD:
        faults = [*faults[:MAX_TOLD], f"and {len(faults) - MAX_TOLD:,} more of {len(files):,} pictures"]
    if faults:
        raise InputError("\n".join(faults))
    return rows


def read_picture(path: Path, target: Target) -> np.ndarray:
    """One picture, turned as its camera says, on white where it is transparent, stretched to the size asked for.

    Returns:
        target.shape float32, from 0 to pixel_max; grey is the luma of ITU-R 601, as Pillow makes it.

    Raises:
        InputError: it is no picture, damaged or far too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own bound is told below
            with Image.open(path, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    size = f"{picture.width:,} × {picture.height:,} pixels"
                    raise InputError(f"{path}: has {size}; more than {MAX_PIXELS:,} are not read")
                return _fitted(ImageOps.exif_transpose(picture), target)
    except Image.DecompressionBombError:
        raise InputError(f"{path}: has far more pixels than the {MAX_PIXELS:,} that are read") from None
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise InputError(f"{path}: is no PNG or JPEG picture, or a damaged one ({_reason(error)})") from None


def _fitted(picture: Image.Image, target: Target) -> np.ndarray:
    """The values of a picture in the form asked for: bilinear, over all pixels that fall on one where it shrinks."""
    height, width = target.shape[:2]
    converted = _converted(picture, target.mode)
    if converted.size != (width, height):
        converted = converted.resize((width, height), Image.Resampling.BILINEAR)
    values = np.asarray(converted, np.float32) / 255
    if target.invert:
        values = np.concatenate([1 - values[..., :3], values[..., 3:]], -1) if target.mode == "RGBA" else 1 - values
    return (values * np.float32(target.pixel_max)).reshape(target.shape)


def _converted(picture: Image.Image, mode: str) -> Image.Image:
    """Grey as floats from 0 to 255, so that 16 bits keep theirs; colours in bytes."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        deep = Image.fromarray(np.asarray(picture, np.float32) / np.float32(257))
        return deep if mode == "L" else Image.fromarray(np.rint(np.asarray(deep)).astype(np.uint8)).convert(mode)
    if mode == "RGBA":
        return picture.convert(mode)
    if "A" in picture.getbands() or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return picture.convert("RGB") if mode == "RGB" else picture.convert("L").convert("F")


def _reason(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0][:200]

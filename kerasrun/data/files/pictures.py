"""Rows from picture files: PNG and JPEG."""

import contextlib
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image

from kerasrun.data.files.folders import MAX_TOLD, FoundFile
from kerasrun.errors import InputError

if TYPE_CHECKING:
    from kerasrun.data.tables.table import Table

FORMATS = ("PNG", "JPEG")

# What Pillow raises of a damaged picture; that its structures are cut short shows in the last two.
DAMAGED = (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, struct.error)

# As warnings.filterwarnings("ignore", module="PIL[.]") would add it: action, message, category, module, line.
PILLOWS_WARNINGS = ("ignore", None, Warning, re.compile("PIL[.]"), 0)

# A picture of more pixels is not decoded: a file of some kilobytes can hold gigabytes of one colour.
MAX_PIXELS = 100_000_000

# How a picture is made upright, by the orientations that EXIF knows beside 1, which is so.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


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


def find_listed(table: "Table", name: str) -> list[Path]:
    """The files that a column of a table names, from the table's own folder.

    Raises:
        InputError: there is no such column, a cell is empty, or a file is not there; the first such are named.
    """
    from kerasrun.data.tables.cells import read_filled

    folder = Path(table.name).parent
    paths = [folder / cell for cell in read_filled(table, name)]
    missing = [row for row, path in enumerate(paths) if not path.is_file()]
    if missing:
        faults = [f"{table.where(row)}: no such picture: {paths[row]}" for row in missing[:MAX_TOLD]]
        raise InputError(told_faults(faults, len(paths), len(missing)))
    return paths


def read_pictures(files: Sequence[FoundFile], target: Target) -> np.ndarray:
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
    if faults:
        raise InputError(told_faults(faults, len(files)))
    return rows


def told_faults(faults: Sequence[str], count: int, num_faults: int | None = None) -> str:
    """The first faults of so many pictures, a line each, and how many more there are.

    Args:
        num_faults: how many there are, where `faults` has the first alone.
    """
    num_more = (num_faults or len(faults)) - MAX_TOLD
    more = [f"and {num_more:,} more of {count:,} pictures"] if num_more > 0 else []
    return "\n".join([*faults[:MAX_TOLD], *more])


def read_picture(path: Path, target: Target) -> np.ndarray:
    """One picture, turned as its camera says, on white where it is transparent, stretched to the size asked for.

    Returns:
        target.shape float32, from 0 to pixel_max; grey is the luma of ITU-R 601, as Pillow makes it.

    Raises:
        InputError: it is no picture, damaged or far too large.
    """
    silence_pillow()
    with opened_picture(path) as picture:
        return _fitted(upright(picture), target)


def turn_of(picture: Image.Image) -> Image.Transpose | None:
    """How a picture is made upright, as the EXIF or XMP in its header says; None where they say nothing of use.

    Args:
        picture: whose pixels are not read yet, so that what stands behind them does not count.
    """
    try:
        said = Image.Image.getexif(picture).get(ExifTags.Base.Orientation)  # that of a PNG reads all pixels first
    except Exception:  # the pixels may be sound all the same, and anything can come of what is written here
        return None
    return TURNS.get(said) if isinstance(said, int) else None


def upright(picture: Image.Image) -> Image.Image:
    """A picture turned as its camera says."""
    turn = turn_of(picture)
    return picture if turn is None else picture.transpose(turn)


def silence_pillow() -> None:
    """From now on Pillow warns of nothing: what is wrong with a picture is told by an error.

    The filters of warnings are the whole process's. Pictures are decoded in threads, which therefore put nothing back:
    it could be what another thread has there for a moment.
    """
    if PILLOWS_WARNINGS not in warnings.filters:
        warnings.filters.insert(0, PILLOWS_WARNINGS)  # type: ignore[attr-defined]


@contextlib.contextmanager
def opened_picture(path: Path) -> Iterator[Image.Image]:
    """A picture whose header is read and whose pixels are not yet.

    Raises:
        InputError: it is no picture, damaged or far too large.
    """
    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                size = f"{picture.width:,} × {picture.height:,} pixels"
                raise InputError(f"{path}: has {size}; more than {MAX_PIXELS:,} are not read")
            yield picture
    except Image.DecompressionBombError:
        raise InputError(f"{path}: has far more pixels than the {MAX_PIXELS:,} that are read") from None
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except DAMAGED as error:
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
    if mode != "L":
        return plain(picture, mode)
    return Image.fromarray(_from_deep(picture)) if _is_deep(picture) else plain(picture, mode).convert("F")


def plain(picture: Image.Image, mode: str) -> Image.Image:
    """A picture in bytes of Pillow's mode L, RGB or RGBA: on white where it is transparent and the mode is not."""
    if _is_deep(picture):
        picture = Image.fromarray(np.rint(_from_deep(picture)).astype(np.uint8))
    if mode == "RGBA":
        return picture.convert(mode)
    if "A" in picture.getbands() or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return picture if picture.mode == mode else picture.convert("RGB").convert(mode)


def _is_deep(picture: Image.Image) -> bool:
    """Whether it has 16 bits of grey."""
    return picture.mode.startswith("I")


def _from_deep(picture: Image.Image) -> np.ndarray:
    """16 bits as floats from 0 to 255."""
    return np.asarray(picture, np.float32) / np.float32(257)


def _reason(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0][:200]

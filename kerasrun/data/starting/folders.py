"""What a folder with a folder for each class is like: pictures or texts, how many of each class, how large."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kerasrun.data.files.decoded import read_heads
from kerasrun.data.files.folders import PICTURES, find_by_class, walk_files
from kerasrun.data.files.pictures import told_faults
from kerasrun.data.files.words import TEXTS
from kerasrun.data.starting.targets import Classes, of_labels
from kerasrun.errors import InputError

# A picture's longer side becomes no longer than this.
MAX_SIDE = 96


@dataclass(frozen=True)
class FoundPictures:
    """Pictures by their headers.

    Args:
        size: height and width that suit them.
        is_one_size: whether all have that size already.
        color: `gray` or `rgb`, what most are.
        is_one_color: whether they are all so.
        damaged: the faults of those whose headers cannot be read.
    """

    size: tuple[int, int]
    is_one_size: bool
    color: str
    is_one_color: bool
    damaged: Sequence[str]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of a row: height, width and channels."""
        return *self.size, 3 if self.color == "rgb" else 1


@dataclass(frozen=True)
class FoundFolder:
    """Files of classes: pictures, or texts, of which `pictures` is None."""

    target: Classes
    pictures: FoundPictures | None = None


def find_folder(path: Path, kind: str | None = None) -> FoundFolder:
    """What a folder of classes is like.

    Args:
        kind: `pictures` or `texts`; None for what most files are.

    Raises:
        InputError: it holds no folder for each class, or no pictures or texts.
    """
    suffixes = [file.suffix.lower() for file in walk_files(path)]
    num_pictures = sum(suffix in PICTURES for suffix in suffixes)
    num_texts = sum(suffix in TEXTS for suffix in suffixes)
    if not num_pictures and not num_texts:
        told = ", ".join((*PICTURES, *TEXTS))
        raise InputError(f"{path}: neither pictures nor texts lie in this folder; {told} are read, and .npy arrays")
    if kind == "texts" or (kind is None and num_texts > num_pictures):
        filed = find_by_class(path, TEXTS, "texts")
        return FoundFolder(of_labels(np.array(filed.labels, object), str(path), "folder"))
    filed = find_by_class(path, PICTURES, "pictures")
    target = of_labels(np.array(filed.labels, object), str(path), "folder")
    return FoundFolder(target, describe_pictures(filed.paths))


def describe_pictures(paths: list[Path]) -> FoundPictures:
    """What pictures are like by their headers.

    Raises:
        InputError: none of them can be read.
    """
    heads, faults = read_heads(paths)
    known = [head for head in heads if head is not None]
    damaged = [faults[row] for row in sorted(faults)]
    if not known:
        raise InputError(told_faults(damaged, len(paths)))
    sizes = {(head.height, head.width) for head in known}
    height, width = (int(np.median([getattr(head, side) for head in known])) for side in ("height", "width"))
    size, num_gray = _fitting(height, width), sum(head.color == "gray" for head in known)
    color = "gray" if 2 * num_gray > len(known) else "rgb"
    return FoundPictures(size, sizes == {size}, color, num_gray in (0, len(known)), damaged)


def _fitting(height: int, width: int) -> tuple[int, int]:
    """The size as it is if it is small; else a smaller one of nearly the same aspect."""
    longer = max(height, width)
    if longer <= MAX_SIDE:
        return height, width
    height, width = (max(8, round(side * MAX_SIDE / longer / 8) * 8) for side in (height, width))
    return height, width

"""The starter for arrays: an .npz file, or a folder of .npy files."""

from pathlib import Path

from kerasrun.data.starting.arrays import FoundArrays, find_arrays_of
from kerasrun.data.starting.targets import MIN_ROWS, Classes, Wanted
from kerasrun.errors import InputError
from kerasrun.runs.starting.lines import remark, setting
from kerasrun.runs.starting.nets import dense_net, target_comment
from kerasrun.runs.starting.pictures import conv_net
from kerasrun.runs.starting.sections import Sections

WHITE = 255


def array_sections(path: Path, shown: str, target: str | None, wanted: Wanted) -> Sections:
    """The sections for arrays.

    Raises:
        InputError: see `find_arrays_of`; or the path is that of a lone .npy file.
    """
    if path.suffix.lower() == ".npy":
        raise InputError(f"{path}: is one array alone; name the folder where the target lies too, or an .npz file")
    found = find_arrays_of(path, target, wanted)
    part_lines, has_parts = _parts(found)
    what = "the class" if isinstance(found.target, Classes) else "numbers"
    title = f"Arrays: {what} in '{found.target_name}' of {path.name}, from '{found.inputs}'."
    data = [
        "data:",
        "  source: npz",
        *setting("path", shown, "from this file's folder"),
        *setting("inputs", [found.inputs], f"rows of {' × '.join(map(str, found.shape)) or '1'} {found.dtype}"),
        *setting("targets", [found.target_name], target_comment(found.target)),
        *_range(found),
        *part_lines,
    ]
    summary = f"{found.num_rows:,} training rows of {' × '.join(map(str, found.shape)) or '1'} {found.dtype}"
    if found.is_pictures:
        net = conv_net(found.target, found.num_rows, found.target_name, has_parts, found.shape, found.is_one_hot)
    else:
        net = dense_net(found.target, found.num_rows, found.target_name, has_parts, found.is_one_hot)
    return Sections(title, summary, data, net)


def _range(found: FoundArrays) -> list[str]:
    """How the inputs come into a small range, and become vectors."""
    lines = []
    if found.dtype.name == "uint8" and (found.is_pictures or found.largest > 1):
        lines += setting("scale", WHITE, "pixels from 0…255 to 0…1")
    elif not found.is_pictures:
        lines += setting("normalize", True, "each number to mean 0 and variance 1 of the training rows")
    if len(found.shape) > 1 and not found.is_pictures:
        lines += setting("flatten", True, "a row as one vector; for steps in time begin with LSTM or Conv1D instead")
    return lines


def _parts(found: FoundArrays) -> tuple[list[str], bool]:
    if found.is_sorted:
        words = "the last rows hold a class that none before them has: shuffle the file, then write validation: 0.2"
        return remark(words, 2), False
    if found.num_rows < MIN_ROWS:
        return remark(f"fewer than {MIN_ROWS} rows: none is kept apart; with more, write validation: 0.2", 2), False
    lines = setting("validation", 0.2, "the last fifth of the training rows, to stop by")
    if not found.has_test:
        names = f"{found.inputs}_test and {found.target_name}_test"
        lines += remark(f"to measure on rows apart, add {names} to the file", 2)
    return lines, True

"""Pictures of one's own: a folder for each class, or a table of file names and targets."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import ImagesSection
from kerasrun.data.augmentation import check_value_ranges
from kerasrun.data.dataset import Dataset
from kerasrun.data.filed import Listed, check_places, list_rows, note_others
from kerasrun.data.files.decoded import decode_all, decode_once, read_heads
from kerasrun.data.files.decoding import Form, Head
from kerasrun.data.files.folders import PICTURES, told
from kerasrun.data.files.pictures import find_listed, told_faults
from kerasrun.data.memory import check_memory
from kerasrun.data.pool import Pool, as_parts
from kerasrun.data.steps import Steps
from kerasrun.data.streamed import Stored
from kerasrun.errors import InputError

WHITE = 255.0


def check(config: Config) -> None:
    """Whether the folders and tables are there."""
    check_places(config, "pictures")


def load(config: Config) -> Dataset:
    """The pictures as rows of (height, width, channels) uint8, parted as the config wants."""
    data = config.data
    assert isinstance(data, ImagesSection)
    check_value_ranges(config, WHITE)
    listed = {name: _files(part, data) for name, part in list_rows(config, PICTURES, "pictures").items()}
    paths = [path for part in listed.values() for path in part.paths]
    form, damaged = _form(paths, data)
    size_bytes = len(paths) * int(np.prod(form.shape))
    is_streamed = data.streams(lambda: size_bytes)
    if is_streamed:
        x, decoded = np.arange(len(paths)), decode_once(paths, form)
        hashes, faults = decoded.hashes, decoded.faults
    else:
        check_memory(2 * size_bytes, f"{len(paths):,} pictures of {_words(form)}", "or set data.stream: true")
        (x, faults), hashes = decode_all(paths, form), None
    damaged = faults | damaged
    if damaged and not data.skip_damaged:
        raise InputError(told_faults([damaged[row] for row in sorted(damaged)], len(paths)))
    pools = _pools(listed, x, hashes, damaged)
    pool = pools.pop("path")
    parts = as_parts(pool, pools, config, listed["path"].classes)
    if is_streamed:
        # Any picture is read as fast as its neighbour.
        stored = Stored(decoded.read, int(np.prod(form.shape)), data.shuffle_window, scattered=True)
        parts = parts.each(stored.of)
    named = [f"damaged pictures, left out: {told([str(paths[row]) for row in sorted(damaged)])}"] if damaged else []
    notes = (*note_others(listed, "pictures"), *named, *parts.notes)
    divisor = WHITE if data.scale is True else float(data.scale) if data.scale else None
    steps = Steps(tuple(config.augment), divisor, flatten=data.flatten)
    columns = {"image": data.image, "target": data.target} if data.target else {}
    reading = {"pictures": form.to_dict(), "columns": columns, "one_hot": data.one_hot}
    return replace(parts, steps=steps, pixel_max=WHITE, reading=reading, notes=notes)


def _files(listed: Listed, data: ImagesSection) -> Listed:
    """With the files that a table names."""
    return listed if listed.table is None else replace(listed, paths=find_listed(listed.table, str(data.image)))


def _form(paths: list[Path], data: ImagesSection) -> tuple[Form, dict[int, str]]:
    """What the pictures become; where the config leaves size or colour open, their headers say it, if they agree.

    Returns:
        The form, and the faults of headers by the pictures' numbers.
    """
    heads: list[Head | None] = []
    faults: dict[int, str] = {}
    if data.size is None or data.color == "auto":
        heads, faults = read_heads(paths)
        if faults and (not data.skip_damaged or len(faults) == len(paths)):
            raise InputError(told_faults([faults[row] for row in sorted(faults)], len(paths)))
    known = [(head, path) for head, path in zip(heads, paths, strict=False) if head is not None]
    height, width = data.size or _shared_size(known)
    color = _shared_color(known) if data.color == "auto" else data.color
    return Form(height, width, color, data.resize, data.fit), faults


def _shared_size(known: list[tuple[Head, Path]]) -> tuple[int, int]:
    first, path = known[0]
    for head, other in known:
        if (head.height, head.width) != (first.height, first.width):
            raise InputError(
                f"{other}: is {head.height} × {head.width} pixels high and wide, and {path} is "
                f"{first.height} × {first.width}\nsay what all become, such as size: [{first.height}, {first.width}]"
            )
    return first.height, first.width


def _shared_color(known: list[tuple[Head, Path]]) -> Any:
    first, path = known[0]
    words = {"gray": "is grey", "rgb": "has colours"}
    for head, other in known:
        if head.color != first.color:
            raise InputError(
                f"{other}: {words[head.color]}, and {path} {words[first.color]}\n"
                "say what all become: color: gray, or color: rgb"
            )
    return first.color


def _pools(
    listed: Mapping[str, Listed], x: np.ndarray, hashes: np.ndarray | None, damaged: Mapping[int, str]
) -> dict[str, Pool]:
    """The rows of each place, without those that are damaged."""
    sound = np.array([row not in damaged for row in range(len(x))])
    pools, start = {}, 0
    for name, part in listed.items():
        stop = start + len(part.paths)
        kept = np.flatnonzero(sound[start:stop])
        if not len(kept):
            raise InputError(f"{name}: all {len(part.paths):,} pictures are damaged")
        pool = part.pool(x[start:stop], None if hashes is None else hashes[start:stop])
        pools[name], start = pool if len(kept) == len(pool) else pool.take(kept), stop
    return pools


def _words(form: Form) -> str:
    return " × ".join(map(str, form.shape))

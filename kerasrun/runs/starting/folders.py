"""The starter for a folder with a folder of pictures or texts for each class."""

from pathlib import Path

from kerasrun.data.starting.choosing import WantedSource
from kerasrun.data.starting.folders import FoundPictures, find_folder
from kerasrun.errors import InputError
from kerasrun.runs.starting.lines import setting
from kerasrun.runs.starting.nets import counts_of
from kerasrun.runs.starting.parting import part_rows
from kerasrun.runs.starting.pictures import conv_net
from kerasrun.runs.starting.sections import Sections
from kerasrun.runs.starting.texts import text_net


def folder_sections(path: Path, shown: str, target: str | None, source: WantedSource) -> Sections:
    """The sections for a folder of classes.

    Raises:
        InputError: see `find_folder`; or a target is named, which folders have not, or the source of a table.
    """
    if target is not None:
        raise InputError(f"--target {target}: the folders in {path} say the classes; leave it out")
    if source in ("csv", "series"):
        raise InputError(f"--source {source}: {path} is a folder; name a table")
    found = find_folder(path, {"images": "pictures", "text": "texts"}.get(source))
    num_rows, pictures = len(found.target.labels), found.pictures
    kind = "texts" if pictures is None else "pictures"
    parting = part_rows(found.target, num_rows)
    data = [
        "data:",
        f"  source: {'text' if pictures is None else 'images'}",
        *setting("path", shown, f"a folder for each class: {counts_of(found.target)}"),
        *(form_lines(pictures) if pictures else []),
        *parting.lines,
    ]
    if pictures is None:
        net = text_net(found.target, num_rows, parting.has_parts)
    else:
        net = conv_net(found.target, num_rows, "the class", parting.has_parts, pictures.shape)
    summary = f"{num_rows:,} {kind} of {len(found.target.counts):,} classes"
    return Sections(f"{kind.capitalize()} in {path.name}/, by class.", summary, data, net)


def form_lines(found: FoundPictures) -> list[str]:
    """What pictures become."""
    comment = "all have this height and width" if found.is_one_size else "height and width that all become"
    lines = setting("size", list(found.size), comment)
    lines += setting("color", found.color, "" if found.is_one_color else "some are otherwise, and are converted")
    if found.damaged:
        lines += setting("skip_damaged", True, f"{len(found.damaged):,} cannot be read, such as {found.damaged[0]}")
    return lines

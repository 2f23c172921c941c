"""The starter for a folder with a folder of pictures or texts for each class."""

from pathlib import Path

from kerasrun.data.starting.folders import FoundFolder, find_folder
from kerasrun.errors import InputError
from kerasrun.runs.starting.lines import setting
from kerasrun.runs.starting.nets import counts_of
from kerasrun.runs.starting.parting import part_rows
from kerasrun.runs.starting.pictures import conv_net
from kerasrun.runs.starting.sections import Sections
from kerasrun.runs.starting.texts import text_net


def folder_sections(path: Path, shown: str, target: str | None) -> Sections:
    """The sections for a folder of classes.

    Raises:
        InputError: see `find_folder`; or a target is named, which folders have not.
    """
    if target is not None:
        raise InputError(f"--target {target}: the folders in {path} say the classes; leave it out")
    found = find_folder(path)
    num_rows, kind = len(found.target.labels), "texts" if found.size is None else "pictures"
    parting = part_rows(found.target, num_rows)
    data = [
        "data:",
        f"  source: {'text' if found.size is None else 'images'}",
        *setting("path", shown, f"a folder for each class: {counts_of(found.target)}"),
        *_form(found),
        *parting.lines,
    ]
    if found.size is None:
        net = text_net(found.target, num_rows, parting.has_parts)
    else:
        shape = (*found.size, 3 if found.color == "rgb" else 1)
        net = conv_net(found.target, num_rows, "the class", parting.has_parts, shape)
    summary = f"{num_rows:,} {kind} of {len(found.target.counts):,} classes"
    return Sections(f"{kind.capitalize()} in {path.name}/, by class.", summary, data, net)


def _form(found: FoundFolder) -> list[str]:
    if found.size is None:
        return []
    comment = "all have this height and width" if found.is_one_size else "height and width that all become"
    lines = setting("size", list(found.size), comment)
    lines += setting("color", found.color, "" if found.is_one_color else "some are otherwise, and are converted")
    if found.damaged:
        lines += setting("skip_damaged", True, f"{len(found.damaged):,} cannot be read, such as {found.damaged[0]}")
    return lines

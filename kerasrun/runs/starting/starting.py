"""From data of the user's own to a commented config that trains on it at once."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from kerasrun.config.faults import similar_file
from kerasrun.data.files.array_rows import are_arrays
from kerasrun.data.starting.choosing import WantedSource
from kerasrun.data.starting.targets import Wanted
from kerasrun.errors import InputError
from kerasrun.runs.starting.lines import HEAD, remark, setting
from kerasrun.runs.starting.sections import Sections


@dataclass(frozen=True)
class Starter:
    """A config as text, comments and all, and what it was found from in a line."""

    text: str
    summary: str


def start_config(
    written: str, target: str | None, wanted: Wanted, target_file: str, source: WantedSource = "auto"
) -> Starter:
    """A starter for a table, a folder of files or arrays.

    Args:
        written: the path of the data.
        target: the column to be predicted, or the array; None where folders say it.
        wanted: what the target is, where the user says it.
        target_file: the file that the config is for, from whose folder the data's path starts; `-` for none.
        source: what is to be learned from, where the user says it.

    Raises:
        InputError: the data cannot be read, the target is not there, or a training on it would not begin.
    """
    path = Path(written)
    if not path.exists():
        raise InputError(f"{path}: no such file or folder{similar_file(path)}")
    folder = Path() if target_file == "-" else Path(target_file).parent
    sections = _sections(path, _from_folder(path, folder), target, wanted, source)
    name = _experiment(path)
    text = "\n".join([*_head(sections, name, target_file), *sections.data, "", *sections.net]) + "\n"
    return Starter(text, sections.summary)


def _sections(path: Path, shown: str, target: str | None, wanted: Wanted, source: WantedSource) -> Sections:
    # Each needs a library of its own, which need not be loaded for the others.
    if are_arrays(path):
        from kerasrun.runs.starting.arrays import array_sections

        if source != "auto":
            raise InputError(f"--source {source}: {path} holds arrays, whose source is npz; leave it out")
        return array_sections(path, shown, target, wanted)
    if path.is_dir():
        from kerasrun.runs.starting.folders import folder_sections

        return folder_sections(path, shown, target, source)
    return _from_table(path, shown, target, wanted, source)


def _from_table(path: Path, shown: str, target: str | None, wanted: Wanted, source: WantedSource) -> Sections:
    from kerasrun.data.starting.choosing import choose_source
    from kerasrun.data.starting.series import is_series
    from kerasrun.data.starting.tables import find_table, open_table

    table, encoding, name = open_table(path, target)
    if source == "series" or (source == "auto" and is_series(table, name, wanted)):
        from kerasrun.runs.starting.series import series_sections

        if wanted == "classes":
            raise InputError(f"{path}: --source series: a series is of numbers; leave out --target-type classes")
        return series_sections(path, shown, table, name)
    found = find_table(table, encoding, name, wanted)
    chosen = choose_source(found, path) if source == "auto" else source
    if chosen == "csv":
        from kerasrun.runs.starting.tables import table_sections

        return table_sections(path, shown, found)
    from kerasrun.runs.starting.listed import picture_sections, text_sections

    return (picture_sections if chosen == "images" else text_sections)(path, shown, found)


def _head(sections: Sections, name: str, target_file: str) -> list[str]:
    file = "config.yaml" if target_file == "-" else Path(target_file).name
    return [
        *HEAD.splitlines(),
        "",
        *remark(sections.title),
        *remark(f"Found: {sections.summary}. What was decided by a rule says so; change what you know better."),
        "#",
        f"#   kerasrun data {file:24} look at the data first",
        f"#   kerasrun train {file:23} then train",
        "",
        *setting("name", name, f"runs are kept in outputs/{name}/", 0),
        *setting("seed", 42, "the same seed gives the same weights, to the bit", 0),
        "",
    ]


def _experiment(path: Path) -> str:
    """What runs are kept under: the name of the data, in letters that any folder may have."""
    stem = path.resolve().name.split(".")[0] or "run"
    return re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-_") or "run"


def _from_folder(path: Path, folder: Path) -> str:
    """The path of the data as it is written in a config of a folder."""
    return str(path) if path.is_absolute() else os.path.relpath(path, folder)

"""Where predictions are written to: never over what they were made from, nor over what a run has recorded."""

import glob
from collections.abc import Iterable
from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.runs.models.opened import ModelFile
from kerasrun.runs.store.noting import check_not_recorded

# A name without an ending is one of a table too.
ENDINGS = ("", ".csv", ".tsv", ".txt", ".npz")


def check_target(target: str | Path, read: Iterable[Path] = ()) -> Path:
    """The path of a file for predictions.

    Args:
        read: what the predictions are made from.

    Raises:
        InputError: it is no name for such a file, or would replace what was read or is part of a run.
    """
    path = Path(target).expanduser()
    if not str(target).strip() or path.is_dir():
        raise InputError(f"-o {str(target)!r}: is a folder or nothing; name a file, such as predictions.csv")
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"-o {target}: predictions are written as .csv, .tsv or .npz, not as {path.suffix}")
    if path.exists() and path.resolve() in {file.resolve() for file in read}:
        raise InputError(f"-o {target}: the predictions are made from this file; choose another name")
    check_not_recorded(path)
    return path


def sources_of(opened: ModelFile, data: Iterable[str | Path]) -> list[Path]:
    """The files that predictions are made from, and those that the model was."""
    section = opened.config.data if opened.config else None
    items = [*map(str, data), str(opened.path)]
    for name in ("path", "test", "validation"):
        written = getattr(section, name, None)
        items += [item for item in (written if isinstance(written, list) else [written]) if isinstance(item, str)]
    return [Path(name) for item in items for name in (glob.glob(item) or [item])]  # noqa: PTH207 (patterns may be absolute)

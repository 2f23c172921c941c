"""New run folders: named so that they stay in the output folder, and known to be writable before the first step."""

import shutil
import time
from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.runs.store.files import write_whole
from kerasrun.runs.store.folder import RunFolder, output_folder
from kerasrun.runs.store.owner import is_owned

MIN_FREE_BYTES = 20_000_000


def create_run(experiment: str, name: str | None, output: str | Path | None = None) -> RunFolder:
    """Make the folder of a new run, and find out now whether it can be written.

    Args:
        name: the run's name; None to name it by the time.

    Raises:
        InputError: the name is taken or no name for a folder, the folder cannot be written, or the disk is full.
    """
    if name is not None:
        check_name(name)
    parent = output_folder(output) / experiment
    try:
        parent.mkdir(parents=True, exist_ok=True)
        path = _make(parent, name)
        write_whole(path / ".writable", b"\0" * 4096)
        (path / ".writable").unlink(missing_ok=True)
        free = shutil.disk_usage(path).free
    except FileExistsError as error:
        if error.filename and name is not None and Path(error.filename) == parent / name:
            message = f"{parent / name}: this run exists already, and runs are never overwritten; choose another --name"
            raise InputError(message) from None
        raise InputError(
            f"{error.filename}: is a file where a folder for runs is needed; choose another --output"
        ) from None
    except OSError as error:
        raise InputError(
            f"{parent}: cannot be written: {error.strerror}; choose another folder with --output"
        ) from None
    if free < MIN_FREE_BYTES:
        RunFolder(path).remove()
        raise InputError(
            f"{parent}: only {free / 1e6:.0f} MB are free on this disk; make room or choose another --output"
        )
    return RunFolder(path)


def check_room(run: RunFolder, size_bytes: int) -> None:
    """Whether there is room for what a run will write.

    Raises:
        InputError: there is not.
    """
    free, needed = shutil.disk_usage(run.path).free, MIN_FREE_BYTES + size_bytes
    if free < needed:
        raise InputError(
            f"{run.path.parent}: this run needs about {needed / 1e6:,.0f} MB for model and checkpoints, and only "
            f"{free / 1e6:,.0f} MB are free; make room or choose another --output"
        )


def check_name(name: str) -> None:
    """Whether a name can name a run.

    Raises:
        InputError: it could leave the output folder, or means something else.
    """
    if (
        not name
        or name in (".", "..", "latest")
        or name[0] in "@.-"
        or not name.isprintable()
        or any(c in name for c in "/\\")
    ):
        raise InputError(f"--name {name!r}: cannot name a run; use letters, digits, '-', '_' and '.'")


def _make(parent: Path, name: str | None) -> Path:
    if name is not None:
        (parent / name).mkdir(exist_ok=_never_began(RunFolder(parent / name)))
        return parent / name
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for ending in ["", *(f"-{number}" for number in range(2, 1000))]:
        try:
            (parent / (stamp + ending)).mkdir()
        except FileExistsError:
            continue
        return parent / (stamp + ending)
    raise InputError(f"{parent}: a thousand runs began within this second")


def _never_began(run: RunFolder) -> bool:
    """Whether a folder is what a process left that was killed before its run began, such as while it read the data."""
    return run.path.is_dir() and all(path.name[0] == "." for path in run.path.iterdir()) and not is_owned(run)

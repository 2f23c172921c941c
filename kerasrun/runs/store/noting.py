"""Files that are written into a run that has ended, and those that are not to be."""

from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.runs.store.files import sha256
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import is_owned


def note_files(run: RunFolder, written: list[Path]) -> None:
    """Let a run that has ended know its new files, so that they are not taken for damaged ones."""
    manifest = run.read_manifest()
    if "files" in manifest and not is_owned(run):
        manifest["files"] |= {path.relative_to(run.path).as_posix(): sha256(path) for path in written}
        run.write_manifest(manifest)


def check_not_recorded(path: Path) -> None:
    """Whether a file may be replaced as far as runs are concerned.

    Raises:
        InputError: a run has recorded it.
    """
    for folder in path.resolve().parents[:2]:
        name = path.resolve().relative_to(folder).as_posix()
        if name in RunFolder(folder).read_manifest().get("files", ()):
            raise InputError(f"{path}: is a file of the run {folder}; choose another name")

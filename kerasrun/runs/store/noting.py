"""Files that are written into a run that has ended."""

from pathlib import Path

from kerasrun.runs.store.files import sha256
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import is_owned


def note_files(run: RunFolder, written: list[Path]) -> None:
    """Let a run that has ended know its new files, so that they are not taken for damaged ones."""
    manifest = run.read_manifest()
    if "files" in manifest and not is_owned(run):
        manifest["files"] |= {path.relative_to(run.path).as_posix(): sha256(path) for path in written}
        run.write_manifest(manifest)

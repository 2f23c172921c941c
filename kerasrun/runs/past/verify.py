"""Whether the files of a run are as they were written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError
from kerasrun.report.history import load_history
from kerasrun.runs.store.files import fault_of
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.folder import RunFolder


def verify_run(reference: str, output: str | Path | None = None) -> tuple[RunFolder, list[str], int]:
    """Compare every file of a run with what its manifest says.

    Returns:
        The run, what is not right (nothing: all is), and how many files were compared.

    Raises:
        InputError: there is no such run, or its manifest itself is not as it was written.
    """
    run = find_run(reference, output)
    manifest = run.sound_manifest()
    expected = _expected(manifest)
    faults = [f"{name} {fault}" for name, digest in expected.items() if (fault := fault_of(run.path, name, digest))]
    if not run.holds_own_config():
        faults.append("config.yaml is not as it was written" if run.config.exists() else "config.yaml is missing")
    there = {path.relative_to(run.path).as_posix() for path in run.files()}
    if manifest["status"] != "running":
        faults += [f"{name} is not one of this run's files" for name in sorted(there - expected.keys() - OWN)]
    faults += _history_faults(run)
    return run, faults, len(expected) + 1


# Files that are looked at apart: the manifest itself, what bears its own hash, and what may be about to change.
OWN = {"manifest.json", "history.json", "config.yaml"}


def _expected(manifest: dict[str, Any]) -> dict[str, str]:
    checkpoints = {f"checkpoints/{entry['file']}": entry["sha256"] for entry in manifest.get("checkpoints", [])}
    imports = {f"imports/{name}": digest for name, digest in manifest.get("imports", {}).items()}
    expected = imports | checkpoints | manifest.get("files", {})
    return {name: digest for name, digest in expected.items() if name != "config.yaml"}


def _history_faults(run: RunFolder) -> Iterator[str]:
    """A history bears its own hash, so that it can be read while the run goes on."""
    if run.history.is_file():
        try:
            load_history(run.history)
        except InputError as error:
            yield str(error).removeprefix(f"{run.path}/")

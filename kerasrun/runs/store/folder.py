"""Run folders: made for a new run, found by path, by name, or as `latest`."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError
from kerasrun.runs.store.files import json_text, sealed, sha256, unsealed, write_whole

# A manifest of more is none.
MAX_MANIFEST_BYTES = 20_000_000


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run, `<output>/<experiment>/<run>`, and the files in it."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "config.yaml"

    @property
    def model(self) -> Path:
        return self.path / "model.keras"

    @property
    def history(self) -> Path:
        return self.path / "history.json"

    @property
    def metrics(self) -> Path:
        return self.path / "metrics.json"

    @property
    def results(self) -> Path:
        return self.path / "results.npz"

    @property
    def reading(self) -> Path:
        return self.path / "reading.json"

    @property
    def initial_filters(self) -> Path:
        return self.path / "initial_filters.npz"

    @property
    def structure(self) -> Path:
        return self.path / "model.json"

    @property
    def report(self) -> Path:
        return self.path / "report.html"

    @property
    def manifest(self) -> Path:
        return self.path / "manifest.json"

    @property
    def plots(self) -> Path:
        return self.path / "plots"

    @property
    def log(self) -> Path:
        return self.path / "log.txt"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def saves(self) -> Path:
        return self.checkpoints / "saves.json"

    @property
    def lock(self) -> Path:
        return self.path / ".lock"

    @property
    def progress(self) -> Path:
        return self.path / ".progress.json"

    def write_log(self, lines: list[str]) -> None:
        """Append lines to the run's log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write("".join(line + "\n" for line in lines))

    def read_manifest(self) -> dict[str, Any]:
        """The run's manifest; empty where there is none that can be read, or where it was altered."""
        try:
            return self.sound_manifest()
        except InputError:
            return {}

    def sound_manifest(self) -> dict[str, Any]:
        """The run's manifest.

        Raises:
            InputError: there is none, or it is not as it was written.
        """
        try:
            with open(f"{self.path}/manifest.json", "rb") as file:  # noqa: PTH123 - of thousands Path takes its time
                text = file.read(MAX_MANIFEST_BYTES).decode("utf-8")
            rest = unsealed(text)
            manifest = json.loads(text if rest is None else rest)
            if rest is None and text != json_text(_sealed_by_values(manifest)):
                raise InputError(f"{self.manifest}: is not as kerasrun wrote it: damaged, or altered by hand")
        except OSError as error:
            raise InputError(f"{self.manifest}: cannot be read: {error.strerror}") from None
        except (ValueError, AttributeError, TypeError, RecursionError):
            raise InputError(f"{self.manifest}: is damaged") from None
        return dict(manifest)

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Replace the run's manifest; a hash in it shows whether it is whole."""
        write_whole(self.manifest, sealed(json_text(manifest)))

    def holds_own_config(self) -> bool:
        """Whether the config.yaml here is the one that the manifest here speaks of."""
        manifest = self.read_manifest()
        known = (manifest.get("config_sha256"), manifest.get("next_config_sha256"))
        return self.config.is_file() and sha256(self.config) in known

    def files(self) -> list[Path]:
        """All files of the run, sorted; not those being written, nor those that are there only while it goes on."""
        found = (path for path in self.path.rglob("*") if path.is_file() and ".partial." not in path.name)
        return sorted(path for path in found if path not in (self.lock, self.progress))

    def remove_partial_files(self) -> None:
        """Remove what a process that was killed was just writing."""
        for path in self.path.rglob("*.partial.*"):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove a run that never began, and its experiment's folder if that is then empty."""
        shutil.rmtree(self.path, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.path.parent.rmdir()


def _sealed_by_values(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest as it was sealed once: with a hash of its values. It is taken out of the one that is given."""
    manifest.pop("sha256", None)
    return manifest | {"sha256": hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()}


def output_folder(output: str | Path | None = None) -> Path:
    """Where runs are kept: the folder given, else $KERASRUN_OUTPUT_DIR, else `outputs` here."""
    return Path(output or os.environ.get("KERASRUN_OUTPUT_DIR") or "outputs").expanduser()


def check_output_folder(output: str | Path | None = None) -> None:
    """Whether the folder of runs is one; `outputs`, which nobody named, need not be there yet.

    Raises:
        InputError: it is a file, or one that was named is not there.
    """
    root, variable = output_folder(output), "" if output else os.environ.get("KERASRUN_OUTPUT_DIR", "")
    namer = "; KERASRUN_OUTPUT_DIR names it" if variable else ""
    if root.is_file():
        raise InputError(f"{root}: is a file, not a folder of runs{namer}")
    if (output or variable) and not root.exists():
        raise InputError(f"{root}: no such folder{namer}")


def all_runs(output: str | Path | None = None) -> Iterator[RunFolder]:
    """Every run under the output folder, in no order; not those in folders that others keep to themselves.

    Raises:
        InputError: the output folder cannot be read.
    """
    for path in run_paths(output):
        if os.path.isfile(f"{path}/manifest.json"):  # noqa: PTH113 - for thousands Path takes its time
            yield RunFolder(Path(path))


def run_paths(output: str | Path | None = None) -> Iterator[str]:
    """The folders that are runs if they have a manifest; see `all_runs`."""
    root = output_folder(output)
    try:
        experiments = _folders(root)
    except PermissionError as error:
        raise InputError(f"{root}: cannot be read: {error.strerror}") from None
    for experiment in experiments:
        with contextlib.suppress(PermissionError):
            yield from _folders(experiment)


def _folders(path: str | Path) -> list[str]:
    """The folders in a folder; none in one that is not there."""
    try:
        with os.scandir(path) as entries:
            return [entry.path for entry in entries if entry.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []

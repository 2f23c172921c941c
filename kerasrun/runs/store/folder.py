"""Run folders: made for a new run, found by path, by name, or as `latest`."""

import contextlib
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError
from kerasrun.runs.store.files import json_text, sha256, write_whole

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
            with self.manifest.open(encoding="utf-8") as file:
                text = file.read(MAX_MANIFEST_BYTES)
            manifest = json.loads(text)
            manifest.pop("sha256", None)
        except OSError as error:
            raise InputError(f"{self.manifest}: cannot be read: {error.strerror}") from None
        except (ValueError, AttributeError, RecursionError):
            raise InputError(f"{self.manifest}: is damaged") from None
        if text != json_text(_sealed(manifest)):
            raise InputError(f"{self.manifest}: is not as kerasrun wrote it: damaged, or altered by hand")
        return manifest

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Replace the run's manifest; a hash in it shows whether it is whole."""
        write_whole(self.manifest, json_text(_sealed(manifest)))

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


def _sealed(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest with a hash of all else that stands in it."""
    return manifest | {"sha256": hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()}


def output_folder(output: str | Path | None = None) -> Path:
    """Where runs are kept: the folder given, else $KERASRUN_OUTPUT_DIR, else `outputs` here."""
    return Path(output or os.environ.get("KERASRUN_OUTPUT_DIR") or "outputs").expanduser()

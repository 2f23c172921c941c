"""Run folders: made for a new run, found by path, by name, or as `latest`."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.config.faults import closest
from kerasrun.errors import InputError
from kerasrun.runs.files import json_text, sha256, write_whole

MIN_FREE_BYTES = 20_000_000

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
        """All files of the run, sorted; not those being written."""
        found = (path for path in self.path.rglob("*") if path.is_file() and ".partial." not in path.name)
        return sorted(path for path in found if path != self.lock)

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
        (path / ".writable").unlink()
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
        (parent / name).mkdir()
        return parent / name
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for ending in ["", *(f"-{number}" for number in range(2, 1000))]:
        try:
            (parent / (stamp + ending)).mkdir()
        except FileExistsError:
            continue
        return parent / (stamp + ending)
    raise InputError(f"{parent}: a thousand runs began within this second")


def all_runs(output: str | Path | None = None) -> Iterator[RunFolder]:
    """Every run under the output folder, in no order."""
    root = output_folder(output)
    for experiment in root.iterdir() if root.is_dir() else ():
        for path in experiment.iterdir() if experiment.is_dir() else ():
            if (path / "manifest.json").is_file():
                yield RunFolder(path)


def _newest(runs: list[RunFolder]) -> RunFolder:
    return max(runs, key=lambda run: (run.read_manifest().get("started", ""), run.path.name))


def find_run(reference: str, output: str | Path | None = None) -> RunFolder:
    """A run by its folder, `experiment/run`, its name, its experiment's name (its latest), or `latest`.

    Raises:
        InputError: there is no such run, or several bear the name.
    """
    path = Path(reference).expanduser()
    for folder in (path, output_folder(output) / reference):
        if (folder / "manifest.json").is_file():
            return RunFolder(folder)
    runs = list(all_runs(output))
    if not runs:
        raise InputError(f"'{reference}' is no file, and there are no runs in {output_folder(output)}")
    if reference == "latest":
        return _newest(runs)
    named = [run for run in runs if run.path.name == reference]
    if len(named) > 1:
        choices = ", ".join(sorted(f"{run.path.parent.name}/{run.path.name}" for run in named))
        raise InputError(f"several runs are called '{reference}': {choices}")
    of_experiment = [run for run in runs if run.path.parent.name == reference]
    if not named and not of_experiment:
        names = {run.path.name for run in runs} | {run.path.parent.name for run in runs}
        hint = closest(reference, names) or f"the runs are in {output_folder(output)}"
        raise InputError(f"no file and no run is called '{reference}'; {hint}")
    return named[0] if named else _newest(of_experiment)


def find_file(reference: str | Path, file_name: str, output: str | Path | None = None) -> Path:
    """The path of a file, or of the file of that name in a run: `model.keras`, `history.json`.

    Raises:
        InputError: there is neither.
    """
    path = Path(reference)
    try:
        path = path.expanduser()
        path.stat()
    except (RuntimeError, ValueError):
        raise InputError(f"{str(reference)[:80]!r}: is no path") from None
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR):
            raise InputError(f"{str(reference)[:80]}: cannot be read: {error.strerror}") from None
    if path.is_file():
        return path
    if path.is_dir():
        if (path / file_name).is_file():
            return path / file_name
        raise InputError(f"{path}: is a folder without a {file_name} in it")
    if path.suffix in (".keras", ".json", ".h5") or len(path.parts) > 2:
        raise InputError(f"{path}: no such file")
    run = find_run(str(reference), output)
    if not (run.path / file_name).is_file():
        raise InputError(f"{run.path}: this run has no {file_name} ({run.read_manifest().get('status', 'unknown')})")
    return run.path / file_name

"""Runs and their files, found by path, by name, or as `latest`."""

import errno
from pathlib import Path

from kerasrun.config.faults import closest, similar_file
from kerasrun.errors import InputError
from kerasrun.runs.store.folder import RunFolder, all_runs, output_folder
from kerasrun.runs.store.index import Manifest, read_manifests
from kerasrun.runs.store.owner import state_of, way_on


def find_run(reference: str, output: str | Path | None = None) -> RunFolder:
    """A run by its folder, `experiment/run`, its name, its experiment's name (its latest), or `latest`.

    Raises:
        InputError: there is no such run, or several bear the name.
    """
    try:
        folders = [path for path in (Path(reference).expanduser(), output_folder(output) / reference) if path.is_dir()]
        for folder in folders:
            if (folder / "manifest.json").is_file():
                return RunFolder(folder)
    except (RuntimeError, OSError):
        raise InputError(f"{reference[:80]!r}: is no path") from None
    runs = list(all_runs(output))
    no_run = f"{folders[0]}: this folder has no manifest.json, so it is no run" if folders else ""
    if not runs:
        raise InputError(no_run or f"'{reference}' is no file, and there are no runs in {output_folder(output)}")
    if reference == "latest":
        return _newest(read_manifests(output))
    named = [run for run in runs if run.path.name == reference]
    if len(named) > 1:
        choices = ", ".join(sorted(f"{run.path.parent.name}/{run.path.name}" for run in named))
        raise InputError(f"several runs are called '{reference}': {choices}")
    of_experiment = [run for run in runs if run.path.parent.name == reference]
    if not named and not of_experiment:
        names = {run.path.name for run in runs} | {run.path.parent.name for run in runs}
        hint = closest(reference, names) or f"the runs are in {output_folder(output)}"
        raise InputError(no_run or f"no file and no run is called '{reference}'; {hint}")
    return named[0] if named else _newest([(run, run.read_manifest()) for run in of_experiment])


def _newest(runs: list[tuple[RunFolder, Manifest]]) -> RunFolder:
    return max(runs, key=lambda found: (found[1].get("started", ""), found[0].path.name))[0]


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
    if (path / file_name).is_file():
        return path / file_name
    if path.is_dir() and not (path / "manifest.json").is_file():
        raise InputError(f"{path}: is a folder without a {file_name} in it")
    if not path.is_dir() and (path.suffix in (".keras", ".json", ".h5") or len(path.parts) > 2):
        raise InputError(f"{path}: no such file{similar_file(path)}")
    run = find_run(str(reference), output)
    if not (run.path / file_name).is_file():
        state = state_of(run, run.read_manifest())
        raise InputError(f"{run.path}: this run has no {file_name} ({state}){way_on(run, state)}")
    return run.path / file_name

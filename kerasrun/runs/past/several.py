"""Several runs at once: found by names and patterns, and called by what tells them apart."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.folder import RunFolder, all_runs


def find_runs(references: Sequence[str], output: str | Path | None = None) -> list[RunFolder]:
    """Runs by their folders, their names, `latest`, or patterns of names such as `digits/*`; each once, in order.

    What a pattern finds comes in the order in which the runs began.

    Raises:
        InputError: there is no such run, or a pattern fits none.
    """
    found: dict[Path, RunFolder] = {}
    for reference in references:
        for run in matching_runs(reference, output) or [find_run(reference, output)]:
            found.setdefault(run.path.resolve(), run)
    return list(found.values())


def matching_runs(pattern: str, output: str | Path | None = None) -> list[RunFolder]:
    """The runs whose names or folders a pattern fits, in the order in which they began; none for what is no pattern.

    Raises:
        InputError: it is a pattern, and fits none.
    """
    if not any(sign in pattern for sign in "*?[") or Path(pattern).exists():
        return []

    def names(run: RunFolder) -> tuple[str, ...]:
        return run.path.name, f"{run.path.parent.name}/{run.path.name}", str(run.path)

    runs = [run for run in all_runs(output) if any(fnmatchcase(name, pattern.rstrip("/")) for name in names(run))]
    if not runs:
        raise InputError(f"no run is called like '{pattern}'; kerasrun runs lists those that there are")
    return sorted(runs, key=lambda run: (run.read_manifest().get("started", ""), str(run.path)))


def short_names(paths: Sequence[Path]) -> list[str]:
    """The shortest ends of paths that tell them apart: those in one folder by their names, others as `folder/name`."""
    same_parent = len({path.resolve().parent for path in paths}) == 1
    return _ends(paths, 1 if same_parent else 2)


def run_names(runs: Sequence[RunFolder]) -> list[str]:
    """What commands and lists call runs, `experiment/run`, with more of their paths where that is the same."""
    return _ends([run.path for run in runs], 2)


def _ends(paths: Sequence[Path], least: int) -> list[str]:
    parts = [path.resolve().parts for path in paths]
    for length in range(least, max(map(len, parts), default=0) + 1):
        names = ["/".join(path[-length:]) for path in parts]
        if len(set(names)) == len(names):
            return names
    return [str(path) for path in paths]

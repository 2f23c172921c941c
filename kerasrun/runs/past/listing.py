"""The runs in an output folder, and how each stands."""

from dataclasses import dataclass
from pathlib import Path

from kerasrun.runs.store.finding import all_runs
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import state_of


@dataclass(frozen=True)
class Listed:
    """A run in a list.

    Args:
        state: `running`, `finished`, `interrupted`, `failed`; `broken off` where its process died without a word;
            `damaged` where its manifest cannot be read.
        started: in UTC, `2026-01-31T23:59:59.999Z`, or "".
        figures: those of its best epoch, if it is finished.
    """

    path: Path
    experiment: str
    name: str
    state: str
    started: str
    figures: dict[str, float]


def list_runs(output: str | Path | None = None) -> list[Listed]:
    """All runs under the output folder, the newest first."""
    return sorted(map(_listed, all_runs(output)), key=lambda run: (run.started, run.name), reverse=True)


def _listed(run: RunFolder) -> Listed:
    manifest = run.read_manifest()
    figures = manifest.get("figures", {})
    return Listed(
        run.path, run.path.parent.name, run.path.name, state_of(run, manifest), manifest.get("started", ""), figures
    )

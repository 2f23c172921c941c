"""Checkpoints of a run: all that a training is at one moment, each a file that appears whole; the last two are kept."""

import dataclasses
import time
from pathlib import Path
from typing import Any

from kerasrun.runs.store.files import sha256, whole_file
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.packed import read_packed, write_packed

# Where the config says `auto`: so often, at the end of epochs that are so long, and for at most this share of the time.
EVERY_S, LONG_EPOCH_S, SHARE = 30.0, 10.0, 0.02
NUM_KEPT = 2

# What a first checkpoint is taken to cost.
SYNC_S, BYTES_PER_S = 0.03, 2e8


class Clock:
    """When a checkpoint is due.

    Args:
        every_s: seconds between two; None for the rule above.
        size_bytes: how much one holds, for a guess at what the first will take.
    """

    def __init__(self, every_s: float | None, size_bytes: int = 0) -> None:
        self.every_s = every_s
        self.last, self.cost_s = time.monotonic(), SYNC_S + size_bytes / BYTES_PER_S

    def is_due(self, epoch_ended: bool, is_done: bool = False) -> bool:
        """Whether it is time for one: within an epoch, at its end, or at the end of the training."""
        elapsed = time.monotonic() - self.last
        if self.every_s is not None:
            return elapsed >= self.every_s
        wait = 0.0 if is_done else LONG_EPOCH_S if epoch_ended else EVERY_S
        return elapsed >= max(wait, self.cost_s / SHARE)

    def done(self, begun: float) -> None:
        """One was written, from `begun` until now."""
        self.last = time.monotonic()
        self.cost_s = self.last - begun


def write_checkpoint(run: RunFolder, number: int, tree: dict[str, Any]) -> dict[str, Any]:
    """Write one; what the manifest is to say of it."""
    run.checkpoints.mkdir(exist_ok=True)
    path = run.checkpoints / f"{number:06d}.npz"
    with whole_file(path) as aside:
        write_packed(aside, tree)
        digest = sha256(aside)
    place = tree["place"]
    return {"file": path.name, "sha256": digest, "epoch": place["epoch"], "step": place["step"]}


def read_newest(run: RunFolder, entries: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, list[str]]:
    """The newest checkpoint that is as it was written, or None; and the names of those that are not.

    Args:
        entries: what the manifest says of them, the oldest first.
    """
    damaged: list[str] = []
    for entry in reversed(entries):
        path = run.checkpoints / Path(entry["file"]).name
        try:
            if sha256(path) == entry["sha256"]:
                return read_packed(path), damaged
        except (OSError, ValueError):
            pass
        damaged.append(path.name)
    return None, damaged


def remove_others(run: RunFolder, entries: list[dict[str, Any]]) -> None:
    """Remove the checkpoints that the manifest does not know, or no longer."""
    kept = {entry["file"] for entry in entries}
    for path in run.checkpoints.glob("*.npz"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def state_tree(state: Any) -> dict[str, Any]:
    """A loop's state as plain values."""
    return {
        "place": dataclasses.asdict(state.place),
        "variables": state.variables,
        "memories": state.memories,
    }


def state_of(tree: dict[str, Any]) -> Any:
    """The loop's state in a checkpoint."""
    from kerasrun.training.state import Place, State

    return State(Place(**tree["place"]), tree["variables"], tree["memories"])

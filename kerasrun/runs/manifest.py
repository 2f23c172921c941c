"""What a run says of itself in manifest.json, written anew whenever it changes."""

import hashlib
import time
from typing import Any

import kerasrun
from kerasrun.config.yaml_text import write_yaml
from kerasrun.runs.prepared import Prepared
from kerasrun.runs.store import checkpoints
from kerasrun.runs.store.files import sha256, write_whole
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.summary import summarise

# What is said only of a run that has ended.
ENDED = ("next_config_sha256", "ended", "error", "exit_code", "stopped", "time_s", "files", "figures", "results")


class Manifest:
    """The manifest of a run that is going on."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self.values: dict[str, Any] = {}

    def begin(self, prepared: Prepared, started: float) -> None:
        """What is known of a run before its first step."""
        config, data = prepared.config, prepared.data
        rows = {part: len(rows) for part, rows in data.parts().items()}
        self._write(
            {
                "kerasrun": kerasrun.__version__,
                "name": config.name,
                "run": self.run.path.name,
                "status": "running",
                "started": timestamp(started),
                "seed": config.seed,
                "summary": summarise(config),
                "environment": prepared.environment,
                "program": prepared.chosen.program,
                "program_reason": prepared.chosen.reason,
                "data": {"sha256": data.fingerprint(), "rows": rows},
                "config_sha256": sha256(self.run.config),
                "num_parameters": prepared.model.count_params(),
                "warnings": config.warnings,
                "imports": {path.name: sha256(path) for path in config.imports},
            }
        )

    def go_on(self, before: dict[str, Any], prepared: Prepared, started: float) -> None:
        """Manifest and config of a run that goes on. A kill in between leaves both as they were known to become."""
        text = write_yaml(prepared.config.to_dict())
        next_config = hashlib.sha256(text.encode()).hexdigest()
        now = {
            "status": "running",
            "summary": summarise(prepared.config),  # it may be trained longer than before
            "resumed": [*before.get("resumed", []), timestamp(started)],
        }
        values = {name: value for name, value in before.items() if name not in ENDED} | now
        self._write(values | {"next_config_sha256": next_config})
        write_whole(self.run.config, text)
        self._write(values | {"config_sha256": next_config})

    @property
    def is_finished(self) -> bool:
        """Whether the run has come to its end."""
        return self.values.get("status") == "finished"

    @property
    def checkpoints(self) -> list[dict[str, Any]]:
        """The checkpoints that are kept, the oldest first."""
        return list(self.values.get("checkpoints", []))

    def add_checkpoint(self, tree: dict[str, Any], come_to: dict[str, Any]) -> None:
        """Write a checkpoint, and let go of those that are no longer kept.

        Args:
            come_to: how far the run has come.
        """
        known = self.checkpoints
        number = 1 + max((int(entry["file"].split(".")[0]) for entry in known), default=0)
        entry = checkpoints.write_checkpoint(self.run, number, tree)
        self._write(self.values | come_to | {"checkpoints": [*known, entry][-checkpoints.NUM_KEPT :]})
        checkpoints.remove_others(self.run, self.checkpoints)

    def seal(self, more: dict[str, Any]) -> None:
        """Say how the run ended, with the hash of every file in it."""
        # Checkpoints may be large, and were hashed when they were written.
        known = {self.run.checkpoints / entry["file"]: entry["sha256"] for entry in self.checkpoints}
        files = {
            path.relative_to(self.run.path).as_posix(): known.get(path) or sha256(path)
            for path in self.run.files()
            if path != self.run.manifest
        }
        self._write(self.values | {"ended": timestamp(time.time()), **more, "files": files})

    def _write(self, values: dict[str, Any]) -> None:
        self.values = values
        self.run.write_manifest(values)


def timestamp(seconds: float) -> str:
    """A time in UTC to the millisecond, which sorts as text: `2026-01-31T23:59:59.999Z`."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"

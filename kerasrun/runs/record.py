"""The record of a run: its config, manifest, history and log, kept as it goes."""

import contextlib
import hashlib
import math
import shutil
import time
from typing import Any

import numpy as np

import kerasrun
from kerasrun.config import Config
from kerasrun.config.yaml_text import write_yaml
from kerasrun.errors import UnsoundError
from kerasrun.report.history import History
from kerasrun.report.parsing import TABLE_NAMES
from kerasrun.runs import checkpoints
from kerasrun.runs.events import Finished, Planned
from kerasrun.runs.files import sha256, write_json, write_whole
from kerasrun.runs.folder import RunFolder
from kerasrun.runs.growing import GrowingFiles
from kerasrun.runs.lines import NO_FIGURES, EpochLines, finish_lines, place_words, plan_lines
from kerasrun.runs.prepared import Prepared
from kerasrun.runs.results import result_hashes

# While training, the history is written anew and the log goes on at most this often; at the end both are whole.
HISTORY_EVERY_S, LOG_EVERY_S = 5.0, 0.25

# What the manifest says only of a run that has ended.
ENDED = ("next_config_sha256", "ended", "error", "stopped", "time_s", "files", "figures", "results")


class Record:
    """What one run has written so far."""

    def __init__(self, run: RunFolder, prepared: Prepared, started: float) -> None:
        self.run, self.prepared, self.started = run, prepared, started
        self.history = History()
        self.manifest: dict[str, Any] = {}
        self.history_written = self.log_written = time.monotonic()
        self.history_cost_s = self.time_before_s = 0.0
        self.log_lines: list[str] = []
        every_s = prepared.config.output.checkpoint_every_s
        self.clock = checkpoints.Clock(None if every_s == "auto" else every_s, prepared.state_bytes)
        self.growing = GrowingFiles(run.path, [run.log, *prepared.growing], prepared.flush)

    def begin(self, plan: Planned) -> None:
        """Write config, manifest and the first lines of the log: from now on the folder is a run."""
        config, data = self.prepared.config, self.prepared.data
        write_whole(self.run.config, write_yaml(config.to_dict()))
        self._copy_imports(config)
        self.plan(plan)
        self.manifest = {
            "kerasrun": kerasrun.__version__,
            "name": config.name,
            "run": self.run.path.name,
            "status": "running",
            "started": timestamp(self.started),
            "seed": config.seed,
            "environment": self.prepared.environment,
            "program": self.prepared.chosen.program,
            "program_reason": self.prepared.chosen.reason,
            "data": {"sha256": data.fingerprint(), "rows": {part: len(rows) for part, rows in data.parts().items()}},
            "config_sha256": sha256(self.run.config),
            "num_parameters": plan.num_parameters,
            "imports": {path.name: sha256(path) for path in config.imports},
        }
        self.run.write_manifest(self.manifest)
        self.run.write_log(plan_lines(plan))

    def plan(self, plan: Planned) -> None:
        """Know how the lines of the log look."""
        self.epoch_lines, self.per_epoch = EpochLines(plan), self._steps_per_epoch()

    def go_on(self, plan: Planned, manifest: dict[str, Any], saved: dict[str, Any] | None) -> list[str]:
        """Go on with a record as a checkpoint has it; from the beginning where there is none.

        Returns:
            The names of files that are not as they were when the checkpoint was written.
        """
        self.plan(plan)
        self._take_over(manifest)
        self.run.remove_partial_files()
        checkpoints.remove_others(self.run, self.manifest.get("checkpoints", []))
        altered = self.growing.cut_back(saved["growing"] if saved else {})
        if saved:
            tables = {name: {k: v.tolist() for k, v in table.items()} for name, table in saved["history"].items()}
            self.history, self.epoch_lines.names = History(**tables), saved["columns"]
            self.time_before_s = saved["time_s"]
        else:
            self.run.write_log(plan_lines(plan))
        return altered

    def _take_over(self, manifest: dict[str, Any]) -> None:
        """Manifest and config of a run that goes on. A kill in between leaves both as they were known to become."""
        text = write_yaml(self.prepared.config.to_dict())
        now = {"status": "running", "resumed": [*manifest.get("resumed", []), timestamp(self.started)]}
        self.manifest = {name: value for name, value in manifest.items() if name not in ENDED} | now
        next_config = hashlib.sha256(text.encode()).hexdigest()
        self.run.write_manifest(self.manifest | {"next_config_sha256": next_config})
        write_whole(self.run.config, text)
        self.manifest["config_sha256"] = next_config
        self.run.write_manifest(self.manifest)

    def checkpoint(self) -> None:
        """Write down all that the training is now; its loop is paused."""
        begun = time.monotonic()
        self.write_log([])
        tables = {name: getattr(self.history, name) for name in TABLE_NAMES}
        tree = {
            **checkpoints.state_tree(self.prepared.loop.state()),
            "history": {name: {k: np.array(v) for k, v in table.items()} for name, table in tables.items()},
            "columns": self.epoch_lines.names,
            "time_s": self.time_s(),
            "growing": self.growing.sizes(),
        }
        known = self.manifest.get("checkpoints", [])
        number = 1 + max((int(entry["file"].split(".")[0]) for entry in known), default=0)
        entry = checkpoints.write_checkpoint(self.run, number, tree)
        self.manifest["checkpoints"] = [*known, entry][-checkpoints.NUM_KEPT :]
        self.run.write_manifest(self.manifest)
        checkpoints.remove_others(self.run, self.manifest["checkpoints"])
        self.clock.done(begun)

    def _copy_imports(self, config: Config) -> None:
        for path in config.imports:
            (self.run.path / "imports").mkdir(exist_ok=True)
            shutil.copy(path, self.run.path / "imports" / path.name)

    def _steps_per_epoch(self) -> float:
        num_rows = len(self.prepared.data.train)
        return num_rows / min(self.prepared.config.training.batch_size, num_rows)

    def add(self, event: Any) -> None:
        """Add the end of an epoch, or an evaluation, to history and log."""
        rest = {"learning_rate": event.learning_rate, "epoch_time_s": event.time_s}
        if hasattr(event, "epoch"):
            self.history.append("epochs", {"epoch": event.epoch, **event.logs, **rest})
        else:
            self._add_evaluation(event, rest)
        self.log_lines += self.epoch_lines.lines(event)
        now = time.monotonic()
        if now - self.log_written > LOG_EVERY_S:
            self.write_log([])
        if now - self.history_written > max(HISTORY_EVERY_S, self.history_cost_s / checkpoints.SHARE):
            self.write_history()

    def _add_evaluation(self, event: Any, rest: dict[str, float]) -> None:
        if event.step == 0:
            self.history.append("steps", {"step": 0, "loss": event.logs["loss"]})
        first = int(self.history.steps["step"][-1]) + 1
        for number, loss in enumerate(event.losses, first):
            self.history.append("steps", {"step": number, "loss": float(loss)})
        epoch = event.step / self.per_epoch
        self.history.append("evaluations", {"step": event.step, "epoch": epoch, **event.logs, **rest})

    def time_s(self) -> float:
        """How long the run has taken, with what it took before it was broken off, up to the checkpoint."""
        return self.time_before_s + time.time() - self.started

    def place(self) -> tuple[int, int]:
        """Where the training stands: epochs that are done, and steps of the next."""
        place = self.prepared.loop.place
        return place.epoch, place.step

    def check_weights(self) -> None:
        """Whether every weight is finite, unless the config lets others be.

        Raises:
            UnsoundError: one is not.
        """
        loop, config = self.prepared.loop, self.prepared.config
        name = loop.unsound_weight() if config.training.on_nan == "stop" else ""
        if name:
            raise self.unsound(f"{name} is not finite after {place_words(loop.place, config)}")

    def unsound(self, what: str) -> UnsoundError:
        """The error for a training that went bad, with the way back."""
        known = self.manifest.get("checkpoints", [])
        good = f"the last good checkpoint is {self.run.checkpoints / known[-1]['file']}" if known else ""
        return UnsoundError(
            f"{what}, so training was stopped; {good or f'what was recorded lies in {self.run.path}'}. "
            "Likely causes: a learning rate too high, inputs not scaled, or targets outside the loss's range"
        )

    def write_log(self, lines: list[str]) -> None:
        """Append what was held back, and these lines, to the log."""
        held = len(self.log_lines)
        self.run.write_log(self.log_lines + lines)
        del self.log_lines[:held]
        self.log_written = time.monotonic()

    def write_history(self) -> None:
        """Write the history as it is now."""
        begun = time.monotonic()
        write_whole(self.run.history, self.history.to_json())
        self.history_written = time.monotonic()
        self.history_cost_s = self.history_written - begun

    def finish(self, metrics: dict[str, dict[str, float]], stopped: str) -> Finished:
        """Write the figures and close the manifest: the run is whole."""
        time_s = self.time_s()
        finite = _finite(metrics)
        write_json(self.run.metrics, finite)
        files = [path for path in self.run.files() if path.parent != self.run.checkpoints]
        model = self.prepared.model
        finished = Finished(self.run.path, model, self.history, metrics, stopped, time_s, files)
        self.write_log(finish_lines(finished))
        results = result_hashes(model, self.history)
        best = finite.get("best", {})
        figures = {name: value for name, value in best.items() if name not in NO_FIGURES and value is not None}
        ended = {"status": "finished", "time_s": round(time_s, 3), "stopped": stopped}
        self._seal(ended | {"figures": figures, "results": results})
        return finished

    def break_off(self, error: BaseException) -> None:
        """Keep what there is of a run that did not come to its end."""
        if self.manifest.get("status") == "finished":
            return
        status = "interrupted" if isinstance(error, (KeyboardInterrupt, GeneratorExit)) else "failed"
        with contextlib.suppress(OSError):
            self.prepared.close_files()
            self.write_log([])
            if not self.history.is_empty:
                self.write_history()
            self._seal({"status": status, "error": str(error)})

    def _seal(self, more: dict[str, Any]) -> None:
        self.manifest |= {"ended": timestamp(time.time()), **more}
        # Checkpoints may be large, and were hashed when they were written.
        known = {
            self.run.checkpoints / entry["file"]: entry["sha256"] for entry in self.manifest.get("checkpoints", [])
        }
        self.manifest["files"] = {
            path.relative_to(self.run.path).as_posix(): known.get(path) or sha256(path)
            for path in self.run.files()
            if path != self.run.manifest
        }
        self.run.write_manifest(self.manifest)


def timestamp(seconds: float) -> str:
    """A time in UTC to the millisecond, which sorts as text: `2026-01-31T23:59:59.999Z`."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"


def _finite(metrics: dict[str, dict[str, float]]) -> dict[str, dict[str, float | None]]:
    return {part: {k: v if math.isfinite(v) else None for k, v in row.items()} for part, row in metrics.items()}

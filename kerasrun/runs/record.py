"""The record of a run: its history, log and checkpoints, kept as it goes, and its manifest."""

import contextlib
import copy
import math
import shutil
import signal
import time
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.yaml_text import write_yaml
from kerasrun.report.diagnosis.findings import Reading
from kerasrun.report.history import History
from kerasrun.report.parsing import TABLE_NAMES
from kerasrun.runs.events import Finished, Planned
from kerasrun.runs.lines import EpochLines, finish_lines, plan_lines
from kerasrun.runs.manifest import Manifest, timestamp
from kerasrun.runs.outcome import come_to, result_hashes
from kerasrun.runs.pages import write_page
from kerasrun.runs.prepared import Prepared
from kerasrun.runs.store import checkpoints
from kerasrun.runs.store.files import write_json, write_whole
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.growing import GrowingFiles
from kerasrun.runs.store.reading import write_reading
from kerasrun.runs.store.results import write_initial_filters
from kerasrun.runs.structure import write_structure
from kerasrun.runs.telling import Teller
from kerasrun.runs.trained import filters_of

# While training, the history is written anew and the log goes on at most this often; at the end both are whole.
HISTORY_EVERY_S, LOG_EVERY_S = 5.0, 0.25


class Record:
    """What one run has written so far."""

    def __init__(self, run: RunFolder, prepared: Prepared, plan: Planned, started: float) -> None:
        self.run, self.prepared, self.plan, self.started = run, prepared, plan, started
        self.history, self.manifest = History(), Manifest(run)
        self.epoch_lines, self.teller = EpochLines(plan), Teller(run, plan)
        self.history_written = self.log_written = time.monotonic()
        self.history_cost_s = self.time_before_s = 0.0
        self.log_lines: list[str] = []
        self.held: dict[str, Any] | None = None
        every_s = prepared.config.output.checkpoint_every_s
        self.clock = checkpoints.Clock(None if every_s == "auto" else every_s, prepared.state_bytes)
        self.growing = GrowingFiles(run.path, [run.log, *prepared.growing], prepared.flush)

    def begin(self) -> None:
        """Write config, manifest and the first lines of the log: from now on the folder is a run."""
        write_whole(self.run.config, write_yaml(self.prepared.config.to_dict()))
        _copy_imports(self.prepared.config, self.run)
        if found := filters_of(self.prepared):
            write_initial_filters(self.run, found[1])
        write_structure(self.run, self.prepared.model)
        self.manifest.begin(self.prepared, self.started)
        self.run.write_log([*self.prepared.config.warnings, *plan_lines(self.plan)])

    def go_on(self, manifest: dict[str, Any], saved: dict[str, Any] | None) -> list[str]:
        """Go on with a record as a checkpoint has it; from the beginning where there is none.

        Returns:
            The names of files that are not as they were when the checkpoint was written.
        """
        self.manifest.go_on(manifest, self.prepared, self.started)
        self.run.remove_partial_files()
        if not self.run.structure.is_file():  # an older version began the run
            write_structure(self.run, self.prepared.model)
        checkpoints.remove_others(self.run, self.manifest.checkpoints)
        altered = self.growing.cut_back(saved["growing"] if saved else {})
        if saved:
            tables = {name: {k: v.tolist() for k, v in table.items()} for name, table in saved["history"].items()}
            self.history, self.epoch_lines.names = History(**tables), saved["columns"]
            self.time_before_s = saved["time_s"]
        else:
            self.run.write_log(plan_lines(self.plan))
        return altered

    def checkpoint(self) -> None:
        """Write down all that the training is now; its loop is paused."""
        begun = time.monotonic()
        self.manifest.add_checkpoint(self._state(), come_to(self.history))
        self.clock.done(begun)

    def hold(self) -> None:
        """Keep all that the training is at its end, for `break_off` to write down where the run does not conclude."""
        self.held = copy.deepcopy(self._state())  # what callbacks do in the end changes arrays that are only lent

    def _state(self) -> dict[str, Any]:
        self.write_log([])
        tables = {name: getattr(self.history, name) for name in TABLE_NAMES}
        return {
            **checkpoints.state_tree(self.prepared.loop.state()),
            "history": {name: {k: np.array(v) for k, v in table.items()} for name, table in tables.items()},
            "columns": self.epoch_lines.names,
            "time_s": self.time_s(),
            "growing": self.growing.sizes(),
        }

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
        epoch = event.step / self._steps_per_epoch()
        self.history.append("evaluations", {"step": event.step, "epoch": epoch, **event.logs, **rest})

    def _steps_per_epoch(self) -> float:
        num_rows = len(self.prepared.data.train)
        return num_rows / min(self.prepared.config.training.batch_size, num_rows)

    def time_s(self) -> float:
        """How long the run has taken, with what it took before it was broken off, up to the checkpoint."""
        return self.time_before_s + time.time() - self.started

    def place(self) -> tuple[int, int]:
        """Where the training stands: epochs that are done, and steps of the next."""
        place = self.prepared.loop.place
        return place.epoch, place.step

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

    def finish(self, metrics: dict[str, dict[str, float]], stopped: str, reading: Reading) -> Finished:
        """Write the figures and close the manifest: the run is whole."""
        time_s = self.time_s()
        finite = _finite(metrics)
        write_json(self.run.metrics, finite)
        write_reading(self.run, reading)
        report = [self.run.report] if self.prepared.config.output.report else []
        files = sorted({path for path in self.run.files() if path.parent != self.run.checkpoints} | {*report})
        model = self.prepared.model
        finished = Finished(self.run.path, model, self.history, metrics, stopped, time_s, files, reading)
        self.write_log(finish_lines(finished))
        results = result_hashes(model, self.history)
        ended = {"ended": timestamp(time.time()), "status": "finished", **come_to(self.history)}
        ended |= {"time_s": round(time_s, 3), "stopped": stopped}
        if report:
            write_page(self.run, self.manifest.values | ended)
        self.manifest.seal(ended | {"results": results})
        self.teller.end()
        return finished

    def break_off(self, error: BaseException) -> None:
        """Keep what there is of a run that did not come to its end."""
        if self.manifest.is_finished:
            return
        self.teller.end()
        status = "interrupted" if isinstance(error, (KeyboardInterrupt, GeneratorExit)) else "failed"
        with contextlib.suppress(OSError):
            self.prepared.close_files()
            self.write_log([])
            if self.held is not None:
                self.manifest.add_checkpoint(self.held, come_to(self.history))
            if not self.history.is_empty:
                self.write_history()
            ended = {"status": status, **come_to(self.history), "time_s": round(self.time_s(), 3)}
            ended |= {"error": str(error), "exit_code": _exit_code(error)}
            if self.prepared.config.output.report and not self.history.is_empty:
                self._write_last_page(ended)
            self.manifest.seal(ended)

    def _write_last_page(self, ended: dict[str, Any]) -> None:
        """The page of a run that broke off. Whatever it fails of must not hide why the run did."""
        try:
            write_page(self.run, self.manifest.values | ended)
        except Exception as error:
            with contextlib.suppress(OSError):
                self.write_log([f"report.html is not written: {error}"])


def _exit_code(error: BaseException) -> int:
    """What a program ends with that an error ends."""
    if isinstance(error, (KeyboardInterrupt, GeneratorExit)):
        return 128 + getattr(error, "number", signal.SIGINT)
    return 2 if isinstance(error, OSError) else getattr(error, "exit_code", 1)


def _copy_imports(config: Config, run: RunFolder) -> None:
    for path in config.imports:
        (run.path / "imports").mkdir(exist_ok=True)
        shutil.copy(path, run.path / "imports" / path.name)


def _finite(metrics: dict[str, dict[str, float]]) -> dict[str, dict[str, float | None]]:
    return {part: {k: v if math.isfinite(v) else None for k, v in row.items()} for part, row in metrics.items()}

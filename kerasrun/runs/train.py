"""Train a config: what happens when. Everything that a run writes is written from here."""

import contextlib
import math
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kerasrun
from kerasrun.config import Config
from kerasrun.config.yaml_text import write_yaml
from kerasrun.data import Dataset, load_data
from kerasrun.errors import RunInterruptedError, UnsoundError
from kerasrun.report.history import History
from kerasrun.runs.events import Finished, Planned
from kerasrun.runs.files import sha256, whole_file, write_json, write_whole
from kerasrun.runs.folder import RunFolder, create_run
from kerasrun.runs.lines import EpochLines, finish_lines, plan_lines

# The history is written anew at most this often while training, and at the end.
HISTORY_EVERY_S = 5.0


def train_run(
    config: Config, name: str | None = None, output: str | Path | None = None, verbose: bool = False
) -> Iterator[Any]:
    """Train a config from beginning to end.

    Yields:
        Planned, then the loop's events (Progress, EpochEnd, Evaluation), then Finished.

    Raises:
        InputError: something is at fault before the first step; nothing is left behind.
        UnsoundError: the loss is not finite.
        RunInterruptedError: Ctrl-C.
    """
    run = create_run(config.name, name, output)
    session = None
    try:
        session = _Session(config, run, verbose)
        yield session.plan()
        yield from session.train()
        yield session.finish()
    except BaseException as error:
        if session is None or not session.begun:
            run.remove()
        else:
            session.break_off(error)
        if isinstance(error, KeyboardInterrupt):
            kept = f"; what was recorded lies in {run.path}" if session and session.begun else ""
            raise RunInterruptedError(f"interrupted{kept}") from None
        raise
    finally:
        if session:
            session.close()


class _Session:
    """One run while it goes on."""

    def __init__(self, config: Config, run: RunFolder, verbose: bool) -> None:
        self.config, self.run = config, run
        self.begun = False
        self.started = time.time()
        self.history = History()
        self.data: Dataset = load_data(config)
        self.cleanup = contextlib.ExitStack()
        self._start_backend(verbose)
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def _start_backend(self, verbose: bool) -> None:
        from kerasrun.model import backend

        self.threads = backend.start_backend(self.config.threads, verbose)
        self.cleanup.enter_context(backend.isolated_state(self.config.training.dtype_policy))
        backend.set_seed(self.config.seed)
        self.environment = backend.environment(self.threads)

    def _build(self) -> None:
        from kerasrun.model.build import build_model
        from kerasrun.model.callbacks import build_callbacks, listens_to_batches
        from kerasrun.model.compile import check_targets, class_weights, compile_model, share_targets
        from kerasrun.model.objects import ObjectBuilder
        from kerasrun.model.preparation import Preparation
        from kerasrun.training.loop import Training
        from kerasrun.training.program import Program

        config, data = self.config, self.data
        builder = ObjectBuilder(config)
        self.prepare = Preparation(data.train.x, data.divisor, data.flatten)
        self.model = build_model(config, self.prepare.output_shape(data.train.x), builder)
        compile_model(self.model, config, builder)
        parts = {part: share_targets(self.model, rows) for part, rows in data.parts().items()}
        for rows in parts.values():
            check_targets(self.model, rows, config)
        if config.training.class_weight:
            weights = class_weights(data.train, config.training.class_weight, config)
            parts["train"] = type(data.train)(parts["train"].x, parts["train"].y, weights)
        self.program = Program(self.model, self.prepare, config.training.batch_size)
        self.arrays = {part: self.program.to_device(rows) for part, rows in parts.items()}
        self._check_first_batch()
        names = list(self.model.get_metrics_result())
        names += [f"val_{name}" for name in names] if data.validation else []
        callbacks = build_callbacks(config, self.run.path, builder, [*names, "learning_rate"])
        self.listeners = {
            phase: [type(getattr(c, "callback", c)).__name__ for c in callbacks if listens_to_batches(c, phase)]
            for phase in ("train", "test")
        }
        self.training = Training(
            self.program,
            callbacks,
            self.arrays["train"],
            len(data.train),
            self.arrays[data.validation_part] if data.validation_part else None,
            len(data.validation) if data.validation else 0,
            config.seed,
            config.data.shuffle,
            train_batches=bool(self.listeners["train"]),
            test_batches=bool(self.listeners["test"]),
        )

    def _check_first_batch(self) -> None:
        """One row through model, loss and metrics, so that what does not fit shows before the run begins."""
        from kerasrun.model.objects import first_lines

        try:
            self.program.build(self.arrays["train"])
        except Exception as error:
            raise self.config.fault(
                ("training",), f"loss or metrics do not fit the model: {first_lines(error)}", at_key=True
            ) from error

    def plan(self) -> Planned:
        """Write the run's record as far as it is known, and tell what is about to happen."""
        training, model = self.config.training, self.model
        write_whole(self.run.config, write_yaml(self.config.to_dict()))
        for path in self.config.imports:
            (self.run.path / "imports").mkdir(exist_ok=True)
            shutil.copy(path, self.run.path / "imports" / path.name)
        self.manifest = {
            "kerasrun": kerasrun.__version__,
            "name": self.config.name,
            "run": self.run.path.name,
            "status": "running",
            "started": _timestamp(self.started),
            "seed": self.config.seed,
            "environment": self.environment,
            "program": "graph",
            "data": {
                "sha256": self.data.fingerprint(),
                "rows": {part: len(rows) for part, rows in self.data.parts().items()},
            },
            "config_sha256": sha256(self.run.config),
            "num_parameters": model.count_params(),
            "imports": {path.name: sha256(path) for path in self.config.imports},
        }
        self.run.write_manifest(self.manifest)
        self.begun = True
        self.counted_in, total = ("steps", training.steps) if training.steps else ("epochs", training.epochs)
        plan = Planned(
            self.run.path,
            self.config.name,
            [(part, f"{len(rows):,}", _shapes(rows)) for part, rows in self.data.parts().items()],
            [(layer.name, type(layer).__name__, layer.count_params()) for layer in model.layers],
            model.count_params(),
            f"{total:,} {self.counted_in} of batches of {training.batch_size}, {type(model.optimizer).__name__}",
            self._notes(),
            self.counted_in,
            total or 0,
        )
        self.epoch_lines = EpochLines(plan)
        self.run.write_log(plan_lines(plan))
        return plan

    def _notes(self) -> list[str]:
        notes = [
            f"one step a call, since {', '.join(names)} acts on every batch"
            for names in self.listeners.values()
            if names
        ]
        if self.threads != (self.config.threads or self.threads):
            notes.append(f"TensorFlow already runs with {self.threads} threads, not {self.config.threads}")
        return list(dict.fromkeys(notes))

    def train(self) -> Iterator[Any]:
        """Run the loop; keep the history as it grows."""
        from kerasrun.training.loop import EpochEnd, Evaluation

        settings, written = self.config.training, time.monotonic()
        if settings.steps:
            per_epoch = -(-len(self.data.train) // settings.batch_size)
            events = self.training.run_steps(settings.steps, settings.evaluate_every or per_epoch)
        else:
            events = self.training.run_epochs(settings.epochs or 0)
        for event in events:
            if isinstance(event, (EpochEnd, Evaluation)):
                self._record(event)
                self.run.write_log(self.epoch_lines.lines(event))
                if time.monotonic() - written > HISTORY_EVERY_S:
                    write_whole(self.run.history, self.history.to_json())
                    written = time.monotonic()
            yield event
            self._check_sound(event)

    def _record(self, event: Any) -> None:
        from kerasrun.training.loop import EpochEnd

        rest = {"learning_rate": event.learning_rate, "epoch_time_s": event.time_s}
        if isinstance(event, EpochEnd):
            self.history.append("epochs", {"epoch": event.epoch, **event.logs, **rest})
            return
        first = int(self.history.steps["step"][-1]) + 1 if self.history.steps else 1
        if event.step == 0:
            self.history.append("steps", {"step": 0, "loss": event.logs["loss"]})
        for number, loss in enumerate(event.losses, first):
            self.history.append("steps", {"step": number, "loss": float(loss)})
        per_epoch = len(self.data.train) / min(self.config.training.batch_size, len(self.data.train))
        self.history.append("evaluations", {"step": event.step, "epoch": event.step / per_epoch, **event.logs, **rest})

    def _check_sound(self, event: Any) -> None:
        loss = getattr(event, "logs", {}).get("loss", 0.0)
        if not math.isfinite(loss):
            when = f"epoch {event.epoch}" if hasattr(event, "epoch") else f"step {event.step}"
            raise UnsoundError(
                f"the loss is {loss} in {when}, so training was stopped; the history so far lies in {self.run.path}. "
                "Likely causes: a learning rate too high, inputs not scaled, or targets outside the loss's range"
            )

    def finish(self) -> Finished:
        """Evaluate, save and draw; then the run is whole."""
        time_s = time.time() - self.started
        metrics = self._figures()
        write_whole(self.run.history, self.history.to_json())
        write_json(self.run.metrics, _finite(metrics))
        self._save_models()
        self._draw()
        stopped = self._stopped_early()
        self.manifest |= {
            "status": "finished",
            "ended": _timestamp(time.time()),
            "time_s": round(time_s, 3),
            "stopped": stopped,
        }
        self._seal()
        finished = Finished(self.run.path, self.model, self.history, metrics, stopped, time_s, self.run.files())
        self.run.write_log(finish_lines(finished))
        return finished

    def _figures(self) -> dict[str, dict[str, float]]:
        """Loss and metrics of the model as it is saved, for each part of the data; and the best epoch's row."""
        figures = {
            part: self.program.evaluate(self.arrays[part], len(rows)) for part, rows in self.data.parts().items()
        }
        best = self.history.best()
        if best:
            table = self.history.epochs or self.history.evaluations
            row = table["epoch"].index(best[0])
            figures["best"] = {name: column[row] for name, column in table.items()}
        return figures

    def record(self) -> dict[str, Any]:
        """What the model file carries."""
        return {
            "kerasrun": kerasrun.__version__,
            "config": self.config.to_dict(),
            "classes": self.data.classes,
            "preparation": {"divisor": self.data.divisor, "flatten": self.data.flatten},
        }

    def _save_models(self) -> None:
        from kerasrun.model.saved import save_inference_model, save_keras_model

        save = self.config.output.save
        if "model" in save:
            with whole_file(self.run.model) as aside:
                save_keras_model(self.model, aside, self.record())
        if "inference_model" in save:
            with whole_file(self.run.path / "inference_model.keras") as aside:
                save_inference_model(self.model, aside, self.record())
        if "weights" in save:
            with whole_file(self.run.path / "model.weights.h5") as aside:
                self.model.save_weights(aside)

    def _draw(self) -> None:
        from kerasrun.runs.pictures import draw_data, draw_history, write_pictures
        from kerasrun.training.program import predict

        formats: list[str] = list(self.config.output.plots)
        pictures = draw_history(self.history, formats, self.data.validation_name)
        pictures |= draw_data(self.data, lambda x: predict(self.model, self.prepare, x), formats)
        write_pictures(pictures, self.run.plots)

    def _stopped_early(self) -> str:
        wanted = self.config.training.steps or self.config.training.epochs or 0
        rows = self.history.evaluations.get("step") or self.history.epochs.get("epoch") or [0]
        return (
            f"stopped by a callback after {int(rows[-1]):,} of {wanted:,} {self.counted_in}"
            if rows[-1] < wanted
            else ""
        )

    def break_off(self, error: BaseException) -> None:
        """Keep what there is of a run that did not come to its end."""
        if self.manifest.get("status") == "finished":
            return
        status = "interrupted" if isinstance(error, (KeyboardInterrupt, GeneratorExit)) else "failed"
        with contextlib.suppress(OSError):
            if not self.history.is_empty:
                write_whole(self.run.history, self.history.to_json())
            self.manifest |= {"status": status, "ended": _timestamp(time.time()), "error": str(error)}
            self._seal()

    def _seal(self) -> None:
        self.manifest["files"] = {
            str(path.relative_to(self.run.path).as_posix()): sha256(path)
            for path in self.run.files()
            if path not in (self.run.manifest, self.run.log)
        }
        self.run.write_manifest(self.manifest)

    def close(self) -> None:
        """Give back what was borrowed from the process."""
        self.cleanup.close()


def _shapes(rows: Any) -> str:
    from kerasrun.data.rows import array_items

    def shape(single: str, arrays: Any) -> str:
        return ", ".join(
            f"{name} {'×'.join(map(str, a.shape[1:])) or '1'} {a.dtype}" for name, a in array_items(arrays, single)
        )

    return shape("x", rows.x) + (" → " + shape("y", rows.y) if rows.y is not None else "")


def _finite(metrics: dict[str, dict[str, float]]) -> dict[str, dict[str, float | None]]:
    return {part: {k: v if math.isfinite(v) else None for k, v in row.items()} for part, row in metrics.items()}


def _timestamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1000):03d}Z"

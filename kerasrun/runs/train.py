"""Train a config from beginning to end: what happens when."""

import contextlib
import math
import signal
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from kerasrun.config import Config
from kerasrun.data.rows import Rows, array_items
from kerasrun.errors import InputError, RunInterruptedError, SignalInterrupt, UnsoundError
from kerasrun.report.history import History
from kerasrun.runs.events import Finished, Planned
from kerasrun.runs.folder import RunFolder, create_run
from kerasrun.runs.prepared import Prepared, prepare_training
from kerasrun.runs.record import Record

_TRAINING = threading.Lock()


def train_run(
    config: Config, name: str | None = None, output: str | Path | None = None, verbose: bool = False
) -> Generator[Any, None, None]:
    """Train a config from beginning to end.

    Yields:
        Planned, then the loop's events (Progress, EpochEnd, Evaluation), then Finished.

    Raises:
        InputError: something is at fault before the first step; nothing is left behind.
        UnsoundError: the loss is not finite.
        RunInterruptedError: Ctrl-C, or a SignalInterrupt.
    """
    started = time.time()
    with contextlib.ExitStack() as cleanup:
        cleanup.enter_context(_alone())
        run = create_run(config.name, name, output)
        records = cleanup.enter_context(_kept_or_removed(run))
        prepared = prepare_training(config, run.path, verbose, cleanup)
        plan = plan_training(prepared, run)
        record = Record(run, prepared, started)
        record.begin(plan)
        records.append(record)
        yield plan
        yield from _train(prepared, record)
        yield _finish(prepared, record)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keras's seeds and names belong to the whole process, so one training at a time runs in it."""
    if not _TRAINING.acquire(blocking=False):
        raise InputError("another training runs in this process; wait for it, or start a process of its own")
    try:
        yield
    finally:
        _TRAINING.release()


@contextlib.contextmanager
def _kept_or_removed(run: RunFolder) -> Iterator[list[Record]]:
    """On an error: remove the folder of a run that never began, and keep what there is of one that did."""
    records: list[Record] = []
    try:
        yield records
    except BaseException as error:
        interrupt = _interrupt_in(error)
        if records:
            records[0].break_off(interrupt or error)
        else:
            run.remove()
        if interrupt is not None:
            kept = f"; what was recorded lies in {run.path}" if records else ""
            number = interrupt.number if isinstance(interrupt, SignalInterrupt) else signal.SIGINT
            raise RunInterruptedError(f"interrupted{kept}", number) from None
        if isinstance(error, OSError) and records:
            reason = error.strerror or error
            raise InputError(
                f"{error.filename or run.path}: {reason}; the run is broken off, see {run.path}"
            ) from error
        raise


def _interrupt_in(error: BaseException | None) -> KeyboardInterrupt | None:
    """Ctrl-C or a signal, however wrapped: libraries beneath Python make errors of their own of it."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return error
        error = error.__cause__ or error.__context__
    return None


def plan_training(prepared: Prepared, run: RunFolder) -> Planned:
    """What is about to happen, in words and figures."""
    settings, model, data = prepared.config.training, prepared.model, prepared.data
    counted_in, total = ("steps", settings.steps) if settings.steps else ("epochs", settings.epochs or 0)
    return Planned(
        run.path,
        prepared.config.name,
        [(part, f"{len(rows):,}", _shapes(rows)) for part, rows in data.parts().items()],
        [(layer.name, type(layer).__name__, layer.count_params()) for layer in model.layers],
        model.count_params(),
        f"{total:,} {counted_in} of batches of {settings.batch_size}, {type(model.optimizer).__name__}",
        prepared.notes,
        counted_in,
        total,
    )


def _shapes(rows: Rows) -> str:
    def shape(single: str, arrays: Any) -> str:
        named = array_items(arrays, single)
        return ", ".join(f"{name} {'×'.join(map(str, a.shape[1:])) or '1'} {a.dtype}" for name, a in named)

    return shape("x", rows.x) + (" → " + shape("y", rows.y) if rows.y is not None else "")


def _train(prepared: Prepared, record: Record) -> Iterator[Any]:
    """Run the loop, and record what it yields."""
    for event in _blaming(prepared.loop.run(), record.run):
        if hasattr(event, "time_s"):
            record.add(event)
        yield event
        _check_sound(event, record.run)


def _blaming(events: Iterator[Any], run: RunFolder) -> Iterator[Any]:
    """The loop's events; an error that a callback or the data raised names its cause."""
    from kerasrun.model.blame import blame

    try:
        yield from events
    except Exception as error:
        reason = blame(error)
        if reason is None:
            raise
        raise InputError(f"{reason}; the run is broken off, its history so far lies in {run.path}") from error


def _check_sound(event: Any, run: RunFolder) -> None:
    loss = event.logs["loss"]
    if not math.isfinite(loss):
        when = f"epoch {event.epoch}" if hasattr(event, "epoch") else f"step {event.step}"
        raise UnsoundError(
            f"the loss is {loss} in {when}, so training was stopped; what was recorded lies in {run.path}. "
            "Likely causes: a learning rate too high, inputs not scaled, or targets outside the loss's range"
        )


def _finish(prepared: Prepared, record: Record) -> Finished:
    """Evaluate, save and draw; then the run is whole."""
    record.write_history()
    record.save_models()
    formats: list[str] = list(prepared.config.output.plots)
    if formats:
        # Not before it is needed: it loads matplotlib.
        from kerasrun.runs.pictures import draw_data, draw_history, write_pictures

        pictures = draw_history(record.history, formats, prepared.data.validation_name)
        write_pictures(pictures | draw_data(prepared.data, prepared.predict, formats), record.run.plots)
    metrics = prepared.figures() | best_row(record.history)
    return record.finish(metrics, stopped_early(prepared.config, record.history))


def best_row(history: History) -> dict[str, dict[str, float]]:
    """The row of the best epoch, as `best`; nothing for a history without epochs."""
    best = history.best()
    if best is None:
        return {}
    table = history.epochs or history.evaluations
    row = table["epoch"].index(best[0])
    return {"best": {name: column[row] for name, column in table.items()}}


def stopped_early(config: Config, history: History) -> str:
    """Why training ended before its time, or "" where it did not."""
    settings = config.training
    unit, wanted = ("steps", settings.steps) if settings.steps else ("epochs", settings.epochs or 0)
    done = (history.evaluations.get("step") or history.epochs.get("epoch") or [0])[-1]
    return f"stopped by a callback after {int(done):,} of {wanted:,} {unit}" if done < (wanted or 0) else ""

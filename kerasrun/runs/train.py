"""Train a config from beginning to end, or go on with a run that was broken off: what happens when."""

import contextlib
import signal
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from kerasrun.config import Config
from kerasrun.errors import InputError, RunInterruptedError, SignalInterrupt
from kerasrun.runs.lines import place_words
from kerasrun.runs.marks import read_marks
from kerasrun.runs.models.saving import save_models
from kerasrun.runs.outcome import best_row, stopped_early
from kerasrun.runs.planning import plan_training
from kerasrun.runs.prepared import Prepared, prepare_training
from kerasrun.runs.reading import read_prepared
from kerasrun.runs.record import Record
from kerasrun.runs.resumable import Resumable
from kerasrun.runs.saves import careful_saves
from kerasrun.runs.signals import Signals, watched_signals
from kerasrun.runs.soundness import check_losses, check_weights
from kerasrun.runs.store.creating import check_room, create_run
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import owned, way_on
from kerasrun.runs.store.results import read_initial_filters, write_results
from kerasrun.runs.trained import figures_of, results_of
from kerasrun.training.events import Paused

_TRAINING = threading.Lock()


def train_run(
    config: Config,
    name: str | None = None,
    output: str | Path | None = None,
    verbose: bool = False,
    like: dict[str, Any] | None = None,
) -> Generator[Any, None, None]:
    """Train a config from beginning to end.

    Args:
        like: the manifest of a run whose threads and program are taken where the config leaves them open.

    Yields:
        Planned, then the loop's events (Progress, EpochEnd, Evaluation) and now and then a Standing, then Finished.

    Raises:
        InputError: something is at fault before the first step; nothing is left behind.
        UnsoundError: the loss is not finite.
        RunInterruptedError: Ctrl-C, or a SignalInterrupt.
    """
    started = time.time()
    with contextlib.ExitStack() as cleanup:
        signals = cleanup.enter_context(_alone())
        run = create_run(config.name, name, output)
        cleanup.enter_context(owned(run))
        records = cleanup.enter_context(_broken_off(run, new=True))
        prepared = prepare_training(config, run.path, verbose, cleanup, like)
        check_room(run, prepared.size_bytes)
        plan = plan_training(prepared, run)
        record = Record(run, prepared, plan, started)
        record.begin()
        records.append(record)
        yield plan
        yield from _train(prepared, record, signals)
        yield from _finish(prepared, record)


def resume_run(resumable: Resumable, verbose: bool = False) -> Generator[Any, None, None]:
    """Go on with a run from its newest sound checkpoint, to the same bits as if it had never been broken off.

    Yields:
        What train_run yields.

    Raises:
        InputError: the run cannot go on; nothing of it is changed.
        UnsoundError, RunInterruptedError: as in train_run.
    """
    started, run = time.time(), resumable.run
    with contextlib.ExitStack() as cleanup:
        signals = cleanup.enter_context(_alone())
        cleanup.enter_context(owned(run))
        records = cleanup.enter_context(_broken_off(run, new=False))
        prepared = prepare_training(resumable.config, run.path, verbose, cleanup, resumable.manifest)
        check_room(run, prepared.size_bytes)
        saved = resumable.take_up(prepared)
        plan = plan_training(prepared, run)
        record = Record(run, prepared, plan, started)
        altered = record.go_on(resumable.manifest, saved)
        prepared.notes.extend(f"{name} is not as the run had left it" for name in altered)
        records.append(record)
        yield plan
        yield from _train(prepared, record, signals)
        yield from _finish(prepared, record)


@contextlib.contextmanager
def _alone() -> Iterator[Signals]:
    """Keras's seeds and names belong to the whole process, so one training at a time runs in it."""
    if not _TRAINING.acquire(blocking=False):
        raise InputError("another training runs in this process; wait for it, or start a process of its own")
    try:
        with watched_signals() as signals:
            yield signals
    finally:
        _TRAINING.release()


@contextlib.contextmanager
def _broken_off(run: RunFolder, new: bool) -> Iterator[list[Record]]:
    """On an error: keep what there is of a run that began, and remove the folder of a new one that did not."""
    records: list[Record] = []
    try:
        yield records
    except BaseException as error:
        interrupt = _interrupt_in(error)
        where = ""
        if records:
            is_there = run.path.is_dir()
            records[0].break_off(interrupt or error)
            place = place_words(records[0].prepared.loop.place, records[0].prepared.config)
            where = f" after {place}"
            where += way_on(run, "interrupted") if is_there else "; its folder was deleted while it went on"
        elif new:
            run.remove()
        if interrupt is not None:
            number = interrupt.number if isinstance(interrupt, SignalInterrupt) else signal.SIGINT
            raise RunInterruptedError(f"interrupted{where}", number) from None
        if isinstance(error, OSError):
            told = f"{error.filename or run.path}: {error.strerror or error}"
            raise InputError(f"{told}; the run is broken off{where}" if records else told) from error
        raise


def _interrupt_in(error: BaseException | None) -> KeyboardInterrupt | None:
    """Ctrl-C or a signal, however wrapped: libraries beneath Python make errors of their own of it."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return error
        error = error.__cause__ or error.__context__
    return None


def _train(prepared: Prepared, record: Record, signals: Signals) -> Iterator[Any]:
    """Run the loop, and record what it yields. Where it is paused, checkpoints are written and signals answered."""
    epoch_ended = False
    record.teller.begin(record.history)
    with signals.deferred(), careful_saves(prepared.model, record.run, record.place):
        for event in _blaming(prepared.loop.run(), record.run):
            if not isinstance(event, Paused):
                epoch_ended = hasattr(event, "time_s")
                if epoch_ended:
                    record.add(event)
                yield event
                check_losses(event, record)
                if (standing := record.teller.note(event)) is not None:
                    yield standing
            elif not event.has_state:
                signals.answer()
            elif signals.noted or prepared.loop.is_done or record.clock.is_due(epoch_ended):
                check_weights(record)
                if signals.noted or record.clock.is_due(epoch_ended, prepared.loop.is_done):
                    record.checkpoint()
                elif prepared.loop.is_done:
                    record.hold()
                signals.answer()
    signals.answer()


def _blaming(events: Iterator[Any], run: RunFolder) -> Iterator[Any]:
    """The loop's events; an error that a callback or the data raised names its cause."""
    from kerasrun.model.blame import blame

    try:
        yield from events
    except Exception as error:
        reason = blame(error)
        if reason is None:
            raise
        raise InputError(f"{reason}; the run is broken off; what was recorded lies in {run.path}") from error


def _finish(prepared: Prepared, record: Record) -> Iterator[Any]:
    """Evaluate, save and draw; then the run is whole."""
    yield record.teller.conclude()
    record.write_history()
    save_models(prepared, record.run)
    results = results_of(prepared, read_initial_filters(record.run))
    write_results(record.run, results)
    metrics = figures_of(prepared) | best_row(record.history)
    stopped = stopped_early(prepared.config, record.history)
    formats: list[str] = list(prepared.config.output.plots)
    if formats:
        # Not before it is needed: it loads matplotlib.
        from kerasrun.runs.pictures import draw_run, write_pictures

        marks = read_marks(record.run, record.history, stopped)
        pictures = draw_run(record.history, results, formats, prepared.data.validation_name, marks)
        write_pictures(pictures, record.run.plots)
    yield record.finish(metrics, stopped, read_prepared(prepared, record.history, metrics, stopped))

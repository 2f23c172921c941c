"""A training on the console: lines that also serve in a pipe, and on a terminal what goes on below them."""

import time
from collections.abc import Generator, Iterable
from typing import Any

from kerasrun.cli.screen import standard_screen
from kerasrun.runs.events import Finished, Planned, Reproduced
from kerasrun.runs.lines import EpochLines, finish_lines, plan_lines, reproduced_lines
from kerasrun.runs.standing import Standing

# Longer trainings than this many epochs show at most one line in LINE_EVERY_S; the log has them all.
MANY_EPOCHS = 200
LINE_EVERY_S = 1.0


def show_training(events: Generator[Any, None, None], quiet: bool = False, every_epoch: bool = False) -> Any:
    """Show the events of a run as they come. Where the reader of a pipe goes away, the training goes on.

    Returns:
        The last event.
    """
    view = _View(every_epoch)
    event = None
    try:
        for event in events:
            if not quiet:
                view.show(event)
            elif isinstance(event, Finished):
                view.screen.print([str(event.folder)])
    except KeyboardInterrupt as interrupt:
        events.throw(interrupt)  # it came while a line was shown: the run is told, and says what it kept
    finally:
        view.screen.clear()
    return event


def show_watching(events: Iterable[Any]) -> None:
    """Show what a run tells that is watched, until it ends or the reader of a pipe goes away."""
    screen, is_first = standard_screen(), True
    try:
        for event in events:
            if isinstance(event, Standing):
                screen.show(event)
            else:
                screen.print(event.lines, bold_first=is_first)
                is_first = False
            if screen.stream is None:
                return
    finally:
        screen.clear()


class _View:
    """Which events are shown, and how."""

    def __init__(self, every_epoch: bool) -> None:
        self.screen, self.every_epoch = standard_screen(), every_epoch
        self.last_line = 0.0

    def show(self, event: Any) -> None:
        if isinstance(event, Planned):
            self.plan, self.lines = event, EpochLines(event)
            self.screen.print(plan_lines(event), bold_first=True)
        elif isinstance(event, Standing):
            self.screen.show(event)
        elif isinstance(event, Finished):
            self.screen.clear()
            self.screen.print(finish_lines(event))
        elif isinstance(event, Reproduced):
            self.screen.print(reproduced_lines(event))
        elif hasattr(event, "time_s"):
            self._show_epoch(event)

    def _show_epoch(self, event: Any) -> None:
        done = event.step if self.plan.counted_in == "steps" else event.epoch
        is_first, is_last = self.lines.names is None, done == self.plan.total
        now = time.monotonic()
        if self.every_epoch or self.plan.total <= MANY_EPOCHS or is_first or is_last or self._is_time(now):
            self.screen.print(self.lines.lines(event), bold_first=is_first)
            self.last_line = now

    def _is_time(self, now: float) -> bool:
        return self.plan.counted_in == "steps" or now - self.last_line >= LINE_EVERY_S

"""A training on the console: lines that also serve in a pipe, and on a terminal a bar with the time left."""

import os
import sys
import time
from collections.abc import Generator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from kerasrun.runs.events import Finished, Planned, Reproduced
from kerasrun.runs.lines import EpochLines, finish_lines, number, plan_lines, reproduced_lines

# Longer trainings than this many epochs show at most one line in LINE_EVERY_S; the log has them all.
MANY_EPOCHS = 200
LINE_EVERY_S = 1.0


def show_training(events: Generator[Any, None, None], quiet: bool = False, every_epoch: bool = False) -> None:
    """Show the events of a run as they come. Where the reader of a pipe goes away, the training goes on."""
    console = _PipeConsole(highlight=False, soft_wrap=True)
    view = _View(console, every_epoch)
    try:
        for event in events:
            if not quiet:
                view.show(event)
            elif isinstance(event, Finished):
                view.print([str(event.folder)])
    except KeyboardInterrupt as interrupt:
        events.throw(interrupt)  # it came while a line was shown: the run is told, and says what it kept
    finally:
        view.stop()


class _PipeConsole(Console):
    """A console whose output goes nowhere once its reader has gone, as `head` does. Rich would end the program."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class _View:
    def __init__(self, console: Console, every_epoch: bool) -> None:
        self.console, self.every_epoch = console, every_epoch
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[loss]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.last_line = 0.0

    def show(self, event: Any) -> None:
        if isinstance(event, Planned):
            self.plan, self.lines = event, EpochLines(event)
            self.print(plan_lines(event), bold_first=True)
            self.task = self.bar.add_task("", total=max(event.total, 1), loss="")
            self.bar.start()
        elif isinstance(event, Finished):
            self.stop()
            self.print(finish_lines(event))
        elif isinstance(event, Reproduced):
            self.print(reproduced_lines(event))
        elif hasattr(event, "time_s"):
            self._show_epoch(event)
        else:
            self._show_progress(event)

    def stop(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    def print(self, lines: list[str], bold_first: bool = False) -> None:
        """Print lines as they are; no markup in them counts."""
        for index, line in enumerate(lines):
            try:
                self.console.print(Text(line, style="bold" if bold_first and index == 0 else ""))
            except OSError:  # a full disk behind `> log.txt` must not end the run
                self.console.on_broken_pipe()

    def _show_epoch(self, event: Any) -> None:
        done = event.step if self.plan.counted_in == "steps" else event.epoch
        is_first, is_last = self.lines.names is None, done == self.plan.total
        now = time.monotonic()
        if self.every_epoch or self.plan.total <= MANY_EPOCHS or is_first or is_last or self._is_time(now):
            self.print(self.lines.lines(event), bold_first=is_first)
            self.last_line = now
        self._update(done, event.logs)

    def _is_time(self, now: float) -> bool:
        return self.plan.counted_in == "steps" or now - self.last_line >= LINE_EVERY_S

    def _show_progress(self, event: Any) -> None:
        in_steps = self.plan.counted_in == "steps"
        self._update(event.step if in_steps else event.epoch - 1 + event.step / event.num_steps, event.logs)

    def _update(self, done: float, logs: dict[str, float]) -> None:
        unit = self.plan.counted_in[:-1]
        description = f"{unit} {min(int(done) + (unit == 'epoch'), self.plan.total):,}/{self.plan.total:,}"
        self.bar.update(self.task, completed=done, description=description, loss=f"loss {number(logs['loss'])}")

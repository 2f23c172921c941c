"""Tells where a run stands: as an event to who shows it, and in a small file to those who watch its folder."""

import time
from typing import Any

from kerasrun.report.history import History
from kerasrun.runs.events import Planned
from kerasrun.runs.standing import Standing, remove_standing, write_standing
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.tracking import Tracker

# So often at most; the file more rarely where the disk is so slow that it would take more than this share of the time.
TELL_EVERY_S, WRITE_EVERY_S, WRITE_SHARE = 0.1, 1.0, 0.01


class Teller:
    """What one run tells of itself while it goes on."""

    def __init__(self, run: RunFolder, plan: Planned) -> None:
        self.run, self.plan = run, plan
        self.told = self.written = time.monotonic()
        self.cost_s, self.has_written = 0.0, False

    def begin(self, history: History) -> None:
        """The training begins, after what was recorded before."""
        remove_standing(self.run)
        self.tracker = Tracker(self.plan, history)
        self.told = self.written = time.monotonic()

    def note(self, event: Any) -> Standing | None:
        """Something happened, and is recorded; where it is time, it is told."""
        now = time.monotonic()
        if now - self.told < TELL_EVERY_S:
            return None
        self.told = now
        standing = self.tracker.standing(event)
        if now - self.written >= max(WRITE_EVERY_S, self.cost_s / WRITE_SHARE):
            self._write(standing)
        return standing

    def conclude(self) -> Standing:
        """All is trained. Of a run that is over within a second nothing is written."""
        standing = self.tracker.standing(concluding=True)
        if self.has_written:
            self._write(standing)
        return standing

    def end(self) -> None:
        """The run has ended."""
        remove_standing(self.run)

    def _write(self, standing: Standing) -> None:
        begun = time.monotonic()
        write_standing(self.run, standing)
        self.written, self.has_written = time.monotonic(), True
        self.cost_s = self.written - begun

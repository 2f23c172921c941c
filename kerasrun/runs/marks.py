"""What the curves of a run are marked with, as its folder knows it."""

from kerasrun.report.history import History
from kerasrun.report.marks import Marks, marks_of
from kerasrun.runs.saves import read_saves
from kerasrun.runs.store.folder import RunFolder


def read_marks(run: RunFolder, history: History, stopped: str | None = None) -> Marks:
    """The marks of a run, whatever state it is in; those of its history alone where the folder knows nothing.

    Args:
        stopped: why it ended before its time, or ""; None to look it up in its manifest.
    """
    if stopped is None:
        stopped = str(run.read_manifest().get("stopped") or "")
    places = [place for places in read_saves(run).values() for place in places]
    return marks_of(history, places, bool(stopped))

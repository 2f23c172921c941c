"""Follow a run that another process trains, from what it writes: nothing is written, and no backend is loaded.

It is polled, so that it works on any file system; each look costs a millisecond.
"""

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError, WatchedRunError
from kerasrun.runs.standing import read_standing
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.folder import RunFolder, output_folder
from kerasrun.runs.store.owner import is_owned
from kerasrun.runs.store.tail import LogTail

POLL_S = 0.5

# Of more epochs than this in one look only the last is told.
MANY_ROWS = 10
IS_ROW = re.compile(r" *\d+/\d+ ").match
IS_HEADING = re.compile(r" *(epoch|step) .* time$").match


@dataclass(frozen=True)
class Logged:
    """Lines that a run has written to its log."""

    lines: list[str]


def watch_run(
    reference: str, output: str | Path | None = None, num_lines: int = 20, every_epoch: bool = False
) -> Iterator[Any]:
    """Follow a run until it ends.

    Args:
        reference: the run's folder, its name, or `latest`.
        num_lines: how many of the lines that are there already are told, beside the plan.
        every_epoch: tell every epoch, however fast they come.

    Yields:
        Logged, and Standing whenever the run tells it.

    Raises:
        InputError: there is no such run, or it was deleted meanwhile.
        WatchedRunError: it did not end well; the exit code is its own, or 1 where its process died without a word.
    """
    run = _find(reference, output)
    log, standing, is_first = LogTail(run.log), None, True
    while True:
        is_going_on, manifest = is_owned(run), run.read_manifest()
        # After that: what a run writes before it ends is among its lines.
        lines = _read(log, num_lines if is_first else 0, every_epoch) if manifest else []
        if lines:
            is_first = False
            yield Logged(lines)
        if not is_going_on:
            _end(run, manifest)
            return
        told, standing = standing, read_standing(run)
        if standing is not None and standing != told:
            yield standing
        time.sleep(POLL_S)


def _find(reference: str, output: str | Path | None) -> RunFolder:
    """The run; one that is yet to begin is known by its folder alone."""
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        for folder in (Path(reference).expanduser(), output_folder(output) / reference):
            if is_owned(RunFolder(folder)):
                return RunFolder(folder)
    return find_run(reference, output)


def _read(log: LogTail, num_first: int, every_epoch: bool) -> list[str]:
    """What has come; at first the plan, and the last of the lines that are there.

    Args:
        num_first: how many lines beside the plan at first; 0 later.
    """
    try:
        head = log.beginning() if num_first else []
        lines = log.new_lines()
    except OSError:  # not there yet, or no more; or one look at a far disk went wrong
        return []
    if num_first:
        return _first(head, lines, num_first)
    rows = [line for line in lines if IS_ROW(line)]
    if every_epoch or len(rows) <= MANY_ROWS:
        return lines
    return [line for line in lines if not IS_ROW(line) or line is rows[-1]]


def _first(head: list[str], lines: list[str], num_lines: int) -> list[str]:
    """The plan with the heading of the epochs, and the last lines."""
    heading = next((index for index, line in enumerate(head) if IS_HEADING(line)), None)
    if heading is None:
        return lines
    plan = head[: heading + 1]
    rest = lines[len(plan) :] if lines[: len(plan)] == plan else lines
    return [*plan, *(["…"] if len(rest) > num_lines else []), *rest[-num_lines:]]


def _end(run: RunFolder, manifest: dict[str, Any]) -> None:
    """The run has ended.

    Raises:
        InputError: it is no longer there.
        WatchedRunError: it did not end well.
    """
    status, go_on = manifest.get("status"), f"go on with: kerasrun resume {run.path}"
    if not manifest and not run.manifest.exists():
        raise InputError(f"{run.path}: is no longer there: it was deleted, or could not begin")
    if not manifest:
        raise InputError(f"{run.manifest}: is damaged, or was altered by hand")
    if status == "running":
        raise WatchedRunError(f"{run.path}: broken off, since its process ended without a word; {go_on}")
    if status == "interrupted":
        raise WatchedRunError(f"{run.path}: interrupted; {go_on}", _exit_code(manifest, 130))
    if status != "finished":
        raise WatchedRunError(f"{run.path}: {manifest.get('error') or status}", _exit_code(manifest, 3))


def _exit_code(manifest: dict[str, Any], default: int) -> int:
    """What the run's program ended with; older runs do not say."""
    code = manifest.get("exit_code")
    return code if isinstance(code, int) and 0 < code < 256 else default

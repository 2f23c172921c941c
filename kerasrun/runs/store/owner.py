"""One process owns a run while it writes there. The lock is the system's, which frees it when its owner dies."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from typing import Any, TextIO

from kerasrun.errors import InputError
from kerasrun.runs.store.folder import RunFolder

# So often, and after so long each time, a lock is asked for before it counts as another's.
LOOKS, LOOK_S = 10, 0.01


@contextlib.contextmanager
def owned(run: RunFolder) -> Iterator[None]:
    """Own a run.

    Raises:
        InputError: another process does.
    """
    with run.lock.open("a+", encoding="ascii") as lock:
        if not _taken(lock):
            lock.seek(0)
            raise InputError(f"{run.path}: process {lock.read().strip() or '?'} is at work on this run")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _taken(lock: TextIO) -> bool:
    """Whether the lock could be had. Who only looks at it, as `is_owned` does, has it for an instant."""
    for _ in range(LOOKS):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(LOOK_S)
    return False


def is_owned(run: RunFolder) -> bool:
    """Whether a living process is at work on a run."""
    try:
        lock = os.open(f"{run.path}/.lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(lock)


def state_of(run: RunFolder, manifest: dict[str, Any]) -> str:
    """How a run stands: as its manifest says, or `broken off` where its process died, or `damaged` without one."""
    if not manifest:
        return "damaged"
    status = str(manifest["status"])
    return "broken off" if status == "running" and not is_owned(run) else status


def way_on(run: RunFolder, state: str) -> str:
    """What to do about a run that did not come to its end, to be added to a message; "" where it may not go on."""
    return f"; go on with: kerasrun resume {run.path}" if state in ("broken off", "interrupted") else ""

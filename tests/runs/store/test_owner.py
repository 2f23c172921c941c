"""One process owns a run; those that look on take nothing from it."""

import fcntl
import os
import threading

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import is_owned, owned, state_of


@pytest.fixture
def run(tmp_path):
    return RunFolder(tmp_path)


def test_it_is_owned_as_long_as_its_owner_is_at_work(run):
    assert not is_owned(run)
    with owned(run):
        assert is_owned(run)
        assert state_of(run, {"status": "running"}) == "running"
        with pytest.raises(InputError, match=f"process {os.getpid()} is at work on this run"), owned(run):
            pass
    assert not is_owned(run)
    assert state_of(run, {"status": "running"}) == "broken off"


def test_one_that_only_looks_does_not_keep_an_owner_out(run):
    run.lock.touch()
    with run.lock.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        threading.Timer(0.02, fcntl.flock, (lock, fcntl.LOCK_UN)).start()
        with owned(run):
            assert is_owned(run)

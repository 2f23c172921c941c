"""What reproduce refuses to compare with, before it trains anything."""

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.reproduce import reproduce_run
from kerasrun.runs.store.owner import owned
from tests.made_runs import make_run


def told_of(run):
    with pytest.raises(InputError) as told:
        next(reproduce_run(str(run.path)))
    return str(told.value).replace(f"{run.path}", "RUN")


def test_a_run_that_did_not_come_to_its_end(tmp_path):
    run = make_run(tmp_path, status="running", files=None)
    assert told_of(run) == (
        "RUN: this run is broken off, not finished: there is nothing to compare with; go on with: kerasrun resume RUN"
    )
    with owned(run):
        assert told_of(run) == "RUN: this run is running, not finished: there is nothing to compare with"

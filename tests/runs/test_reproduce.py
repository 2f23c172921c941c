"""What reproduce refuses to compare with, before it trains anything."""

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.reproduce import reproduce_run
from kerasrun.runs.store.files import sha256
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


@pytest.mark.parametrize("name", ["model.keras", "history.json", "metrics.json"])
def test_results_that_are_not_those_of_the_run(tmp_path, name):
    run = make_run(tmp_path, metrics={"train": {"loss": 1.0}})
    run.model.write_bytes(b"a model")
    files = {path.name: sha256(path) for path in (run.model, run.history, run.metrics)}
    run.write_manifest(run.sound_manifest() | {"files": files})
    path = run.path / name
    path.write_bytes(path.read_bytes()[:-1])
    assert told_of(run) == f"RUN/{name}: is not as it was written, so there is nothing sound to compare with"
    path.unlink()
    assert told_of(run) == f"RUN/{name}: is missing, so there is nothing sound to compare with"


def test_a_config_that_is_not_there_or_is_another(tmp_path):
    run = make_run(tmp_path)
    run.config.write_text("name: other\n", encoding="utf-8")
    assert told_of(run) == "RUN/config.yaml: is not as kerasrun wrote it"
    run.config.unlink()
    assert told_of(run) == "RUN/config.yaml: is missing"

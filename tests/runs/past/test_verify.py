"""What verify says of files that are not there, or are none. Damage of every file: see tests/runs/test_resume.py."""

import os

from kerasrun.runs.past.verify import verify_run
from kerasrun.runs.store.files import sha256
from tests.made_runs import make_run


def test_a_config_that_is_not_there_is_missing(tmp_path):
    run = make_run(tmp_path)
    assert verify_run(str(run.path)) == (run, [], 1)
    run.config.write_text("name: other\n", encoding="utf-8")
    assert verify_run(str(run.path))[1] == ["config.yaml is not as it was written"]
    run.config.unlink()
    assert verify_run(str(run.path))[1] == ["config.yaml is missing"]


def test_a_fifo_in_place_of_a_file_is_not_waited_for(tmp_path):
    run = make_run(tmp_path, metrics={"train": {"loss": 1.0}})
    run.write_manifest(run.sound_manifest() | {"files": {"metrics.json": sha256(run.metrics)}})
    run.metrics.unlink()
    os.mkfifo(run.metrics)
    assert verify_run(str(run.path))[1] == ["metrics.json cannot be read: not a regular file"]

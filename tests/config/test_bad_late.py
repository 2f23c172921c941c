"""Bad configs whose faults show only with Keras: each is told before the first step, at the line at fault."""

import contextlib
from pathlib import Path

import pytest

from kerasrun.config import load_config
from kerasrun.errors import InputError
from kerasrun.runs.prepared import prepare_training
from tests.config.bad_cases import read_cases

CASES = read_cases(Path(__file__).with_name("bad_late"))


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    """Configs are named as someone names them who stands in their folder."""
    monkeypatch.chdir(tmp_path)


def told_of(tmp_path):
    """All that is told of a config that is sound as a text."""
    config = load_config("config.yaml")
    with contextlib.ExitStack() as cleanup, pytest.raises(InputError) as error:
        prepare_training(config, tmp_path / "run", False, cleanup)
    return str(error.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_faults(write, tmp_path, case):
    write(case.text)
    assert told_of(tmp_path) == case.message


def test_there_are_enough_and_no_two_alike():
    assert len(CASES) >= 25
    assert len({case.title for case in CASES}) == len({case.text for case in CASES}) == len(CASES)

"""What a run was, in words, from its manifest."""

import pytest
import yaml

from kerasrun.config import load_config
from kerasrun.runs.past.words import length, told
from kerasrun.runs.summary import summarise
from tests.conftest import TINY


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"done": 3}, "3 epochs"),
        ({"done": 2}, "2/3 epochs"),
        ({}, "3 epochs"),
    ],
)
def test_how_far_it_came(more, expected):
    manifest = {"summary": summarise(load_config(yaml.safe_load(TINY))), **more}
    assert length(manifest) == expected
    assert told(manifest) == f"Dense 4 – Dense 1, SGD, {expected}"


def test_in_steps():
    tree = yaml.safe_load(TINY)
    tree["training"] = {"steps": 10_000, "loss": "mse"}
    assert length({"summary": summarise(load_config(tree)), "done": 2_500}) == "2,500/10,000 steps"


def test_an_older_run_has_said_nothing():
    assert (told({"status": "finished"}), length({})) == ("", "")

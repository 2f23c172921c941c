"""A value by its key, found in the text of a run's settings, is that of all its settings read."""

import json
from pathlib import Path

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.past.keys import value_of
from kerasrun.runs.past.listing import Listed

SETTINGS = {
    "seed": 7,
    "name": None,
    "say": 'he says "batch_size": 5',
    "training": {
        "batch_size": 32,
        "optimizer": {"Adam": {"learning_rate": 0.5}},
        "metrics": ["mae", "mse"],
        "größe": 2,
    },
    "data": {"source": "sine", "shuffle": True, "noise": {"noise": 0.25}},
    "callbacks": [{"EarlyStopping": {"patience": 3}}, {"ModelCheckpoint": {"patience": 4}}],
}


def run(**more):
    fields = [Path("r"), "e", "r", "finished", "", {"loss": 0.5}, 1.0, "", "", "Adam", "", 5]
    return Listed(*fields, json.dumps(SETTINGS | more))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", 7),
        ("training.seed", None),
        ("batch_size", 32),
        ("training.batch_size", 32),
        ("learning_rate", 0.5),
        ("optimizer", "Adam"),
        ("training.optimizer", "Adam"),
        ("metrics", "mae, mse"),
        ("name", "e/r"),
        ("source", "sine"),
        ("shuffle", True),
        ("größe", 2),
        ("callbacks[1]", "ModelCheckpoint"),
        ("callbacks[0].EarlyStopping.patience", 3),
        ("noise", 0.25),
        ("loss", 0.5),
        ("nothing", None),
    ],
)
def test_a_key_has_its_value(key, value):
    assert value_of(run(), key) == value


def test_a_setting_alone_and_one_inside_are_the_whole_name_first():
    assert value_of(run(batch_size=9), "batch_size") == 9


def test_an_end_that_stands_for_several_is_refused():
    with pytest.raises(InputError, match=r"'patience' stands for callbacks.*EarlyStopping.patience and callbacks"):
        value_of(run(), "patience")

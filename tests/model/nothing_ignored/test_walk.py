"""The walk finds what it is for: an argument that does nothing, a value that nobody knows, an excuse out of date."""

import itertools
from unittest import mock

import keras
import numpy as np
import pytest
from walk import Walk, beside, fails

from kerasrun.config import load_config
from kerasrun.model.objects import ObjectBuilder


def penalty(name, arguments):
    """What an L1L2 of a config makes of two weights, built as a run builds it."""
    layer = {"Dense": {"units": 1, "kernel_regularizer": {name: arguments}}}
    training = {"epochs": 1, "loss": "mse"}
    config = load_config({"data": {"source": "npz", "path": "rows.npz"}, "model": [layer], "training": training})
    regularizer = ObjectBuilder(config).build(config.model.layers[0].layer.arguments["kernel_regularizer"])
    yield "penalty", float(regularizer(np.array([1.0, 2.0], dtype="float32")))


def faults(others, excuses=None, observe=penalty):
    return Walk("regularizers", others, excuses or {}, observe, {}).faults("L1L2")


def test_arguments_that_act_are_no_fault():
    assert faults({"l1 l2": 0.5}) == []


def test_a_new_argument_needs_a_value_other_than_the_default():
    assert faults({"l1": 0.5}) == ["no value other than the default is known for L1L2.l2"]


def test_the_default_proves_nothing():
    assert faults({"l1": 0.5, "l2": 0.0}) == ["L1L2.l2: 0.0 is its default"]
    assert faults({"l1": 0.5, "l2": beside(0.3, l2=0.3)}) == ["L1L2.l2: 0.3 is its default"]


@pytest.mark.parametrize("lost", ["l1", "l2"])
def test_an_argument_that_is_lost_on_the_way_is_found(lost):
    built = keras.regularizers.L1L2.__init__

    def forgetful(it, **arguments):
        built(it, **{name: value for name, value in arguments.items() if name != lost})

    with mock.patch.object(keras.regularizers.L1L2, "__init__", forgetful):
        assert faults({"l1 l2": 0.5}) == [f"L1L2.{lost}: 0.5 changes nothing"]


def test_an_excused_argument_must_still_reach_keras():
    def without_l2(name, arguments):
        yield from penalty(name, {"l1": arguments.get("l1", 0.0)})

    excuses = {"L1L2.l2": "for the sake of the test"}
    assert faults({"l1 l2": 0.5}, excuses, without_l2) == ["L1L2.l2 does not reach Keras"]


def test_an_excuse_that_is_not_needed_is_a_fault():
    excuses = {"L1L2.l2": "once it did nothing"}
    assert faults({"l1 l2": 0.5}, excuses) == [
        "L1L2.l2 acts, seen in penalty: take it off the list of those without effect"
    ]


def test_what_differs_every_time_proves_nothing():
    count = itertools.count()

    def random(name, arguments):
        yield "weather", next(count)

    assert faults({"l1 l2": 0.5}, observe=random) == ["L1L2: the very same config gives other weather"]


def test_what_can_only_fail_must_fail_in_the_words_that_are_known():
    assert faults({"l1 l2": fails(-1.0, "must be at least 0")}) == []
    [l1, l2] = faults({"l1": fails(-1.0, "must be greater than 7"), "l2": fails(0.5, "must be at least 0")})
    assert l1.startswith("L1L2.l1: -1.0 cannot be tried: ConfigError: ")
    assert l2 == "L1L2.l2: 0.5 changes nothing"

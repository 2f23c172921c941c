"""Objects as a person would write them."""

import pytest

from kerasrun.config.brief import brief
from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.places import kind_at


@pytest.mark.parametrize(
    ("path", "whole", "short"),
    [
        (("model", 0), {"Dropout": {"rate": 0.2, "noise_shape": None, "seed": None}}, {"Dropout": 0.2}),
        (("model", 0), {"Dropout": {"rate": 0, "noise_shape": None, "seed": None}}, {"Dropout": 0}),
        (("model", "layers", 3), {"Flatten": {"data_format": None}, "name": "a"}, {"Flatten": None, "name": "a"}),
        (("model", 1), {"ReLU": {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}}, "ReLU"),
        (("training", "optimizer"), {"SGD": {"learning_rate": 0.01, "momentum": 0.9}}, {"SGD": {"momentum": 0.9}}),
        (("callbacks", 2), {"TerminateOnNaN": {}}, "TerminateOnNaN"),
        (("training", "metrics", 0), "accuracy", "accuracy"),
        (("training", "epochs"), 5, 5),
        (
            ("model", 0, "Dense", "kernel_initializer"),
            {"RandomNormal": {"mean": 0.0, "stddev": 0.01, "seed": None}},
            {"RandomNormal": {"stddev": 0.01}},
        ),
        (
            ("model", 0),
            {"Dense": {"units": 3, "use_bias": True, "kernel_regularizer": {"L2": {"l2": 0.5}}}},
            {"Dense": {"units": 3, "kernel_regularizer": {"L2": 0.5}}},
        ),
        (("model", 0), {"Own": {"a": 1}}, {"Own": {"a": 1}}),
    ],
)
def test_leaves_out_what_is_the_default(path, whole, short):
    assert brief(whole, kind_at(path), load_catalogue()) == short

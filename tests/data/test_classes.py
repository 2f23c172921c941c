"""Rows of a class: how many there are, and what each weighs."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from kerasrun.config import load_config
from kerasrun.data import Rows
from kerasrun.data.classes import class_counts, class_weights
from kerasrun.errors import ConfigError

LABELS = np.array([0, 1, 1, 2, 1, 1, 2, 1], np.int32)
NAMES = ("cat", "dog", "fox")
TRAINING = {"epochs": 1, "loss": "sparse_categorical_crossentropy"}
BASE = {"data": {"source": "iris"}, "model": [{"Dense": {"units": 3, "activation": "softmax"}}]}


def weights(y, given, names=None):
    config = load_config(BASE | {"training": TRAINING | {"class_weight": given}})
    return class_weights(Rows(np.zeros((len(y), 1)), y), config.training.class_weight, names, config)


class TestWeights:
    @pytest.mark.parametrize("y", [LABELS, LABELS[:, None], np.eye(3, dtype="float32")[LABELS]])
    def test_balanced_is_scikit_learns_rule(self, y):
        expected = compute_sample_weight("balanced", LABELS)
        np.testing.assert_allclose(weights(y, "balanced", NAMES), expected, rtol=1e-7)
        np.testing.assert_allclose(weights(y, "balanced"), expected, rtol=1e-7)
        assert expected.tolist()[:3] == pytest.approx([8 / 3, 8 / 15, 8 / 15])

    def test_balanced_counts_the_classes_that_have_rows(self):
        expected = compute_sample_weight("balanced", np.array([0, 2, 2]))
        np.testing.assert_allclose(weights(np.array([0, 2, 2]), "balanced", NAMES), expected, rtol=1e-7)

    def test_a_class_is_named_or_numbered_and_one_that_is_not_has_1(self):
        expected = [5, 1, 1, 0.5, 1, 1, 0.5, 1]
        assert weights(LABELS, {"cat": 5, "fox": 0.5}, NAMES).tolist() == expected
        assert weights(LABELS, {"0": 5, "2": 0.5}, NAMES).tolist() == expected
        assert weights(LABELS, {"0": 5, "2": 0.5}).tolist() == expected

    def test_a_number_is_a_name_where_classes_are_called_by_numbers(self):
        assert weights(np.array([0, 1, 1]), {"3": 9}, ("3", "5")).tolist() == [9, 1, 1]
        with pytest.raises(ConfigError, match="there is no class '0'\n  the classes are 3, 5"):
            weights(np.array([0, 1, 1]), {"0": 9}, ("3", "5"))

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"dg": 2}, r"training.class_weight.dg: there is no class 'dg'\n  did you mean 'dog'\?"),
            ({"horse": 2}, r"training.class_weight.horse: there is no class 'horse'\n  the classes are cat, dog, fox"),
            ({"3": 2}, r"there is no class '3'\n  the classes are cat, dog, fox"),
            ({"dog": 2, "1": 3}, r"training.class_weight.1: 'dog' and '1' are the same class\n  keep one of them"),
        ],
    )
    def test_a_key_that_names_no_class_is_told(self, given, message):
        with pytest.raises(ConfigError, match=message):
            weights(LABELS, given, NAMES)

    @pytest.mark.parametrize("y", [np.array([0.5, 1.0]), np.array([[1, 1, 0], [0, 0, 1]]), np.ones((2, 1, 1), "f4")])
    def test_other_targets_have_no_classes(self, y):
        with pytest.raises(ConfigError, match="the targets are not the classes of one output"):
            weights(y, "balanced", NAMES)


class TestCounts:
    @pytest.mark.parametrize("y", [LABELS, LABELS[:, None], LABELS.astype("f4"), np.eye(3, dtype="float32")[LABELS]])
    def test_are_those_of_numbers_and_one_hot_labels(self, y):
        assert class_counts(y, 3).tolist() == [1, 5, 2]

    def test_a_row_may_have_several_labels(self):
        assert class_counts(np.array([[1, 1, 0], [0, 1, 0]]), 3).tolist() == [1, 2, 0]

    @pytest.mark.parametrize("y", [np.array([0.5, 1]), np.array([-1, 1]), np.array([[0.5, 0.5]]), np.zeros((2, 2, 2))])
    def test_other_targets_have_none(self, y):
        assert class_counts(y, 2) is None

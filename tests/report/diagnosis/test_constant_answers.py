"""The loss of the best constant answer, against Keras-free formulas and by hand."""

import math

import numpy as np
import pytest
import scipy.stats

from kerasrun.report.diagnosis.references import constant_loss, constant_loss_of
from kerasrun.report.results import Classes, Labels, Values

LABELS = np.array([0, 0, 0, 1, 2, 2])
SHARES = [3 / 6, 1 / 6, 2 / 6]


def test_of_classes_it_is_the_entropy_of_their_shares():
    entropy = scipy.stats.entropy(SHARES)
    assert constant_loss("SparseCategoricalCrossentropy", LABELS) == pytest.approx(entropy)
    assert constant_loss("CategoricalCrossentropy", np.eye(4)[LABELS]) == pytest.approx(entropy)
    classes = Classes(LABELS, np.zeros((6, 3)), ("a", "b", "c"))
    for loss in ("SparseCategoricalCrossentropy", "CategoricalCrossentropy"):
        assert constant_loss_of(loss, classes) == pytest.approx(entropy)


def test_of_labels_it_is_the_mean_of_their_entropies():
    y = np.array([[1, 0], [1, 1], [1, 0], [1, 1]])
    assert constant_loss("BinaryCrossentropy", y) == pytest.approx(math.log(2) / 2)
    assert constant_loss_of("BinaryCrossentropy", Labels(y > 0, y * 0.5, ("a", "b"))) == pytest.approx(math.log(2) / 2)


def test_of_numbers_it_is_their_variance_or_their_distance_from_the_median():
    y = np.array([[1.0], [2.0], [9.0]])
    assert constant_loss("MeanSquaredError", y) == pytest.approx((9 + 4 + 25) / 3)  # about the mean, 4
    assert constant_loss("MeanAbsoluteError", y) == pytest.approx((1 + 0 + 7) / 3)  # about the median, 2
    assert constant_loss_of("MeanSquaredError", Values(y, y, ("0",))) == pytest.approx(38 / 3)


@pytest.mark.parametrize("loss", ["SparseCategoricalCrossentropy", "BinaryCrossentropy"])
def test_rows_count_as_often_as_they_weigh(loss):
    y, weights = np.array([0, 1, 0, 1, 1]), np.array([3, 1, 0, 2, 1])
    assert constant_loss(loss, y, weights) == pytest.approx(constant_loss(loss, np.repeat(y, weights)) * 7 / 5)


@pytest.mark.parametrize("loss", ["MeanSquaredError", "MeanAbsoluteError", "CategoricalCrossentropy"])
def test_so_do_rows_of_several_targets(loss):
    generator = np.random.default_rng(0)
    y, weights = generator.random((6, 3)), np.array([3, 1, 0, 2, 1, 4])
    y = y / y.sum(axis=1, keepdims=True)
    assert constant_loss(loss, y, weights) == pytest.approx(constant_loss(loss, np.repeat(y, weights, axis=0)) * 11 / 6)
    assert constant_loss(loss, y, weights * 0) is None


def test_of_other_losses_and_of_rows_without_targets_it_is_not_known():
    assert constant_loss("Poisson", LABELS) is None
    assert constant_loss("MeanSquaredError", LABELS[:0]) is None
    assert constant_loss_of("MeanSquaredError", Values(None, LABELS, ("0",))) is None

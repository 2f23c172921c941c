"""The figures of a model's answers, compared with scikit-learn's and with hand calculations."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from kerasrun.report.results import Classes, Labels, Values
from kerasrun.report.scores import calibrate, mean, score_classes, score_labels, score_values, shown

NAMES = ("cat", "dog", "fox")


def told_as(classes, y, names=NAMES):
    """Rows for which these classes are told."""
    return Classes(np.array(y), np.eye(len(names), dtype=np.float32)[classes], names)


@pytest.fixture(scope="module")
def made_up():
    """500 rows of 7 classes, of which the last has no row and the one before is never predicted."""
    random = np.random.default_rng(0)
    scores = random.random((500, 7)).astype(np.float32)
    scores[:, 5] = 0
    y = random.integers(0, 6, 500)
    scores[np.arange(500), y] += random.random(500).astype(np.float32)
    scores[:, 5] = 0
    return Classes(y, scores / scores.sum(axis=1, keepdims=True), tuple("abcdefg"))


class TestClasses:
    def test_the_counts_are_those_of_scikit_learn(self, made_up):
        expected = metrics.confusion_matrix(made_up.y, made_up.predicted, labels=range(7))
        np.testing.assert_array_equal(score_classes(made_up).counts, expected)

    def test_so_are_the_figures_of_each_class(self, made_up):
        scores = score_classes(made_up).scores
        expected = metrics.precision_recall_fscore_support(
            made_up.y, made_up.predicted, labels=range(7), zero_division=np.nan
        )
        for found, wanted in zip((scores.precision, scores.recall, scores.f1, scores.support), expected, strict=True):
            np.testing.assert_allclose(found, wanted)
        assert score_classes(made_up).accuracy == metrics.accuracy_score(made_up.y, made_up.predicted)

    def test_a_class_without_rows_and_one_never_told_are_undefined(self):
        scores = score_classes(told_as([0, 2, 2], [0, 1, 1])).scores
        np.testing.assert_array_equal(scores.recall, [1, 0, np.nan])
        np.testing.assert_array_equal(scores.precision, [1, np.nan, 0])
        np.testing.assert_array_equal(scores.f1, [1, 0, 0])
        assert [shown(value, ".0%") for value in scores.recall] == ["100%", "0%", "–"]

    def test_shares_are_of_the_true_class(self):
        shares = score_classes(told_as([0, 0, 1, 1], [0, 0, 0, 1])).shares
        np.testing.assert_array_equal(shares, [[2 / 3, 1 / 3, 0], [0, 1, 0], [np.nan] * 3])

    def test_the_largest_confusions_come_first(self):
        confusion = score_classes(told_as([1, 1, 0, 2, 0], [0, 0, 1, 1, 0]))
        assert confusion.largest(2) == [(0, 1, 2), (1, 0, 1)]
        assert confusion.largest(9) == [(0, 1, 2), (1, 0, 1), (1, 2, 1)]
        assert score_classes(told_as([0], [0])).largest(3) == []

    def test_a_row_with_a_score_of_nan_is_told_nothing_and_counts_as_wrong(self):
        scores = np.array([[1, 0, 0], [np.nan, 0, 0]], np.float32)
        confusion = score_classes(Classes(np.array([0, 0]), scores, NAMES))
        assert (confusion.num_unpredicted, confusion.accuracy) == (1, 0.5)
        np.testing.assert_array_equal(confusion.scores.num_predicted, [1, 0, 0])
        np.testing.assert_array_equal(confusion.scores.recall, [0.5, np.nan, np.nan])

    def test_without_a_row_nothing_is_defined(self):
        confusion = score_classes(Classes(np.zeros(0, np.int64), np.zeros((0, 3), np.float32), NAMES))
        assert np.isnan(confusion.accuracy)
        assert np.isnan(confusion.scores.f1).all()
        assert np.isnan(mean(confusion.scores.f1))

    def test_a_macro_average_is_of_what_is_defined(self, made_up):
        expected = metrics.recall_score(
            made_up.y, made_up.predicted, labels=range(7), average="macro", zero_division=np.nan
        )
        assert mean(score_classes(made_up).scores.recall) == pytest.approx(expected)


def test_labels_are_scored_one_by_one():
    random = np.random.default_rng(1)
    y, scores = random.random((200, 4)) > 0.6, random.random((200, 4)).astype(np.float32)
    y[:, 3], scores[:, 2] = False, 0.1
    found = score_labels(Labels(y, scores, tuple("abcd")))
    expected = metrics.precision_recall_fscore_support(y, scores >= 0.5, zero_division=np.nan)
    for mine, wanted in zip((found.precision, found.recall, found.f1, found.support), expected, strict=True):
        np.testing.assert_allclose(mine, wanted)


class TestCalibration:
    def test_bins_are_those_of_scikit_learn(self, made_up):
        found = calibrate(made_up)
        accuracy, confidence = calibration_curve(made_up.predicted == made_up.y, made_up.confidence, n_bins=10)
        held = found.counts > 0
        np.testing.assert_allclose(found.accuracy[held], accuracy)
        np.testing.assert_allclose(found.confidence[held], confidence)
        assert np.isnan(found.accuracy[~held]).all()
        assert found.counts.sum() == 500

    def test_the_expected_error_by_hand(self):
        scores = np.array([[0.9, 0.1], [0.9, 0.1], [0.35, 0.65], [0.35, 0.65]], np.float32)
        found = calibrate(Classes(np.array([0, 1, 1, 1]), scores, ("no", "yes")))
        assert found.counts.tolist() == [0, 0, 0, 0, 0, 0, 2, 0, 2, 0]
        # Two rows told with 0.9 and right once, two with 0.65 and right twice: (2 · 0.4 + 2 · 0.35) / 4.
        assert found.expected_error == pytest.approx(0.375)

    def test_what_is_no_probability_has_none(self):
        hinge = Classes(np.array([0]), np.array([[-1.0, 1.0]], np.float32), ("no", "yes"), is_probability=False)
        with pytest.raises(ValueError, match="no probabilities"):
            calibrate(hinge)


class TestValues:
    def test_the_figures_are_those_of_scikit_learn(self):
        random = np.random.default_rng(2)
        y = random.normal(size=(300, 2))
        y_pred = y + random.normal(0.1, 0.5, size=(300, 2))
        first, second = score_values(Values(y, y_pred, ("width", "height")))
        assert (first.name, second.name, first.num_rows) == ("width", "height", 300)
        for index, found in enumerate((first, second)):
            column = y[:, index], y_pred[:, index]
            assert found.r2 == pytest.approx(metrics.r2_score(*column))
            assert found.mean_absolute_error == pytest.approx(metrics.mean_absolute_error(*column))
            assert found.root_mean_squared_error == pytest.approx(metrics.root_mean_squared_error(*column))
            assert found.bias == pytest.approx((y_pred - y)[:, index].mean())

    def test_r2_of_a_constant_is_undefined_and_its_error_is_not(self):
        (found,) = score_values(Values(np.ones((2, 1)), np.array([[1.0], [2.0]]), ("0",)))
        assert (shown(found.r2), shown(found.mean_absolute_error)) == ("–", "0.500")

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_a_diverged_model_has_no_figures(self, value):
        (found,) = score_values(Values(np.zeros((2, 1)), np.array([[0.0], [value]]), ("0",)))
        assert np.isnan(found[2:]).all()


@pytest.mark.parametrize("score", [score_classes, score_labels, score_values, calibrate])
def test_without_the_truth_there_is_no_figure(score):
    scores = np.zeros((1, 1), np.float32)
    kinds = {score_labels: Labels, score_values: Values}
    with pytest.raises(ValueError, match="not known"):
        score(kinds.get(score, Classes)(None, scores, ("a",)))

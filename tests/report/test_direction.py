"""Whether a figure is good high or low. Expected from what each metric of Keras measures."""

import math

import pytest

from kerasrun.report.direction import best_places, better


@pytest.mark.parametrize(
    "name", ["loss", "val_loss", "mean_squared_error", "mae", "val_mse", "kullback_leibler_divergence"]
)
def test_errors_are_good_low(name):
    assert better(name) == "min"


@pytest.mark.parametrize(
    "name", ["accuracy", "val_accuracy", "AUC", "f1_score", "test.recall", "mean_io_u", "r2_score"]
)
def test_scores_are_good_high(name):
    assert better(name) == "max"


def test_what_is_false_is_good_low_and_what_is_true_high():
    assert (better("false_positives"), better("true_positives")) == ("min", "max")


@pytest.mark.parametrize("name", ["mean", "my_metric", "epoch", "time_s", "num_parameters"])
def test_of_others_the_name_does_not_tell(name):
    assert better(name) is None
    assert best_places(name, [1, 2]) == ()


def test_the_best_places_of_a_row():
    assert best_places("val_loss", [0.3, 0.1, None, 0.2, 0.1]) == (1, 4)
    assert best_places("accuracy", [0.3, 0.9, math.nan, math.inf]) == (1,)


@pytest.mark.parametrize("values", [[0.1, 0.1], [0.1, None], [math.nan, None], []])
def test_none_is_the_best_where_there_is_nothing_to_choose(values):
    assert best_places("loss", values) == ()

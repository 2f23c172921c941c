"""Which pictures there are of what a model made of rows."""

import numpy as np
import pytest

from kerasrun.report.results import Classes, Filters, Images, Labels, Results, Values
from kerasrun.runs.pictures import draw_results


def classes(num_rows=8, is_probability=True):
    """Two classes; the third and the seventh row are told wrong, the seventh the more surely."""
    scores = np.tile(np.array([0.75, 0.25], np.float32), (num_rows, 1))
    scores[6] = 0.9, 0.1
    y = np.zeros(num_rows, np.int64)
    y[[2, 6]] = 1
    return Classes(y, scores, ("no", "yes"), is_probability)


def values(num_columns=1):
    y = np.arange(8.0 * num_columns).reshape(8, num_columns)
    return Values(y, y + 1, tuple(map(str, range(num_columns))))


def results(images=None, filters=None, **outputs):
    return Results("test", 8, np.arange(8), outputs, images, None, filters)


def stems(found, formats=("png",)):
    return {name.partition(".")[0] for name in draw_results(found, list(formats))}


IMAGES = Images(np.arange(8), np.zeros((8, 4, 4), np.uint8))


def test_of_classes_of_a_table():
    assert stems(results(out=classes())) == {"confusion", "per_class", "reliability"}


def test_scores_that_are_no_probabilities_have_no_reliability():
    assert stems(results(out=classes(is_probability=False))) == {"confusion", "per_class"}


def test_of_classes_of_pictures():
    filters = Filters("conv", None, np.ones((2, 3, 3), np.float32), 2)
    figures = {"confusion", "per_class", "reliability"}
    assert stems(results(IMAGES, filters, out=classes())) == figures | {"samples", "predictions", "mistakes", "filters"}


def test_without_a_mistake_there_is_no_picture_of_them():
    right = Classes(np.zeros(8, np.int64), classes().scores, ("no", "yes"))
    assert "mistakes" not in stems(results(IMAGES, out=right))


def test_of_labels_and_of_values():
    labels = Labels(np.ones((8, 2), bool), np.ones((8, 2), np.float32), ("a", "b"))
    assert stems(results(out=labels)) == {"per_label"}
    assert stems(results(out=values())) == {"predicted", "residuals"}


def test_several_outputs_have_a_picture_each_under_names_that_differ():
    found = stems(results(**{"a/b": values(), "a:b": values(), "kind": classes()}))
    assert {"predicted_a_b", "predicted_a_b_2", "confusion_kind", "per_class_kind"} <= found


def test_of_rows_whose_truth_is_not_known_there_are_no_figures():
    assert stems(results(out=Classes(None, classes().scores, ("no", "yes")))) == set()
    assert stems(results(out=Values(None, np.ones((8, 1)), ("0",)))) == set()


@pytest.mark.parametrize("formats", [["svg"], ["pdf"], ["png", "svg", "pdf"]])
def test_each_comes_in_each_format(formats):
    drawn = draw_results(results(IMAGES, out=classes()), formats)
    assert {name.rpartition(".")[2] for name in drawn} == set(formats)
    assert len(drawn) == 6 * len(formats)


def test_a_model_that_has_gone_to_nan_is_drawn_all_the_same():
    scores = np.full((8, 2), np.nan, np.float32)
    found = stems(results(IMAGES, out=Classes(np.zeros(8, np.int64), scores, ("no", "yes"), is_probability=False)))
    assert {"confusion", "per_class", "predictions"} <= found
    assert stems(results(out=Values(np.ones((8, 1)), np.full((8, 1), np.nan), ("0",)))) == set()

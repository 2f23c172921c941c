"""From rows and predictions to results: which are classes, which numbers, and which pictures are kept."""

import numpy as np
import pytest

from kerasrun.data import Dataset, Rows
from kerasrun.model.output_kinds import OutputKind
from kerasrun.report.results import Classes, Labels, Values, results_from_tree
from kerasrun.runs.collecting import collect_fit, collect_results, with_names
from kerasrun.runs.store.packed import read_packed, write_packed

CLASSES, LOGITS = {"out": OutputKind("classes")}, {"out": OutputKind("classes", is_logits=True)}


def column(*numbers):
    return np.array(numbers, np.float32).reshape(-1, 1)


def of_classes(y, scores, kinds=CLASSES, **more):
    x = more.pop("x", np.zeros((len(scores), 3), np.float32))
    return collect_results("test", Rows(x, np.asarray(y)), np.asarray(scores, np.float32), kinds, **more)


class TestClasses:
    @pytest.mark.parametrize("y", [[2, 0], [[2], [0]], [[0, 0, 1], [1, 0, 0]]])
    def test_labels_are_numbers_in_a_column_or_one_hot(self, y):
        output = of_classes(y, [[0.1, 0.2, 0.7], [0.2, 0.5, 0.3]]).outputs["out"]
        assert isinstance(output, Classes)
        assert output.y.tolist() == [2, 0]
        assert output.predicted.tolist() == [2, 1]
        assert output.confidence.tolist() == pytest.approx([0.7, 0.5])
        assert output.names == ("0", "1", "2")
        assert output.is_probability

    def test_one_sigmoid_unit_is_two_classes(self):
        output = of_classes([[1.0], [0.0]], [[0.9], [0.6]]).outputs["out"]
        assert output.y.tolist() == [1, 0]
        np.testing.assert_allclose(output.scores, [[0.1, 0.9], [0.4, 0.6]], rtol=1e-6)

    def test_logits_become_the_probabilities_that_the_loss_makes_of_them(self):
        import keras

        logits = np.array([[2.0, -1.0, 0.5], [300.0, 0.0, -300.0]], np.float32)
        output = of_classes([0, 1], logits, LOGITS).outputs["out"]
        np.testing.assert_allclose(output.scores, keras.ops.softmax(logits), rtol=1e-5)
        single = of_classes([0, 1], [[1.5], [-80.0]], LOGITS).outputs["out"]
        np.testing.assert_allclose(single.scores[:, 1:], keras.ops.sigmoid(column(1.5, -80)), rtol=1e-5, atol=1e-12)

    def test_scores_that_do_not_sum_to_one_are_no_probabilities(self):
        assert not of_classes([0, 1], [[3.0, 1.0], [0.0, 2.0]]).outputs["out"].is_probability
        assert not of_classes([0], [[np.nan, np.nan]]).outputs["out"].is_probability
        assert not of_classes([0], [[np.inf, 0.0]]).outputs["out"].is_probability

    def test_a_row_without_scores_leaves_the_others_their_probabilities(self):
        assert of_classes([0, 1], [[np.nan, np.nan], [0.25, 0.75]]).outputs["out"].is_probability

    def test_a_hinge_of_one_unit_tells_its_sign(self):
        output = of_classes([[-1.0], [1.0]], [[0.5], [2.0]], {"out": OutputKind("classes", is_scored=True)})
        assert output.outputs["out"].y.tolist() == [0, 1]
        assert output.outputs["out"].predicted.tolist() == [1, 1]
        assert not output.outputs["out"].is_probability

    def test_one_hot_targets_of_known_classes_are_classes_under_any_loss(self):
        named = of_classes(
            [[1, 0], [0, 1]], [[0.8, 0.1], [0.3, 0.4]], {"out": OutputKind("values")}, classes=("a", "b")
        )
        assert named.outputs["out"].names == ("a", "b")


def test_labels_of_which_a_row_has_any_stay_apart():
    output = of_classes([[1, 0, 1]], [[0.6, 0.7, 0.2]], {"out": OutputKind("labels")}).outputs["out"]
    assert isinstance(output, Labels)
    assert output.y.tolist() == [[True, False, True]]


def test_numbers_stay_numbers():
    output = of_classes([1.5, 2.5], [[1.0], [2.0]], {"out": OutputKind("values")}).outputs["out"]
    assert isinstance(output, Values)
    assert output.y.tolist() == [[1.5], [2.5]]
    assert output.y_pred.tolist() == [[1.0], [2.0]]


def test_numbers_go_by_the_columns_of_their_table():
    results = of_classes([[1, 2]], [[1.5, 2.5]], {"out": OutputKind("values")})
    assert with_names(results, {"table": {"target": ["width", "height"]}}).outputs["out"].names == ("width", "height")
    ahead = with_names(results, {"series": {"target": "sales", "horizon": 2}}).outputs["out"]
    assert ahead.names == ("sales +1", "sales +2")
    for reading in ({}, {"table": {"target": ["width"]}}):
        assert with_names(results, reading).outputs["out"].names == ("0", "1")


def test_of_very_many_rows_some_are_kept_evenly_spread():
    results = of_classes(np.arange(1000.0), np.arange(1000.0)[:, None], {"out": OutputKind("values")}, max_numbers=20)
    assert (results.num_rows, results.rows.tolist()) == (1000, [0, 111, 222, 333, 444, 555, 666, 777, 888, 999])
    assert results.outputs["out"].y.ravel().tolist() == results.rows.tolist()


class TestImages:
    def test_are_the_first_rows_and_the_most_confident_mistakes(self):
        y, told = np.zeros(100, int), np.zeros(100, int)
        told[[40, 60, 80]] = 1
        sure = np.full(100, 0.6)
        sure[[40, 60, 80]] = [0.7, 0.99, 0.8]
        scores = np.where(np.eye(2)[told] == 1, sure[:, None], 1 - sure[:, None])
        pixels = np.broadcast_to(np.arange(100, dtype=np.uint8)[:, None, None], (100, 4, 4))
        images = of_classes(y, scores, x=pixels, pixel_max=255.0).images
        assert images.rows.tolist() == [*range(30), 40, 60, 80]
        assert images.pixels[:, 0, 0].tolist() == images.rows.tolist()

    def test_are_scaled_by_the_largest_pixel_there_may_be(self):
        dark = np.full((1, 2, 2), 8, np.uint8)
        assert of_classes([0], [[1.0, 0.0]], x=dark, pixel_max=16.0).images.pixels.tolist() == [[[128, 128]] * 2]

    def test_large_ones_are_thinned_and_vectors_are_none(self):
        large = np.zeros((1, 1000, 500, 3), np.float32)
        assert of_classes([0], [[1.0, 0.0]], x=large).images.pixels.shape == (1, 125, 63, 3)
        assert of_classes([0], [[1.0, 0.0]]).images is None


class TestFit:
    def test_is_of_all_rows_that_were_trained_on_and_those_held_out(self):
        data = Dataset(Rows(column(1, 2), column(2, 4)), Rows(column(3), column(6)), None)
        fit = collect_fit(data, lambda x: x * 2)
        assert fit.x.tolist() == [1, 2, 3]
        assert fit.y_pred.tolist() == fit.y.tolist() == [2, 4, 6]
        assert fit.held_out.tolist() == [False, False, True]

    def test_is_of_one_number_to_one_number_only(self):
        wide = Dataset(Rows(np.zeros((2, 3)), column(2, 4)), None, None)
        assert collect_fit(wide, lambda x: x) is None


def test_results_come_back_from_their_file_as_they_were(tmp_path):
    before = of_classes([0, 1], [[0.9, 0.1], [0.6, 0.4]], x=np.zeros((2, 3, 3, 1)), classes=("猫", "犬"))
    write_packed(tmp_path / "results.npz", before.to_tree())
    after = results_from_tree(read_packed(tmp_path / "results.npz"))
    assert (after.part, after.num_rows, after.outputs["out"].names) == ("test", 2, ("猫", "犬"))
    np.testing.assert_array_equal(after.outputs["out"].scores, before.outputs["out"].scores)
    np.testing.assert_array_equal(after.images.pixels, before.images.pixels)


@pytest.mark.parametrize("tree", [None, 3, {}, {"format": "other"}, {"format": "kerasrun-results-1", "part": "test"}])
def test_what_is_no_results_is_told(tree):
    with pytest.raises(ValueError, match="not"):
        results_from_tree(tree)

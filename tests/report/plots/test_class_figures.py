"""The pictures of classifiers: the confusion matrix, precision and recall, and the reliability diagram."""

import numpy as np
import pytest
from matplotlib.colors import rgb_to_hsv
from scipy.stats import binomtest

from kerasrun.report.plots.confusion import draw_confusion
from kerasrun.report.plots.per_class import draw_per_class
from kerasrun.report.plots.reliability import draw_reliability, wilson_interval
from kerasrun.report.results import Classes, Labels
from kerasrun.report.scores import calibrate, score_classes, score_labels

PNG = b"\x89PNG\r\n\x1a\n"
NAMES = ("cat", "dog", "fox")


def many(num_classes, num_rows=2000):
    """Random answers of which most are right; the class 3 has no row."""
    random = np.random.default_rng(0)
    y = random.integers(0, num_classes, num_rows)
    y[y == 3] = 4
    scores = random.random((num_rows, num_classes)).astype(np.float32)
    scores[np.arange(num_rows), y] += 0.5
    return Classes(y, scores / scores.sum(axis=1, keepdims=True), tuple(f"kind {n}" for n in range(num_classes)))


class TestConfusion:
    def cells(self, axes):
        """The text of each cell by (true class, predicted class)."""
        size = len(axes.get_xticks())
        inside = [text for text in axes.texts if text.get_position()[0] < size and text.get_position()[1] > 0]
        return {tuple(int(place) for place in text.get_position()[::-1]): text.get_text() for text in inside}

    def test_cells_tell_counts_and_shares_of_the_true_class(self, drawn, answers):
        draw_confusion(score_classes(answers([0, 1, 1, 1, 2], [0, 0, 0, 1, 2], NAMES)), ["png"])
        (axes,) = drawn["confusion"].axes
        assert self.cells(axes) == {(0, 0): "1\n33%", (0, 1): "2\n67%", (1, 1): "1\n100%", (2, 2): "1\n100%"}
        assert [tick.get_text() for tick in axes.get_yticklabels()] == list(NAMES)
        assert [tick.get_text() for tick in axes.get_xticklabels()] == list(NAMES)
        assert (axes.get_ylabel(), axes.get_xlabel()) == ("true class", "predicted class")

    def test_what_is_right_is_blue_and_what_is_wrong_is_red_and_darker_the_more_there_are(self, drawn, answers):
        draw_confusion(score_classes(answers([0, 1, 1, 1, 2], [0, 0, 0, 1, 2], NAMES)), ["png"])
        colours = np.asarray(drawn["confusion"].axes[0].images[0].get_array())
        hue, depth, _ = np.moveaxis(rgb_to_hsv(colours), -1, 0)
        assert 0.5 < hue[1, 1] < 0.65
        assert hue[0, 1] < 0.1
        assert depth[1, 0] == depth[2, 0] == 0  # white: it never happened
        assert depth[0, 0] < depth[1, 1]

    def test_the_title_tells_the_accuracy_and_the_rows(self, drawn, texts, answers):
        draw_confusion(score_classes(answers([0, 1], [0, 2], NAMES)), ["png"], part="validation")
        assert "Accuracy 50.0%" in texts(drawn["confusion"])
        assert "1 of 2 validation rows right (blue)" in texts(drawn["confusion"])

    def test_a_class_without_rows_is_shown_as_such(self, drawn, texts, answers):
        draw_confusion(score_classes(answers([0, 1], [0, 1], NAMES)), ["png"])
        assert "no rows" in texts(drawn["confusion"])
        grey = np.asarray(drawn["confusion"].axes[0].images[0].get_array())[2]
        assert np.ptp(grey) == 0
        assert 0.8 < grey[0, 0] < 1

    def test_rows_with_a_score_that_is_not_a_number_are_told(self, drawn, texts):
        scores = np.array([[1, 0], [np.nan, 0]], np.float32)
        draw_confusion(score_classes(Classes(np.array([0, 1]), scores, ("no", "yes"))), ["png"])
        told = "1 of 2 test rows right (blue); 1 have a score that is not a number"
        assert told in texts(drawn["confusion"])

    def test_of_a_hundred_classes_the_largest_confusions_are_named(self, drawn, texts):
        output = many(100)
        output.y[:40], output.scores[:40] = 7, np.eye(100)[8]
        draw_confusion(score_classes(output), ["png"])
        figure = drawn["confusion"]
        assert not list(figure.axes[0].texts)
        assert len(figure.axes[0].get_xticks()) <= 25
        count = int((output.y == 7).sum())
        named = texts(figure)[texts(figure).index("Most frequent confusions") + 1]
        wrong = int(((output.y == 7) & (output.predicted == 8)).sum())
        assert named == f"kind 7 predicted as kind 8: {wrong} ({wrong / count:.0%})"
        assert texts(figure)[texts(figure).index("1 without a row (grey)") + 1] == "kind 3"

    def test_more_classes_than_a_picture_can_show_make_none(self):
        assert draw_confusion(score_classes(many(1001)), ["png"]) == {}

    @pytest.mark.parametrize("form", ["png", "svg", "pdf"])
    def test_files_of_two_and_of_a_hundred_classes(self, form):
        for num_classes in (5, 100):
            files = draw_confusion(score_classes(many(num_classes)), [form], name="which")
            assert list(files) == [f"which.{form}"]
            assert files == draw_confusion(score_classes(many(num_classes)), [form], name="which")


class TestPerClass:
    def dots(self, axes):
        """Precision and recall by the name of the class, from the top."""
        recall, precision = (line for line in axes.get_lines() if line.get_marker() in ("o", "s"))
        names = [tick.get_text() for tick in axes.get_yticklabels()]
        return {name: (precision.get_xdata()[row], recall.get_xdata()[row]) for row, name in enumerate(names)}

    def test_the_class_with_the_lowest_f1_is_on_top(self, drawn, answers):
        scores = score_classes(answers([0, 0, 1, 1, 2], [0, 0, 1, 2, 2], NAMES)).scores
        draw_per_class(scores, ["png"])
        (axes,) = drawn["per_class"].axes
        assert self.dots(axes) == {"dog": (0.5, 1.0), "fox": (1.0, 0.5), "cat": (1.0, 1.0)}
        assert axes.get_ylim()[0] > axes.get_ylim()[1]

    def test_both_differ_in_more_than_colour(self, drawn, answers):
        draw_per_class(score_classes(answers([0], [0], NAMES)).scores, ["png"])
        recall, precision = drawn["per_class"].axes[0].get_lines()
        assert recall.get_marker() != precision.get_marker()
        assert (recall.get_markerfacecolor() == "none") != (precision.get_markerfacecolor() == "none")

    def test_classes_without_rows_and_those_never_told_are_told(self, drawn, texts, answers):
        names = ("a", "b", "c", "d")
        draw_per_class(score_classes(answers([0, 1, 0], [0, 0, 2], names)).scores, ["png"])
        beside = texts(drawn["per_class"])
        assert {"2", "no rows", "1, never predicted", "no rows, never predicted"} <= set(beside)
        figure = drawn["per_class"]
        right = max(text.get_window_extent().x1 for text in figure.axes[0].texts)
        assert right < figure.bbox.width  # nothing is cut off

    def test_of_a_hundred_classes_the_worst_are_shown_and_that_is_said(self, drawn, texts):
        scores = score_classes(many(100)).scores
        draw_per_class(scores, ["png"])
        figure = drawn["per_class"]
        worst = np.argsort(np.where(np.isnan(scores.f1), 2, scores.f1), kind="stable")[:40]
        assert list(self.dots(figure.axes[0])) == [f"kind {number}" for number in worst]
        assert "the 40 of 100 classes with the lowest F1" in texts(figure)
        assert figure.get_figheight() < 13

    def test_labels_have_theirs(self, drawn, texts):
        y, scores = np.array([[1, 0], [1, 1]]) > 0, np.array([[0.9, 0.1], [0.2, 0.6]], np.float32)
        draw_per_class(score_labels(Labels(y, scores, ("ripe", "red"))), ["png"], name="per_label", kind="label")
        assert self.dots(drawn["per_label"].axes[0]) == {"ripe": (1.0, 0.5), "red": (1.0, 1.0)}
        assert "Precision and recall of each label" in texts(drawn["per_label"])

    def test_a_file_is_drawn(self):
        assert draw_per_class(score_classes(many(5)).scores, ["png"])["per_class.png"].startswith(PNG)


class TestReliability:
    def test_bins_lie_at_their_mean_confidence_and_accuracy(self, drawn):
        scores = np.array([[0.9, 0.1], [0.9, 0.1], [0.35, 0.65], [0.35, 0.65]], np.float32)
        draw_reliability(calibrate(Classes(np.array([0, 1, 1, 1]), scores, ("no", "yes"))), ["png"])
        above, below = drawn["reliability"].axes
        points = next(line for line in above.get_lines() if line.get_marker() == "o")
        np.testing.assert_allclose(points.get_xydata(), [[0.65, 1], [0.9, 0.5]], rtol=1e-6)
        heights = [bar.get_height() for bar in below.patches]
        assert heights == [0, 0, 0, 0, 0, 0, 2, 0, 2, 0]

    def test_the_title_tells_the_expected_error(self, drawn, texts):
        scores = np.array([[0.9, 0.1], [0.9, 0.1], [0.35, 0.65], [0.35, 0.65]], np.float32)
        draw_reliability(calibrate(Classes(np.array([0, 1, 1, 1]), scores, ("no", "yes"))), ["png"])
        assert "Expected calibration error 37.5 %" in texts(drawn["reliability"])

    @pytest.mark.parametrize(("right", "count"), [(0, 1), (3, 10), (99, 100), (5, 5)])
    def test_the_interval_is_wilsons(self, right, count):
        low, high = wilson_interval(np.array([right / count]), np.array([count]))
        expected = binomtest(right, count).proportion_ci(0.95, method="wilson")
        assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-4)

    def test_without_a_row_there_is_no_picture(self):
        empty = Classes(np.zeros(0, np.int64), np.zeros((0, 2), np.float32), ("no", "yes"))
        assert draw_reliability(calibrate(empty), ["png"]) == {}
        assert draw_confusion(score_classes(empty), ["png"]) == {}
        assert draw_per_class(score_classes(empty).scores, ["png"]) == {}

    def test_a_file_is_drawn(self):
        assert draw_reliability(calibrate(many(5)), ["png"])["reliability.png"].startswith(PNG)

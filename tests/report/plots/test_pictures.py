"""Pictures of the data: the images in a grid, what the model makes of them, and a fitted curve."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from kerasrun.errors import InputError
from kerasrun.report.images import as_pictures
from kerasrun.report.plots import style
from kerasrun.report.plots.fit import draw_fit
from kerasrun.report.plots.pictures import draw_predictions, draw_samples

PNG = b"\x89PNG\r\n\x1a\n"


def images(count, *shape, dtype=np.uint8):
    return np.arange(count).reshape(-1, *[1] * len(shape or (4, 4))).astype(dtype) * np.ones(shape or (4, 4), dtype)


def captions(axes):
    """The lines over the images, from the nearest to the farthest."""
    return [text.get_text() for text in axes.texts]


def frames(axes):
    """The corners of the frame around each image, in their order."""
    (drawn_frames,) = axes.collections
    return [path.vertices[:4] for path in drawn_frames.get_paths()]


class TestSamples:
    def test_thirty_images_make_a_grid_of_three_rows(self, drawn):
        draw_samples(images(40), range(40), ["png"])
        (axes,) = drawn["samples"].axes
        assert captions(axes) == [str(label) for label in range(30)]
        for row, strip in enumerate(axes.images):
            left, _, bottom, top = strip.get_extent()
            pixels = np.asarray(strip.get_array())
            for column, frame in enumerate(frames(axes)[10 * row : 10 * row + 10]):
                middle, below = frame.mean(axis=0)
                assert top < below < bottom
                place = round((middle - left) / (strip.get_extent()[1] - left) * pixels.shape[1])
                assert pixels[48, place].tolist() == [10 * row + column] * 3 + [255]
        assert len(axes.images) == 3

    def test_class_names_may_be_any_text(self, drawn):
        names = ["T-shirt/top", "$5", "猫", "a\nb"]
        draw_samples(images(4), [0, 1, 2, 3], ["png"], class_names=names)
        assert captions(drawn["samples"].axes[0]) == ["T-shirt/top", "$5", "猫", "a b"]

    def test_files_come_in_each_format_under_the_name_asked_for(self):
        files = draw_samples(images(2), ["猫", "$5"], ["png", "svg", "pdf"], name="digits")
        assert sorted(files) == ["digits.pdf", "digits.png", "digits.svg"]
        assert files["digits.png"].startswith(PNG)
        assert files == draw_samples(images(2), ["猫", "$5"], ["png", "svg", "pdf"], name="digits")

    def test_a_label_without_a_name_is_refused(self):
        with pytest.raises(InputError, match=r"the label 2 has no name; there are 2 class names\."):
            draw_samples(images(1), [2], ["png"], class_names=["a", "b"])


class TestPredictions:
    def test_the_caption_tells_class_and_probability(self, drawn):
        draw_predictions(images(1), [7], [7], [0.98765], ["png"])
        (axes,) = drawn["predictions"].axes
        assert captions(axes) == ["0.9877", "7"]
        assert {text.get_color() for text in axes.texts} == {style.INK}

    def test_a_wrong_one_is_red_bold_framed_and_tells_the_true_label(self, drawn):
        draw_predictions(images(2), [9, 1], [4, 1], [0.5, 1.0], ["png"])
        (axes,) = drawn["predictions"].axes
        wrong = [text for text in axes.texts if text.get_color() == style.RED]
        assert [text.get_text() for text in wrong] == ["0.5000", "4 (is 9)"]
        assert {text.get_fontweight() for text in wrong} == {"bold"}
        (drawn_frames,) = axes.collections
        assert [to_hex(edge) == style.RED.lower() for edge in drawn_frames.get_edgecolors()] == [True, False]

    def test_long_names_take_a_line_each(self, drawn):
        draw_predictions(images(1), [0], [1], [0.5], ["png"], class_names=["Ankle boot", "T-shirt/top"])
        assert captions(drawn["predictions"].axes[0]) == ["0.5000", "(is Ankle boot)", "T-shirt/top"]

    def test_without_true_labels_nothing_is_wrong(self, drawn):
        draw_predictions(images(2), None, np.array([3, 4]), np.array([0.5, 0.6], np.float32), ["png"])
        assert captions(drawn["predictions"].axes[0]) == ["0.5000", "3", "0.6000", "4"]

    def test_a_probability_that_is_no_number_is_told_as_such(self, drawn):
        draw_predictions(images(1), [3], [0], [np.nan], ["png"], class_names=["a", "b", "c", "d"])
        assert captions(drawn["predictions"].axes[0]) == ["not a number", "(is d)", "no prediction"]

    def test_arrays_of_unequal_length_are_refused(self):
        with pytest.raises(InputError, match="labels, predicted classes and probabilities differ in number"):
            draw_predictions(images(2), [1, 2], [1, 2], [0.5], ["png"])

    def test_a_file_is_drawn(self):
        assert draw_predictions(images(1), [1], [2], [0.5], ["png"])["predictions.png"].startswith(PNG)


class TestImages:
    @pytest.mark.parametrize(
        ("values", "shown"),
        [
            (np.array([0, 128, 255], np.uint8), [0, 128, 255]),
            (np.array([0, 128, 255], np.int64), [0, 128, 255]),
            (np.array([0.0, 0.2, 1.0]), [0, 51, 255]),
            (np.array([0.0, 51.0, 255.0], np.float32), [0, 51, 255]),
            (np.array([-1.0, -0.6, 1.0]), [0, 51, 255]),
            (np.array([False, True, True]), [0, 255, 255]),
            (np.array([np.nan, 0.2, 1.0]), [0, 51, 255]),
        ],
        ids=["bytes", "integers", "0 to 1", "0 to 255", "-1 to 1", "booleans", "nan"],
    )
    def test_numbers_become_bytes_by_their_range(self, values, shown):
        result = as_pictures(values.reshape(1, 1, 3), 1, 30)
        assert result.dtype == np.uint8
        assert result.ravel().tolist() == shown

    @pytest.mark.parametrize(
        ("shape", "shown"),
        [
            ((4, 2, 3), (3, 2, 3)),
            ((4, 2, 3, 1), (3, 2, 3)),
            ((4, 2, 3, 3), (3, 2, 3, 3)),
            ((1, 2, 3, 4),) * 2,
        ],
    )
    def test_grey_and_coloured_images_are_shown(self, shape, shown):
        assert as_pictures(np.zeros(shape), shape[0], 3).shape == shown

    @pytest.mark.parametrize(
        ("values", "labels", "message"),
        [
            (
                np.zeros((2, 3)),
                2,
                r"images have the shape \(2, 3\); it must be \(n, height, width\), or with",
            ),
            (np.zeros((2, 3, 3, 2)), 2, r"images have the shape \(2, 3, 3, 2\); it must be"),
            (np.zeros((0, 3, 3)), 0, r"images have the shape \(0, 3, 3\): there is nothing to draw."),
            (np.full((1, 1, 1), "a"), 1, "images have the type <U1; they must be numbers."),
            (np.zeros((2, 3, 3)), 1, "there are 2 images and 1 labels; there must be one label an image."),
        ],
    )
    def test_other_arrays_are_refused(self, values, labels, message):
        with pytest.raises(InputError, match=message):
            as_pictures(values, labels, 30)


class TestFit:
    def lines(self, drawn):
        return {line.get_label(): line for line in drawn["fit"].axes[0].get_lines()}

    def test_points_true_curve_and_fitted_curve_share_an_axes(self, drawn):
        draw_fit([2, 0, 1], [4, 0, 1], [5, 1, 2], ["png"], [False, False, True], ([0, 2], [0, 4]))
        lines = self.lines(drawn)
        assert list(lines) == ["true curve", "training data", "validation data", "fitted curve"]
        data = {label: [part.tolist() for part in line.get_data()] for label, line in lines.items()}
        assert data["training data"] == [[2, 0], [4, 0]]
        assert data["validation data"] == [[1], [1]]
        assert data["fitted curve"] == [[0, 1, 2], [1, 2, 5]]
        assert data["true curve"] == [[0, 2], [0, 4]]
        assert lines["training data"].get_marker() != lines["validation data"].get_marker()

    def test_columns_will_do_and_nothing_need_be_held_out(self, drawn):
        draw_fit(np.zeros((3, 1)), np.ones((3, 1)), np.ones((3, 1)), ["png"])
        assert list(self.lines(drawn)) == ["training data", "fitted curve"]

    def test_a_file_is_drawn(self):
        assert draw_fit([0, 1], [0, 1], [0, 1], ["png"])["fit.png"].startswith(PNG)

    @pytest.mark.parametrize(
        ("x", "y", "message"),
        [
            (
                [0, 1],
                [0],
                "the data of the fit differ in length: x has 2, y has 1, predicted has 2, validation has 2",
            ),
            ([0, 1], [np.nan, np.inf], "the data of the fit have no finite point: there is nothing to draw."),
            ([[0, 1], [1, 2]], [0, 1], r"x has the shape \(2, 2\); a fit is drawn of one number a row."),
        ],
    )
    def test_data_that_cannot_be_drawn_are_refused(self, x, y, message):
        with pytest.raises(InputError, match=message):
            draw_fit(x, y, [0, 1], ["png"])

"""What the first layer looks for, as a picture."""

import numpy as np
import pytest

from kerasrun.report.plots.filters import draw_filters
from kerasrun.report.results import Filters


def filters(count, *shape, before=True):
    random = np.random.default_rng(0)
    after = random.normal(size=(count, *shape)).astype(np.float32)
    return Filters("dense", 0.1 * after if before else None, after, count)


def strips(figure):
    """The rows of filters, from the top, as (height, width, 4) uint8."""
    return [np.asarray(image.get_array()) for image in figure.axes[0].images]


def test_each_filter_stands_before_training_over_itself_after(drawn, texts):
    draw_filters(filters(20, 5, 5), ["png"])
    figure = drawn["filters"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["before", "after", "before", "after"]
    first, second = (image.get_extent() for image in figure.axes[0].images[:2])
    assert first[:2] == second[:2]
    assert first[2] < second[2]
    assert "its 20 filters, before training and after" in texts(figure)


def test_colours_are_symmetric_about_0_on_one_scale(drawn):
    weights = np.array([[[-1.0, 0.0], [0.5, 1.0]]], np.float32)
    draw_filters(Filters("dense", weights / 2, weights, 1), ["png"])
    before, after = strips(drawn["filters"])
    corner = 10  # the top left of a strip shows the first weight, its bottom right the last one
    blue, grey, yellow = (
        after[place].astype(int) for place in ((corner, corner), (corner, -corner), (-corner, -corner))
    )
    assert np.ptp(grey[:3]) == 0
    assert blue[2] > blue[0]
    assert yellow[0] > yellow[2]
    assert blue[:3].sum() < grey[:3].sum() < yellow[:3].sum()  # in a grey print too
    assert before[-corner, -corner].tolist() == after[-corner, corner].tolist()


def test_filters_of_colour_pictures_are_in_colour(drawn, texts):
    weights = np.zeros((1, 2, 2, 3), np.float32)
    weights[0, 0, 0] = 1, -1, 0
    draw_filters(Filters("conv", None, weights, 1), ["png"])
    (after,) = strips(drawn["filters"])
    assert after[10, 10].tolist() == [255, 0, 128, 255]
    assert after[-10, -10].tolist() == [128, 128, 128, 255]
    assert any("red, green and blue" in text for text in texts(drawn["filters"]))


def test_where_the_beginning_is_not_known_there_is_the_end_alone(drawn, texts):
    draw_filters(filters(4, 3, 3, before=False), ["png"])
    figure = drawn["filters"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["after"]
    assert "its 4 filters, after training" in texts(figure)


def test_of_many_filters_32_are_shown_and_that_is_said(drawn, texts):
    draw_filters(filters(64, 3, 3), ["png"])
    assert len(strips(drawn["filters"])) == 4
    assert "32 of its 64 filters, before training and after" in texts(drawn["filters"])


def test_a_filter_that_is_not_finite_is_not_drawn(drawn, texts):
    broken = filters(4, 3, 3)
    broken.after[0, 0, 0] = np.nan
    draw_filters(broken, ["png"])
    assert "its 4 filters, before training" in texts(drawn["filters"])
    assert draw_filters(Filters("dense", None, broken.after, 4), ["png"]) == {}


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_files_are_small_and_the_same_each_time(form):
    files = draw_filters(filters(64, 28, 28), [form])
    assert list(files) == [f"filters.{form}"]
    assert len(files[f"filters.{form}"]) < 500_000
    assert files == draw_filters(filters(64, 28, 28), [form])

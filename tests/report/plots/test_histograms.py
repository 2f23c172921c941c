"""Histograms of columns: shares of rows, a panel a column."""

import numpy as np
import pytest

from kerasrun.errors import InputError
from kerasrun.report.plots import histograms
from kerasrun.report.plots.histograms import MAX_PANELS, draw_histograms

NUMBERS = np.random.Generator(np.random.Philox(1)).normal(0, 1, 400)


def figure(columns):
    return histograms._figure(columns, "")


def test_bars_are_shares_of_each_part():
    axes = figure({"size": {"train": NUMBERS, "test": NUMBERS[:40]}}).axes[0]
    for patch in axes.patches:
        assert patch.get_data().values.sum() == pytest.approx(1)
    assert axes.get_title(loc="left") == "size"


def test_whole_numbers_of_a_small_range_have_a_bar_each():
    [bars] = figure({"rooms": {"train": np.array([1, 2, 2, 4])}}).axes[0].patches
    assert bars.get_data().edges.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert bars.get_data().values.tolist() == [0.25, 0.5, 0, 0.25]


def test_words_have_a_bar_each_the_most_frequent_first():
    words = np.array(["b", "a", "b", "c"], object)
    axes = figure({"city": {"train": words}}).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["b", "a", "c"]
    assert [bar.get_height() for bar in axes.patches] == [0.5, 0.25, 0.25]


def test_a_constant_column_is_drawn():
    assert draw_histograms({"same": {"train": np.full(5, 3.25)}}, ["png"])["histograms.png"].startswith(b"\x89PNG")


def test_of_many_columns_the_first_are_drawn_and_it_says_so():
    columns = {f"column {i}": {"train": NUMBERS} for i in range(MAX_PANELS + 1)}
    svg = draw_histograms(columns, ["svg"])["histograms.svg"].decode()
    assert svg.count("<!-- column ") == MAX_PANELS
    assert "the first 24 of 25 columns" in svg


def test_nothing_gives_nothing_and_an_unknown_format_is_refused():
    assert draw_histograms({}, ["png"]) == {}
    with pytest.raises(InputError, match="unknown picture format: gif"):
        draw_histograms({"a": {"train": NUMBERS}}, ["gif"])

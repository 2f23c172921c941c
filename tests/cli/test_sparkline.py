"""A curve in a line of characters."""

import math

import pytest

from kerasrun.cli.sparkline import sparklines


def test_a_value_a_character_from_the_lowest_to_the_highest():
    assert sparklines([[0, 1, 2, 3, 4, 5, 6, 7]], 8) == ["▁▂▃▄▅▆▇█"]


def test_curves_share_one_scale():
    low, high = sparklines([[1.0, 1.5], [2.0, 2.0]], 8)
    assert (low, high) == ("▁▅", "██")


def test_a_first_epoch_far_above_does_not_squash_the_tail():
    [line] = sparklines([[1000.0, 1.0, 0.5, 0.25]], 8)
    assert len(set(line)) > 2


def test_more_values_than_columns_are_averaged():
    assert sparklines([[0, 0, 7, 7, 0, 0]], 3) == ["▁█▁"]
    assert [len(line) for line in sparklines([list(range(100_000))], 40)] == [40]


@pytest.mark.parametrize("width", [-3, 0])
def test_no_room_is_nothing(width):
    assert sparklines([[1.0, 2.0]], width) == [""]


def test_what_is_not_finite_is_a_blank():
    assert sparklines([[1.0, math.nan, 2.0, math.inf]], 8) == ["▁ █ "]
    assert sparklines([[math.nan]], 8) == [""]


def test_a_flat_curve_lies_at_the_bottom_and_negative_values_will_do():
    assert sparklines([[0.5, 0.5]], 8) == ["▁▁"]
    assert sparklines([[-1.0, 1.0]], 8) == ["▁█"]


def test_in_ascii():
    assert sparklines([[0, 1, 2, 3, 4, 5, 6, 7]], 8, in_ascii=True) == ["_.-~=+*#"]

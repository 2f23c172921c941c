"""How many rows each class has, as a table that fits 80 columns."""

import numpy as np
import pytest

from kerasrun.config.faults import width_of
from kerasrun.runs.class_counts import ClassCounts, class_lines, unseen_notes


def table(counted):
    return "\n" + "\n".join(class_lines(counted)) + "\n"


def test_a_few_classes_stand_beside_one_another():
    counts = {"train": [1_032, 32, 0], "validation": [8, 8, 8], "test": [10, 10, 10]}
    assert (
        table(ClassCounts("", ("setosa", "versicolor", "virginica"), counts))
        == """
classes               setosa  versicolor  virginica
          train        1,032          32          0
          validation       8           8          8
          test            10          10         10
"""
    )


def test_classes_that_no_training_row_has_are_told_with_the_rows_that_have_them():
    names, counts = ("a", "b", "c"), {"train": [5, 0, 0], "validation": [1, 0, 0], "test": [0, 2, 1]}
    assert unseen_notes([ClassCounts("", names, counts)]) == [
        "3 rows of test are of classes that no training row has: b, c"
    ]


def test_ten_digits_fit_a_line():
    digits = tuple("0123456789")
    lines = class_lines(
        ClassCounts("", digits, {"train": [4_733] * 10, "validation": [1_190] * 10, "test": [980] * 10})
    )
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80


def test_more_or_longer_names_stand_below_one_another():
    names = ("tea", "a name that is much longer than a column of a table may well be at most, so it is cut", "猫")
    assert (
        table(ClassCounts("", names, {"train": [8, 1_000, 3], "validation": [1, 2, 3], "test": [4, 5, 6]}))
        == """
classes                                                  train  validation  test
          tea                                                8           1     4
          a name that is much longer than a column of …  1,000           2     5
          猫                                                 3           3     6
"""
    )


def test_of_many_classes_the_smallest_and_the_largest_are_told():
    names = tuple(f"kind_{number}" for number in range(100))
    counts = {"train": [500 + number for number in range(100)], "test": [100] * 100}
    assert (
        table(ClassCounts("", names, counts))
        == """
classes          100 classes
          train  from 500 kind_0  to 599 kind_99
          test   100 rows each
"""
    )


def test_a_target_of_several_is_named():
    assert (
        table(ClassCounts("kind", ("0", "1"), {"train": [3, 4]}))
        == """
classes   of kind
                 0  1
          train  3  4
"""
    )


@pytest.mark.parametrize("num_classes", [2, 5, 10, 15, 20, 21, 1000])
@pytest.mark.parametrize("length", [1, 6, 40, 200])
@pytest.mark.parametrize("letter", ["a", "猫"])
def test_no_line_is_wider_than_80_columns(num_classes, length, letter):
    names = tuple(f"{number}{letter * length}" for number in range(num_classes))
    counts = np.arange(num_classes) * 1_000 + 1
    counted = ClassCounts("", names, {part: counts.tolist() for part in ("train", "validation", "test")})
    assert max(map(width_of, class_lines(counted))) <= 80

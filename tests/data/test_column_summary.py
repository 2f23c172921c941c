"""What columns are like, against numpy's own figures and by hand."""

import numpy as np
import pytest

from kerasrun.data.duplicates import row_hashes
from kerasrun.data.rows import Rows
from kerasrun.data.streamed import Streamed
from kerasrun.data.summary import summarize_inputs, summarize_targets

X = np.random.Generator(np.random.Philox(1)).normal(4, 2, (500, 3)).astype(np.float32)


def test_a_column_of_numbers_has_its_range_mean_and_deviation():
    for summary, column in zip(summarize_inputs(Rows(X, None), ["a", "b", "c"]), X.T.astype(np.float64), strict=True):
        assert (summary.least, summary.most) == (column.min(), column.max())
        assert summary.mean == pytest.approx(column.mean())
        assert summary.deviation == pytest.approx(column.std())
        assert not summary.is_constant


def test_streamed_rows_give_the_same():
    streamed = Streamed(lambda rows: X[rows], 0, len(X), None, 8, 50)
    assert summarize_inputs(streamed) == summarize_inputs(Rows(X, None))


def test_columns_bear_the_names_given_or_their_numbers():
    assert [summary.name for summary in summarize_inputs(Rows(X, None))] == ["x[0]", "x[1]", "x[2]"]
    assert [summary.name for summary in summarize_inputs(Rows(X, None), ["only one"])] == ["x[0]", "x[1]", "x[2]"]
    assert [summary.name for summary in summarize_inputs(Rows({"b": X[:, :1], "a": X}, None))][:2] == ["b", "a[0]"]


def test_pictures_are_told_as_a_whole():
    [pixels] = summarize_inputs(Rows(np.arange(48, dtype=np.uint8).reshape(3, 4, 4), None))
    assert (pixels.name, pixels.least, pixels.mean, pixels.most) == ("x", 0, 23.5, 47)


def test_a_column_that_never_changes_is_constant():
    [summary] = summarize_inputs(Rows(np.full((9, 1), 7, np.float32), None))
    assert (summary.is_constant, summary.deviation, summary.mean) == (True, 0, 7)


def test_words_are_counted():
    [words] = summarize_inputs(Rows(np.array(["b", "a", "b", "three"], object), None))
    assert (words.num_distinct, words.common, words.longest) == (3, ("b", 2), 5)


def test_each_column_of_targets_has_a_line():
    assert [summary.name for summary in summarize_targets(Rows(X, X[:, :2]))] == ["y[0]", "y[1]"]
    assert summarize_targets(Rows(X, None)) == []


def test_repeated_rows_are_counted_by_all_their_inputs():
    twice = np.concatenate([X, X[:20]])
    assert len(np.unique(row_hashes(twice))) == len(twice) - 20
    hashes = row_hashes({"x": twice, "word": np.array([*["a"] * 500, *["b"] * 20], object)})
    assert len(np.unique(hashes)) == len(twice)

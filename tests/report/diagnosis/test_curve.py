"""Trend and noise of curves, against SciPy and by hand."""

import numpy as np
import pytest
import scipy.stats

from kerasrun.report.diagnosis.curve import Curve, curve, trend


def made(values):
    return Curve("loss", np.arange(1.0, len(values) + 1), np.asarray(values, np.float64))


def test_values_that_are_not_finite_are_left_out():
    found = curve({"epoch": [1, 2, 3], "loss": [3.0, float("nan"), 1.0]}, "loss")
    assert (found.at.tolist(), found.values.tolist()) == ([1, 3], [3, 1])
    assert curve({"loss": [float("nan")]}, "loss") is None
    assert curve({}, "loss") is None


def test_the_slope_is_that_of_theil_and_sen():
    values = np.random.default_rng(0).normal(size=31) + np.arange(31) * 0.1
    expected = scipy.stats.theilslopes(values, np.arange(1, 32))[0]
    assert trend(made(values)).change == pytest.approx(expected * 30)


def test_the_test_is_that_of_mann_and_kendall():
    values = [5, 4, 4, 3, 3, 1, 2, 0]
    # S is concordant less discordant pairs: of 28 pairs 2 are equal, 1 rises, 25 fall. var = (8·7·21 - 2·(2·1·9)) / 18.
    assert trend(made(values)).z == pytest.approx((-24 + 1) / np.sqrt((8 * 7 * 21 - 2 * 18) / 18))


def test_a_flat_curve_has_no_trend():
    assert trend(made([2.0] * 9)).z == 0
    assert trend(made([2.0])).change == 0


def test_a_straight_line_has_no_noise_and_white_noise_has_its_own():
    assert made(np.linspace(3, 1, 50)).noise == pytest.approx(0, abs=1e-12)
    errors = np.random.default_rng(1).normal(scale=0.3, size=20_000)
    assert made(errors + np.linspace(9, 1, 20_000)).noise == pytest.approx(0.3, rel=0.03)


def test_one_spike_changes_neither_noise_nor_level():
    values = np.linspace(3, 1, 50)
    values[-2] = 1e6
    assert made(values).noise < 0.05
    assert made(values).end < 1.2


def test_a_long_curve_is_read_in_stretches():
    thin = made(np.arange(100_000)).thinned()
    assert len(thin) == 400
    assert thin.values[0] == pytest.approx(124.5)  # the median of 0 … 249

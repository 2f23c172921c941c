"""After how many rows a series comes back to what it was."""

import numpy as np
import pytest

from kerasrun.data.starting.seasons import find_season, guess_error

ROWS = np.arange(400)


def noise(scale, count=400, seed=0):
    return np.random.default_rng(seed).normal(0, scale, count)


@pytest.mark.parametrize("season", [3, 4, 7, 12, 24, 52, 100])
@pytest.mark.parametrize("trend", [0, 1])
def test_a_season_in_noise_and_trend_is_found(season, trend):
    # a shape of its own that repeats, and no smooth wave
    shape = np.random.default_rng(season).normal(0, 5, season)
    assert find_season(shape[ROWS % season] + trend * ROWS + noise(1)) == season


def test_a_wave_has_the_season_of_its_length():
    assert find_season(10 * np.sin(2 * np.pi * ROWS / 12) + noise(1)) == 12


@pytest.mark.parametrize("seed", range(10))
def test_noise_and_a_walk_have_none(seed):
    assert find_season(noise(1, seed=seed)) is None
    assert find_season(noise(1, seed=seed).cumsum()) is None


def test_nor_has_what_was_not_seen_three_times():
    assert find_season(np.tile(noise(5, 7), 2)) is None
    assert find_season(np.tile(noise(5, 7), 4)) == 7


def test_nor_have_a_line_and_very_few_rows():
    assert find_season(np.arange(100.0)) is None
    assert find_season(np.array([1.0, 2, 1, 2])) is None


def test_a_guess_is_off_by_the_mean_of_the_differences():
    values = np.array([1.0, 2, 4, 8])
    assert guess_error(values, 1) == (1 + 2 + 4) / 3
    assert guess_error(values, 2) == (3 + 6) / 2

"""The order of rows is a pure function of the seed and the epoch or step."""

import numpy as np
import pytest

from kerasrun.training.order import epoch_order, step_rows


def test_an_epoch_has_every_row_once():
    for epoch in range(3):
        assert sorted(epoch_order(100, seed=3, epoch=epoch)) == list(range(100))


def test_it_is_the_same_for_the_same_seed_and_epoch_and_another_for_others():
    first = epoch_order(100, seed=3, epoch=5)
    np.testing.assert_array_equal(first, epoch_order(100, seed=3, epoch=5))
    assert not np.array_equal(first, epoch_order(100, seed=3, epoch=6))
    assert not np.array_equal(first, epoch_order(100, seed=4, epoch=5))


def test_numpys_own_generator_is_left_alone():
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    epoch_order(100, 3, 5), step_rows(100, 10, 3, 5)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_without_shuffle_rows_keep_their_order():
    np.testing.assert_array_equal(epoch_order(5, 3, 2, shuffle=False), range(5))
    np.testing.assert_array_equal(step_rows(5, 2, 3, step=2, shuffle=False), [4, 0])


def test_a_step_draws_without_replacement_within_the_batch():
    for step in range(50):
        assert len(set(step_rows(20, 15, seed=1, step=step))) == 15
    assert sorted(step_rows(4, 15, seed=1, step=0)) == [0, 1, 2, 3]


def test_steps_draw_every_row_equally_often():
    drawn = np.concatenate([step_rows(50, 10, seed=1, step=step) for step in range(2000)])
    counts = np.bincount(drawn, minlength=50)
    # Each row is in a batch with probability 1/5: binomial over 2,000 steps, five standard deviations.
    assert np.abs(counts - 400).max() < 5 * np.sqrt(2000 * 0.2 * 0.8)


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_epochs_and_steps_draw_apart(seed):
    assert not np.array_equal(epoch_order(10, seed, 0), step_rows(10, 10, seed, 0))

"""Which epochs of a history are marked."""

import math

from kerasrun.report.history import History
from kerasrun.report.marks import Marks, marks_of


def epochs(*rates, first=1):
    return History(epochs={"epoch": [first + row for row in range(len(rates))], "learning_rate": list(rates)})


def test_a_model_saved_at_the_end_of_an_epoch_or_within_it_marks_that_epoch():
    # After 0 whole epochs and 30 steps the first epoch is going on.
    assert marks_of(epochs(1, 1, 1), saves=[(2, 30), (0, 30), (0, 15)]).checkpoints == (1, 3)


def test_a_model_saved_when_the_training_ends_marks_the_last_epoch():
    assert marks_of(epochs(1, 1, 1), saves=[(3, 0)]).checkpoints == (3,)


def test_a_save_that_the_history_has_not_come_to_is_left_out():
    assert marks_of(epochs(1, 1, 1), saves=[(3, 30), (7, 0)]).checkpoints == ()


def test_in_a_run_counted_in_steps_the_evaluation_that_follows_is_marked():
    history = History(evaluations={"step": [0, 600, 1200], "epoch": [0.0, 1.5, 3.0], "learning_rate": [1, 1, 0.1]})
    assert marks_of(history, saves=[(1, 600), (2, 601)], stopped=True) == Marks((1.5, 3.0), (3.0,), 3.0)


def test_an_early_stop_is_the_last_epoch():
    assert marks_of(epochs(1, 1, 1)).early_stop is None
    assert marks_of(epochs(1, 1, 1), stopped=True).early_stop == 3


def test_epochs_that_begin_with_another_rate_are_marked():
    assert marks_of(epochs(0.1, 0.1, 0.01, math.nan, 0.01, 0.02)).rate_changes == (3, 6)


def test_a_rate_that_changes_all_the_time_is_not():
    assert len(marks_of(epochs(*[0.5**row for row in range(13)])).rate_changes) == 12
    assert marks_of(epochs(*[0.5**row for row in range(14)])).rate_changes == ()


def test_an_empty_history_has_none():
    assert marks_of(History(), saves=[(1, 0)], stopped=True) == Marks()

"""What is read from made curves of each kind: the right finding and no wrong one, whatever the noise."""

import math

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics

from kerasrun.report.diagnosis.amounts import wilson_interval
from kerasrun.report.diagnosis.facts import Facts, Stopping
from kerasrun.report.diagnosis.read import read_curves
from kerasrun.report.history import History
from tests.report.diagnosis.made_curves import REFERENCES, TEN_CLASSES, decay, facts, history, names, noisy

SEEDS = range(8)


@pytest.fixture(params=SEEDS)
def seed(request):
    return request.param


class TestAHealthyRun:
    def test_is_called_so(self, seed):
        loss = noisy(decay(50, 2.3, 0.10, 5), seed)
        val_loss = noisy(decay(50, 2.2, 0.15, 5), seed + 100)
        assert names(loss, val_loss, facts(0.10, 0.15)) == ["healthy"]

    def test_is_not_called_so_where_nothing_is_known_but_its_curves(self, seed):
        loss, val_loss = noisy(decay(50, 2.3, 0.10, 5), seed), noisy(decay(50, 2.2, 0.15, 5), seed + 100)
        assert names(loss, val_loss) == ["levelled_off"]

    def test_tells_its_figures(self):
        found = read_curves(history(decay(50, 2.3, 0.1, 5), decay(50, 2.2, 0.15, 5)), facts(0.1, 0.15)).findings[0]
        assert found.sentence == (
            "the losses level off; measured alike, it is 0.1000 on the training rows, 0.1500 on validation, and "
            "2.3026 for an answer without any input"
        )
        assert found.figures == {"loss": 0.1, "val_loss": 0.15, "reference": TEN_CLASSES}
        assert found.advice == ""


class TestOverfitting:
    def test_a_validation_loss_that_rises_while_the_training_loss_falls(self, seed):
        loss = noisy(decay(60, 2.3, 0.02, 8), seed)
        val_loss = noisy(decay(60, 2.2, 0.30, 6) + 0.008 * np.arange(60), seed + 100)
        assert names(loss, val_loss, facts(0.02, 0.77)) == ["overfitting"]

    def test_training_rows_known_by_heart_where_the_validation_loss_only_stays(self, seed):
        loss, val_loss = noisy(decay(60, 2.3, 0.01, 5), seed), noisy(decay(60, 2.3, 0.9, 5), seed + 100)
        assert names(loss, val_loss, facts(0.01, 0.9)) == ["overfitting"]

    def test_a_smaller_gap_is_called_a_gap(self, seed):
        loss, val_loss = noisy(decay(60, 2.3, 0.05, 5), seed), noisy(decay(60, 2.3, 0.4, 5), seed + 100)
        assert names(loss, val_loss, facts(0.05, 0.4)) == ["generalization_gap"]

    def test_tells_since_when_and_from_what_to_what(self):
        # 0.5 at epoch 10, then up by 0.01 an epoch to 0.7 at epoch 30.
        val_loss = np.concatenate([np.linspace(1.4, 0.5, 10), 0.5 + 0.01 * np.arange(1, 21)])
        found = read_curves(history(np.linspace(1.5, 0.05, 30), val_loss)).findings[0]
        assert found.name == "overfitting"
        assert found.sentence.startswith("val_loss rose from 0.5000 in epoch 10 to 0.7000 at the end, while loss went ")
        assert found.figures["epoch"] == 10
        assert "restore_best_weights" in found.advice

    def test_is_not_claimed_from_a_rise_that_so_few_rows_make_by_chance(self, seed):
        loss, val_loss = decay(60, 2.3, 0.1, 8), decay(60, 2.2, 0.30, 3) + 0.001 * np.arange(60)
        curves = noisy(loss, seed), noisy(val_loss, seed + 100)
        assert names(*curves, facts(0.1, 0.36)) == ["overfitting"]
        assert "overfitting" not in names(*curves, facts(0.1, 0.36, num_validation=40))

    def test_is_not_claimed_where_both_losses_rise(self):
        found = names(np.linspace(1, 0.2, 20).tolist() + [3.0] * 10, np.linspace(1, 0.3, 20).tolist() + [3.0] * 10)
        assert "overfitting" not in found

    def test_is_not_claimed_from_noise_alone(self, seed):
        loss = noisy(decay(60, 2.3, 0.1, 5), seed, 0.02)
        val_loss = noisy(decay(60, 2.3, 0.15, 5), seed + 100, 0.15)
        assert names(loss, val_loss, facts(0.1, 0.15)) == ["healthy"]

    def test_says_less_where_the_best_weights_were_kept(self):
        val_loss = np.concatenate([np.linspace(1.4, 0.5, 10), 0.5 + 0.01 * np.arange(1, 21)])
        known = facts(stopped="stopped by a callback after 30 of 50 epochs", stopping=Stopping(restores_best=True))
        found = read_curves(history(np.linspace(1.5, 0.05, 30), val_loss), known).findings
        assert [finding.name for finding in found] == ["overfitting", "stopped_early"]
        assert "restore_best_weights" not in found[0].advice
        assert found[1].sentence == "val_loss was best in epoch 10 (0.5000); the weights kept are those of epoch 10"


class TestNotYetConverged:
    def test_a_validation_loss_that_still_falls(self, seed):
        loss, val_loss = noisy(decay(20, 2.3, 0.1, 20), seed, 0.01), noisy(decay(20, 2.2, 0.15, 20), seed + 100, 0.01)
        assert names(loss, val_loss, facts(0.9, 0.95)) == ["not_yet_converged"]

    def test_without_validation_the_training_loss_tells_it(self, seed):
        found = names(noisy(decay(20, 2.3, 0.1, 20), seed, 0.01), None, facts(0.9))
        assert found == ["not_yet_converged", "no_validation"]

    def test_tells_how_far_in_how_many_epochs(self):
        # A fifth of 40 epochs: from 0.33 to 0.26.
        found = read_curves(history(np.linspace(0.65, 0.26, 40))).findings[0]
        assert found.sentence == "loss still falls: from 0.3300 to 0.2600 in the last 8 epochs"

    def test_three_epochs_are_enough_where_both_losses_fall_far_each_time(self):
        assert names([2.2, 1.8, 1.4], [2.1, 1.6, 1.3]) == ["not_yet_converged"]
        assert names([2.2, 1.8, 1.4], [2.1, 2.2, 1.3]) == ["too_little_to_tell"]
        assert names([2.2, 1.8, 1.4], [2.1, 1.6, 1.59]) == ["too_little_to_tell"]

    def test_is_not_claimed_of_a_curve_that_is_flat_but_for_noise(self, seed):
        assert names(noisy(np.full(100, 0.5), seed, 0.05)) == ["no_validation"]


class TestUnderfitting:
    def test_a_training_loss_that_stays_high_beside_a_constant_answer(self, seed):
        loss, val_loss = noisy(decay(60, 2.3, 1.7, 5), seed, 0.01), noisy(decay(60, 2.3, 1.75, 5), seed + 100, 0.01)
        assert names(loss, val_loss, facts(1.7, 1.75)) == ["underfitting"]

    def test_a_model_that_has_learnt_nothing(self, seed):
        loss = noisy(np.full(30, TEN_CLASSES), seed, 1e-5)
        assert names(loss, loss, facts(TEN_CLASSES, TEN_CLASSES)) == ["underfitting"]

    def test_a_rate_far_too_low(self):
        loss = np.linspace(2.36, 2.33, 30)
        found = read_curves(history(loss, loss + 0.01), facts(2.33, 2.34)).findings
        assert [finding.name for finding in found] == ["underfitting"]
        assert found[0].advice.startswith("a higher learning rate")

    def test_is_not_claimed_without_a_reference(self, seed):
        loss, val_loss = noisy(decay(60, 2.3, 1.7, 5), seed, 0.01), noisy(decay(60, 2.3, 1.75, 5), seed + 100, 0.01)
        assert names(loss, val_loss, facts(1.7, 1.75, references={})) == ["levelled_off"]

    @pytest.mark.parametrize("more", [{"has_penalty": True}, {"is_weighted": True}])
    def test_is_not_claimed_where_the_loss_is_no_plain_one(self, more):
        loss, val_loss = decay(60, 2.3, 1.7, 5), decay(60, 2.3, 1.75, 5)
        assert names(loss, val_loss, facts(1.7, 1.75, **more)) == ["levelled_off"]

    def test_is_not_claimed_while_the_loss_still_falls(self, seed):
        loss, val_loss = noisy(decay(20, 2.3, 0.2, 30), seed, 0.005), noisy(decay(20, 2.3, 0.2, 30), seed + 100, 0.005)
        assert names(loss, val_loss, facts(1.3, 1.3)) == ["not_yet_converged"]

    def test_is_not_claimed_because_training_comes_off_worse_than_validation(self, seed):
        """Dropout and the mean along the epoch hold the training loss up."""
        loss, val_loss = noisy(decay(50, 2.3, 0.30, 5), seed), noisy(decay(50, 2.1, 0.12, 5), seed + 100)
        found = read_curves(history(loss, val_loss), facts(0.10, 0.12, unlike_in_training=("Dropout",))).findings
        assert [finding.name for finding in found] == ["healthy", "training_above_validation"]
        assert "measured alike in the end they are 0.1000 and 0.1200: Dropout acts otherwise in" in found[1].sentence

    def test_rows_that_are_easier_are_called_so(self):
        loss, val_loss = decay(50, 2.3, 0.30, 5), decay(50, 2.1, 0.12, 5)
        found = read_curves(history(loss, val_loss), facts(0.30, 0.12)).findings[-1]
        assert found.sentence.endswith("0.3000 and 0.1200: the validation rows seem easier")


class TestARateTooHigh:
    def test_a_loss_that_goes_up_and_down(self, seed):
        swings = np.random.default_rng(seed).uniform(0.3, 0.9, 40)
        assert names(swings, swings + 0.1, facts(0.5, 0.6))[0] == "rate_too_high"

    def test_a_loss_that_wavers_above_a_constant_answer(self, seed):
        loss = noisy(np.full(30, 2.34), seed, 0.004)
        assert names(loss, loss, facts(2.34, 2.34)) == ["rate_too_high"]

    def test_is_not_claimed_of_rows_so_few_that_chance_makes_it_swing(self, seed):
        loss = noisy(decay(60, 1.0, 0.3, 5), seed, 0.2)
        assert "rate_too_high" in names(loss, None, facts(num_train=2000))
        assert "rate_too_high" not in names(loss, None, facts(num_train=45))

    def test_is_not_claimed_of_a_validation_loss_that_swings(self, seed):
        loss, val_loss = noisy(decay(60, 2.3, 0.1, 5), seed), noisy(decay(60, 2.3, 0.15, 5), seed + 100, 0.5)
        assert "rate_too_high" not in names(loss, val_loss, facts(0.1, 0.15))

    def test_is_not_claimed_of_swings_that_are_a_trifle(self, seed):
        assert "rate_too_high" not in names(noisy(decay(60, 2.3, 0.001, 4), seed, 0.4))

    def test_a_loss_that_rises_for_good(self, seed):
        loss = noisy(np.concatenate([decay(20, 2.3, 0.3, 5), np.full(20, 1.9)]), seed)
        found = read_curves(history(loss, loss), facts(1.9, 1.9)).findings
        assert [finding.name for finding in found] == ["diverged"]
        assert found[0].sentence.startswith("loss, which training is to lower, rose from 0.3")

    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_a_loss_that_is_no_number(self, bad):
        found = read_curves(history([2.0, 1.5, bad, bad])).findings
        assert [(finding.name, finding.sentence) for finding in found] == [
            ("diverged", "loss is no finite number in epoch 3")
        ]


class TestValidationRows:
    def test_too_few_for_an_accuracy(self):
        loss, val_loss = decay(50, 2.3, 0.1, 5), decay(50, 2.2, 0.15, 5)
        accuracy = np.full(50, 0.90)
        few, many = facts(0.1, 0.15, num_validation=50), facts(0.1, 0.15, num_validation=2000)
        found = read_curves(history(loss, val_loss, val_accuracy=accuracy), few).findings
        assert [finding.name for finding in found] == ["healthy", "too_little_validation_data"]
        assert found[1].sentence == "on 50 rows a val_accuracy of 0.90 may by chance stand for 0.79 to 0.96 (95%)"
        assert names(loss, val_loss, many, val_accuracy=accuracy) == ["healthy"]

    def test_too_few_for_anything(self):
        """Nothing is then claimed from the course of their loss."""
        loss, val_loss = decay(50, 2.3, 0.1, 5), np.linspace(0.2, 2.0, 50)
        found = read_curves(history(loss, val_loss), facts(0.1, 2.0, num_validation=5)).findings
        assert [finding.name for finding in found] == ["too_little_validation_data"]
        assert found[0].sentence == "val_loss is the mean of 5 rows, of which each weighs 20%"

    def test_none(self):
        assert names(decay(50, 2.3, 0.1, 5)) == ["no_validation"]

    def test_unlike_the_test_rows(self):
        loss, val_loss = decay(50, 2.3, 0.1, 5), decay(50, 2.2, 0.15, 5)
        known = facts(0.1, 0.15, num_test=500, references=REFERENCES | {"test": TEN_CLASSES})
        figures = dict(known.figures)
        for test_loss, expected in ((0.16, "healthy"), (0.4, "worse_in_test")):
            known.figures.clear()
            known.figures.update(figures | {"test": {"loss": test_loss}})
            assert names(loss, val_loss, known) == [expected]

    def test_the_interval_is_wilsons_as_scipy_has_it(self):
        expected = scipy.stats.binomtest(45, 50).proportion_ci(method="wilson")
        assert wilson_interval(0.9, 50) == pytest.approx((expected.low, expected.high), abs=1e-5)
        assert wilson_interval(1.0, 10)[1] == 1.0
        assert wilson_interval(0.0, 10)[0] == 0.0


class TestAnEarlyStop:
    def test_tells_the_best_epoch_and_what_was_kept(self):
        known = facts(stopped="stopped by a callback after 5 of 50 epochs", stopping=Stopping("val_loss"))
        found = read_curves(history([1, 0.8, 0.7, 0.6, 0.6], [1, 0.7, 0.65, 0.66, 0.67]), known).findings
        stop = next(finding for finding in found if finding.name == "stopped_early")
        assert stop.sentence == "val_loss was best in epoch 3 (0.6500); the weights kept are those of epoch 5"
        assert stop.advice == "restore_best_weights: true in EarlyStopping"

    def test_a_metric_that_is_to_be_high(self):
        stopping = Stopping("val_accuracy", "max", restores_best=True)
        known = Facts(stopped="stopped by a callback after 3 of 9 epochs", stopping=stopping)
        found = read_curves(history([1, 0.8, 0.7], [1, 0.7, 0.65], val_accuracy=[0.5, 0.75, 0.7]), known).findings
        assert found[-1].sentence == "val_accuracy was best in epoch 2 (0.7500); the weights kept are those of epoch 2"

    def test_by_another_callback(self):
        known = Facts(stopped="stopped by a callback after 3 of 9 epochs")
        found = read_curves(history([1, 0.8, 0.7], [1, 0.7, 0.65]), known).findings
        assert found[-1].sentence == "it ended by a callback after 3 of 9 epochs"


class TestOddHistories:
    def test_no_rows_one_row_and_metrics_of_other_names(self):
        assert [finding.name for finding in read_curves(History()).findings] == ["too_little_to_tell"]
        assert names([2.3], [2.2]) == ["too_little_to_tell"]
        assert [f.name for f in read_curves(History(epochs={"epoch": [1, 2], "mae": [3, 2]})).findings] == [
            "too_little_to_tell"
        ]

    def test_a_validation_every_third_epoch(self):
        loss, val_loss = decay(60, 2.3, 0.10, 5), decay(60, 2.2, 0.15, 5)
        val_loss[np.arange(60) % 3 != 2] = math.nan
        assert names(loss, val_loss, facts(0.1, 0.15)) == ["healthy"]

    def test_a_run_counted_in_steps_is_read_by_its_evaluations(self):
        steps = list(range(0, 12_600, 600))
        table = {"step": steps, "epoch": [step / 600 for step in steps], "loss": decay(21, 2.3, 0.1, 20).tolist()}
        told = read_curves(History(steps={"step": [0, 1], "loss": [2, 1]}, evaluations=table)).findings[0]
        assert told.name == "not_yet_converged"
        assert told.sentence.endswith("in the last 2,400 steps")
        assert told.advice.startswith("more steps")

    def test_a_hundred_thousand_epochs(self):
        loss, val_loss = noisy(decay(100_000, 2.3, 0.1, 3000), 0), noisy(decay(100_000, 2.2, 0.15, 3000), 1)
        assert names(loss, val_loss, facts(0.1, 0.15)) == ["healthy"]

    def test_losses_below_zero(self):
        """A cosine similarity is best at -1."""
        assert names(-1 + decay(60, 1.0, 0.1, 5), -1 + decay(60, 1.0, 0.15, 5)) == ["levelled_off"]

    def test_a_loss_of_exactly_zero(self):
        assert names(np.zeros(20), np.zeros(20)) == ["levelled_off"]


def test_the_reference_of_balanced_classes_is_what_scikit_learn_has_for_a_constant_answer():
    y = np.arange(100) % 10
    assert sklearn.metrics.log_loss(y, np.full((100, 10), 0.1)) == pytest.approx(TEN_CLASSES)

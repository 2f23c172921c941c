"""Dropout repeats from the seed, drops at its rate, anew in every step, and trains as Keras's own does."""

import keras
import numpy as np
import pytest
from parity import PROGRAMS, classifier, fit, rows, run, run_steps

from kerasrun.data import Rows

RATE = 0.3


def trained(program):
    keras.utils.set_random_seed(4)
    model = classifier(keras.layers.Dense(8), keras.layers.Dropout(0.5))
    run(program, model, rows())
    return [weights.copy() for weights in model.get_weights()]


@pytest.mark.parametrize("program", PROGRAMS)
class TestMasks:
    def test_repeat_from_the_seed(self, program):
        for first, again in zip(trained(program), trained(program), strict=True):
            np.testing.assert_array_equal(first, again)

    def test_let_through_what_the_rate_leaves_in_every_step_anew(self, program):
        """A net whose loss is the share of 1,000 inputs that a dropout let through."""
        keras.utils.set_random_seed(1)
        dropout, total = keras.layers.Dropout(RATE), keras.layers.Dense(1, use_bias=False)
        model = keras.Sequential([keras.Input((1000,)), dropout, total])
        total.set_weights([np.full((1000, 1), (1 - RATE) / 1000, "float32")])
        model.compile(optimizer=keras.optimizers.SGD(0.0), loss=lambda y, y_pred: y_pred)
        ones = Rows(np.ones((200, 1000), "float32"), np.zeros((200, 1), "float32"))
        shares = run_steps(program, model, ones, batch_size=1, steps=200, evaluate_every=200)[-1].losses
        assert len(np.unique(shares)) > 50
        # The mean of 200,000 draws: four standard errors.
        assert shares.mean() == pytest.approx(1 - RATE, abs=4 * np.sqrt(RATE * (1 - RATE) / 200_000))
        # Steps that draw on their own spread as a binomial of 1,000 does; its variance is known to a tenth here.
        assert shares.var() == pytest.approx(RATE * (1 - RATE) / 1000, rel=0.4)
        # and one says nothing about the next: the correlation of 199 pairs, within four standard errors.
        assert abs(np.corrcoef(shares[:-1], shares[1:])[0, 1]) < 4 / np.sqrt(199)

    def test_of_two_layers_differ(self, program):
        """A loss that is the share of inputs that both dropouts let through: the product of their rates."""
        keras.utils.set_random_seed(1)
        total = keras.layers.Dense(1, use_bias=False)
        x = keras.Input((1000,))
        both = keras.layers.Multiply()([keras.layers.Dropout(0.5)(x), keras.layers.Dropout(0.5)(x)])
        model = keras.Model(x, total(both))
        total.set_weights([np.full((1000, 1), 0.25 / 1000, "float32")])
        model.compile(optimizer=keras.optimizers.SGD(0.0), loss=lambda y, y_pred: y_pred)
        ones = Rows(np.ones((100, 1000), "float32"), np.zeros((100, 1), "float32"))
        shares = run_steps(program, model, ones, batch_size=1, steps=100, evaluate_every=100)[-1].losses
        assert shares.mean() == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 100_000))


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_over_twenty_seeds_the_mean_figures_are_keras_own(program):
    """The streams differ, so single figures do too; their means lie within two standard errors of each other."""
    train, held = rows(400), rows(200, seed=1)
    ours, theirs = [], []
    for seed in range(20):
        for figures, train_one in ((ours, run), (theirs, fit)):
            keras.utils.set_random_seed(seed)
            hidden = [keras.layers.Dense(16, activation="relu"), keras.layers.Dropout(0.5)]
            model = keras.Sequential([keras.Input((6,)), *hidden, keras.layers.Dense(3, activation="softmax")])
            model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
            if train_one is run:
                logs = run(program, model, train, held, epochs=8)[-1].logs
            else:
                logs = {name: values[-1] for name, values in fit(model, train, held, epochs=8).items()}
            figures.append([logs["loss"], logs["val_loss"], logs["val_accuracy"]])
    ours, theirs = np.array(ours), np.array(theirs)
    error = np.sqrt(ours.var(axis=0, ddof=1) / 20 + theirs.var(axis=0, ddof=1) / 20)
    assert (np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) < 2 * error).all()

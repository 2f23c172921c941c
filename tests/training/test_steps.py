"""The loop over steps gives the numbers of Keras's own `train_on_batch` and `evaluate`."""

import keras
import numpy as np
import pytest
from parity import PROGRAMS, SEED, TOLERANCE, classifier, rows, run_steps

from kerasrun.training.order import step_rows

pytestmark = pytest.mark.parametrize("program", PROGRAMS)


def test_each_loss_is_that_of_its_batch_before_the_update(program):
    ours, theirs = classifier(optimizer="sgd"), classifier(optimizer="sgd")
    events = run_steps(program, ours, rows(), steps=10, evaluate_every=4)
    assert [event.step for event in events] == [0, 4, 8, 10]
    expected = []
    for step in range(10):
        chosen = step_rows(50, 8, SEED, step)
        expected.append(theirs.train_on_batch(rows().x[chosen], rows().y[chosen], return_dict=True)["loss"])
        theirs.reset_metrics()
    np.testing.assert_allclose(np.concatenate([event.losses for event in events]), expected, **TOLERANCE)
    for weights, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(weights, other, **TOLERANCE)


def test_metrics_are_measured_on_whole_sets_before_training_and_after_each_period(program):
    model, validation = classifier(optimizer="sgd"), rows(21, seed=1)
    before = model.evaluate(rows().x, rows().y, verbose=0, return_dict=True)
    events = run_steps(program, model, rows(), validation, steps=10, evaluate_every=5)
    after = model.evaluate(rows().x, rows().y, verbose=0, return_dict=True)
    held = model.evaluate(validation.x, validation.y, verbose=0, return_dict=True)
    assert events[0].logs["loss"] == pytest.approx(before["loss"], rel=1e-5)
    assert events[-1].logs["accuracy"] == pytest.approx(after["accuracy"], rel=1e-5)
    assert events[-1].logs["val_loss"] == pytest.approx(held["loss"], rel=1e-5)


def test_a_callback_can_stop_them(program):
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=0, min_delta=100)
    events = run_steps(program, classifier(), rows(), callbacks=[stop], steps=100, evaluate_every=5)
    assert events[-1].step < 100


def test_a_callback_gets_every_batch(program):
    seen = []

    class Listener(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(batch)

    run_steps(program, classifier(), rows(), callbacks=[Listener()], steps=10, evaluate_every=4, train_batches=True)
    assert seen == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]

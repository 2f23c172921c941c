"""`training.loop: keras` is Keras's own `fit`, told in the same events."""

import keras
import numpy as np
import pytest
from parity import PROGRAMS, SEED, TOLERANCE, classifier, fit, rows, run

from kerasrun.training.events import EpochEnd
from kerasrun.training.keras_loop import KerasLoop


def keras_loop(model, epochs=3, callbacks=(), validation=True):
    return KerasLoop(model, list(callbacks), rows(), rows(21, seed=1) if validation else None, 8, epochs, SEED)


def ends(loop):
    return [event for event in loop.run() if isinstance(event, EpochEnd)]


def test_gives_the_history_of_fit():
    model, other = classifier(), classifier()
    epochs = ends(keras_loop(model))
    history = fit(other, rows(), rows(21, seed=1))
    for name, values in history.items():
        np.testing.assert_allclose([epoch.logs[name] for epoch in epochs], values, **TOLERANCE)
    for weights, expected in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, **TOLERANCE)


@pytest.mark.parametrize("program", PROGRAMS)
def test_trains_on_the_batches_of_the_other_loop(program):
    theirs, ours = ends(keras_loop(classifier())), run(program, classifier(), rows(), rows(21, seed=1))
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.epoch == other.epoch
        assert mine.learning_rate == pytest.approx(other.learning_rate)
        for name, value in mine.logs.items():
            assert other.logs[name] == pytest.approx(value, rel=1e-4)


def test_calls_callbacks_as_fit_does():
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=0, min_delta=100)
    assert len(ends(keras_loop(classifier(), epochs=50, callbacks=[stop]))) < 50


def test_an_error_in_a_callback_comes_out():
    class Failing(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise ZeroDivisionError("on purpose")

    with pytest.raises(ZeroDivisionError, match="on purpose"):
        ends(keras_loop(classifier(), callbacks=[Failing()]))


def test_ends_when_nobody_listens_any_more():
    loop = keras_loop(classifier(), epochs=100_000)
    events = loop.run()
    next(events)
    events.close()  # returns, since fit has ended
    assert loop.stopped.is_set()

"""A loop that goes on from a state, in a new model, ends with the bits of one that was never broken off."""

import dataclasses

import keras
import numpy as np
import pytest
from parity import PROGRAMS, classifier, loop, rows

from kerasrun.runs.store.checkpoints import state_of, state_tree
from kerasrun.runs.store.packed import read_packed, write_packed
from kerasrun.training.epochs import EpochLoop
from kerasrun.training.events import Paused
from kerasrun.training.keras_loop import KerasLoop
from kerasrun.training.pace import Pace
from kerasrun.training.state import read_variables
from kerasrun.training.steps import StepLoop

TRAIN, HELD = rows(50), rows(20, seed=1)


def regularized(**more):
    """All kinds of state: running means, random generators, an optimizer with slots, EMA and a schedule."""
    keras.utils.set_random_seed(1)  # initializers draw their seeds where layers are made
    layers = [
        keras.layers.GaussianNoise(0.1, seed=3),
        keras.layers.Dense(8, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.3, seed=4),
    ]
    return classifier(*layers, **more)


def watching():
    """Callbacks that remember, and act within these few epochs."""
    return [
        keras.callbacks.EarlyStopping("val_loss", patience=4, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.5, patience=1, min_delta=0.5, cooldown=1),
    ]


class EveryBatch(keras.callbacks.Callback):
    """Acts on batches, counts them, and stops within an epoch."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(batch)
        if len(self.seen) == 17:
            self.model.stop_training = True

    def on_test_begin(self, logs=None):
        self.seen.append(-1)


KINDS = {
    "epochs": (EpochLoop, {"epochs": 6}, list),
    "epochs, callbacks": (EpochLoop, {"epochs": 8}, watching),
    "epochs, batches": (EpochLoop, {"epochs": 4, "train_batches": True, "test_batches": True}, lambda: [EveryBatch()]),
    "steps": (StepLoop, {"steps": 30, "evaluate_every": 8}, list),
    "steps, callbacks": (StepLoop, {"steps": 60, "evaluate_every": 8}, watching),
    "steps, batches": (StepLoop, {"steps": 60, "evaluate_every": 8, "train_batches": True}, lambda: [EveryBatch()]),
}


def fresh(kind, program):
    make, arguments, callbacks = KINDS[kind]
    return loop(make, program, regularized(optimizer=optimizer()), TRAIN, HELD, callbacks=callbacks(), **arguments)


def optimizer():
    return keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.9)


def saved(state, path):
    """The state as it comes back from a file."""
    write_packed(path, state_tree(state))
    return state_of(read_packed(path))


def result(training):
    """Everything that must be the same, as bytes and figures, without times."""
    place = dataclasses.asdict(training.place) | {"time_s": 0, "losses": None, "stopped": None}
    return [value.tobytes() for value in read_variables(training.model)], place


def events_of(training, states=None, path=None):
    """The events of a training, without times; and its states where it is paused, each after so many events."""
    told = []
    for event in training.run():
        if isinstance(event, Paused):
            if event.has_state and states is not None:
                states.append((len(told), saved(training.state(), path)))
        elif hasattr(event, "time_s"):
            told.append(repr(dataclasses.replace(event, time_s=0)))
    return told


@pytest.fixture
def one_step_a_call(monkeypatch):
    """A loop that pauses as often as it can."""
    monkeypatch.setattr(Pace, "next_steps", lambda self: 1)


def is_slow(kind, program):
    """What callbacks remember does not hang on the program: those with callbacks speak for graphs, epochs for XLA."""
    return kind != "epochs" if program == "xla" else kind not in ("epochs, callbacks", "steps, batches")


CASES = [pytest.param(k, p, marks=[pytest.mark.slow] * is_slow(k, p)) for k in KINDS for p in PROGRAMS]


@pytest.mark.usefixtures("one_step_a_call")
@pytest.mark.parametrize(("kind", "program"), CASES)
def test_from_each_of_some_pauses_it_ends_with_the_same_bits(kind, program, tmp_path):
    states = []
    unbroken = fresh(kind, program)
    told = events_of(unbroken, states, tmp_path / "state.npz")
    assert len(states) > 15
    for number in (4, len(states) - 1):
        before, state = states[number]
        resumed = fresh(kind, program)
        resumed.resumed = state
        assert events_of(resumed) == told[before:]
        assert result(resumed) == result(unbroken)
        for one, other in zip(resumed.callbacks, unbroken.callbacks, strict=True):
            assert getattr(one, "best", None) == getattr(other, "best", None)
            assert getattr(one, "seen", None) == getattr(other, "seen", None)


@pytest.mark.parametrize("program", [PROGRAMS[0], *(pytest.param(p, marks=pytest.mark.slow) for p in PROGRAMS[1:])])
def test_many_epochs_a_call_give_the_bits_of_one_step_a_call(program, monkeypatch):
    monkeypatch.setattr(Pace, "next_steps", lambda self: 1000)
    together = fresh("epochs", program)
    told = events_of(together)
    monkeypatch.setattr(Pace, "next_steps", lambda self: 1)
    apart = fresh("epochs", program)
    assert events_of(apart) == told
    assert result(apart)[0] == result(together)[0]


# Fast: after the second epoch, of which the callbacks remember something, and after the last.
@pytest.mark.parametrize(
    ("callbacks", "ends"),
    [(watching, (1, 5)), *(pytest.param(make, range(6), marks=pytest.mark.slow) for make in (list, watching))],
)
def test_keras_own_loop_goes_on_after_each_epoch(callbacks, ends, tmp_path):
    def training():
        model = regularized(optimizer=optimizer())
        loop(EpochLoop, PROGRAMS[0], model, TRAIN)  # builds it
        return KerasLoop(model, callbacks(), TRAIN, HELD, 8, 6, seed=5)

    states = []
    unbroken = training()
    told = events_of(unbroken, states, tmp_path / "state.npz")
    assert len(states) == len(told) == 6
    for before, state in (states[epoch] for epoch in ends):
        resumed = training()
        resumed.resumed = state
        assert events_of(resumed) == told[before:]
        assert result(resumed)[0] == result(unbroken)[0]


def test_more_epochs_are_those_of_a_longer_training(tmp_path):
    states = []
    short = fresh("epochs", PROGRAMS[0])
    short.epochs = 3
    told = events_of(short, states, tmp_path / "state.npz")
    longer = fresh("epochs", PROGRAMS[0])
    longer.resumed = states[-1][1]
    unbroken = fresh("epochs", PROGRAMS[0])
    assert told + events_of(longer) == events_of(unbroken)
    assert result(longer) == result(unbroken)


def test_values_of_another_model_are_refused(tmp_path):
    states = []
    events_of(fresh("epochs", PROGRAMS[0]), states, tmp_path / "state.npz")
    other = loop(EpochLoop, PROGRAMS[0], classifier(keras.layers.Dense(7)), TRAIN, epochs=2)
    other.resumed = states[0][1]
    with pytest.raises(ValueError, match="do not fit the variables of this model"):
        events_of(other)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_step_whose_loss_goes_bad_is_known(program):
    x = TRAIN.x.copy()
    x[20] = np.nan  # of 8 rows a step, the third has it
    bad = loop(EpochLoop, program, classifier(), dataclasses.replace(TRAIN, x=x), epochs=1, shuffle=False)
    [event] = [event for event in bad.run() if hasattr(event, "time_s")]
    assert np.isnan(event.logs["loss"])
    assert event.bad_step == 3

"""The loops give the numbers of Keras's own `fit`: same weights, same batches, same results to rounding.

Every program of the backend is held against it: a graph and XLA on TensorFlow, XLA on JAX.

Tolerance: all run the same float32 operations, but each program may order sums and fuse products in its own way.
Over these few hundred operations that stays within 2e-5 relative (float32 has 1.2e-7 a rounding).
"""

import keras
import numpy as np
import pytest

from kerasrun.data import Rows
from kerasrun.training.engine import engine_for
from kerasrun.training.epochs import EpochLoop
from kerasrun.training.events import EpochEnd, Evaluation
from kerasrun.training.order import epoch_order, step_rows
from kerasrun.training.program import Program
from kerasrun.training.steps import StepLoop

TOLERANCE = {"rtol": 2e-5, "atol": 2e-6}
PROGRAMS = ["xla"] if keras.backend.backend() == "jax" else ["graph", "xla"]


@pytest.fixture(params=PROGRAMS, autouse=True)
def program(request):
    """The program that `training` uses."""
    global PROGRAM
    PROGRAM = request.param


def rows(count=50, classes=3, seed=0):
    random = np.random.default_rng(seed)
    x = random.normal(size=(count, 6)).astype("float32")
    y = (x[:, :classes].argmax(axis=1)).astype("int32")
    return Rows(x, y)


def classifier(*layers, optimizer="adam", **compile_arguments):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((6,)), *layers, keras.layers.Dense(3, activation="softmax")])
    arguments = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]} | compile_arguments
    model.compile(optimizer=keras.optimizers.get(optimizer), **arguments)
    return model


def pair(make):
    """Two models alike to the bit."""
    ours, theirs = make(), make()
    for variable, other in zip(ours.variables, theirs.variables, strict=True):
        other.assign(np.array(variable))  # a copy: JAX gives the memory of what it has used to the results
    return ours, theirs


def loop(kind, model, train, validation=None, batch_size=8, callbacks=(), prepare=lambda x: x, **more):
    program = Program(model, prepare, batch_size, engine_for(model, PROGRAM))
    on_device = program.to_device(train)
    model.optimizer.build(model.trainable_variables)
    program.build(on_device)
    held = program.to_device(validation) if validation else None
    return kind(program, list(callbacks), on_device, held, seed=5, **more)


def run(model, train, validation=None, epochs=3, **more):
    events = list(loop(EpochLoop, model, train, validation, epochs=epochs, **more).run())
    return [event for event in events if isinstance(event, EpochEnd)]


def run_steps(model, train, validation=None, **more):
    events = list(loop(StepLoop, model, train, validation, **more).run())
    return [event for event in events if isinstance(event, Evaluation)]


def fit(model, train, validation=None, epochs=3, batch_size=8, callbacks=(), **more):
    """Keras's own loop over the same batches: in the order of epochs."""

    def batches():
        for epoch in range(epochs + 1):
            order = epoch_order(len(train), 5, epoch)
            for start in range(0, len(train), batch_size):
                chosen = order[start : start + batch_size]
                weights = () if train.sample_weight is None else (train.sample_weight[chosen],)
                yield (train.x[chosen], train.y[chosen], *weights)

    held = None if validation is None else (validation.x, validation.y)
    return model.fit(
        batches(),
        epochs=epochs,
        steps_per_epoch=-(-len(train) // batch_size),
        validation_data=held,
        validation_batch_size=batch_size,
        verbose=0,
        shuffle=False,
        callbacks=list(callbacks),
        **more,
    ).history


def assert_same(ours, theirs, our_model, their_model):
    for name, values in theirs.items():
        if name == "learning_rate":
            continue
        np.testing.assert_allclose([epoch.logs[name] for epoch in ours], values, **TOLERANCE, err_msg=name)
    for variable, other in zip(our_model.variables, their_model.variables, strict=True):
        if "seed" not in variable.path:
            np.testing.assert_allclose(variable.numpy(), other.numpy(), **TOLERANCE, err_msg=variable.path)


OPTIMIZERS = ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb"]
OPTIONS = {
    "momentum": lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "clipnorm": lambda: keras.optimizers.Adam(clipnorm=0.01),
    "global clipnorm": lambda: keras.optimizers.SGD(global_clipnorm=0.1),
    "EMA": lambda: keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9),
    "EMA overwriting": lambda: keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=5),
    "accumulation": lambda: keras.optimizers.SGD(0.1, gradient_accumulation_steps=3),
    "schedule": lambda: keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.5)),
    "loss scaling": lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)),
}


class TestTheSameNumbers:
    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    def test_with_every_optimizer(self, optimizer):
        cls = getattr(keras.optimizers, optimizer)
        ours, theirs = pair(lambda: classifier(keras.layers.Dense(5, activation="tanh"), optimizer=cls()))
        train, validation = rows(50), rows(21, seed=1)
        assert_same(run(ours, train, validation), fit(theirs, train, validation), ours, theirs)

    @pytest.mark.parametrize("option", OPTIONS)
    def test_with_the_options_of_optimizers(self, option):
        ours, theirs = pair(lambda: classifier(keras.layers.Dense(5), optimizer=OPTIONS[option]()))
        assert_same(run(ours, rows()), fit(theirs, rows()), ours, theirs)

    @pytest.mark.parametrize(
        "make_layers",
        [
            lambda: [keras.layers.BatchNormalization()],
            lambda: [keras.layers.Dense(4, kernel_regularizer="l2", activity_regularizer="l1")],
            lambda: [keras.layers.ActivityRegularization(l2=0.1)],
            lambda: [keras.layers.Reshape((3, 2)), keras.layers.LSTM(4)],
            lambda: [keras.layers.Dense(4, trainable=False), keras.layers.Dense(4)],
            lambda: [keras.layers.Dense(4, kernel_constraint="max_norm"), keras.layers.LayerNormalization()],
            lambda: [keras.layers.SpectralNormalization(keras.layers.Dense(4))],
        ],
    )
    def test_with_layers_that_have_state_or_add_losses(self, make_layers):
        ours, theirs = pair(lambda: classifier(*make_layers()))
        train, validation = rows(50), rows(21, seed=1)
        assert_same(run(ours, train, validation), fit(theirs, train, validation), ours, theirs)

    def test_with_sample_weights(self):
        weights = np.linspace(0.1, 2, 50).astype("float32")
        train = Rows(rows().x, rows().y, weights)
        ours, theirs = pair(lambda: classifier(weighted_metrics=["accuracy"]))
        assert_same(run(ours, train), fit(theirs, train), ours, theirs)

    def test_with_metrics_that_have_state(self):
        def make():
            return classifier(metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2)])

        ours, theirs = pair(make)
        assert_same(run(ours, rows()), fit(theirs, rows()), ours, theirs)

    def test_with_callbacks_that_change_the_training(self):
        def callbacks():
            return [
                keras.callbacks.ReduceLROnPlateau(monitor="val_loss", patience=0, factor=0.5, min_delta=10),
                keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, min_delta=10, restore_best_weights=True),
            ]

        ours, theirs = pair(classifier)
        train, validation = rows(50), rows(21, seed=1)
        epochs = run(ours, train, validation, epochs=20, callbacks=callbacks())
        history = fit(theirs, train, validation, epochs=20, callbacks=callbacks())
        assert len(epochs) == len(history["loss"]) < 20
        assert_same(epochs, history, ours, theirs)
        np.testing.assert_allclose([epoch.learning_rate for epoch in epochs], history["learning_rate"], rtol=1e-6)

    def test_when_the_epoch_is_done_in_parts(self):
        """A callback that acts on batches makes each call one step; the numbers stay."""
        seen = []

        class Listener(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                seen.append((batch, logs["loss"]))

        ours, theirs = pair(classifier)
        assert_same(run(ours, rows(), callbacks=[Listener()], train_batches=True), fit(theirs, rows()), ours, theirs)
        assert [batch for batch, _ in seen] == list(range(7)) * 3

    def test_of_evaluation(self):
        model = classifier()
        program = Program(model, lambda x: x, 8, engine_for(model, PROGRAM))
        on_device = program.to_device(rows())
        program.build(on_device)
        expected = model.evaluate(rows().x, rows().y, batch_size=8, verbose=0, return_dict=True)
        for name, value in program.evaluate(on_device).items():
            assert value == pytest.approx(expected[name], rel=1e-6)

    def test_of_prediction(self):
        model = classifier()
        program = Program(model, lambda x: x, 8, engine_for(model, PROGRAM))
        expected = model.predict(rows().x, verbose=0)
        np.testing.assert_allclose(program.predict(rows().x, batch_size=7), expected, **TOLERANCE)


def test_dropout_repeats_from_the_seed_and_drops_at_its_rate():
    def trained():
        keras.utils.set_random_seed(4)
        model = classifier(keras.layers.Dense(8), keras.layers.Dropout(0.5))
        run(model, rows())
        return [weights.copy() for weights in model.get_weights()]

    for first, again in zip(trained(), trained(), strict=True):
        np.testing.assert_array_equal(first, again)


def test_every_step_draws_another_mask_at_the_rate():
    """A net whose loss is the share of inputs that a dropout let through."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1000,)), keras.layers.Dropout(0.3), keras.layers.Dense(1, use_bias=False)])
    model.layers[-1].set_weights([np.full((1000, 1), 0.7 / 1000, "float32")])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss=lambda y, y_pred: y_pred)
    train = Rows(np.ones((200, 1000), "float32"), np.zeros((200, 1), "float32"))
    losses = run_steps(model, train, batch_size=1, steps=200, evaluate_every=200)[-1].losses
    assert len(np.unique(losses)) > 50
    # The mean of 200,000 draws with probability 0.7: four standard errors.
    assert losses.mean() == pytest.approx(0.7, abs=4 * np.sqrt(0.3 * 0.7 / 200_000))


class TestSteps:
    def test_each_loss_is_that_of_its_batch_before_the_update(self):
        ours, theirs = pair(lambda: classifier(optimizer="sgd"))
        events = run_steps(ours, rows(), steps=10, evaluate_every=4)
        assert [event.step for event in events] == [0, 4, 8, 10]
        expected = []
        for step in range(10):
            chosen = step_rows(50, 8, 5, step)
            expected.append(theirs.train_on_batch(rows().x[chosen], rows().y[chosen], return_dict=True)["loss"])
            theirs.reset_metrics()
        np.testing.assert_allclose(np.concatenate([event.losses for event in events]), expected, **TOLERANCE)
        for weights, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(weights, other, **TOLERANCE)

    def test_metrics_are_measured_on_whole_sets_before_training_and_after_each_period(self):
        model = classifier(optimizer="sgd")
        before = model.evaluate(rows().x, rows().y, verbose=0, return_dict=True)
        validation = rows(21, seed=1)
        events = run_steps(model, rows(), validation, steps=10, evaluate_every=5)
        after = model.evaluate(rows().x, rows().y, verbose=0, return_dict=True)
        held = model.evaluate(validation.x, validation.y, verbose=0, return_dict=True)
        assert events[0].logs["loss"] == pytest.approx(before["loss"], rel=1e-5)
        assert events[-1].logs["accuracy"] == pytest.approx(after["accuracy"], rel=1e-5)
        assert events[-1].logs["val_loss"] == pytest.approx(held["loss"], rel=1e-5)

    def test_a_callback_can_stop_them(self):
        stop = keras.callbacks.EarlyStopping(monitor="loss", patience=0, min_delta=100)
        events = run_steps(classifier(), rows(), callbacks=[stop], steps=100, evaluate_every=5)
        assert events[-1].step < 100


def test_no_epochs_train_nothing():
    model = classifier()
    before = model.get_weights()
    assert run(model, rows(), epochs=0) == []
    for weights, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(weights, other)


def test_bits_do_not_depend_on_how_an_epoch_is_cut_into_calls():
    whole, parts = pair(lambda: classifier(keras.layers.Dropout(0.2)))
    run(whole, rows(), epochs=2)
    run(parts, rows(), epochs=2, train_batches=True)
    for weights, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
        np.testing.assert_array_equal(weights, other)

"""The loop over epochs gives the numbers of Keras's own `fit`, in each of its programs."""

import keras
import numpy as np
import pytest
from parity import PROGRAMS, TOLERANCE, assert_same_as_fit, classifier, fit, loop, rows, run

from kerasrun.data import Rows
from kerasrun.training.epochs import EpochLoop


def some(names, fast):
    """Of many alike, those that the quick tests run; the slow ones run the rest."""
    return [name if name in fast else pytest.param(name, marks=pytest.mark.slow) for name in names]


OPTIMIZERS = [
    *["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb"],
    *["Adafactor", "Muon"],
]
OPTIONS = {
    "momentum": lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "clipnorm": lambda: keras.optimizers.Adam(clipnorm=0.01),
    "clipvalue": lambda: keras.optimizers.SGD(0.1, clipvalue=0.01),
    "global clipnorm": lambda: keras.optimizers.SGD(global_clipnorm=0.1),
    "weight decay": lambda: keras.optimizers.SGD(0.1, weight_decay=0.01),
    "amsgrad": lambda: keras.optimizers.Adam(amsgrad=True),
    "EMA": lambda: keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9),
    "EMA overwriting": lambda: keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=5),
    "accumulation": lambda: keras.optimizers.SGD(0.1, gradient_accumulation_steps=3),
    "schedule": lambda: keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.5)),
    "loss scaling": lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)),
}
LAYERS = {
    "batch normalization": lambda: [keras.layers.BatchNormalization()],
    "regularizers": lambda: [keras.layers.Dense(4, kernel_regularizer="l2", activity_regularizer="l1")],
    "activity regularization": lambda: [keras.layers.ActivityRegularization(l2=0.1)],
    "LSTM": lambda: [keras.layers.Reshape((3, 2)), keras.layers.LSTM(4)],
    "GRU": lambda: [keras.layers.Reshape((3, 2)), keras.layers.Bidirectional(keras.layers.GRU(4))],
    "a mask": lambda: [keras.layers.Reshape((3, 2)), keras.layers.Masking(), keras.layers.SimpleRNN(4)],
    "frozen": lambda: [keras.layers.Dense(4, trainable=False), keras.layers.Dense(4)],
    "constraints": lambda: [keras.layers.Dense(4, kernel_constraint="max_norm"), keras.layers.LayerNormalization()],
    "spectral normalization": lambda: [keras.layers.SpectralNormalization(keras.layers.Dense(4))],
    "convolution": lambda: [keras.layers.Reshape((6, 1)), keras.layers.Conv1D(4, 3), keras.layers.Flatten()],
    "attention": lambda: [keras.layers.Reshape((3, 2)), Attending(), keras.layers.Flatten()],
}


@keras.saving.register_keras_serializable()
class Attending(keras.layers.Layer):
    """Attends to its own input."""

    def build(self, shape):
        self.attention = keras.layers.MultiHeadAttention(2, 2)
        self.attention.build(shape, shape)

    def call(self, x):
        return self.attention(x, x)


def held():
    return rows(21, seed=1)


def two_outputs():
    """A compiled net with two inputs and two outputs."""
    keras.utils.set_random_seed(1)
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    both = keras.layers.Concatenate()([a, b])
    outputs = {
        "kind": keras.layers.Dense(3, activation="softmax", name="kind")(both),
        "size": keras.layers.Dense(1, name="size")(both),
    }
    model = keras.Model({"a": a, "b": b}, outputs)
    model.compile(
        "adam",
        loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
        loss_weights={"kind": 1.0, "size": 0.5},
        metrics={"kind": ["accuracy"]},
    )
    return model


def of_two(count, seed):
    """Rows for that net."""
    one, other = rows(count, seed=seed), rows(count, seed=seed + 10)
    return Rows({"a": one.x, "b": other.x}, {"kind": one.y, "size": other.x[:, :1]})


class TestTheSameNumbers:
    @pytest.mark.parametrize("optimizer", some(OPTIMIZERS, ["Adam"]))
    def test_with_every_optimizer(self, optimizer):
        cls = getattr(keras.optimizers, optimizer)
        make = lambda: classifier(keras.layers.Dense(5, activation="tanh"), optimizer=cls())  # noqa: E731
        # Muon multiplies matrices five times a step, and each rounding counts as often.
        loose = {"rtol": 2e-3, "atol": 2e-4} if optimizer == "Muon" else TOLERANCE
        assert_same_as_fit(make, rows(), tolerance=loose)

    @pytest.mark.parametrize("option", some(OPTIONS, ["EMA overwriting", "accumulation"]))
    def test_with_the_options_of_optimizers(self, option):
        assert_same_as_fit(lambda: classifier(keras.layers.Dense(5), optimizer=OPTIONS[option]()), rows())

    @pytest.mark.parametrize("layers", some(LAYERS, ["batch normalization"]))
    def test_with_layers_that_have_state_or_add_losses(self, layers):
        # Not Adam: it would blow up the rounding of gradients that are zero, as attention's of the keys' bias.
        assert_same_as_fit(lambda: classifier(*LAYERS[layers](), optimizer="sgd"), rows(), held())

    def test_with_sample_weights(self):
        weighted = Rows(rows().x, rows().y, np.linspace(0.1, 2, 50).astype("float32"))
        assert_same_as_fit(lambda: classifier(weighted_metrics=["accuracy"]), weighted)

    def test_with_several_inputs_and_outputs(self):
        # Batches of one size. With a smaller one at the end, Keras on TensorFlow weighs each output's loss by batches
        # where it weighs the total by rows, so that they do not add up.
        assert_same_as_fit(two_outputs, of_two(48, 0), of_two(16, 1))

    @pytest.mark.parametrize("program", some(PROGRAMS, PROGRAMS[:1]))
    def test_losses_of_several_outputs_add_up_where_the_last_batch_is_smaller(self, program):
        logs = run(program, two_outputs(), of_two(50, 0), of_two(21, 1))[-1].logs
        for part in ("", "val_"):
            total = logs[f"{part}kind_loss"] + 0.5 * logs[f"{part}size_loss"]
            assert logs[f"{part}loss"] == pytest.approx(total, rel=1e-5)

    @pytest.mark.parametrize("test_rows", some([16, 48], [48]))
    def test_with_a_validation_in_larger_batches(self, test_rows):
        def make():
            layers = [keras.layers.Dense(4, activity_regularizer="l1"), keras.layers.BatchNormalization()]
            return classifier(*layers, optimizer="sgd", weighted_metrics=["accuracy"])

        assert_same_as_fit(make, rows(), held(), flags={"test_rows": test_rows})

    def test_with_half_precision(self):
        """The sums of half precision have three digits, and what differs in their order shows there."""
        keras.config.set_dtype_policy("mixed_bfloat16")
        try:
            make = lambda: classifier(keras.layers.Dense(5, activation="tanh"), metrics=[])  # noqa: E731
            assert_same_as_fit(make, rows(), held(), tolerance={"rtol": 3e-2, "atol": 3e-2})
        finally:
            keras.config.set_dtype_policy("float32")

    def test_with_callbacks_that_change_the_training(self):
        def callbacks():
            return [
                keras.callbacks.ReduceLROnPlateau(monitor="val_loss", patience=0, factor=0.5, min_delta=10),
                keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, min_delta=10, restore_best_weights=True),
            ]

        epochs = assert_same_as_fit(classifier, rows(), held(), epochs=20, callbacks=callbacks)
        assert len(epochs) < 20

    def test_with_a_callback_that_swaps_weights_for_the_validation(self):
        make = lambda: classifier(optimizer=OPTIONS["EMA"]())  # noqa: E731
        callbacks = lambda: [keras.callbacks.SwapEMAWeights()]  # noqa: E731
        assert_same_as_fit(make, rows(), held(), callbacks=callbacks, flags={"around_tests": True})


class TestBatches:
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_callback_that_acts_on_batches_gets_every_batch(self, program):
        seen = []

        class Listener(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                seen.append((batch, logs["loss"]))

            def on_test_batch_end(self, batch, logs=None):
                seen.append(("held", batch))

        epochs = run(
            program, classifier(), rows(), held(), callbacks=[Listener()], train_batches=True, test_batches=True
        )
        history = fit(classifier(), rows(), held())
        np.testing.assert_allclose([epoch.logs["val_loss"] for epoch in epochs], history["val_loss"], **TOLERANCE)
        batches = [batch for batch, _ in seen]
        assert batches == ([*range(7)] + ["held"] * 3) * 3

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_bits_do_not_depend_on_how_an_epoch_is_cut_into_calls(self, program):
        whole, parts = (classifier(keras.layers.Dropout(0.2)) for _ in range(2))
        run(program, whole, rows(), epochs=4)
        run(program, parts, rows(), epochs=4, train_batches=True)
        for weights, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, other)


@pytest.mark.parametrize("program", PROGRAMS)
class TestEpochs:
    def test_that_share_a_call_are_those_that_do_not(self, program):
        """Without callbacks several epochs share a call; any callback parts them."""
        shared, apart = classifier(), classifier()
        together = run(program, shared, rows(), held(), epochs=300)
        alone = run(program, apart, rows(), held(), epochs=300, callbacks=[keras.callbacks.Callback()])
        assert [epoch.epoch for epoch in together] == [epoch.epoch for epoch in alone] == list(range(1, 301))
        assert [epoch.logs for epoch in together] == [epoch.logs for epoch in alone]
        for weights, other in zip(shared.get_weights(), apart.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, other)

    def test_none_train_nothing(self, program):
        model = classifier()
        before = model.get_weights()
        assert run(program, model, rows(), epochs=0) == []
        for weights, other in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, other)


def test_moving_averages_are_what_is_left_to_evaluate():
    """At its end a training gives the weights their averages; on JAX the two then share their memory."""
    for program in PROGRAMS:
        model = classifier(optimizer=OPTIONS["EMA"]())
        trained = loop(EpochLoop, program, model, rows(), epochs=2)
        list(trained.run())
        figures = trained.program.evaluate(trained.train)
        expected = model.evaluate(rows().x, rows().y, verbose=0, return_dict=True)
        assert figures["loss"] == pytest.approx(expected["loss"], rel=1e-5)


def test_a_stop_before_the_first_epoch_stops_after_it():
    class Stops(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.model.stop_training = True

    for program in PROGRAMS:
        assert len(run(program, classifier(), rows(), callbacks=[Stops()])) == 1

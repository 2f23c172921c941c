"""The program: evaluation, prediction, every loss and every metric."""

import keras
import numpy as np
import pytest
from parity import PROGRAMS, TOLERANCE, assert_same_as_fit, classifier, rows, unprepared

from kerasrun.data import Rows
from kerasrun.training.engine import engine_for
from kerasrun.training.program import Program


@pytest.mark.parametrize("program", PROGRAMS)
class TestOneModel:
    def test_is_evaluated_as_keras_does(self, program):
        model = classifier()
        compiled = Program(model, unprepared, 8, engine_for(model, program))
        on_device = compiled.to_device(rows())
        compiled.build(on_device)
        expected = model.evaluate(rows().x, rows().y, batch_size=8, verbose=0, return_dict=True)
        for name, value in compiled.evaluate(on_device).items():
            assert value == pytest.approx(expected[name], rel=1e-6)

    def test_predicts_as_keras_does(self, program):
        model = classifier()
        compiled = Program(model, unprepared, 8, engine_for(model, program))
        expected = model.predict(rows().x, verbose=0)
        np.testing.assert_allclose(compiled.predict(rows().x, batch_size=7), expected, **TOLERANCE)

    def test_keeps_rows_in_the_type_they_came_in_and_prepares_them_inside(self, program):
        model = classifier()
        x = np.random.default_rng(0).integers(0, 256, (50, 6), dtype=np.uint8)

        def shrunk(x, training=False):
            return keras.ops.cast(x, "float32") / 255

        compiled = Program(model, shrunk, 8, engine_for(model, program))
        on_device = compiled.to_device(Rows(x, rows().y))
        assert keras.backend.standardize_dtype(on_device.arrays[0].dtype) == "uint8"
        compiled.build(on_device)
        expected = model.evaluate(x.astype("float32") / 255, rows().y, batch_size=8, verbose=0, return_dict=True)
        assert compiled.evaluate(on_device)["loss"] == pytest.approx(expected["loss"], rel=1e-6)


# What each loss or metric is of: one-hot classes, class numbers, yes or no, or a positive number.
LOSSES = {
    "one_hot": [
        *["CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge", "KLDivergence", "Poisson"],
        *["CosineSimilarity", "Dice", "Tversky"],
    ],
    "numbers": ["SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy"],
    "binary": ["BinaryCrossentropy", "BinaryFocalCrossentropy", "Hinge", "SquaredHinge"],
    "amount": [
        *["MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError"],
        *["Huber", "LogCosh"],
    ],
}
METRICS = {
    "one_hot": [
        *["CategoricalAccuracy", "CategoricalCrossentropy", "CategoricalHinge", "TopKCategoricalAccuracy", "F1Score"],
        *["FBetaScore", "KLDivergence", "Poisson", "CosineSimilarity", "OneHotIoU", "OneHotMeanIoU"],
        *["AUC", "Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"],
    ],
    "numbers": [
        *["SparseCategoricalAccuracy", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy"],
        *["MeanIoU", "IoU"],
    ],
    "binary": [
        *["BinaryAccuracy", "BinaryCrossentropy", "BinaryIoU", "Hinge", "SquaredHinge", "Accuracy"],
        *["SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall", "RecallAtPrecision"],
    ],
    "amount": [
        *["MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError"],
        *["MeanSquaredLogarithmicError", "LogCoshError", "R2Score", "PearsonCorrelation", "ConcordanceCorrelation"],
    ],
}
HEADS = {"one_hot": (3, "softmax"), "numbers": (3, "softmax"), "binary": (1, "sigmoid"), "amount": (1, "softplus")}


def targets(kind, x):
    return {
        "one_hot": np.eye(3, dtype="float32")[x[:, :3].argmax(axis=1)],
        "numbers": x[:, :3].argmax(axis=1).astype("int32"),
        "binary": (x[:, :1] > 0).astype("float32"),
        "amount": np.abs(x[:, :1]),
    }[kind]


def of_kind(kind, count=50, seed=0):
    x = rows(count, seed=seed).x
    return Rows(x, targets(kind, x))


# The fast tests hold those of class numbers.
KINDS = [kind if kind == "numbers" else pytest.param(kind, marks=pytest.mark.slow) for kind in HEADS]


@pytest.mark.parametrize("kind", KINDS)
def test_every_loss_gives_fits_numbers(kind):
    """One output a loss, so that one model tries them all."""
    names = LOSSES[kind]

    def make():
        keras.utils.set_random_seed(1)
        units, activation = HEADS[kind]
        x = keras.Input((6,))
        hidden = keras.layers.Dense(5, activation="tanh")(x)
        outputs = {name: keras.layers.Dense(units, activation=activation, name=name)(hidden) for name in names}
        model = keras.Model(x, outputs)
        # A low rate: percentages of amounts near zero have gradients of thousands.
        model.compile(keras.optimizers.SGD(1e-4), loss={name: getattr(keras.losses, name)() for name in names})
        return model

    def all_of(part):
        return Rows(part.x, dict.fromkeys(names, part.y))

    assert_same_as_fit(make, all_of(of_kind(kind, 48)), all_of(of_kind(kind, 16, 1)), epochs=2)


# What metrics need to be told, or must be so as to give one value.
ARGUMENTS = {
    "F1Score": {"average": "macro"},
    "FBetaScore": {"average": "macro"},
    "MeanIoU": {"num_classes": 3, "sparse_y_pred": False},
    "IoU": {"num_classes": 3, "target_class_ids": [0, 2], "sparse_y_pred": False},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [1]},
    "OneHotMeanIoU": {"num_classes": 3},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
}


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64")  # Keras's IoU asks JAX for it
@pytest.mark.parametrize("kind", KINDS)
def test_every_metric_gives_fits_numbers(kind):
    def make():
        keras.utils.clear_session(free_memory=False)  # metrics are named as in a process of their own
        keras.utils.set_random_seed(1)
        units, activation = HEADS[kind]
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(units, activation=activation)])
        metrics = [getattr(keras.metrics, name)(**ARGUMENTS.get(name, {})) for name in METRICS[kind]]
        loss = {"one_hot": "categorical_crossentropy", "numbers": "sparse_categorical_crossentropy"}.get(kind, "mse")
        model.compile("sgd", loss, metrics=metrics)
        return model

    assert_same_as_fit(make, of_kind(kind), of_kind(kind, 21, 1), epochs=2)

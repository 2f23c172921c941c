"""The rule that chooses a program: by the model and the device, and nothing else."""

import keras
import pytest
from parity import classifier

from kerasrun.training.choice import choose_program, choose_test_batch

on_tensorflow = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="JAX always compiles with XLA")


@keras.saving.register_keras_serializable()
class Own(keras.layers.Layer):
    """A layer of the user's."""


@on_tensorflow
class TestOnTensorFlow:
    def test_dense_nets_with_dropout_compile_with_xla(self):
        assert choose_program([classifier(keras.layers.Dropout(0.5))], False)[0] == "xla"

    def test_convolutions_stay_a_graph_wherever_they_stand(self):
        model = classifier(
            keras.layers.Reshape((2, 3, 1)),
            keras.layers.TimeDistributed(keras.layers.Conv1D(2, 2)),
            keras.layers.Flatten(),
        )
        assert choose_program([model], False) == ("graph", "not measured under XLA: Conv1D")

    def test_what_is_not_keras_own_stays_a_graph(self):
        assert choose_program([classifier(Own())], False) == ("graph", "not measured under XLA: Own")

    def test_so_does_a_preparation_that_was_not_measured(self):
        preparation = keras.Sequential([keras.Input((6,)), keras.layers.Discretization(bin_boundaries=[0.0])])
        assert choose_program([classifier(), preparation], False)[0] == "graph"

    def test_so_does_half_precision(self):
        keras.config.set_dtype_policy("mixed_bfloat16")
        try:
            assert choose_program([classifier()], False) == ("graph", "computes in bfloat16")
        finally:
            keras.config.set_dtype_policy("float32")

    def test_so_does_everything_on_a_gpu(self):
        assert choose_program([classifier()], True) == ("graph", "on a GPU")


def test_jax_knows_only_xla():
    if keras.backend.backend() == "jax":
        assert choose_program([classifier()], False) == ("xla", "JAX always compiles with XLA")


def attending():
    x = keras.Input((4, 3))
    model = keras.Model(x, keras.layers.MultiHeadAttention(2, 2)(x, x))
    model.compile(loss="mse")
    return model


class TestTheBatchOfAnEvaluation:
    def test_is_larger_where_that_changes_no_figure(self):
        assert choose_test_batch(classifier(keras.layers.Dense(4), keras.layers.Dropout(0.5)), 100) == 1000
        assert choose_test_batch(classifier(), 2048) == 2048

    def test_takes_no_more_than_32_mb_for_the_outputs_of_a_layer(self):
        wide = classifier(keras.layers.Dense(30_000))
        assert choose_test_batch(wide, 32) == 2**25 // (30_000 * 4) // 32 * 32

    @pytest.mark.parametrize(
        "model",
        [
            lambda: classifier(loss=keras.losses.SparseCategoricalCrossentropy(reduction="sum")),
            lambda: classifier(Own()),
            attending,
        ],
    )
    def test_is_that_of_the_training_elsewhere(self, model):
        assert choose_test_batch(model(), 8) == 8

"""What an output tells follows from its loss, as an object, a function or a name."""

import keras
import numpy as np
import pytest

from kerasrun.model.first_layer import first_filters
from kerasrun.model.output_kinds import OutputKind, output_kinds


def compiled(loss, units=3):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, name="out")])
    model.compile(loss=loss)
    return model


@pytest.mark.parametrize(
    ("loss", "units", "kind"),
    [
        ("sparse_categorical_crossentropy", 3, OutputKind("classes")),
        (keras.losses.CategoricalCrossentropy(from_logits=True), 3, OutputKind("classes", is_logits=True)),
        (keras.losses.SparseCategoricalCrossentropy(), 3, OutputKind("classes")),
        (keras.losses.categorical_focal_crossentropy, 3, OutputKind("classes")),
        ("kl_divergence", 3, OutputKind("classes")),
        ("crossentropy", 3, OutputKind("classes")),
        (keras.losses.CategoricalHinge(), 3, OutputKind("classes", is_scored=True)),
        ("binary_crossentropy", 1, OutputKind("classes")),
        (keras.losses.BinaryCrossentropy(from_logits=True), 1, OutputKind("classes", is_logits=True)),
        ("binary_crossentropy", 3, OutputKind("labels")),
        (keras.losses.BinaryFocalCrossentropy(from_logits=True), 3, OutputKind("labels", is_logits=True)),
        ("hinge", 1, OutputKind("classes", is_scored=True)),
        ("mse", 3, OutputKind("values")),
        (keras.losses.Huber(), 1, OutputKind("values")),
        (None, 3, OutputKind("values")),
    ],
)
def test_by_loss(loss, units, kind):
    assert output_kinds(compiled(loss, units)) == {"out": kind}


def test_each_output_by_its_own_loss():
    x = keras.Input((4,))
    outputs = {"digit": keras.layers.Dense(10, name="digit")(x), "angle": keras.layers.Dense(1, name="angle")(x)}
    model = keras.Model(x, outputs)
    model.compile(loss={"digit": "sparse_categorical_crossentropy", "angle": "mse"})
    assert output_kinds(model) == {"digit": OutputKind("classes"), "angle": OutputKind("values")}


class TestFirstFilters:
    def test_of_a_convolution_on_grey_pictures(self):
        conv = keras.layers.Conv2D(5, 3, name="edges")
        model = keras.Sequential([keras.Input((8, 8, 1)), conv, keras.layers.Flatten(), keras.layers.Dense(2)])
        name, filters, count = first_filters(model, (8, 8, 1))
        assert (name, count, filters.shape) == ("edges", 5, (5, 3, 3))
        np.testing.assert_array_equal(filters[2], np.asarray(conv.kernel)[:, :, 0, 2])

    def test_of_a_convolution_on_colour_keep_the_colours(self):
        model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Rescaling(0.5), keras.layers.Conv2D(100, 2)])
        _, filters, count = first_filters(model, (8, 8, 3))
        assert (count, filters.shape) == (100, (64, 2, 2, 3))

    def test_of_units_that_read_whole_pictures(self):
        dense = keras.layers.Dense(2)
        model = keras.Sequential([keras.Input((12,)), dense])
        _, filters, _ = first_filters(model, (3, 4))
        np.testing.assert_array_equal(filters[1], np.asarray(dense.kernel)[:, 1].reshape(3, 4))

    def test_of_a_layer_inside_a_model_inside(self):
        inner = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, name="inner")])
        model = keras.Sequential([keras.Input((8, 8, 1)), inner, keras.layers.Flatten(), keras.layers.Dense(2)])
        assert first_filters(model, (8, 8, 1))[0] == "inner"

    @pytest.mark.parametrize("layer", [keras.layers.Conv2D(4, 1), keras.layers.BatchNormalization()])
    def test_of_what_sees_no_pattern_there_are_none(self, layer):
        assert first_filters(keras.Sequential([keras.Input((8, 8, 1)), layer]), (8, 8, 1)) is None

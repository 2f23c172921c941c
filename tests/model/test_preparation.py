"""The preparation is a Keras model: its numbers are a formula's, and it is the same after it was saved."""

import keras
import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.data.rows import Rows
from kerasrun.data.steps import Steps, spread_of
from kerasrun.errors import ConfigError
from kerasrun.model.objects import ObjectBuilder
from kerasrun.model.preparation import Preparation, build_preparation

GENERATOR = np.random.Generator(np.random.Philox(4))
NUMBERS = GENERATOR.normal(1000, 30, (64, 3)).astype(np.float32)
CITIES = np.array([["Rome", "Kyōto", "Rome", "Lima"][i % 4] for i in range(64)], object)


def prepared(preparation, x):
    return np.asarray(preparation(keras.tree.map_structure(keras.ops.convert_to_tensor, preparation.encode(x))))


def again(preparation, tmp_path):
    """The same after it was saved and loaded."""
    preparation.model.save(tmp_path / "preparation.keras")
    return Preparation(keras.saving.load_model(tmp_path / "preparation.keras"))


def test_features_are_brought_to_mean_0_and_variance_1(tmp_path):
    preparation = build_preparation(Steps(spreads={"x": spread_of(NUMBERS)}), NUMBERS)
    doubles = NUMBERS.astype(np.float64)
    expected = (doubles - doubles.mean(axis=0)) / doubles.std(axis=0)
    # The mean is rounded to a float of 6e-5, of a deviation of 30.
    np.testing.assert_allclose(prepared(preparation, NUMBERS), expected, atol=1e-5)
    np.testing.assert_array_equal(prepared(again(preparation, tmp_path), NUMBERS), prepared(preparation, NUMBERS))


def test_a_feature_that_never_changed_stays_small_where_it_does_later():
    spread = spread_of(np.full((9, 1), 5, np.float32))
    preparation = build_preparation(Steps(spreads={"x": spread}), np.zeros((1, 1), np.float32))
    assert prepared(preparation, np.array([[5], [7]], np.float32)).tolist() == [[0], [2]]


def test_a_feature_that_hardly_changes_is_normalised_too():
    values = np.array([[1_000_000], [1_000_001]], np.float32)
    spread = spread_of(values)
    assert (spread.mean.tolist(), spread.variance.tolist()) == ([1_000_000.5], [0.25])
    preparation = build_preparation(Steps(spreads={"x": spread}), values)
    assert prepared(preparation, values).tolist() == [[-1], [1]]


def test_categories_become_one_hot_and_others_share_the_first_place(tmp_path):
    steps = Steps(vocabularies={"city": ("Kyōto", "Lima", "Rome")}, spreads={"numeric": spread_of(NUMBERS)}, join=True)
    x = {"numeric": NUMBERS, "city": CITIES}
    preparation = build_preparation(steps, x)
    rows = prepared(preparation, x)
    assert rows.shape == (64, 3 + 4)
    assert rows[:4, 3:].tolist() == [[0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    unknown = prepared(preparation, {"numeric": NUMBERS[:1], "city": np.array(["Atlantis"], object)})
    assert unknown[0, 3:].tolist() == [1, 0, 0, 0]
    np.testing.assert_array_equal(prepared(again(preparation, tmp_path), x), rows)


def test_pictures_come_as_whole_numbers_or_as_floats():
    pixels = GENERATOR.integers(0, 256, (5, 4, 4), dtype=np.uint8)
    preparation = build_preparation(Steps(divisor=255.0, flatten=True), pixels)
    expected = pixels.reshape(5, 16).astype(np.float32) * np.float32(1 / 255)
    np.testing.assert_allclose(prepared(preparation, pixels), expected, rtol=1e-6)
    np.testing.assert_array_equal(prepared(preparation, pixels.astype(np.float32)), prepared(preparation, pixels))
    assert preparation.output_shape(pixels) == ((16,), "float32")


def test_nothing_to_do_is_no_model():
    preparation = build_preparation(Steps(), NUMBERS)
    assert (preparation.model, preparation.all_models()) == (None, [])
    assert preparation.output_shape(NUMBERS) == ((3,), "float32")
    assert preparation.output_shape(np.zeros((2, 5), np.int32)) == ((5,), "int32")


class TestAugmentation:
    @pytest.fixture
    def preparation(self):
        augment = [{"RandomTranslation": {"height_factor": 0.4, "width_factor": 0.4, "seed": 3}}]
        config = load_config(
            {
                "data": {"source": "digits", "augment": augment, "flatten": True},
                "model": [{"Dense": {"units": 10, "activation": "softmax"}}],
                "training": {"epochs": 1, "loss": "sparse_categorical_crossentropy"},
            }
        )
        data = load_data(config)
        return build_preparation(data.steps, data.train.x, ObjectBuilder(config)), data.train.x[:20]

    def test_alters_pictures_in_training_alone(self, preparation):
        preparation, pixels = preparation
        x = keras.ops.convert_to_tensor(pixels)
        plain = pixels.reshape(20, 64) / 16
        np.testing.assert_allclose(preparation(x), plain, rtol=1e-6)
        first, second = (np.asarray(preparation(x, training=True)) for _ in range(2))
        assert not np.allclose(first, plain)
        assert not np.array_equal(first, second)

    def test_moves_each_picture_on_its_own(self, preparation):
        """A layer of Keras takes (rows, height, width) for a single picture, and would move rows into one another."""
        preparation, pixels = preparation
        one = np.zeros_like(pixels)
        one[3] = pixels[3]
        moved = np.asarray(preparation(keras.ops.convert_to_tensor(one), training=True))
        assert np.flatnonzero(moved.any(axis=1)).tolist() in ([3], [])

    def test_is_told_where_its_range_is_another(self):
        data = {"source": "digits", "augment": [{"RandomBrightness": 0.2}]}
        rest = {"model": ["Flatten", {"Dense": 1}], "training": {"epochs": 1, "loss": "mse"}}
        with pytest.raises(ConfigError, match="reckons with pixels from 0 to 255, and they go from 0 to 16"):
            load_data(load_config({"data": data, **rest}))

    def test_goes_on_from_the_states_of_its_generators(self, preparation, tmp_path):
        preparation, pixels = preparation
        x = keras.ops.convert_to_tensor(pixels)
        before = [np.array(variable) for variable in preparation.random_states]
        assert before
        first = np.asarray(preparation(x, training=True))
        for variable, value in zip(preparation.random_states, before, strict=True):
            variable.assign(value)
        np.testing.assert_array_equal(preparation(x, training=True), first)


def test_rows_are_encoded_with_their_targets_and_weights_as_they_were():
    steps = Steps(vocabularies={"x": ("Kyōto", "Lima", "Rome")}, encode="integer")
    rows = build_preparation(steps, CITIES).encode_rows(Rows(CITIES, np.arange(64), np.ones(64)))
    assert rows.x[:4].tolist() == [3, 1, 3, 2]
    assert rows.x.dtype == np.int32
    assert rows.y.tolist() == list(range(64))

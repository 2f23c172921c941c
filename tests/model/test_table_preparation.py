"""What a table's columns become before the net, against scikit-learn."""

import keras
import numpy as np
import pytest
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from kerasrun.data import Rows
from kerasrun.data.steps import Steps, spreads_of
from kerasrun.model.preparation import Preparation, build_preparation

# Names in no order, and some that could clash with layers or with words that Keras knows.
WORDS = {
    "z": ["b", "a", "", "[UNK]"],
    "z_lookup": ["é", "(no value)", "x y"],
    "joined": ["1", "0", "10"],
    "a": ["only", "two"],
}


@pytest.fixture
def inputs():
    random = np.random.default_rng(4)
    x = {"numeric": random.normal([3, 100], [1, 20], (50, 2)).astype("float32")}
    return x | {name: random.choice(np.array(words, object), 50) for name, words in WORDS.items()}


def prepared(steps, x, tmp_path):
    """What becomes of inputs, by the preparation as it is built and as it comes back from its file."""
    built = build_preparation(steps, x)
    built.model.save(tmp_path / "preparation.keras")
    loaded = Preparation(keras.saving.load_model(tmp_path / "preparation.keras"))
    first, again = (keras.tree.map_structure(np.asarray, p(p.encode(x))) for p in (built, loaded))
    keras.tree.map_structure(np.testing.assert_array_equal, first, again)
    return first


def vocabularies():
    return {name: tuple(sorted(words)) for name, words in WORDS.items()}


def test_numbers_are_standardised_and_words_one_hot_in_the_order_of_the_columns(inputs, tmp_path):
    steps = Steps(spreads=spreads_of(Rows(inputs, None)), vocabularies=vocabularies(), join=True)
    found = prepared(steps, inputs, tmp_path)
    start = StandardScaler().fit_transform(inputs["numeric"].astype(float))
    np.testing.assert_allclose(found[:, :2], start, rtol=1e-5, atol=1e-6)
    place = 2
    for name, words in vocabularies().items():
        expected = OneHotEncoder(categories=[list(words)], sparse_output=False).fit_transform(inputs[name][:, None])
        np.testing.assert_array_equal(found[:, place], 0)  # the place of words that are not known
        np.testing.assert_array_equal(found[:, place + 1 : place + 1 + len(words)], expected)
        place += 1 + len(words)
    assert place == found.shape[1]


def test_as_numbers_each_word_has_its_place_and_unknown_ones_have_0(inputs, tmp_path):
    steps = Steps(vocabularies=vocabularies(), encode="integer")
    changed = inputs | {"a": np.array(["new"] * 50, object)}
    found = prepared(steps, changed, tmp_path)
    assert set(found) == set(inputs)
    np.testing.assert_array_equal(found["numeric"], inputs["numeric"])
    for name in ("z", "z_lookup", "joined"):
        assert found[name].tolist() == [1 + vocabularies()[name].index(word) for word in inputs[name]]
    assert not found["a"].any()

"""Evaluate and predict work on a model file wherever it lies, and say what they need of one from elsewhere."""

import csv
import json
import shutil

import keras
import numpy as np
import pytest

import kerasrun as package
from kerasrun.errors import InputError
from kerasrun.model.saved import save_keras_model

NO_PREPARATION = {"divisor": None, "flatten": False}
BRIEF = {"output.plots": [], "output.report": False}


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """A short digits run, which saves both kinds of models."""
    overrides = BRIEF | {"training.epochs": 2, "output.save": ["model", "inference_model"]}
    return package.train("@digits", overrides=overrides, output=tmp_path_factory.mktemp("digits"))


@pytest.fixture
def elsewhere(tmp_path):
    """A model that Keras alone made."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(loss="mse", metrics=["mae"])
    model.save(tmp_path / "other.keras")
    return tmp_path / "other.keras"


def test_a_carried_model_knows_its_data(digits, tmp_path):
    carried = shutil.copy(digits.folder / "model.keras", tmp_path / "carried.keras")
    found = package.evaluate(carried)
    assert (found.data, found.num_rows) == ("test", 360)
    for name, value in digits.metrics["test"].items():
        assert found.figures[name] == value


def test_figures_are_those_of_keras(digits):
    from sklearn.datasets import load_digits

    data = load_digits()
    x, y = data.data[1437:] / 16.0, np.eye(10)[data.target[1437:]]
    expected = digits.model.evaluate(x, y, verbose=0, return_dict=True)
    assert package.evaluate(digits.folder).figures == pytest.approx(expected, rel=1e-5)


def test_predictions_are_those_of_keras(digits):
    from sklearn.datasets import load_digits

    found = package.predict(digits.folder)
    expected = digits.model.predict(load_digits().data[1437:] / 16.0, verbose=0)
    np.testing.assert_allclose(found.outputs, expected, rtol=1e-4, atol=1e-6)
    assert found.columns["class"] == [str(c) for c in expected.argmax(axis=1)]
    table = list(csv.DictReader(found.to_csv().splitlines()))
    assert list(table[0]) == ["row", "class", "probability"]
    assert float(table[7]["probability"]) == pytest.approx(expected[7].max(), rel=1e-4)


def test_other_data_goes_through_the_same_preparation(digits, tmp_path):
    from sklearn.datasets import load_digits

    data = load_digits()
    np.savez(tmp_path / "rows.npz", x=data.images[1437:].astype("uint8"), y=data.target[1437:])
    np.save(tmp_path / "rows.npy", data.images[1437:].astype("uint8"))
    own = package.evaluate(digits.folder)
    assert package.evaluate(digits.folder, data=tmp_path / "rows.npz").figures == own.figures
    np.testing.assert_array_equal(
        package.predict(digits.folder, data=tmp_path / "rows.npy").outputs, package.predict(digits.folder).outputs
    )
    assert package.evaluate(digits.folder, data="@digits").figures == own.figures


def test_a_model_from_elsewhere_is_told_what_to_pass(elsewhere, tmp_path):
    with pytest.raises(InputError, match=r"this model carries no config, so its data is not known; pass --data"):
        package.evaluate(elsewhere)
    x, y = np.ones((5, 3), "float32"), np.zeros((5, 2), "float32")
    np.savez(tmp_path / "rows.npz", x=x, y=y)
    model = keras.saving.load_model(elsewhere, compile=False)
    model.compile(loss="mse", metrics=["mae"])
    expected = model.evaluate(x, y, verbose=0, return_dict=True)
    assert package.evaluate(elsewhere, data=tmp_path / "rows.npz").figures == pytest.approx(expected)
    assert list(package.predict(elsewhere, data=tmp_path / "rows.npz").columns) == ["row", "value_0", "value_1"]


def test_data_that_does_not_fit_is_told(elsewhere, tmp_path):
    np.savez(tmp_path / "rows.npz", x=np.ones((5, 4)), y=np.zeros((5, 2)))
    with pytest.raises(InputError, match="the data does not fit this model"):
        package.evaluate(elsewhere, data=tmp_path / "rows.npz")
    with pytest.raises(InputError, match="has no array 'y_test' or 'y'; it holds x"):
        np.savez(tmp_path / "x.npz", x=np.ones((5, 3)))
        package.evaluate(elsewhere, data=tmp_path / "x.npz")


def test_an_inference_model_predicts_and_says_why_it_does_not_evaluate(digits):
    whole, inference = digits.folder / "model.keras", digits.folder / "inference_model.keras"
    np.testing.assert_array_equal(package.predict(whole).outputs, package.predict(inference).outputs)
    with pytest.raises(InputError, match="was saved without loss and metrics"):
        package.evaluate(inference)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no model", "not a .keras model file"), (None, "no such file"), (b"", "not a .keras model file")],
)
def test_what_is_no_model(tmp_path, content, message):
    if content is not None:
        (tmp_path / "model.keras").write_bytes(content)
    with pytest.raises(InputError, match=message):
        package.evaluate(tmp_path / "model.keras")


def test_a_truncated_model_is_told(digits, tmp_path):
    whole = (digits.folder / "model.keras").read_bytes()
    (tmp_path / "model.keras").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"not a .keras model file, or a damaged one"):
        package.evaluate(tmp_path / "model.keras")


class TestColumns:
    """What a model without a loss puts out, by the number of its classes."""

    def predicted(self, tmp_path, outputs, classes):
        model = keras.Sequential([keras.Input((len(outputs[0]),)), keras.layers.Activation("linear")])
        record = {"classes": classes, "preparation": NO_PREPARATION, "config": {"data": {"source": "npz"}}}
        save_keras_model(model, tmp_path / "m.keras", record)
        np.save(tmp_path / "x.npy", np.array(outputs, "float32"))
        columns = package.predict(tmp_path / "m.keras", data=tmp_path / "x.npy").columns
        return {name: column for name, column in columns.items() if name != "row"}

    def test_one_sigmoid_unit_counts_for_two_classes(self, tmp_path):
        found = self.predicted(tmp_path, [[0.2], [0.9]], ["no", "yes"])
        assert found == {"class": ["no", "yes"], "probability": ["0.8", "0.9"]}

    def test_logits_are_scores(self, tmp_path):
        assert self.predicted(tmp_path, [[-2.0, 3.0]], ["no", "yes"]) == {"class": ["yes"], "score": ["3"]}

    def test_without_classes_values_stand_as_they_are(self, tmp_path):
        assert self.predicted(tmp_path, [[0.5], [1.5]], None) == {"value": ["0.5", "1.5"]}


def test_the_record_is_plain_json_and_the_preparation_a_model_of_keras(digits, tmp_path):
    import zipfile

    archive = zipfile.ZipFile(digits.folder / "model.keras")
    record = json.loads(archive.read("kerasrun.json"))
    assert record["classes"] == list("0123456789")
    assert record["reading"] == {"pixel_max": 16.0, "row_shape": [8, 8]}
    (tmp_path / "preparation.keras").write_bytes(archive.read("preparation.keras"))
    preparation = keras.saving.load_model(tmp_path / "preparation.keras")
    pixels = np.arange(64, dtype="uint8").reshape(1, 8, 8)
    np.testing.assert_allclose(preparation(pixels), pixels.reshape(1, 64) / 16.0)

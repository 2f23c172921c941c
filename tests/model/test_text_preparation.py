"""Words become numbers as Keras's TextVectorization alone makes them, and as they did in training after any saving."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from kerasrun.data.rows import Rows
from kerasrun.data.steps import Steps
from kerasrun.data.streamed import Streamed
from kerasrun.errors import InputError
from kerasrun.model.preparation import Preparation, build_preparation
from kerasrun.model.saved import load_preparation, save_keras_model

TRAIN = np.array(["The film was good, very good!", "A bad film.", "Bad; so bad", "good plot and film"], object)
OTHER = np.array(["A very unknown film", "", "BAD bad plot"], object)

INT = {"max_tokens": 7, "output_mode": "int", "output_sequence_length": 5}
ARGUMENTS = {
    "numbers": INT,
    "pairs of words": INT | {"ngrams": 2, "max_tokens": None},
    "words and runs of three": INT | {"ngrams": [1, 3], "max_tokens": None},
    "signs": INT | {"split": "character"},
    "words as they are": INT | {"standardize": None},
    "whether a word is there": {"output_mode": "multi_hot"},
    "how often": {"output_mode": "count", "max_tokens": 6},
    "weighed": {"output_mode": "tf_idf", "max_tokens": 8},
    "of a list": INT | {"vocabulary": ["film", "good"]},
}


def alone(arguments):
    """Keras's layer by itself, fitted on the training texts."""
    ngrams = arguments.get("ngrams")
    layer = layers.TextVectorization(**arguments | {"ngrams": tuple(ngrams) if isinstance(ngrams, list) else ngrams})
    if "vocabulary" not in arguments:
        layer.adapt(TRAIN.tolist())
    return layer


def numbers_of_keras(arguments):
    """What Keras's layer makes of the other texts; the one without a word is an unknown word, and not zeros alone."""
    numbers = np.array(alone(arguments)(OTHER.tolist()))
    if arguments["output_mode"] == "int":
        assert OTHER[1] == "" and not numbers[1].any()
        numbers[1, 0] = 1
    return numbers


@pytest.fixture
def model():
    return keras.Sequential([keras.Input((3,)), layers.Dense(1)])


@pytest.mark.parametrize("name", ARGUMENTS)
def test_numbers_are_those_of_keras_before_saving_and_after(name, model, tmp_path):
    made = build_preparation(Steps(text=ARGUMENTS[name]), TRAIN)
    expected = numbers_of_keras(ARGUMENTS[name])
    np.testing.assert_array_equal(made.encode(OTHER), expected)
    save_keras_model(model, tmp_path / "model.keras", {}, made.model)
    loaded = Preparation(load_preparation(tmp_path / "model.keras"))
    np.testing.assert_array_equal(loaded.encode(OTHER), expected)
    assert made.encode(OTHER).dtype == (np.float32 if name == "weighed" else np.int32)
    assert made.output_shape(OTHER)[0] == expected.shape[1:]


def test_the_same_texts_give_the_same_numbers_again():
    one, other = (build_preparation(Steps(text=INT), TRAIN) for _ in range(2))
    np.testing.assert_array_equal(one.encode(OTHER), other.encode(OTHER))


def test_texts_are_looked_up_in_parts(monkeypatch):
    made = build_preparation(Steps(text=INT), TRAIN)
    whole = made.encode(TRAIN)
    monkeypatch.setattr("kerasrun.model.lookups.TEXTS_AT_ONCE", 3)
    np.testing.assert_array_equal(made.encode_rows(Rows(TRAIN, None)).x, whole)


def streamed(texts, window=2):
    return Streamed(lambda rows: texts[rows], 0, len(texts), np.arange(len(texts)), 2**26, window)


class TestStreamedTexts:
    """Those that are read window by window; here each text is a part of its own."""

    @pytest.mark.parametrize("name", ARGUMENTS)
    def test_are_fitted_and_looked_up_as_those_in_memory(self, name):
        rows = streamed(TRAIN)
        assert len(list(rows.blocks())) == len(TRAIN)
        made = build_preparation(Steps(text=ARGUMENTS[name]), TRAIN[:1], streamed=rows)
        encoded = made.encode_rows(streamed(OTHER))
        expected = numbers_of_keras(ARGUMENTS[name])
        np.testing.assert_array_equal(encoded.take(np.array([2, 0, 1])).x, expected[[2, 0, 1]])
        np.testing.assert_array_equal(encoded.slice(1, 3).take(np.arange(2)).x, expected[1:])

    @pytest.mark.parametrize(("most", "times"), [(2**14, 0), (1, 2)])
    def test_are_looked_up_once_unless_their_numbers_take_too_much(self, most, times, monkeypatch):
        monkeypatch.setattr("kerasrun.model.encoded.MOST_KEPT", most)
        made = build_preparation(Steps(text=INT), TRAIN)
        rows = made.encode_rows(streamed(TRAIN))
        looked_up = []
        monkeypatch.setattr("kerasrun.model.preparation.look_up", lambda layer, texts: looked_up.append(texts) or texts)
        for _ in range(2):
            rows.take(np.arange(3))
        assert len(looked_up) == times


class TestHostileFiles:
    """A preparation inside a model file is judged as a model file is."""

    def carrying(self, model, tmp_path, content):
        save_keras_model(model, tmp_path / "model.keras", {})
        with zipfile.ZipFile(tmp_path / "model.keras", "a") as archive:
            archive.writestr("preparation.keras", content)
        return tmp_path / "model.keras"

    def sound(self):
        return written(keras.Sequential([keras.Input((3,)), layers.Rescaling(2.0, name="twice")]))

    def refused(self, path):
        with pytest.raises(InputError) as error:
            load_preparation(path)
        assert "/tmp" not in str(error.value).removeprefix(str(path))
        return str(error.value).removeprefix(f"{path}: ")

    def test_a_sound_one_is_taken(self, model, tmp_path):
        path = self.carrying(model, tmp_path, packed(self.sound()))
        assert load_preparation(path).layers[-1].name == "twice"

    def test_python_code_is_refused(self, model, tmp_path):
        members = self.sound()
        config = json.loads(members["config.json"])
        config["config"]["layers"][-1] |= {"class_name": "Lambda", "config": {"name": "x", "function": PYTHON}}
        told = self.refused(self.carrying(model, tmp_path, packed(members | {"config.json": json.dumps(config)})))
        assert told.startswith(
            "preparation.keras: the layer 'x' is 'keras.layers.Lambda': it is Python code in the file"
        )

    def test_a_vocabulary_that_is_a_file_is_refused(self, model, tmp_path):
        members = written(build_preparation(Steps(text=INT), TRAIN).model)
        config = json.loads(members["config.json"])
        [words] = [layer for layer in config["config"]["layers"] if layer["class_name"] == "TextVectorization"]
        words["config"]["vocabulary"] = "/etc/passwd"
        told = self.refused(self.carrying(model, tmp_path, packed(members | {"config.json": json.dumps(config)})))
        assert told.startswith("preparation.keras: the layer 'x.words' reads the file '/etc/passwd'")

    def test_what_is_no_zip_is_refused(self, model, tmp_path):
        told = self.refused(self.carrying(model, tmp_path, b"no zip"))
        assert told == "preparation.keras: is damaged: File is not a zip file"

    def test_one_within_another_is_never_read(self, model, tmp_path):
        members = self.sound()
        path = self.carrying(model, tmp_path, packed(members | {"preparation.keras": b"no zip"}))
        assert load_preparation(path).layers[-1].name == "twice"

    def test_a_zip_bomb_is_refused(self, model, tmp_path):
        members = self.sound() | {"assets/layers/a/vocabulary.txt": b"\0" * 30_000_000}
        told = self.refused(self.carrying(model, tmp_path, packed(members, zipfile.ZIP_DEFLATED)))
        assert "a zip bomb" in told and told.startswith("preparation.keras: it would unpack to 30,0")


PYTHON = {"class_name": "__lambda__", "config": {"value": "4wEAAAAA"}}


def written(model):
    """The members of a model's file."""
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "model.keras")
        with zipfile.ZipFile(Path(folder) / "model.keras") as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def packed(members, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()

"""Models of one's own pictures and texts: raw files from the command line are read as in training, to the bit."""

import csv
import json
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

import kerasrun as package
from kerasrun.errors import ConfigError, InputError
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.results import read_results

OUTPUT = {"plots": [], "report": False}
TRAINING = {"epochs": 2, "batch_size": 8, "metrics": ["accuracy"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pictures of several sizes and texts, in folders for training and for testing."""
    folder, chance = tmp_path_factory.mktemp("own"), np.random.default_rng(2)
    for number in range(24):
        part, kind = ("train", "test")[number % 4 == 3], ("cat", "dog")[number % 3 == 0]
        picture, text = (
            folder / f"photos/{part}/{kind}/{number:02}.png",
            folder / f"texts/{part}/{kind}/{number:02}.txt",
        )
        for path in (picture, text):
            path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(chance.integers(0, 256, (10 + number, 14, 3), np.uint8)).save(picture)
        text.write_text(" ".join(chance.choice(["a", "the", kind, "runs", "sleeps"], 3 + number)))
    for part in ("train", "test"):
        rows = [[path.read_text(), path.parent.name] for path in sorted((folder / "texts" / part).rglob("*.txt"))]
        with (folder / f"{part}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["words", "animal"], *rows])
    return folder


def train(folder, data, model, loss, **more):
    data = {"validation": "test", **data}
    config = {"data": data, "model": model, "training": TRAINING | {"loss": loss}, "output": OUTPUT, **more}
    return package.train(config, output=folder / "outputs")


@pytest.fixture(scope="module")
def pictures(folder):
    data = {"source": "images", "path": f"{folder}/photos/train", "test": f"{folder}/photos/test", "size": [8, 9]}
    data |= {"color": "gray", "fit": "crop", "resize": "area", "one_hot": True}
    return train(
        folder, data, ["Flatten", {"Dense": {"units": 2, "activation": "softmax"}}], "categorical_crossentropy"
    )


@pytest.fixture(scope="module")
def texts(folder):
    data = {"source": "text", "path": f"{folder}/train.csv", "test": f"{folder}/test.csv", "text": "words"}
    data |= {"target": "animal", "tokens": {"output_mode": "tf_idf", "max_tokens": 5}}
    return train(folder, data, [{"Dense": {"units": 1, "activation": "sigmoid"}}], "binary_crossentropy")


def kept(run):
    """What the training's end made of the test rows."""
    return next(iter(read_results(RunFolder(run.folder)).outputs.values())).scores


class TestRawFilesGiveTheBitsOfTheTrainingsEnd:
    def test_pictures(self, folder, pictures):
        found = package.predict(pictures.folder, data=folder / "photos/test")
        assert found.columns["file"] == [
            *("cat/07.png", "cat/11.png", "cat/19.png", "cat/23.png"),
            *("dog/03.png", "dog/15.png"),
        ]
        np.testing.assert_array_equal(found.outputs, kept(pictures))
        assert found.columns["class"] == [("cat", "dog")[number] for number in kept(pictures).argmax(axis=1)]

    @pytest.mark.slow
    def test_pictures_in_a_fresh_process(self, folder, pictures):
        code = (
            "import kerasrun; "
            f"found = kerasrun.predict({str(pictures.folder)!r}, data={str(folder / 'photos/test')!r}); "
            "print(found.outputs.tobytes().hex())"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=240)
        assert done.stdout.splitlines()[-1] == kept(pictures).tobytes().hex()

    def test_texts_of_a_table_and_of_folders(self, folder, texts):
        table = package.predict(texts.folder, data=folder / "test.csv")
        np.testing.assert_array_equal(table.outputs, kept(texts)[:, 1:])
        files = package.predict(texts.folder, data=[folder / "texts/test"])
        np.testing.assert_array_equal(files.outputs, table.outputs)
        assert list(files.columns)[:2] == ["file", "class"]
        assert set(files.columns["class"]) <= {"cat", "dog"}


class TestEvaluation:
    def test_of_a_folder_of_classes_gives_the_figures_of_the_training(self, folder, pictures):
        found = package.evaluate(pictures.folder, data=folder / "photos/test")
        assert found.figures == pictures.metrics["test"]

    def test_of_a_table_or_of_folders_too(self, folder, texts):
        for data in ("test.csv", "texts/test"):
            assert package.evaluate(texts.folder, data=folder / data).figures == texts.metrics["test"]

    def test_a_class_that_the_model_has_not_is_told_with_its_row(self, folder, texts, tmp_path):
        (tmp_path / "new.csv").write_text("words,animal\nthe cat,cat\nthe cow,cow\n")
        with pytest.raises(InputError, match=r"new.csv: line 3: the model has no class 'cow'; it has cat, dog"):
            package.evaluate(texts.folder, data=tmp_path / "new.csv")

    def test_a_model_file_alone_knows_how_to_read(self, folder, pictures, tmp_path):
        (tmp_path / "model.keras").write_bytes((pictures.folder / "model.keras").read_bytes())
        found = package.evaluate(tmp_path / "model.keras", data=folder / "photos/test")
        assert found.figures == pytest.approx(pictures.metrics["test"])

    def test_a_form_that_was_tampered_with_is_refused(self, folder, pictures, tmp_path):
        with zipfile.ZipFile(pictures.folder / "model.keras") as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        record = json.loads(members["kerasrun.json"])
        record["reading"]["pictures"]["height"] = 10**9
        with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
            for name, content in (members | {"kerasrun.json": json.dumps(record)}).items():
                archive.writestr(name, content)
        with pytest.raises(InputError, match="what it carries beside the model is damaged"):
            package.predict(tmp_path / "model.keras", data=folder / "photos/test")


def test_pictures_are_those_of_keras_itself(folder, tmp_path):
    """Where pictures grow, Keras and Pillow interpolate alike, but for Pillow's rounding to whole numbers."""
    from kerasrun.config import load_config
    from kerasrun.data import load_data

    path = folder / "photos/train"
    config = {
        "data": {"source": "images", "path": str(path), "size": [40, 40]},
        "model": [{"Dense": {"units": 2, "activation": "softmax"}}],
        "training": {"epochs": 1, "loss": "sparse_categorical_crossentropy"},
    }
    rows = load_data(load_config(config)).train
    whole = keras.utils.image_dataset_from_directory(
        path, image_size=(40, 40), shuffle=False, batch_size=99, verbose=False
    )
    x, y = next(iter(whole))
    np.testing.assert_allclose(rows.x, x, atol=1.01)
    np.testing.assert_array_equal(rows.y, y)


def test_numbers_that_an_embedding_has_no_row_for_are_told_before_training(folder):
    data = {"source": "text", "path": f"{folder}/texts/train", "test": f"{folder}/texts/test"}
    net = [
        {"Embedding": {"input_dim": 4, "output_dim": 2}},
        "Flatten",
        {"Dense": {"units": 1, "activation": "sigmoid"}},
    ]
    told = r"\(Embedding\) has input_dim: 4, and the inputs are numbers up to 7\n  write input_dim: 8, or take fewer"
    with pytest.raises(ConfigError, match=told):
        train(folder, data, net, "binary_crossentropy")

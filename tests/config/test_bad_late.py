"""Bad configs whose faults show only with Keras: each is told before the first step, at the line at fault."""

import contextlib
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.errors import InputError
from kerasrun.runs.prepared import prepare_training
from tests.config.bad_cases import read_cases
from tests.conftest import TINY, Command

CASES = read_cases(Path(__file__).with_name("bad_late"))


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    """Configs are named as someone names them who stands in their folder."""
    monkeypatch.chdir(tmp_path)


def told_of(tmp_path):
    """All that is told of a config that is sound as a text."""
    config = load_config("config.yaml")
    with contextlib.ExitStack() as cleanup, pytest.raises(InputError) as error:
        prepare_training(config, tmp_path / "run", False, cleanup)
    return str(error.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_faults(write, tmp_path, case):
    write(case.text)
    assert told_of(tmp_path) == case.message


def test_there_are_enough_and_no_two_alike():
    assert len(CASES) >= 25
    assert len({case.title for case in CASES}) == len({case.text for case in CASES}) == len(CASES)


X, Y = np.zeros((8, 3), np.float32), np.zeros((8, 1), np.float32)

# Each as the arrays of a file, what to replace in the config and by what, and the whole of what is told.
ARRAYS = {
    "no file": (None, "", "", "config.yaml:1:27: rows.npz: no such file\n{line}\n       |                           ^"),
    "no targets": (
        {"x": X},
        "",
        "",
        "config.yaml:1:27: rows.npz: has no array 'y' or 'y_train'; it holds x\n{line}\n"
        "       |                           ^",
    ),
    "another name for the targets": (
        {"x": X, "label": Y},
        "",
        "",
        "config.yaml:1:27: rows.npz: has no array 'y' or 'y_train'; it holds x, label\n{line}\n"
        "       |                           ^",
    ),
    "a row too many": (
        {"x": X, "y": Y[:7]},
        "",
        "",
        "config.yaml:1:27: rows.npz: all arrays need the same number of rows: x has 8, y has 7\n{line}\n"
        "       |                           ^",
    ),
    "a value that is missing": (
        {"x": np.where(np.arange(24).reshape(8, 3) == 7, np.nan, X), "y": Y},
        "",
        "",
        "config.yaml:1:27: train data: x holds nan in row 2, column [1]; remove or fill it in first\n{line}\n"
        "       |                           ^",
    ),
    "words": (
        {"x": np.array([["a", "b", "c"]] * 8), "y": Y},
        "",
        "",
        "config.yaml:1:27: rows.npz: the array 'x' holds <U1 of shape (8, 3), not rows of numbers\n{line}\n"
        "       |                           ^",
    ),
    "labels that are no whole numbers": (
        {"x": X, "y": Y[:, 0] + 0.5},
        "loss: mse",
        "loss: {SparseCategoricalCrossentropy: {from_logits: true}}",
        "config.yaml:3:30: labels must be class numbers, and row 0 has 0.5\n"
        "     3 | training: {epochs: 1, loss: {SparseCategoricalCrossentropy: {from_logits: true}}}\n"
        "       |                              ^",
    ),
    "labels from -1": (
        {"x": X, "y": np.array([-1, 1] * 4)},
        "loss: mse",
        "loss: {SparseCategoricalCrossentropy: {from_logits: true}}",
        "config.yaml:3:30: the label -1 (row 0) is less than 0\n"
        "     3 | training: {epochs: 1, loss: {SparseCategoricalCrossentropy: {from_logits: true}}}\n"
        "       |                              ^\n  classes count from 0",
    ),
    "labels from 1": (
        {"x": X, "y": np.array([1, 2] * 4)},
        "loss: mse",
        "loss: {SparseCategoricalCrossentropy: {from_logits: true}}",
        "config.yaml:3:30: the label 2 (row 1) lies outside the 2 classes of the output 'dense'\n"
        "     3 | training: {epochs: 1, loss: {SparseCategoricalCrossentropy: {from_logits: true}}}\n"
        "       |                              ^\n  the last layer needs 3 units",
    ),
}


@pytest.mark.parametrize("what", ARRAYS)
def test_data_of_a_file(write, tmp_path, what):
    arrays, old, new, message = ARRAYS[what]
    if arrays is not None:
        np.savez("rows.npz", **arrays)
    data = "data: {source: npz, path: rows.npz}"
    text = f"{data}\nmodel: [Dense: 2]\ntraining: {{epochs: 1, loss: mse}}\n"
    write(text.replace(old, new) if old else text)
    assert told_of(tmp_path) == message.replace("{line}", f"     1 | {data}")


def test_mnist_that_is_nowhere(write, tmp_path, monkeypatch):
    def offline(*args, **kwargs):
        raise urllib.error.URLError("offline")

    monkeypatch.setattr(urllib.request, "urlopen", offline)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERASRUN_DATA_DIR", raising=False)
    write(
        "data: {source: mnist}\n"
        "model: [Flatten, {Dense: {units: 10, activation: softmax}}]\n"
        "training: {epochs: 1, loss: sparse_categorical_crossentropy}\n"
    )
    assert told_of(tmp_path) == (
        "config.yaml:1:16: MNIST is nowhere to be found\n"
        "     1 | data: {source: mnist}\n"
        "       |                ^\n"
        "  data.path in the config        not given\n"
        "  $KERASRUN_DATA_DIR/mnist.npz   not set\n"
        "  Keras's cache                  no such file: datasets/mnist.npz\n"
        "  a download                     failed: offline\n"
        "  give one of the first three the file mnist.npz, or go online once"
    )


def test_a_run_that_is_there_already(trained):
    done = Command(trained)("train", "config.yaml", "--name", "first")
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "Error: outputs/tiny/first: this run exists already, and runs are never overwritten; choose another --name\n"
    )


def test_a_saved_model_of_other_rows(write, tmp_path, trained):
    write(
        TINY.split("model:")[0].replace("source: sine\n  num_samples: 20", "source: digits")
        + f"model:\n  load: {trained}/outputs/tiny/first/model.keras\n"
        + "training: {epochs: 1, loss: mse}\n"
    )
    lines = told_of(tmp_path).splitlines()
    assert lines[0] == "config.yaml:7:9: the saved model reads rows of shape [1], and the data's have [8, 8]"
    assert lines[-1] == "  see data.flatten"

"""Rows from the command line are read by what the model file carries, wherever it lies."""

import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.errors import InputError
from kerasrun.runs.models.opened import ModelFile
from kerasrun.runs.models.rows import choose_rows

CONFIG = {
    "data": {"source": "npz", "inputs": ["pixels"], "targets": ["kind"], "one_hot": True},
    "model": [{"Dense": {"units": 3, "activation": "softmax"}}],
    "training": {"epochs": 1, "loss": "categorical_crossentropy"},
}


@pytest.fixture
def trained(tmp_path):
    """What a training on three classes keeps for reading, and a file that holds two of them."""
    for name, labels in (("own", [0, 1, 2]), ("other", [1, 0])):
        np.savez(tmp_path / f"{name}.npz", pixels=np.ones((len(labels), 4)), kind=np.array(labels))
    config = load_config(CONFIG | {"data": CONFIG["data"] | {"path": str(tmp_path / "own.npz")}})
    return config, load_data(config), tmp_path / "other.npz"


def test_an_npz_is_read_by_a_model_that_was_copied_away_from_its_config(trained):
    _, data, other = trained
    rows = choose_rows(ModelFile("copied.keras", None, data.classes, reading=data.reading), [other], True).rows
    np.testing.assert_array_equal(rows.y, [[0, 1, 0], [1, 0, 0]])


def test_an_npz_is_read_by_a_model_of_an_earlier_version_that_has_its_config(trained):
    config, data, other = trained
    rows = choose_rows(ModelFile("earlier.keras", config, data.classes), [other], True).rows
    np.testing.assert_array_equal(rows.y, [[0, 1, 0], [1, 0, 0]])


@pytest.mark.parametrize("names", [[], ["pixels", 1], "pixels", None])
def test_a_model_that_carries_no_names_of_arrays_is_damaged(trained, names):
    _, data, other = trained
    with pytest.raises(InputError, match=r"^copied\.keras: what it carries beside the model is damaged$"):
        choose_rows(ModelFile("copied.keras", None, data.classes, reading={"inputs": names}), [other], True)


@pytest.mark.parametrize("reading", [{}, {"table": {}}])
def test_a_folder_of_npy_files_is_no_folder_of_pictures(tmp_path, reading):
    np.save(tmp_path / "x.npy", np.ones((2, 4)))
    chosen = choose_rows(ModelFile("copied.keras", None, None, reading=reading), [tmp_path], False)
    np.testing.assert_array_equal(chosen.rows.x, np.ones((2, 4)))


@pytest.mark.parametrize("reading", [{"pictures": {}}, {"kind": "text"}])
def test_for_a_model_of_pictures_or_texts_it_is(tmp_path, reading):
    np.save(tmp_path / "x.npy", np.ones((2, 4)))
    with pytest.raises(InputError, match=r"no (picture|text) lies in this folder"):
        choose_rows(ModelFile("copied.keras", None, None, reading=reading), [tmp_path], False)

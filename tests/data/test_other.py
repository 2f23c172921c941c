"""Arrays of a file on the command line are read as those that the model was trained on."""

import numpy as np
import pytest

from kerasrun.data import load_rows
from kerasrun.errors import InputError

NAMES = {"inputs": ["pixels"], "targets": ["kind"], "one_hot": True}
CLASSES = ("cat", "dog", "owl")


def write(folder, **arrays):
    np.savez(folder / "other.npz", **arrays)
    return folder / "other.npz"


class TestLabels:
    def test_become_one_hot_with_all_classes_of_the_model_whichever_of_them_the_file_holds(self, tmp_path):
        path = write(tmp_path, pixels=np.ones((2, 4)), kind=np.array([1, 0]))
        np.testing.assert_array_equal(load_rows(path, NAMES, CLASSES, True).y, [[0, 1, 0], [1, 0, 0]])

    @pytest.mark.parametrize("shape", [(3,), (3, 1)])
    def test_may_stand_in_a_column(self, tmp_path, shape):
        path = write(tmp_path, x=np.ones((3, 4)), y=np.array([2, 0, 1]).reshape(shape))
        np.testing.assert_array_equal(load_rows(path, {}, CLASSES, True).y, np.array([2, 0, 1], np.int32))
        np.testing.assert_array_equal(load_rows(path, {"one_hot": True}, CLASSES, True).y, np.eye(3)[[2, 0, 1]])

    def test_that_are_one_hot_already_stay_as_they_are(self, tmp_path):
        path = write(tmp_path, pixels=np.ones((2, 4)), kind=np.eye(3)[:2])
        np.testing.assert_array_equal(load_rows(path, NAMES, CLASSES, True).y, np.eye(3)[:2])

    def test_that_are_numbers_and_no_classes_stay_as_they_are(self, tmp_path):
        path = write(tmp_path, x=np.ones((2, 4)), y=np.array([[7.5], [9]]))
        np.testing.assert_array_equal(load_rows(path, {}, None, True).y, [[7.5], [9]])

    @pytest.mark.parametrize("shape", [(3,), (3, 1)])
    def test_outside_the_classes_are_named_with_their_row(self, tmp_path, shape):
        path = write(tmp_path, x=np.ones((3, 4)), y=np.array([2, 3, 1]).reshape(shape))
        with pytest.raises(InputError) as error:
            load_rows(path, {}, CLASSES, True)
        told = "the label 3 in row 1 lies outside the model's 3 classes, which count from 0"
        assert str(error.value) == f"{path}: {told}"


class TestNames:
    def test_are_those_of_the_training(self, tmp_path):
        path = write(tmp_path, pixels=np.full((2, 4), 3), kind=np.array([1, 0]), x=np.ones((5, 1)))
        np.testing.assert_array_equal(load_rows(path, NAMES, CLASSES, False).x, np.full((2, 4), 3))

    def test_end_in_any_case(self, tmp_path):
        np.save(tmp_path / "rows.npy", np.ones((2, 4)))
        (tmp_path / "rows.npy").rename(tmp_path / "ROWS.NPY")
        np.testing.assert_array_equal(load_rows(tmp_path / "ROWS.NPY", {}, None, False).x, np.ones((2, 4)))

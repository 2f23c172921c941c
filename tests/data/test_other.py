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
        told = "the label 3 in row 1 lies outside the 3 classes (0 to 2); the model knows no others"
        assert str(error.value) == f"{path}: {told}"

    @pytest.mark.parametrize(
        ("labels", "message"),
        [
            ([0, -1], "the label -1 in row 1 is less than 0"),
            ([0, 0.5], "labels must be whole numbers in one column, got shape (2,) of float32"),
            (np.ones((2, 2)), "labels must be whole numbers in one column, got shape (2, 2) of float32"),
        ],
    )
    def test_that_are_none_are_told(self, tmp_path, labels, message):
        path = write(tmp_path, x=np.ones((2, 4)), y=np.array(labels))
        with pytest.raises(InputError) as error:
            load_rows(path, {}, CLASSES, True)
        assert str(error.value) == f"{path}: {message}"


class TestNames:
    def test_are_those_of_the_training(self, tmp_path):
        path = write(tmp_path, pixels=np.full((2, 4), 3), kind=np.array([1, 0]), x=np.ones((5, 1)))
        np.testing.assert_array_equal(load_rows(path, NAMES, CLASSES, False).x, np.full((2, 4), 3))

    def test_end_in_any_case(self, tmp_path):
        np.save(tmp_path / "rows.npy", np.ones((2, 4)))
        (tmp_path / "rows.npy").rename(tmp_path / "ROWS.NPY")
        np.testing.assert_array_equal(load_rows(tmp_path / "ROWS.NPY", {}, None, False).x, np.ones((2, 4)))

    def test_that_are_missing_are_told(self, tmp_path):
        path = write(tmp_path, x=np.ones((2, 4)))
        with pytest.raises(InputError) as error:
            load_rows(path, {}, None, True)
        assert str(error.value) == f"{path}: has no array 'y_test' or 'y'; it holds x"
        assert load_rows(path, {}, None, False).y is None


class TestFiles:
    def test_hold_other_arrays_that_are_not_read(self, tmp_path):
        path = write(tmp_path, x=np.ones((2, 4)), y=np.array([0, 1]), names=np.array([{}, {}]))
        np.testing.assert_array_equal(load_rows(path, {}, None, True).y, [0, 1])

    def test_may_be_an_array_each_in_a_folder(self, tmp_path):
        for name, array in {"x": np.asfortranarray(np.eye(3)), "y": np.array([2, 0, 1])}.items():
            np.save(tmp_path / f"{name}.npy", array)
        rows = load_rows(tmp_path, {"one_hot": True}, CLASSES, True)
        np.testing.assert_array_equal(rows.x, np.eye(3))
        np.testing.assert_array_equal(rows.y, np.eye(3)[[2, 0, 1]])

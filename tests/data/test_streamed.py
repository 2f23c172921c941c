"""Rows that stay in their files come out as they would from memory, in an order that seed and epoch alone decide."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.data.files.array_rows import find_arrays
from kerasrun.data.rows import Rows
from kerasrun.data.streamed import Streamed, WindowOrder, in_memory
from kerasrun.errors import InputError

REST = {"model": [{"Dense": 1}], "training": {"epochs": 1, "loss": "mse"}}
GENERATOR = np.random.Generator(np.random.Philox(0))
X = GENERATOR.normal(3, 2, (1000, 4)).astype(np.float32)
Y = X.sum(axis=1)


@pytest.fixture
def folder(tmp_path):
    """The arrays as a folder of .npy files, and as .npz files."""
    np.savez(tmp_path / "rows.npz", x=X, y=Y)
    np.savez_compressed(tmp_path / "packed.npz", x=X, y=Y)
    (tmp_path / "rows").mkdir()
    np.save(tmp_path / "rows" / "x.npy", X)
    np.save(tmp_path / "rows" / "y.npy", Y)
    return tmp_path


def load(path, **data):
    return load_data(load_config({"data": {"source": "npz", "path": str(path), **data}, **REST}))


def assert_same_parts(streamed, whole):
    for part in ("train", "validation"):
        ours, theirs = getattr(streamed, part), getattr(whole, part)
        assert isinstance(ours, Streamed)
        np.testing.assert_array_equal(ours.take(np.arange(len(ours))).x, theirs.x)
        np.testing.assert_array_equal(ours.y, theirs.y)
    assert streamed.fingerprint() == whole.fingerprint()


class TestRowsOfFiles:
    @pytest.mark.parametrize("name", ["rows.npz", "rows"])
    def test_are_those_of_the_arrays_in_any_order(self, folder, name):
        array = find_arrays(folder / name)["x"].array()
        assert (len(array), array.shape, array.dtype) == (1000, X.shape, X.dtype)
        rows = GENERATOR.permutation(1000)[:300]
        np.testing.assert_array_equal(array.read(rows), X[rows])
        np.testing.assert_array_equal(array.load(), X)

    def test_of_doubles_are_floats(self, tmp_path):
        np.savez(tmp_path / "rows.npz", x=X.astype(np.float64), big_endian=X.astype(">f8"))
        arrays = find_arrays(tmp_path / "rows.npz")
        for name in ("x", "big_endian"):
            for found in (arrays[name].array().load(), arrays[name].array().read(np.arange(len(X)))):
                assert found.dtype == np.float32
                np.testing.assert_array_equal(found, X)

    def test_that_are_packed_say_how_to_write_them(self, folder):
        with pytest.raises(InputError) as error:
            load(folder / "packed.npz", stream=True)
        assert str(error.value) == (
            f"data.path: {folder / 'packed.npz'}: the array 'x' is packed, so its rows cannot be read one by one\n"
            "  write it with numpy.savez, which packs nothing, or set data.stream: false to read it into memory"
        )
        assert load(folder / "packed.npz").fingerprint() == load(folder / "rows.npz", stream=True).fingerprint()

    def test_that_lie_column_by_column_are_read_into_memory_alone(self, folder):
        np.save(folder / "rows" / "x.npy", np.asfortranarray(X))
        for settings in ({}, {"stream": False}):
            assert load(folder / "rows", **settings).fingerprint() == load(folder / "rows.npz").fingerprint()
        with pytest.raises(InputError) as error:
            load(folder / "rows", stream=True)
        assert str(error.value) == (
            f"data.path: {folder / 'rows/x.npy'} lies column by column, so its rows cannot be read one by one\n"
            "  write numpy.ascontiguousarray of it, or set data.stream: false to read it into memory"
        )

    def test_of_a_file_that_changes_meanwhile_are_refused(self, folder):
        array = find_arrays(folder / "rows")["x"].array()
        with (folder / "rows" / "x.npy").open("ab") as file:
            file.write(b"more")
        for read in (array.load, lambda: array.read(np.arange(3))):
            with pytest.raises(InputError, match=r"x.npy: was changed while it was read; wait until it is written"):
                read()

    def test_of_pickled_objects_are_refused(self, tmp_path):
        np.save(tmp_path / "x.npy", np.array([{}], dtype=object), allow_pickle=True)
        with pytest.raises(InputError, match="holds pickled objects"):
            find_arrays(tmp_path)["x"].array()

    def test_of_an_empty_folder(self, tmp_path):
        with pytest.raises(InputError, match=r"no .npy file lies in this folder"):
            find_arrays(tmp_path)


class TestAsData:
    @pytest.mark.parametrize("name", ["rows.npz", "rows"])
    def test_they_are_cut_as_in_memory(self, folder, name):
        streamed = load(folder / name, validation=0.2, num_samples=500, stream=True, normalize=True)
        whole = load(folder / "rows.npz", validation=0.2, num_samples=500, normalize=True)
        assert_same_parts(streamed, whole)
        np.testing.assert_allclose(streamed.steps.spreads["x"].mean, X[:400].mean(axis=0, dtype=np.float64))
        np.testing.assert_allclose(streamed.steps.spreads["x"].variance, X[:400].astype(np.float64).var(axis=0))

    def test_they_are_streamed_where_they_take_more_than_is_stated(self, folder):
        size_gb = X.nbytes / 1e9
        assert isinstance(load(folder / "rows.npz", memory_gb=size_gb).train, Rows)
        assert isinstance(load(folder / "rows.npz", memory_gb=0.9 * size_gb).train, Streamed)
        assert isinstance(load(folder / "rows", memory_gb=size_gb).train, Rows)
        assert isinstance(load(folder / "rows", memory_gb=0.9 * size_gb).train, Streamed)
        assert isinstance(load(folder / "packed.npz", stream=False).train, Rows)

    @pytest.mark.parametrize("settings", [{}, {"stream": False}, {"stream": True}])
    @pytest.mark.parametrize("name", ["rows.npz", "rows"])
    def test_arrays_that_the_config_does_not_name_are_told_and_not_read(self, folder, name, settings):
        objects = np.array([{"pickled": True}], dtype=object)
        np.savez(folder / "rows.npz", x=X, y=Y, x_val=X[:5], names=objects)
        np.save(folder / "rows" / "x_val.npy", X[:5])
        np.save(folder / "rows" / "names.npy", objects, allow_pickle=True)
        found = load(folder / name, **settings).notes
        told = ("x_val, names", "names, x_val")[name == "rows"]
        assert found == (f"arrays that inputs and targets do not name, left out: {told}",)

    def test_arrays_that_are_not_read_do_not_count_as_memory(self, folder):
        np.save(folder / "rows" / "x_val.npy", np.zeros((10_000, 4)))
        assert isinstance(load(folder / "rows", memory_gb=X.nbytes / 1e9).train, Rows)

    def test_the_names_of_files_may_end_in_capitals(self, folder):
        for name in ("x", "y"):
            (folder / "rows" / f"{name}.npy").rename(folder / "rows" / f"{name}.NPY")
        (folder / "rows" / "._x.npy").write_bytes(b"what some systems leave beside a file")
        assert load(folder / "rows").fingerprint() == load(folder / "rows.npz").fingerprint()

    def test_a_value_that_is_not_finite_is_named_by_its_row(self, folder):
        x = X.copy()
        x[700, 2] = np.nan
        np.save(folder / "rows" / "x.npy", x)
        with pytest.raises(InputError, match=r"train data: x holds nan in row 700, column \[2\]"):
            load(folder / "rows", stream=True)

    def test_some_are_looked_at_evenly_spread(self, folder, monkeypatch):
        monkeypatch.setattr("kerasrun.data.streamed.MOST_LOOKED_AT", 5)
        numbers, rows = in_memory(load(folder / "rows", stream=True).train)
        assert numbers.tolist() == [0, 250, 500, 749, 999]
        np.testing.assert_array_equal(rows.x, X[numbers])


class TestPictures:
    @pytest.fixture
    def photos(self, tmp_path):
        for name in ("cat", "dog"):
            (tmp_path / "photos" / name).mkdir(parents=True)
            for number in range(10):
                pixels = GENERATOR.integers(0, 255, (6, 6), dtype=np.uint8)
                Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{number}.png")
        return tmp_path / "photos"

    @pytest.fixture
    def full_disk(self, monkeypatch):
        """One that has no room for decoded pictures."""
        monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=20 * 36 * 2 - 1))

    def test_are_decoded_once_and_parted_as_in_memory(self, photos, monkeypatch):
        settings = {"source": "images", "path": str(photos), "validation": 0.3, "split": "stratified"}
        monkeypatch.setattr("kerasrun.data.files.decoded.PART_BYTES", 3 * 36)
        whole, streamed = (load_data(load_config({"data": settings | {"stream": s}, **REST})) for s in (False, True))
        shutil.rmtree(photos)
        assert_same_parts(streamed, whole)

    def test_are_decoded_as_they_are_needed_where_the_disk_has_no_room(self, photos, full_disk):
        settings = {"source": "images", "path": str(photos), "validation": 0.3, "split": "stratified"}
        whole, streamed = (load_data(load_config({"data": settings | {"stream": s}, **REST})) for s in (False, True))
        assert_same_parts(streamed, whole)

    def test_that_are_damaged_are_named_before_training(self, photos):
        (photos / "dog" / "3.png").write_bytes(b"no picture")
        with pytest.raises(InputError, match=r"3.png: is no PNG or JPEG picture"):
            load_data(load_config({"data": {"source": "images", "path": str(photos), "stream": True}, **REST}))

    def test_that_are_deleted_meanwhile_are_named(self, photos, full_disk):
        data = load_data(load_config({"data": {"source": "images", "path": str(photos), "stream": True}, **REST}))
        (photos / "cat" / "0.png").unlink()
        with pytest.raises(InputError, match=r"cat/0.png: no such file"):
            data.train.take(np.arange(20))

    def test_that_are_replaced_meanwhile_are_named(self, photos, full_disk):
        data = load_data(load_config({"data": {"source": "images", "path": str(photos), "stream": True}, **REST}))
        Image.fromarray(np.zeros((6, 6), np.uint8)).save(photos / "dog" / "3.png")
        with pytest.raises(InputError) as error:
            data.train.take(np.arange(20))
        assert str(error.value) == f"{photos}/dog/3.png: was changed while it was read; wait until it is written"


class TestTheOrder:
    @pytest.mark.parametrize(
        ("num_rows", "window", "chunk"), [(1000, 100, 7), (1003, 128, 50), (10, 100, 3), (1000, 10, 1), (17, 5, 17)]
    )
    def test_of_an_epoch_has_every_row_once(self, num_rows, window, chunk):
        order = WindowOrder(num_rows, window, chunk, seed=5)
        parts = [order.rows(3, index, shuffle=True) for index in range(order.num_windows)]
        assert sorted(np.concatenate(parts)) == list(range(num_rows))
        assert [len(part) for part in parts[:-1]] == [window] * (order.num_windows - 1)

    def test_is_another_in_another_epoch_and_of_another_seed(self):
        first = WindowOrder(1000, 100, 10, seed=5)
        np.testing.assert_array_equal(first.rows(1, 2, True), WindowOrder(1000, 100, 10, seed=5).rows(1, 2, True))
        assert not np.array_equal(first.rows(1, 2, True), first.rows(2, 2, True))
        assert not np.array_equal(first.rows(1, 2, True), WindowOrder(1000, 100, 10, seed=6).rows(1, 2, True))

    def test_mixes_rows_from_everywhere_into_a_window(self):
        """Chunks of 10 of 10,000 rows: the mean row of a window of 1,000 is near the middle, as of a fair draw."""
        order = WindowOrder(10_000, 1000, 10, seed=1)
        means = [order.rows(0, index, True).mean() for index in range(10)]
        deviation = 10_000 / np.sqrt(12) / np.sqrt(100)  # of the mean of 100 chunks, drawn evenly
        assert np.abs(np.array(means) - 4999.5).max() < 4 * deviation

    def test_is_the_files_own_without_shuffling(self):
        order = WindowOrder(25, 10, 3, seed=1)
        assert np.concatenate([order.rows(7, index, False) for index in range(3)]).tolist() == list(range(25))

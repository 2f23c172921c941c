"""Each source gives the rows that it says, split by Keras's rule."""

import re
from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_digits as sklearn_digits

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.data.sources import mnist
from kerasrun.errors import InputError

REST = {"model": [{"Dense": 1}, {"Rescaling": 1.0}], "training": {"epochs": 1, "loss": "mse"}}


def load(**data):
    return load_data(load_config({"data": data, **REST}))


class TestSine:
    def test_is_the_sine_at_even_points(self):
        data = load(source="sine", num_samples=50)
        x = np.linspace(-np.pi, np.pi, 50, dtype=np.float64).reshape(-1, 1)
        np.testing.assert_allclose(data.train.x, x, rtol=1e-6)
        np.testing.assert_allclose(data.train.y, np.sin(x), atol=1e-7)

    def test_its_last_tenth_are_the_validation_rows(self):
        data = load(source="sine", num_samples=50, validation=0.1)
        assert (len(data.train), len(data.validation)) == (45, 5)
        assert data.validation.x.min() > data.train.x.max()

    def test_noise_is_normal_of_its_deviation_and_comes_from_its_seed(self):
        clean = load(source="sine", num_samples=20_000)
        noisy = load(source="sine", num_samples=20_000, noise=0.3, seed=1)
        again = load(source="sine", num_samples=20_000, noise=0.3, seed=1)
        other = load(source="sine", num_samples=20_000, noise=0.3, seed=2)
        np.testing.assert_array_equal(noisy.train.y, again.train.y)
        assert not np.array_equal(noisy.train.y, other.train.y)
        # The standard error of a standard deviation over n rows is sigma / sqrt(2 n).
        assert np.std(noisy.train.y - clean.train.y) == pytest.approx(0.3, abs=4 * 0.3 / np.sqrt(40_000))

    def test_an_interval_that_runs_backwards_is_refused(self):
        with pytest.raises(InputError, match=r"data: start must be less than stop, got 2.0 and 1.0"):
            load(source="sine", start=2.0, stop=1.0)


class TestDigits:
    def test_are_scikit_learns_in_their_order(self):
        data = load(source="digits", test=0.2)
        images = sklearn_digits().images
        np.testing.assert_array_equal(np.concatenate([data.train.x, data.test.x]), images)
        assert (len(data.train), len(data.test)) == (1437, 360)
        assert data.steps.divisor == 16.0

    def test_one_hot_labels_have_a_one_at_their_class(self):
        one_hot, labels = load(source="digits", one_hot=True), load(source="digits")
        np.testing.assert_array_equal(one_hot.train.y.argmax(axis=1), labels.train.y)
        np.testing.assert_array_equal(one_hot.train.y.sum(axis=1), 1)

    def test_classes_are_found_or_given(self):
        assert load(source="digits").classes == tuple("0123456789")
        assert load(source="digits", num_classes=12, one_hot=True).train.y.shape[1] == 12

    def test_classes_may_have_names(self):
        names = [f"number {digit}" for digit in range(10)]
        assert load(source="digits", class_names=names).classes == tuple(names)

    def test_a_label_outside_the_classes_is_named_with_its_row(self):
        with pytest.raises(InputError, match=r"train data: the label 5 in row 5 lies outside the 5 classes \(0 to 4\)"):
            load(source="digits", num_classes=5)

    def test_the_first_rows_can_be_asked_for(self):
        whole, some = load(source="digits"), load(source="digits", num_samples=100)
        np.testing.assert_array_equal(some.train.x, whole.train.x[:100])
        assert len(some.test) == len(whole.test)
        with pytest.raises(InputError, match=r"num_samples is 5,000, and there are 1,437 training rows"):
            load(source="digits", num_samples=5000)

    def test_validation_can_be_the_test_rows(self):
        data = load(source="digits", validation="test")
        assert data.validation is data.test
        assert list(data.parts()) == ["train", "test"]

    def test_a_split_without_rows_is_refused(self):
        with pytest.raises(InputError, match="leaves a part without rows"):
            load(source="digits", num_samples=1, validation=0.1)


class TestNpz:
    def write(self, tmp_path, **arrays):
        np.savez(tmp_path / "rows.npz", **arrays)
        return str(tmp_path / "rows.npz")

    def test_arrays_go_by_name(self, tmp_path):
        x, y = np.arange(12.0).reshape(4, 3), np.arange(4.0)
        path = self.write(tmp_path, x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
        data = load(source="npz", path=path)
        np.testing.assert_array_equal(data.train.x, x)
        np.testing.assert_array_equal(data.test.y, y[:2])

    def test_several_inputs_and_targets(self, tmp_path):
        path = self.write(tmp_path, a=np.ones((4, 2)), b=np.zeros((4, 3)), u=np.ones(4), v=np.ones(4))
        data = load(source="npz", path=path, inputs=["a", "b"], targets=["u", "v"])
        assert {name: array.shape for name, array in data.train.x.items()} == {"a": (4, 2), "b": (4, 3)}
        assert set(data.train.y) == {"u", "v"}

    def test_names_of_classes_tell_how_many_there_are(self, tmp_path):
        path = self.write(tmp_path, x=np.ones((3, 2)), y=np.array([0, 1, 0]))
        data = load(source="npz", path=path, class_names=["猫", "犬", "兎"], one_hot=True)
        assert data.classes == ("猫", "犬", "兎")
        assert data.train.y.shape == (3, 3)
        with pytest.raises(InputError, match=r"the label 1 in row 1 lies outside the 1 classes \(0 to 0\); name it in"):
            load(source="npz", path=path, class_names=["猫"])

    def test_columns_of_labels_have_the_names_of_classes(self, tmp_path):
        labels = np.array([[0, 1, 1], [1, 0, 1]])
        path = self.write(tmp_path, x=np.ones((2, 2)), y=labels)
        data = load(source="npz", path=path, class_names=["red", "round", "ripe"])
        assert data.classes == ("red", "round", "ripe")
        np.testing.assert_array_equal(data.train.y, labels)
        with pytest.raises(InputError, match=r"labels must be whole numbers in one column, got shape \(2, 3\)"):
            load(source="npz", path=path, class_names=["red", "round"])

    @pytest.mark.parametrize(
        ("arrays", "message"),
        [
            ({"x": np.ones((4, 2)), "z": np.ones(4)}, r"has no array 'y' or 'y_train'"),
            ({"x": np.ones((4, 2)), "y": np.ones(3)}, r"all arrays need the same number of rows"),
            (
                {"x": np.array([["a"]]), "y": np.ones(1)},
                r"the array 'x' holds <U1 of shape \(1, 1\), not rows of numbers",
            ),
            ({"x": np.array([[1.0], [np.nan]]), "y": np.ones(2)}, r"train data: x holds nan in row 1, column \[0\]"),
            ({"x": np.array([[1.0], [2.0]]), "y": np.array([1, np.inf])}, r"train data: y holds inf in row 1;"),
            ({"x": np.array([[1.0], [1e39]]), "y": np.ones(2)}, r"train data: x holds inf in row 1, column \[0\]"),
            (
                {"x": np.array([object()], dtype=object), "y": np.ones(1)},
                r"it holds pickled objects, which could run code",
            ),
        ],
    )
    def test_what_is_wrong_in_a_file_is_named(self, tmp_path, arrays, message):
        with pytest.raises(InputError, match=message):
            load(source="npz", path=self.write(tmp_path, **arrays))

    def test_what_is_no_npz(self, tmp_path):
        (tmp_path / "rows.npz").write_text("x")
        np.save(tmp_path / "rows.npy", np.ones(3))
        for name in ("rows.npz", "rows.npy"):
            with pytest.raises(InputError, match=r"not an \.npz file|not read"):
                load(source="npz", path=str(tmp_path / name))
        with pytest.raises(InputError, match="no such file"):
            load(source="npz", path=str(tmp_path / "missing.npz"))


class TestMnist:
    def test_is_the_real_one(self, mnist_folder):
        data = load(source="mnist", path=str(mnist_folder / "mnist.npz"), validation=0.2)
        assert data.train.x.shape == (48_000, 28, 28)
        assert data.validation.x.shape == (12_000, 28, 28)
        assert data.test.x.shape == (10_000, 28, 28)
        assert data.train.x.dtype == np.uint8
        # The published first labels of the training and the test set.
        assert data.train.y[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
        assert data.test.y[:5].tolist() == [7, 2, 1, 0, 4]

    def test_is_looked_for_in_the_data_folder_and_then_in_keras_cache(self, tmp_path, monkeypatch):
        images = {"x_train": np.zeros((3, 28, 28), np.uint8), "y_train": np.arange(3, dtype=np.uint8)}
        images |= {"x_test": np.zeros((2, 28, 28), np.uint8), "y_test": np.zeros(2, np.uint8)}
        (tmp_path / "cache" / "datasets").mkdir(parents=True)
        np.savez(tmp_path / "cache" / "datasets" / "mnist.npz", **images)
        monkeypatch.delenv("KERASRUN_DATA_DIR", raising=False)
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
        assert len(load(source="mnist").train) == 3
        (tmp_path / "data").mkdir()
        np.savez(tmp_path / "data" / "mnist.npz", **{**images, "x_train": images["x_train"][:2], "y_train": [0, 1]})
        monkeypatch.setenv("KERASRUN_DATA_DIR", str(tmp_path / "data"))
        assert len(load(source="mnist").train) == 2

    def come_from(self, file, monkeypatch):
        """Download it from there."""
        download = replace(mnist.MNIST.downloads[0], url=file.as_uri())
        monkeypatch.setattr(mnist, "MNIST", replace(mnist.MNIST, downloads=(download,)))

    def test_nowhere_to_be_found_names_all_four_places(self, tmp_path, monkeypatch):
        monkeypatch.setenv("KERASRUN_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
        self.come_from(tmp_path / "nothing", monkeypatch)
        with pytest.raises(InputError) as error:
            load(source="mnist")
        lines = str(error.value).splitlines()
        assert lines[0] == "data.source: MNIST is nowhere to be found"
        assert lines[1] == "  data.path in the config        not given"
        assert lines[2] == f"  $KERASRUN_DATA_DIR/mnist.npz   no such file in {tmp_path / 'data'}"
        assert lines[3] == f"  Keras's cache                  no such file: {tmp_path / 'keras/datasets/mnist.npz'}"
        assert lines[4].startswith("  a download                     failed: ")
        assert lines[5] == "  give one of the first three the file mnist.npz, or go online once"
        assert not (tmp_path / "keras").exists()

    def test_a_download_that_is_not_mnist_is_not_kept(self, tmp_path, monkeypatch):
        monkeypatch.delenv("KERASRUN_DATA_DIR", raising=False)
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
        (tmp_path / "other").write_bytes(b"something else")
        self.come_from(tmp_path / "other", monkeypatch)
        with pytest.raises(InputError, match="its checksum differs"):
            load(source="mnist")
        assert list((tmp_path / "keras" / "datasets").iterdir()) == []

    def test_another_npz_is_not_mnist(self, tmp_path):
        np.savez(tmp_path / "mnist.npz", x_train=np.zeros((2, 8, 8)))
        with pytest.raises(InputError, match=r"not MNIST: expected an array x_train of shape \(rows, 28, 28\)"):
            load(source="mnist", path=str(tmp_path / "mnist.npz"))

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"y_train": np.zeros(18)}, "all arrays need the same number of rows: x_train has 20, y_train has 18"),
            ({"x_test": np.zeros((6, 28, 28))}, "all arrays need the same number of rows: x_test has 6, y_test has 5"),
            ({"y_train": np.array(3)}, "the array 'y_train' holds int64 of shape (), not rows of numbers"),
            ({"y_test": np.array(["a"] * 5)}, "the array 'y_test' holds <U1 of shape (5,), not rows of numbers"),
            (
                {"x_train": np.zeros((0, 28, 28))},
                "the array 'x_train' holds float64 of shape (0, 28, 28), not rows of ",
            ),
        ],
    )
    def test_every_image_has_its_label(self, tmp_path, changed, message):
        whole = {"x_train": np.zeros((20, 28, 28)), "y_train": np.zeros(20)}
        whole |= {"x_test": np.zeros((5, 28, 28)), "y_test": np.zeros(5)}
        np.savez(tmp_path / "mnist.npz", **{**whole, **changed})
        with pytest.raises(InputError, match=re.escape(f"mnist.npz: {message}")):
            load(source="mnist", path=str(tmp_path / "mnist.npz"))


def test_the_fingerprint_is_of_every_value():
    first, again = load(source="sine"), load(source="sine")
    assert first.fingerprint() == again.fingerprint()
    assert first.fingerprint() != load(source="sine", noise=1e-6).fingerprint()
    assert first.fingerprint() != load(source="sine", validation=0.2).fingerprint()

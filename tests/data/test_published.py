"""Sets that Keras publishes: small files of the same format are read as Keras's own load_data reads them."""

import gzip
import pickle
import struct
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras.src.utils import file_utils

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.data.files.published import Download
from kerasrun.data.sources import cifar, cifar_classes, fashion_mnist, imdb
from kerasrun.errors import ConfigError, InputError
from tests.made_sets import CHANCE, batch, pack, write_fashion, write_imdb

REST = {"model": [{"Dense": 1}, {"Rescaling": 1.0}], "training": {"epochs": 1, "loss": "mse"}}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Keras's folder of sets, for kerasrun and for Keras, which takes any file there for the published one."""
    monkeypatch.delenv("KERASRUN_DATA_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(file_utils.config, "keras_home", lambda: str(tmp_path))
    monkeypatch.setattr(file_utils, "validate_file", lambda *_, **__: True)
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


def load(source, **data):
    return load_data(load_config({"data": {"source": source, **data}, **REST}))


def assert_same(data, of_keras, dtype=None):
    """Whether training and test rows are those that Keras gives."""
    for rows, (x, y) in zip((data.train, data.test), of_keras, strict=True):
        np.testing.assert_array_equal(rows.x, x)
        np.testing.assert_array_equal(rows.y, np.reshape(y, -1))


class TestFashionMnist:
    def test_is_read_as_keras_does(self, cache):
        write_fashion(cache / "fashion-mnist")
        data = load("fashion_mnist")
        assert_same(data, keras.datasets.fashion_mnist.load_data())
        assert (data.train.x.dtype, data.steps.divisor, data.pixel_max) == (np.uint8, 255.0, 255.0)
        assert data.classes[0] == "T-shirt/top"
        assert data.classes[9] == "Ankle boot"

    def test_a_folder_may_be_given(self, cache, tmp_path):
        write_fashion(tmp_path / "clothes")
        assert len(load("fashion_mnist", path=str(tmp_path / "clothes")).train) == 7
        with pytest.raises(InputError, match=r"clothe: no such file"):
            load("fashion_mnist", path=str(tmp_path / "clothe"))

    def test_it_is_looked_for_in_the_data_folder_first(self, cache, tmp_path, monkeypatch):
        write_fashion(cache / "fashion-mnist")
        write_fashion(tmp_path / "sets" / "fashion-mnist", 5)
        monkeypatch.setenv("KERASRUN_DATA_DIR", str(tmp_path / "sets"))
        assert len(load("fashion_mnist").train) == 5

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"no gzip", r"cannot be read as a file of Fashion-MNIST: Not a gzipped file"),
            (gzip.compress(b"\0\0", mtime=0), r"cannot be read as a file of Fashion-MNIST"),
            (gzip.compress(struct.pack(">2I", 7, 1), mtime=0), r"its first bytes are others"),
            (gzip.compress(struct.pack(">2I", 2049, 2**32 - 1), mtime=0), r"its first bytes are others"),
            (
                gzip.compress(struct.pack(">2I", 2049, 7) + b"\0", mtime=0),
                r"does not hold the 7 bytes that it says it has",
            ),
            (
                gzip.compress(struct.pack(">2I", 2049, 1) + b"\0", mtime=0),
                r"holds images of shape \(7, 28, 28\); expected \(1, 28",
            ),
        ],
    )
    def test_a_damaged_file_is_named(self, cache, content, message):
        write_fashion(cache / "fashion-mnist")
        (cache / "fashion-mnist" / "train-labels-idx1-ubyte.gz").write_bytes(content)
        with pytest.raises(InputError, match=message):
            load("fashion_mnist")


class TestCifar:
    @pytest.mark.parametrize("labels", ["fine", "coarse"])
    def test_a_hundred_classes_are_read_as_keras_does(self, cache, labels):
        keys = [b"fine_labels", b"coarse_labels"]
        files = {"train": batch(9, keys, 20), "test": batch(5, keys, 20), "meta": b"other"}
        pack(cache / "cifar-100-python-target_archive", "cifar-100-python", files)
        data = load("cifar100", labels=labels)
        assert_same(data, keras.datasets.cifar100.load_data(labels))
        assert data.train.x.shape == (9, 32, 32, 3)
        # Keras has unpacked it by now, and the folder comes first.
        assert (cache / "cifar-100-python-target" / "cifar-100-python" / "train").is_file()
        (cache / "cifar-100-python-target_archive").unlink()
        assert_same(load("cifar100", labels=labels), keras_batches(cache, labels))

    def test_ten_classes_come_in_five_batches(self, cache):
        files = {f"data_batch_{i}": batch(2 + i, [b"labels"], 10) for i in range(1, 6)}
        files["test_batch"] = batch(3, [b"labels"], 10)
        pack(cache / "cifar-10-batches-py-target_archive", "cifar-10-batches-py", files)
        data = load("cifar10")
        expected = [pickle.loads(content) for content in files.values()]
        pixels = np.concatenate([part[b"data"] for part in expected[:5]])
        np.testing.assert_array_equal(data.train.x[6, 3, 5], pixels[6].reshape(3, 32, 32)[:, 3, 5])
        np.testing.assert_array_equal(data.train.y, [label for part in expected[:5] for label in part[b"labels"]])
        assert (len(data.train), len(data.test)) == (25, 3)
        assert data.classes == cifar_classes.CIFAR10

    def test_the_classes_are_the_published_ones(self):
        assert len(set(cifar_classes.FINE)) == 100
        assert list(cifar_classes.FINE) == sorted(cifar_classes.FINE)
        assert len(set(cifar_classes.COARSE)) == 20
        assert (cifar_classes.FINE[0], cifar_classes.FINE[99], cifar_classes.COARSE[4]) == (
            "apple",
            "worm",
            "fruit_and_vegetables",
        )
        assert cifar_classes.CIFAR10[3] == "cat"

    @pytest.mark.parametrize(
        ("files", "message"),
        [
            ({"train": b"x"}, r"not CIFAR-100: it has no file test"),
            ({"train": b"x", "test": b"x"}, r"train is not read: a damaged pickle \("),
            ({"train": pickle.dumps([1]), "test": b"x"}, r"it has no array 'data' of shape \(rows, 3072\)"),
            (
                {"train": pickle.dumps({b"data": np.zeros((2, 3072), np.uint8), b"fine_labels": [1]}), "test": b"x"},
                r"it has no list 'fine_labels' with a number for each row",
            ),
            ({f"file_{number}": b"" for number in range(60)}, r"not CIFAR-100: it holds other files, or larger ones"),
        ],
    )
    def test_another_archive_is_named(self, cache, tmp_path, files, message):
        pack(tmp_path / "rows.tar.gz", "cifar-100-python", files)
        with pytest.raises(InputError, match=message):
            load("cifar100", path=str(tmp_path / "rows.tar.gz"))

    def test_what_is_no_archive(self, tmp_path):
        (tmp_path / "rows.tar.gz").write_bytes(b"none")
        with pytest.raises(InputError, match=r"cannot be read as the archive of CIFAR-10"):
            load("cifar10", path=str(tmp_path / "rows.tar.gz"))


def keras_batches(cache, labels):
    """The rows by Keras's own reader of a batch."""
    from keras.src.datasets.cifar import load_batch

    folder = cache / "cifar-100-python-target" / "cifar-100-python"
    parts = [load_batch(str(folder / name), f"{labels}_labels") for name in ("train", "test")]
    return [(x.transpose(0, 2, 3, 1), y) for x, y in parts]


class TestImdb:
    def test_is_read_as_keras_does_and_padded_by_its_rule(self, cache):
        write_imdb(cache / "imdb.npz")
        data = load("imdb", num_words=40, max_length=12)
        of_keras = [
            (keras.utils.pad_sequences(x, maxlen=12), y) for x, y in keras.datasets.imdb.load_data(num_words=40)
        ]
        assert_same(data, of_keras)
        assert data.train.x.dtype == np.int32
        assert data.train.x.max() < 40
        assert data.classes == ("negative", "positive")

    def test_validation_rows_are_cut_off_the_end(self, cache):
        write_imdb(cache / "imdb.npz")
        whole, cut = load("imdb"), load("imdb", validation=0.25, num_samples=8, one_hot=True)
        np.testing.assert_array_equal(cut.validation.x, whole.train.x[6:8])
        np.testing.assert_array_equal(cut.train.y, np.eye(2)[whole.train.y[:6]])

    @pytest.mark.parametrize(
        ("arrays", "message"),
        [
            ({"x_train": np.zeros((2, 3))}, r"x_train: not IMDB's: expected a list of words for each label"),
            (
                {"y_train": np.array(["a", "b"])},
                r"x_train: not IMDB's: expected a list of words for each label, a number",
            ),
            ({"x_train": np.array([[1, "a"], [2]], object)}, r"x_train: row \d holds what is no number of a word"),
            ({"x_train": np.array([[1, -1], [2]], object)}, r"x_train: row \d holds what is no number of a word"),
            ({"x_train": np.array([[1], [2], [3, 3]], object)}, r"x_train: not IMDB's: expected a list of words"),
        ],
    )
    def test_another_file_is_named(self, tmp_path, arrays, message):
        reviews = np.array([[1], [2, 2]], object)
        whole = {"x_train": reviews, "y_train": np.zeros(2), "x_test": reviews, "y_test": np.ones(2)}
        np.savez(tmp_path / "rows.npz", **{**whole, **arrays})
        with pytest.raises(InputError, match=message):
            load("imdb", path=str(tmp_path / "rows.npz"))


class TestCaliforniaHousing:
    def test_is_parted_as_keras_does(self, cache):
        x, y = CHANCE.normal(size=(53, 8)).astype("float32"), CHANCE.uniform(1e4, 5e5, 53).astype("float32")
        np.savez(cache / "california_housing.npz", x=x, y=y)
        data = load("california_housing")
        assert_same(
            replace(data, train=flat(data.train), test=flat(data.test)), keras.datasets.california_housing.load_data()
        )
        np.testing.assert_allclose(data.steps.spreads["x"].mean, data.train.x.astype(float).mean(axis=0), rtol=1e-6)
        assert data.classes is None
        assert data.reading["table"]["numeric"][0] == "MedInc"

    @pytest.mark.parametrize(("x", "y"), [(np.zeros((4, 8)), ["a"] * 4), (np.full((4, 8), "a"), np.zeros(4))])
    def test_words_are_no_numbers(self, tmp_path, x, y):
        np.savez(tmp_path / "rows.npz", x=x, y=y)
        with pytest.raises(InputError, match=r"rows\.npz: the array '[xy]' holds <U1 of shape .*, not rows of numbers"):
            load("california_housing", path=str(tmp_path / "rows.npz"))

    def test_another_file_is_named(self, tmp_path):
        np.savez(tmp_path / "rows.npz", x=np.zeros((4, 7)), y=np.zeros(4))
        with pytest.raises(InputError, match=r"not California housing: expected an array x of shape \(rows, 8\) and y"):
            load("california_housing", path=str(tmp_path / "rows.npz"))


def flat(rows):
    return replace(rows, y=rows.y[:, 0])


class TestDownloading:
    @pytest.fixture
    def offline(self, tmp_path, monkeypatch):
        monkeypatch.delenv("KERASRUN_DATA_DIR", raising=False)
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
        for module, name in ((fashion_mnist, "FASHION"), (imdb, "IMDB")):
            published = getattr(module, name)
            nothing = tuple(replace(part, url=(tmp_path / "nothing").as_uri()) for part in published.downloads)
            monkeypatch.setattr(module, name, replace(published, downloads=nothing))

    def test_nowhere_to_be_found_names_all_four_places(self, tmp_path, offline):
        with pytest.raises(ConfigError) as error:
            load("fashion_mnist")
        lines = str(error.value).splitlines()
        assert lines[:4] == [
            "data.source: Fashion-MNIST is nowhere to be found",
            "  data.path in the config            not given",
            "  $KERASRUN_DATA_DIR/fashion-mnist   not set",
            f"  Keras's cache                      no such folder: {tmp_path / 'keras/datasets/fashion-mnist'}",
        ]
        assert lines[4].startswith("  a download                         failed: ")
        assert lines[5] == "  give one of the first three the folder fashion-mnist, or go online once"
        assert not (tmp_path / "keras").exists()

    def test_a_download_is_kept_where_keras_looks(self, tmp_path, offline, monkeypatch):
        import hashlib

        write_imdb(tmp_path / "other.npz")
        content = (tmp_path / "other.npz").read_bytes()
        download = Download("imdb.npz", (tmp_path / "other.npz").as_uri(), hashlib.sha256(content).hexdigest())
        monkeypatch.setattr(imdb, "IMDB", replace(imdb.IMDB, downloads=(download,)))
        assert len(load("imdb").train) == 9
        assert [path.name for path in (tmp_path / "keras/datasets").iterdir()] == ["imdb.npz"]
        assert (tmp_path / "keras/datasets/imdb.npz").read_bytes() == content

    def test_one_that_is_not_the_file_is_not_kept(self, tmp_path, offline, monkeypatch):
        (tmp_path / "other").write_bytes(b"something else")
        download = replace(imdb.IMDB.downloads[0], url=(tmp_path / "other").as_uri())
        monkeypatch.setattr(imdb, "IMDB", replace(imdb.IMDB, downloads=(download,)))
        with pytest.raises(
            InputError, match="what was downloaded is not IMDB \\(its checksum differs\\); nothing was kept"
        ):
            load("imdb")
        assert list((tmp_path / "keras/datasets").iterdir()) == []

    def test_keras_names_the_same_files(self):
        """Its own sources hold every address and checksum."""
        import inspect

        from keras.src.datasets import california_housing, cifar10, cifar100, mnist
        from keras.src.datasets import imdb as keras_imdb

        from kerasrun.data.sources import california_housing as housing
        from kerasrun.data.sources import mnist as our_mnist

        for published, module in (
            (our_mnist.MNIST, mnist),
            (imdb.IMDB, keras_imdb),
            (housing.HOUSING, california_housing),
            (cifar.PUBLISHED["cifar10"], cifar10),
            (cifar.PUBLISHED["cifar100"], cifar100),
        ):
            text = inspect.getsource(module)
            (download,) = published.downloads
            folder, _, name = download.url.rpartition("/")
            assert download.sha256 in text
            assert f"{folder}/" in text
            assert name in text

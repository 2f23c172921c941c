"""The fingerprint by which a run that goes on knows its data, written out by hand."""

import hashlib

import numpy as np
import pytest

from kerasrun.data.dataset import Dataset
from kerasrun.data.rows import Rows
from kerasrun.data.streamed import Streamed

X = np.arange(30, dtype=np.float32).reshape(10, 3)
Z = np.arange(10, dtype=np.int32)
Y = np.arange(10, dtype=np.int64)
WEIGHT = np.linspace(0, 1, 10, dtype=np.float32)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).hexdigest()


def of_train(x):
    """What is digested of training rows, from what their inputs give."""
    return sha256(
        x, b"train/y/y/<i8/(10,)\n", Y.tobytes(), b"train/sample_weight/sample_weight/<f4/(10,)\n", WEIGHT.tobytes()
    )


def streamed(x, monkeypatch):
    """The rows of one or more inputs as read from files in blocks of three, and the numbers of those that were read."""
    numbers = []

    def read(rows):
        numbers.extend(rows.tolist())
        return {name: array[rows] for name, array in x.items()} if isinstance(x, dict) else x[rows]

    monkeypatch.setattr("kerasrun.data.streamed.WINDOW_BYTES", 36)
    return Streamed(read, 0, 10, Y, 12, 4, sample_weight=WEIGHT), numbers


class TestTheFingerprint:
    def test_is_of_each_array_its_part_name_type_shape_and_bytes(self):
        expected = of_train(b"train/x/x/<f4/(10, 3)\n" + X.tobytes())
        assert Dataset(Rows(X, Y, WEIGHT), None, None).fingerprint() == expected

    def test_of_several_inputs_and_parts(self):
        data = Dataset(Rows({"x": X, "z": Z}, None), Rows(X[:2], Y[:2]), Rows(X[:1], None))
        assert data.fingerprint() == sha256(
            *(b"train/x/x/<f4/(10, 3)\n", X.tobytes(), b"train/x/z/<i4/(10,)\n", Z.tobytes()),
            *(b"validation/x/x/<f4/(2, 3)\n", X[:2].tobytes(), b"validation/y/y/<i8/(2,)\n", Y[:2].tobytes()),
            *(b"test/x/x/<f4/(1, 3)\n", X[:1].tobytes()),
        )

    def test_of_texts(self):
        texts = np.array(["good", "b\u00e4d"], object)
        expected = sha256(b"train/x/x/|O/(2,)\n", "good\0b\u00e4d\0".encode())
        assert Dataset(Rows(texts, None), None, None).fingerprint() == expected

    def test_of_streamed_rows_is_that_of_the_same_in_memory_and_reads_each_once(self, monkeypatch):
        rows, numbers = streamed(X, monkeypatch)
        assert Dataset(rows, None, None).fingerprint() == Dataset(Rows(X, Y, WEIGHT), None, None).fingerprint()
        assert numbers == [0, *range(10)]  # the first one for its shape

    @pytest.mark.parametrize("names", [("x", "z"), ("z", "x")])
    def test_of_several_streamed_inputs_reads_each_once_for_each_of_them(self, monkeypatch, names):
        x = {name: {"x": X, "z": Z}[name] for name in names}
        rows, numbers = streamed(x, monkeypatch)
        assert Dataset(rows, None, None).fingerprint() == Dataset(Rows(x, Y, WEIGHT), None, None).fingerprint()
        assert numbers == [0, *range(10), *range(10)]

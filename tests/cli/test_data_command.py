"""`kerasrun data`: a look before training, as a person meets it."""

import json
from pathlib import Path

import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.runs.looking.look import columns_of, look_at_data

CONFIG = """\
data: {source: npz, path: rows.npz, validation: 0.2}
model: [{Dense: {units: 2, activation: softmax}}]
training: {epochs: 1, loss: sparse_categorical_crossentropy}
"""


@pytest.fixture
def folder(tmp_path):
    x = np.array([[0, 3], [0, 3], [4, 3], [6, 3], [8, 3], [10, 3], [12, 3], [14, 3], [16, 3], [0, 3]], np.float32)
    np.savez(tmp_path / "rows.npz", x=x, y=np.arange(10) % 2)
    (tmp_path / "config.yaml").write_text(CONFIG)
    return tmp_path


def test_tells_rows_ranges_and_what_stands_there_twice(called, folder):
    done = called("data", "config.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "data      train               8 rows   x 2 float32 → y 1 int64",
        "          validation          2 rows   x 2 float32 → y 1 int64",
        "inputs           least    mean     most  deviation",
        "          x[0]  0.0000  6.7500  14.0000     4.8926",
        "          x[1]  3.0000  3.0000   3.0000     0.0000  constant",
        "targets       least    mean    most  deviation",
        "          y  0.0000  0.5000  1.0000     0.5000",
        "repeated  1 of 8 training rows is the same as one before it",
        "note      1 of 2 rows of validation stand in train too, with the same inputs",
    ]


def test_counts_classes_where_the_data_has_them(called, folder):
    lines = called("data", "config.yaml", "--set", "data.num_classes=2").stdout.splitlines()
    assert lines[2:5] == [
        "classes               0  1",
        "          train       4  4",
        "          validation  1  1",
    ]


def test_says_the_same_to_machines(called, folder):
    told = json.loads(called("data", "config.yaml", "--json").stdout)
    assert told["parts"]["train"]["rows"] == 8
    assert told["inputs"][0] == {
        "name": "x[0]", "constant": False, "least": 0, "mean": 6.75, "most": 14,
        "deviation": pytest.approx(np.std([0, 0, 4, 6, 8, 10, 12, 14])),
    }  # fmt: skip
    assert told["repeated"] == 1


def test_draws_columns_or_samples(called, folder):
    done = called("data", "config.yaml", "--plots", "seen", "--format", "svg")
    assert done.stdout.endswith("seen/histograms.svg\n")
    assert (folder / "seen/histograms.svg").read_text().startswith("<?xml")
    done = called("data", "@digits", "--plots", "seen")
    assert (folder / "seen/samples.png").read_bytes().startswith(b"\x89PNG")


def test_loads_no_backend(kerasrun, folder):
    done = kerasrun("data", "config.yaml", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.returncode == 0
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "numpy" in loaded
    assert not loaded & {"tensorflow", "jax", "keras"}


def test_warns_as_check_does(called, folder):
    done = called("data", "@digits", "--set", "data.scale=false")
    assert done.returncode == 0
    assert "unscaled_pixels" in done.stderr or "no layer scales them" in done.stderr


def test_data_at_fault_is_told_at_its_line(called, folder):
    (folder / "rows.npz").unlink()
    done = called("data", "config.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith("config.yaml:1:27: ")
    assert "no such file" in done.stderr


class TestWhatRowsAreMadeOf:
    """What a person wants to know is not always an array as the net reads it."""

    def look(self, text):
        Path("look.yaml").write_text(text + "training: {epochs: 1, loss: mse}\n")
        return look_at_data(load_config("look.yaml"))

    @pytest.mark.parametrize("is_streamed", ["false", "true"])
    def test_windows_of_a_series_are_told_by_its_columns(self, tmp_path, monkeypatch, is_streamed):
        monkeypatch.chdir(tmp_path)
        Path("s.csv").write_text("sold,price\n" + "".join(f"{n},{2 * n}\n" for n in range(20)))
        data = "data: {source: series, path: s.csv, target: sold, features: [sold, price], lag: 3, test: 0.2"
        data += f", stream: {is_streamed}}}\n"
        look = self.look(data + "model: [Flatten, {Dense: 1}]\n")
        # the last rows of training windows: before the targets in rows 3 to 15
        assert [(found.name, found.least, found.most) for found in look.inputs] == [("sold", 2, 14), ("price", 4, 28)]
        assert list(columns_of(look)) == ["y", "sold", "price"]
        np.testing.assert_array_equal(columns_of(look)["price"]["test"], 2 * np.arange(15, 19))

    @pytest.mark.parametrize("is_streamed", ["false", "true"])
    def test_of_texts_the_number_of_words_is_drawn(self, tmp_path, monkeypatch, is_streamed):
        monkeypatch.chdir(tmp_path)
        Path("t.csv").write_text("text,kind\n" + "".join(f"{'word ' * (n % 5 + 1)},{'ab'[n % 2]}\n" for n in range(20)))
        data = "data: {source: text, path: t.csv, text: text, target: kind, split: ordered, test: 0.5"
        data += f", stream: {is_streamed}}}\n"
        look = self.look(data + "model: [{Embedding: {input_dim: 10, output_dim: 2}}, Flatten, {Dense: 2}]\n")
        assert list(columns_of(look)) == ["class", "words of x"]
        assert columns_of(look)["words of x"]["train"].tolist() == [n % 5 + 1 for n in range(10)]

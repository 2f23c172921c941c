"""`kerasrun init`: starters that load, train and explain themselves."""

import csv
import json
import math
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.config.starters import NAMES, load_starter

FOLDER = Path(__file__).parents[2] / "kerasrun" / "starters"
LIST = """\
mlp     A multilayer perceptron reads handwritten digits
conv    A convolutional net reads handwritten digits
sine    Regression: a small net learns the sine from points with noise
table   Regression on a table of your own: its columns predict one number
images  Images of your own, by class: augmentation and convolutions
text    Texts of your own, by class: each word becomes a vector, and their mean tells the class
graph   A functional graph: two branches read a digit, by fine and by coarse strokes

write one to config.yaml with: kerasrun init mlp
"""


class TestCommand:
    def test_without_a_template_it_lists_the_starters(self, called, tmp_path):
        done = called("init")
        assert (done.returncode, done.stdout, done.stderr) == (0, LIST, "")
        assert list(tmp_path.iterdir()) == []

    def test_writes_config_yaml_and_says_how_to_go_on(self, called, tmp_path):
        done = called("init", "mlp")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "config.yaml: the starter 'mlp', with a comment to each setting\n"
            "train it with: kerasrun train config.yaml\n"
        )
        assert (tmp_path / "config.yaml").read_text() == (FOLDER / "mlp.yaml").read_text()

    def test_or_another_file_whose_data_is_still_to_be_made(self, called, tmp_path):
        done = called("init", "table", "-o", "my table.yaml")
        assert done.stdout == (
            "my table.yaml: the starter 'table', with a comment to each setting\n"
            "put table.csv beside it as its comments say, then train it with: kerasrun train 'my table.yaml'\n"
        )
        assert [path.name for path in tmp_path.iterdir()] == ["my table.yaml"]

    def test_says_how_the_file_is_really_called(self, called, tmp_path):
        assert called("init", "mlp", "-o", "a.yaml/").stdout.endswith("train it with: kerasrun train a.yaml\n")
        assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]

    def test_or_prints_it(self, called, tmp_path):
        done = called("init", "sine", "-o", "-")
        assert done.stdout == (FOLDER / "sine.yaml").read_text()
        assert list(tmp_path.iterdir()) == []

    def test_never_overwrites(self, called, write):
        path = write("mine")
        done = called("init", "mlp")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            "Error: config.yaml: exists already, and is not overwritten; choose another name with -o FILE\n"
        )
        assert path.read_text() == "mine"

    @pytest.mark.parametrize(
        ("args", "errors"),
        [
            (["grpah"], "Error: no starter is called 'grpah'; did you mean 'graph'?\n"),
            (["xyz"], "Error: no starter is called 'xyz'; there are mlp, conv, sine, table, images, text, graph\n"),
            (["mlp", "-o", "no/x.yaml"], "Error: no/x.yaml: there is no folder no to write to\n"),
            (["mlp", "-o", "."], "Error: -o .: name a file, such as -o config.yaml\n"),
            (["mlp", "-o", ""], "Error: -o '': name a file, such as -o config.yaml\n"),
        ],
    )
    def test_faults(self, called, tmp_path, args, errors):
        done = called("init", *args)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", errors)
        assert list(tmp_path.iterdir()) == []


class TestStarters:
    def test_none_is_left_out_of_the_list(self):
        assert sorted(NAMES) == sorted(path.stem for path in FOLDER.glob("*"))

    @pytest.mark.parametrize("name", NAMES)
    def test_names_its_schema_in_the_first_line(self, name):
        first, *rest = load_starter(name).text.splitlines()
        assert first == "# yaml-language-server: $schema=kerasrun.schema.json"
        assert "kerasrun schema -o kerasrun.schema.json" in rest[1]

    @pytest.mark.parametrize("name", NAMES)
    def test_is_read_on_a_page_of_100_columns(self, name):
        assert max(map(len, load_starter(name).text.splitlines())) <= 100

    @pytest.mark.parametrize("name", NAMES)
    def test_loads_and_its_runs_bear_its_name(self, name):
        assert load_config(FOLDER / f"{name}.yaml").name == name

    @pytest.mark.parametrize(
        ("name", "part", "figure", "low", "high"),
        [
            ("mlp", "test", "accuracy", 0.5, 1.0),
            # less than of ten equal chances
            pytest.param("conv", "train", "loss", 0.5, math.log(10), marks=pytest.mark.slow),
            pytest.param("graph", "test", "accuracy", 0.5, 1.0, marks=pytest.mark.slow),
            ("sine", "train", "loss", 0.01, 0.5),  # between the noise's variance and the sine's
        ],
    )
    def test_trains_two_epochs_to_a_sensible_result(self, called, tmp_path, name, part, figure, low, high):
        assert called("init", name).returncode == 0
        train(called)
        assert low < read_figure(tmp_path, name, part, figure) < high


class TestOwnData:
    """Data is put where the comments say."""

    def test_a_table(self, called, tmp_path):
        random = np.random.default_rng(1)
        x = random.normal([0, 5, 100], [1, 2, 30], (300, 3)).astype("float32")
        y = 2 * x[:, 0] - x[:, 1] + 0.1 * x[:, 2]
        with (tmp_path / "table.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["a", "b", "c", "y"], *np.column_stack([x, y]).tolist()])
        assert called("init", "table").returncode == 0
        train(called, epochs=20)
        assert read_figure(tmp_path, "table", "test", "r2_score") > 0.5

    def test_images_from_folders(self, called, tmp_path):
        random = np.random.default_rng(1)
        for channel, name in enumerate(["cat", "dog"]):
            folder = tmp_path / "photos" / name
            folder.mkdir(parents=True)
            for number in range(30):
                image = random.random((40, 60, 3)) / 2
                image[..., channel] += 0.5  # one kind is red, the other green
                matplotlib.image.imsave(folder / f"{number}.png", image)
        assert called("init", "images").returncode == 0
        train(called)
        assert 0 < read_figure(tmp_path, "images", "test", "loss") < 1

    def test_texts_from_folders(self, called, tmp_path):
        random = np.random.default_rng(1)
        for name, word in (("bad", "awful"), ("good", "lovely")):
            (tmp_path / "texts" / name).mkdir(parents=True)
            for number in range(30):
                words = [*random.choice(["a", "film", "of", "actors"], 8), word]
                (tmp_path / "texts" / name / f"{number}.txt").write_text(" ".join(random.permutation(words)))
        assert called("init", "text").returncode == 0
        train(called, epochs=20)
        assert read_figure(tmp_path, "text", "test", "accuracy") == 1


def train(called, epochs=2):
    settings = [f"training.epochs={epochs}", "output.plots=[]", "output.report=false"]  # pictures take long
    done = called("train", "config.yaml", "--name", "first", *(part for one in settings for part in ("--set", one)))
    assert (done.returncode, done.stderr) == (0, "")


def read_figure(folder, experiment, part, figure):
    return json.loads((folder / "outputs" / experiment / "first" / "metrics.json").read_text())[part][figure]

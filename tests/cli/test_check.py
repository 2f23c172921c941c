"""`kerasrun check`: every fault of a config, or what it comes to, without leaving anything behind."""

import json
import re

import pytest

from tests.conftest import TINY, Called

CALLBACKS = """\
callbacks:
  - EarlyStopping: {monitor: val_loss, patience: 1}
  - CSVLogger: figures.csv
"""

TWO_FAULTS = TINY.replace("Dense: 1", "Dens: 1").replace("epochs: 3", "epochs: -3")
TOLD_OF_TWO = """\
config.yaml:9:5: unknown layer 'Dens'
     9 |   - Dens: 1
       |     ^
  did you mean 'Dense'?
config.yaml:11:11: epochs must be at least 0, got -3
    11 |   epochs: -3
       |           ^
"""

LONG_PATIENCE = TINY + "callbacks: [{EarlyStopping: {patience: 5}}]\n"
TOLD_OF_PATIENCE = """\
config.yaml:15:40: warning: with patience: 5, EarlyStopping does nothing in 3 epochs
    15 | callbacks: [{EarlyStopping: {patience: 5}}]
       |                                        ^
  write a smaller one, or train for longer
  if it is meant so: silence: [patience_too_long]
"""

MISFIT = TINY.replace("- Dense: 1", "- LSTM: 1")
TOLD_OF_MISFIT = """\
config.yaml:9:5: layer 2, LSTM, does not fit: it reads the shape (rows, 4), and wants 3 axes: rows, steps, features
     9 |   - LSTM: 1
       |     ^
  put Reshape: [4, 1] before it
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """What `kerasrun check` says of a sound config, as text and as JSON, and the folder it ran in."""
    folder = tmp_path_factory.mktemp("checked")
    (folder / "config.yaml").write_text(TINY + CALLBACKS, encoding="utf-8")
    return Called(folder)("check", "config.yaml"), Called(folder)("check", "config.yaml", "--json"), folder


class TestOfASoundConfig:
    def test_tells_data_layers_memory_callbacks_and_time(self, checked):
        done, _, _ = checked
        assert (done.returncode, done.stderr) == (0, "")
        *lines, time = done.stdout.splitlines()
        # Weights: (1 × 4 + 4 + 4 × 1 + 1) × 4 B; the optimizer counts its steps and keeps its rate, 8 + 4 B; 20 rows of
        # two numbers of 4 B; activations of 4 rows × (4 + 1) numbers.
        assert lines == [
            "config.yaml: no faults",
            "",
            "data      train              16 rows   x 1 float32 → y 1 float32",
            "          validation          4 rows   x 1 float32 → y 1 float32",
            "model     dense    Dense  (rows, 4)  8",
            "          dense_1  Dense  (rows, 1)  5",
            "          13 parameters",
            "training  3 epochs of batches of 4, SGD",
            "memory    weights 52 B, gradients 52 B, optimizer 12 B",
            "          rows 160 B, activations 80 B a batch",
            "callbacks EarlyStopping: watches val_loss",
            "          CSVLogger: writes figures.csv",
        ]
        assert re.fullmatch(r"time      about [\d.]+ m?s an epoch, [\d.]+ m?s in all", time)

    def test_or_the_same_as_json(self, checked):
        _, done, _ = checked
        assert (done.returncode, done.stderr) == (0, "")
        told = json.loads(done.stdout)
        assert told["sound"] is True
        assert told["warnings"] == []
        assert [(layer["name"], layer["output"], layer["num_parameters"]) for layer in told["layers"]] == [
            ("dense", "(rows, 4)", 8),
            ("dense_1", "(rows, 1)", 5),
        ]
        assert told["num_parameters"] == 13
        assert told["memory_bytes"]["weights"] == 52
        assert told["callbacks"][0] == {"name": "EarlyStopping", "task": "watches val_loss"}
        assert told["total_time_s"] == pytest.approx(3 * told["epoch_time_s"])
        assert told["epoch_time_s"] > 0

    def test_leaves_nothing_behind(self, checked):
        assert [path.name for path in checked[2].iterdir()] == ["config.yaml"]


class TestOfFaults:
    @pytest.mark.parametrize("flags", [(), ("--static",)])
    def test_tells_them_all_and_exits_with_2(self, called, write, flags):
        write(TWO_FAULTS)
        done = called("check", "config.yaml", *flags)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", TOLD_OF_TWO)

    def test_as_json_each_has_its_place(self, called, write):
        write(TWO_FAULTS)
        done = called("check", "config.yaml", "--json", "--set", "seed=x")
        assert (done.returncode, done.stderr) == (2, "")
        assert json.loads(done.stdout) == {
            "sound": False,
            "faults": [
                {"flag": "--set seed=x", "message": "seed must be a whole number, got 'x'", "path": "seed"},
                {
                    "file": "config.yaml",
                    "line": 9,
                    "column": 5,
                    "message": "unknown layer 'Dens'",
                    "hint": "did you mean 'Dense'?",
                    "path": "model[1].Dens",
                },
                {
                    "file": "config.yaml",
                    "line": 11,
                    "column": 11,
                    "message": "epochs must be at least 0, got -3",
                    "path": "training.epochs",
                },
            ],
        }

    def test_a_file_that_is_not_there_is_one_too(self, called):
        done = called("check", "config.yaml")
        assert (done.returncode, done.stdout, done.stderr) == (2, "", "Error: config.yaml: no such file\n")
        done = called("check", "config.yaml", "--json")
        assert done.returncode == 2
        assert json.loads(done.stdout) == {"sound": False, "faults": [{"message": "config.yaml: no such file"}]}

    def test_shapes_show_with_keras_alone(self, called, write):
        write(MISFIT)
        done = called("check", "config.yaml", "--static")
        assert (done.returncode, done.stdout, done.stderr) == (0, "config.yaml: no faults\n", "")
        done = called("check", "config.yaml")
        assert (done.returncode, done.stdout, done.stderr) == (2, "", TOLD_OF_MISFIT)

    def test_a_loss_that_is_not_finite_exits_with_3(self, called, write):
        write(TINY)
        done = called("check", "config.yaml", "--json", "--set", "training.optimizer.SGD.learning_rate=9e30")
        assert (done.returncode, done.stderr) == (3, "")
        told = json.loads(done.stdout)
        assert told["sound"] is False
        assert re.match(r"the loss is (nan|inf) in epoch 1", told["faults"][0]["message"])


class TestOfWarnings:
    def test_tells_them_and_exits_with_0(self, called, write):
        write(LONG_PATIENCE)
        done = called("check", "config.yaml", "--static")
        assert (done.returncode, done.stdout, done.stderr) == (0, "config.yaml: 1 warning\n", TOLD_OF_PATIENCE)

    def test_or_as_json_with_their_names(self, called, write):
        write(LONG_PATIENCE)
        done = called("check", "config.yaml", "--static", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout) == {
            "sound": True,
            "warnings": [
                {
                    "file": "config.yaml",
                    "line": 15,
                    "column": 40,
                    "message": "with patience: 5, EarlyStopping does nothing in 3 epochs",
                    "hint": "write a smaller one, or train for longer",
                    "warning": "patience_too_long",
                    "path": "callbacks[0].EarlyStopping.patience",
                }
            ],
        }

    def test_silenced_by_name_they_are_not_told(self, called, write):
        write(LONG_PATIENCE)
        done = called("check", "config.yaml", "--static", "--set", "silence=[patience_too_long]")
        assert (done.returncode, done.stdout, done.stderr) == (0, "config.yaml: no faults\n", "")


def test_shipped_configs_go_by_their_names(called):
    done = called("check", "@mnist_dnn", "--static")
    assert (done.returncode, done.stdout, done.stderr) == (0, "@mnist_dnn: no faults\n", "")

"""`--set key=value` replaces a setting, and says what is wrong with itself."""

import pytest

from kerasrun.config import load_config
from kerasrun.errors import ConfigError
from tests.conftest import TINY


def load(write, *overrides):
    return load_config(write(TINY), overrides)


def test_values_are_yaml(write):
    config = load(write, "training.epochs=9", "training.optimizer={Adam: {learning_rate: 1e-4}}")
    assert config.training.epochs == 9
    assert config.optimizer.arguments == {"learning_rate": 1e-4}


@pytest.mark.parametrize("key", ["model.0.Dense.units", "model[0].Dense.units"])
def test_lists_go_by_index(write, key):
    assert load(write, f"{key}=16").model.layers[0].layer.arguments["units"] == 16


GRAPH = """\
data: {source: sine}
model:
  layers:
    - {Dense: 4, name: first}
    - Dense: 1
training: {epochs: 1, optimizer: SGD, loss: mse}
callbacks:
  - EarlyStopping: {monitor: loss}
  - TensorBoard
"""


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("model.layers.first.Dense.units=6", ("model", "layers", 0, "Dense", "units"), 6),
        ("model.layers.-1.Dense.units=3", ("model", "layers", 1, "Dense", "units"), 3),
        ("model.layers.1.Dense.use_bias=false", ("model", "layers", 1, "Dense", "use_bias"), False),
        ("callbacks.EarlyStopping.patience=4", ("callbacks", 0, "EarlyStopping", "patience"), 4),
        ("callbacks.TensorBoard.write_graph=false", ("callbacks", 1, "TensorBoard", "write_graph"), False),
        ("training.optimizer.SGD.momentum=0.5", ("training", "optimizer", "SGD", "momentum"), 0.5),
        ("training.optimizer.Adam.beta_1=0.5", ("training", "optimizer", "Adam", "beta_1"), 0.5),
    ],
)
def test_items_go_by_name_or_class_and_shorthands_are_written_out(write, override, path, value):
    found = load_config(write(GRAPH), (override,)).to_dict()
    for part in path:
        found = found[part]
    assert found == value


def test_steps_replace_epochs(write):
    config = load(write, "training.steps=50")
    assert (config.training.epochs, config.training.steps) == (None, 50)


def test_the_last_one_counts(write):
    assert load(write, "seed=1", "seed=2").seed == 2


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("epochs", "--set epochs: write it as key=value, for example --set training.epochs=5"),
        ("model.9.Dense=3", "--set model.9.Dense=3: model has no item 9; it holds 2, counted from 0"),
        ("seed.x=3", "--set seed.x=3: 'seed' holds 7, which has no keys; set seed itself"),
        ("seed=[1", "--set seed=[1: '[1' is not a YAML value"),
        ("trainin.epochs=3", "--set trainin.epochs=3: trainin: unknown key 'trainin'\n  did you mean 'training'?"),
        ("training.epochs=-1", "--set training.epochs=-1: training.epochs: epochs must be at least 0, got -1"),
    ],
)
def test_faults_name_the_flag(write, override, message):
    with pytest.raises(ConfigError) as error:
        load(write, override)
    assert str(error.value) == message


def test_a_path_starts_from_here_and_not_from_the_file(write, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    path = write(TINY.replace("source: sine\n  num_samples: 20", "source: npz\n  path: rows.npz"))
    assert load_config(path).data.path == str(tmp_path / "rows.npz")
    assert load_config(path, ("data.path=rows.npz",)).data.path == str(tmp_path / "elsewhere" / "rows.npz")

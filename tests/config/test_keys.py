"""Which keys `--set` can change, and how one that is being typed can go on."""

import pytest

from kerasrun.config import load_config
from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.keys import Key, next_keys, setting_keys
from kerasrun.config.sources import SOURCES
from kerasrun.config.starters import FOLDER, NAMES
from kerasrun.config.yaml_text import read_yaml

CONFIG = """\
name: x
data: {source: sine}
model:
  - Dense: {units: 4}
  - Bidirectional: {layer: {LSTM: {units: 3}}}
  - Flatten
  - Dropout: 0.5
training:
  epochs: 3
  loss: mse
  optimizer: {Adam: {learning_rate: {ExponentialDecay: {decay_steps: 5}}}}
callbacks:
  - EarlyStopping:
"""


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def keys(catalogue):
    return setting_keys(read_yaml(CONFIG, "x")[0], catalogue)


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "words"),
        [
            ("seed", "whole number"),
            ("training.epochs", "whole number; now 3"),
            ("training.program", "auto | graph | xla"),
            ("data.noise", "number"),
            ("data.shuffle", "true | false"),
            ("output.plots", "list"),
            ("model.0.Dense.units", "required; now 4"),
            ("model.0.Dense.use_bias", "default true"),
            ("model.1.Bidirectional.layer.LSTM.units", "required; now 3"),
            ("model.2", "now 'Flatten'"),
            ("model.3.Dropout", "now 0.5"),
            ("training.loss", "loss; now 'mse'"),
            ("training.optimizer.Adam.beta_1", "default 0.9"),
            ("training.optimizer.Adam.learning_rate.ExponentialDecay.decay_rate", "required"),
            ("callbacks.0.EarlyStopping.patience", "default 0"),
        ],
    )
    def test_each_with_what_it_takes(self, keys, key, words):
        assert keys[key].words == words

    @pytest.mark.parametrize(
        "key", ["data.path", "model.2.Flatten.data_format", "model.3.Dropout.rate", "training.optimizer.SGD.momentum"]
    )
    def test_none_that_leads_nowhere(self, keys, key):
        assert key not in keys

    def test_values_that_can_be_listed(self, keys):
        assert keys["training.loop"].values == ("kerasrun", "keras")
        assert keys["data.shuffle"].values == ("true", "false")
        assert keys["data.source"].values == tuple(SOURCES)
        assert {"relu", "tanh", "softmax"} < set(keys["model.0.Dense.activation"].values)
        assert {"L1", "L2"} < set(keys["model.0.Dense.kernel_regularizer"].values)
        assert {"SGD", "Adam", "AdamW"} < set(keys["training.optimizer"].values)
        assert keys["model.0.Dense.units"].values == ()

    @pytest.mark.parametrize("name", NAMES)
    def test_every_key_that_is_set_already_can_be_set(self, name, catalogue):
        path = FOLDER / f"{name}.yaml"
        tree = read_yaml(path.read_text(), name)[0]
        set_already = {key: tree for key in setting_keys(tree, catalogue) if is_scalar(value_at(tree, key))}
        assert len(set_already) >= 10
        for key in set_already:
            load_config(path, (f"{key}={value_at(tree, key)}",))

    @pytest.mark.parametrize(
        "tree", [None, [], "x", {"data": 1, "model": {"layers": 3}, "training": [], "callbacks": {}}]
    )
    def test_a_config_that_is_none_has_the_keys_of_the_sections(self, tree, catalogue):
        assert {"seed", "training.epochs", "output.save"} <= set(setting_keys(tree, catalogue))


def value_at(tree, key):
    for part in key.split("."):
        if isinstance(tree, list):
            tree = tree[int(part)]
        elif isinstance(tree, dict):
            tree = tree.get(part)
    return tree


def is_scalar(value):
    return isinstance(value, int | float | str)


KEYS = {
    "seed": Key("whole number"),
    "data.source": Key(),
    "data.path": Key(),
    "model.0.Dense.units": Key("required"),
    "model.0.Dense.use_bias": Key(),
    "model.1.ReLU.max_value": Key("number"),
}


class TestNext:
    @pytest.mark.parametrize(
        ("typed", "offered"),
        [
            ("", ["seed=", "data.", "model."]),
            ("da", ["data."]),
            ("data.", ["data.source=", "data.path="]),
            ("model.", ["model.0.Dense.", "model.1.ReLU.max_value="]),
            ("model.0.", ["model.0.Dense."]),
            ("model.0.Dense.un", ["model.0.Dense.units="]),
            ("x", []),
        ],
    )
    def test_one_level_at_a_time(self, typed, offered):
        assert [key for key, _ in next_keys(KEYS, typed)] == offered

    def test_whole_keys_say_what_they_take(self):
        assert next_keys(KEYS, "s") == [("seed=", "whole number")]

"""What a run was, in a line and as settings."""

import json

import yaml

from kerasrun.config import load_config
from kerasrun.runs.past.words import told
from kerasrun.runs.summary import model_words, summarise
from tests.conftest import TINY


def words(model, **more):
    config = load_config({**yaml.safe_load(TINY), "model": model, **more})
    return model_words(config.model, config.catalogue)


class TestModel:
    def test_layers_with_the_number_that_they_need(self):
        layers = [{"Conv2D": {"kernel_size": 3, "filters": 16}}, {"Dropout": 0.2}, "BatchNormalization", {"Dense": 10}]
        assert words(layers) == "Conv2D 16 – Dropout 0.2 – BatchNormalization – Dense 10"

    def test_but_not_those_that_every_model_has(self):
        assert words(["Flatten", {"Dense": 8}, {"Activation": "relu"}, {"Dense": 1}]) == "Dense 8 – Dense 1"

    def test_equal_layers_in_a_row_are_counted(self):
        assert words([{"Dense": 8}, {"Activation": "relu"}, {"Dense": 8}, {"Dense": 1}]) == "Dense 8 ×2 – Dense 1"

    def test_of_many_the_first_and_the_last(self):
        assert words([{"Dense": units} for units in range(9, 0, -1)]) == (
            "Dense 9 – Dense 8 – Dense 7 – Dense 6 – … 3 more … – Dense 2 – Dense 1"
        )

    def test_a_layer_inside_another(self):
        assert words([{"Bidirectional": {"LSTM": 4}}, {"Dense": 1}]) == "Bidirectional LSTM 4 – Dense 1"

    def test_a_graph_with_branches(self):
        layers = [{"Dense": 4, "name": "a"}, {"Dense": 5, "from": "x", "name": "b"}]
        layers += [{"Concatenate": None, "from": ["a", "b"]}, {"Dense": 1}]
        assert words({"inputs": {"x": [1]}, "layers": layers}) == "graph: Dense 4 – Dense 5 – Concatenate – Dense 1"


class TestSettings:
    def test_those_with_a_value_as_json(self):
        config = load_config(yaml.safe_load(TINY), ("training.class_weight={0: 1.0, 10: 2.0}",))
        settings = summarise(config)["settings"]
        assert settings == json.loads(json.dumps(settings, allow_nan=False))
        assert settings["training"]["batch_size"] == 4
        assert settings["training"]["optimizer"]["SGD"]["learning_rate"] == 0.01
        assert settings["training"]["class_weight"] == {"0": 1.0, "10": 2.0}
        assert "weight_decay" not in settings["training"]["optimizer"]["SGD"]  # it is null
        assert "model" not in settings


def test_the_manifest_of_a_run_has_it(trained):
    manifest = json.loads((trained / "outputs/tiny/first/manifest.json").read_text())
    assert told(manifest) == "Dense 4 – Dense 1, SGD, 3 epochs"
    assert manifest["done"] == 3

"""What of a complete config differs from the defaults."""

import pytest
import yaml

from kerasrun.config import load_config
from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.own_settings import brief_config, setting_lines, yaml_lines
from kerasrun.config.yaml_text import read_yaml

CONFIG = """
name: net
data: {source: digits, one_hot: true, validation: 0.2}
model:
  - Dense: {units: 8, kernel_initializer: {HeNormal: {seed: 3}}}
  - {Dense: 10, name: digit}
  - Activation: softmax
training:
  epochs: 3
  optimizer: {Adam: {learning_rate: {ExponentialDecay: {initial_learning_rate: 0.1, decay_steps: 5, decay_rate: 0.5}}}}
  loss: categorical_crossentropy
callbacks: [{EarlyStopping: {patience: 2}}]
"""


def complete(text=CONFIG, *overrides):
    return load_config(yaml.safe_load(text), overrides).to_dict()


def test_the_brief_form_is_what_was_written():
    assert brief_config(complete(), load_catalogue()) == yaml.safe_load(CONFIG)


def test_the_brief_form_loads_to_the_same_config():
    tree = complete()
    assert load_config(brief_config(tree, load_catalogue())).to_dict() == tree


@pytest.mark.parametrize("name", ["@sine", "@mnist_dnn", "@mnist_two_layer", "@digits"])
def test_the_lines_read_back_to_the_whole_config(name):
    tree = load_config(name).to_dict()
    lines = [text for text, _ in setting_lines(tree, load_catalogue())]
    assert read_yaml("\n".join(lines), "lines")[0] == tree
    brief = brief_config(tree, load_catalogue())
    assert read_yaml("\n".join(yaml_lines(brief)), "lines")[0] == brief


def test_a_line_is_marked_where_a_setting_in_it_or_below_it_differs():
    marks = [(text.strip(), is_own) for text, is_own in setting_lines(complete(), load_catalogue())]
    assert [text for text, is_own in marks if is_own] == [
        "name: net",
        "data:",
        "source: digits",
        "validation: 0.2",
        "one_hot: true",
        "model:",
        "- Dense:",
        "units: 8",
        "kernel_initializer:",
        "HeNormal:",
        "seed: 3",
        "- Dense:",
        "units: 10",
        "name: digit",
        "- Activation:",
        "activation: softmax",
        "training:",
        "epochs: 3",
        "optimizer:",
        "Adam:",
        "learning_rate:",
        "ExponentialDecay:",
        "initial_learning_rate: 0.1",
        "decay_steps: 5",
        "decay_rate: 0.5",
        "loss: categorical_crossentropy",
        "callbacks:",
        "- EarlyStopping:",
        "patience: 2",
    ]
    assert ("batch_size: 32", False) in marks
    assert ("use_bias: true", False) in marks


def test_a_graph_is_briefed_layer_by_layer():
    tree = yaml.safe_load(CONFIG)
    tree["model"] = {
        "layers": [{"Dense": 8, "name": "a"}, {"Dense": {"units": 10, "activation": "softmax"}, "name": "b"}]
    }
    tree["model"]["outputs"] = ["b"]
    assert brief_config(load_config(tree).to_dict(), load_catalogue())["model"] == tree["model"]


def test_lists_in_lists_are_yaml_too():
    lines = [text for text, _ in setting_lines({"odd": [1, [2, {"a": 3}], []]}, load_catalogue())]
    assert lines == ["odd:", "  - 1", "  - - 2", "    - a: 3", "  - []"]

"""What a model is made of, as plain values: held against what Keras itself says of the model."""

import json

import keras
import pytest
from keras import layers

from kerasrun.config.catalogue import load_catalogue
from kerasrun.errors import InputError
from kerasrun.model.structure import describe_model
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.structure import read_structure, write_structure


def graph():
    """A graph with a shared layer, a model inside, a layer of two outputs, and a layer that reads by keywords."""
    image = keras.Input((8, 8, 1), name="image")
    shared = layers.Conv2D(2, 3, padding="same", kernel_regularizer="l2", name="shared")
    inner = keras.Sequential([keras.Input((8, 8, 2)), layers.Conv2D(3, 1, name="inside")], name="inner")
    both = layers.Concatenate(name="both")([shared(image), shared(layers.Rescaling(2.0, name="twice")(image))])
    row = layers.Reshape((64, 7), name="row")(layers.Concatenate(name="all")([both, inner(shared.output)]))
    attended = layers.MultiHeadAttention(1, 2, name="attended")(query=row, value=row)
    states = layers.LSTM(4, return_state=True, name="states")(attended)
    return keras.Model(image, layers.Dense(2, name="end")(layers.Add(name="sum")(states[1:])))


@pytest.fixture(scope="module")
def described():
    return {layer["name"]: layer for layer in describe_model(graph())["layers"]}


def test_every_layer_has_its_class_shapes_and_parameters(described):
    for layer in graph().layers:
        found = described[layer.name]
        assert found["class"] == type(layer).__name__
        assert found["num_parameters"] == layer.count_params()
        assert found["outputs"] == [list(tensor.shape) for tensor in keras.tree.flatten(layer.output)]


def test_it_knows_what_each_use_of_a_layer_reads(described):
    assert described["shared"]["reads"] == [[["image", 0, 0]], [["twice", 0, 0]]]
    assert described["both"]["reads"] == [[["shared", 0, 0], ["shared", 1, 0]]]
    assert described["attended"]["reads"] == [[["row", 0, 0], ["row", 0, 0]]]
    assert described["sum"]["reads"] == [[["states", 0, 1], ["states", 0, 2]]]
    assert described["image"]["reads"] == []


def test_a_model_inside_has_layers_of_its_own(described):
    assert [layer["class"] for layer in described["inner"]["layers"]] == ["InputLayer", "Conv2D"]


def test_a_sequential_reads_from_the_one_before():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="a"), layers.Dropout(0.5, name="b")])
    first, second, third = describe_model(model)["layers"]
    assert (first["class"], first["outputs"]) == ("InputLayer", [[None, 4]])
    assert (second["reads"], third["reads"]) == ([[[first["name"], 0, 0]]], [[["a", 0, 0]]])
    assert third["arguments"]["rate"] == 0.5


def test_a_layer_that_does_not_train_says_so():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, trainable=False, name="a")])
    assert describe_model(model)["layers"][1]["trainable"] is False


def test_it_is_plain_json(described):
    text = json.dumps(described, allow_nan=False)
    assert json.loads(text) == described


class TestOnTheDisk:
    def test_the_table_shows_arguments_that_differ_from_keras_defaults(self, tmp_path):
        run = RunFolder(tmp_path)
        write_structure(run, graph())
        found = {layer.name: layer for layer in read_structure(run, load_catalogue())}
        shared = found["shared"]
        assert shared.arguments == "filters: 2, kernel_size: [3, 3], padding: same, kernel_regularizer: L2"
        assert (shared.output, shared.num_parameters) == ("8 × 8 × 2", 2 * 9 + 2)
        assert found["states"].output == "4, 4, 4"
        assert found["states"].arguments == "units: 4, return_state: true"
        assert found["sum"].arguments == ""
        assert found["both"].reads == ((("shared", 0), ("shared", 1)),)
        assert [layer.name for layer in found["inner"].inside][1:] == ["inside"]

    def test_a_run_of_an_older_version_has_none(self, tmp_path):
        assert read_structure(RunFolder(tmp_path), load_catalogue()) == ()

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"layers": [{"name": "a"}]}', '{"layers": 3}'])
    def test_a_damaged_one_is_told(self, tmp_path, text):
        run = RunFolder(tmp_path)
        run.structure.write_text(text)
        with pytest.raises(InputError, match=r"model\.json: is damaged"):
            read_structure(run, load_catalogue())

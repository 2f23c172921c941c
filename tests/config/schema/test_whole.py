"""The JSON Schema of the config language, by an independent validator: what loads passes, what is wrong is found."""

import functools
import json

import pytest
from jsonschema import Draft7Validator

from kerasrun.config import load_config
from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.schema import make_schema
from kerasrun.config.shipped import find_config, shipped_names
from kerasrun.config.texts import load_texts
from kerasrun.config.yaml_text import read_yaml
from tests.config.test_config import FAULTS
from tests.conftest import TINY

SCHEMA = make_schema(load_catalogue(), load_texts())
VALIDATOR = Draft7Validator(SCHEMA)


def parse(text):
    return read_yaml(text, "config.yaml")[0]


def places(tree):
    """Where the validator finds faults: dotted paths, a key that is not known with its own name."""
    found = set()
    for error in VALIDATOR.iter_errors(tree):
        path = [str(part) for part in error.absolute_path]
        if error.validator == "additionalProperties" and error.validator_value is False:
            named = set(error.schema.get("properties", ()))
            extra = [key for key in error.instance if key not in named and repr(key) in error.message]
            found |= {".".join([*path, key]) for key in extra}
        elif error.validator is None:  # a key that may not be here; the validator names what holds it
            holder = functools.reduce(lambda part, key: part[key], error.absolute_path, tree)
            found |= {".".join([*path, key]) for key in holder if holder[key] is error.instance}
        else:
            found.add(".".join(path))
    return found


def test_it_is_a_schema_of_draft_7_and_has_a_json_form():
    Draft7Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_no_list_of_choices_is_empty():
    """The validator above takes an empty `enum`; the language server does not."""

    def walk(part):
        if isinstance(part, dict):
            assert part.get("enum", [0])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(SCHEMA)


def test_every_reference_leads_to_a_definition_and_every_definition_is_used():
    text = json.dumps(SCHEMA)
    for name in SCHEMA["definitions"]:
        assert f'"$ref": "#/definitions/{name}"' in text, name
    assert text.count('"$ref"') == sum(text.count(f'"$ref": "#/definitions/{name}"') for name in SCHEMA["definitions"])


@pytest.mark.parametrize("name", shipped_names())
def test_the_shipped_configs_pass_as_written_and_complete(name):
    assert places(parse(find_config(f"@{name}").read_text(encoding="utf-8"))) == set()
    assert places(load_config(f"@{name}").to_dict()) == set()


@pytest.mark.parametrize("kind", load_catalogue().kinds)
def test_it_has_every_class_with_every_argument_and_a_line_for_each(kind):
    for name, entry in load_catalogue().kinds[kind].entries.items():
        described = SCHEMA["definitions"][f"{kind}.{name}"]
        arguments = next(part for part in (described, *described.get("anyOf", ())) if "properties" in part)
        assert set(arguments["properties"]) - {"every_epochs"} == set(entry.arguments)
        assert all(about["description"] for about in arguments["properties"].values())
        needed = entry.required if not entry.application else ["weights"]
        assert arguments.get("required", []) == needed


def test_defaults_are_told():
    rate = SCHEMA["definitions"]["optimizers.Adam"]["properties"]["learning_rate"]
    assert rate["default"] == 0.001
    assert rate["description"] == "The learning rate: a number or a schedule. Default: 0.001"


# The faults of the config's own tests that a schema can know: where it finds them.
FOUND = {
    "unknown section": "sede",
    "unknown key in data": "data.samples",
    "unknown source": "data.source",
    "wrong type": "training.epochs",
    "a fraction for a whole number": "training.batch_size",
    "out of range": "data.validation",
    "unknown layer": "model.1.Dens",
    "unknown argument": "model.0.Dense.activatoin",
    "unknown activation": "model.0.Dense.activation",
    "a word for a truth value": "model.1.Dense.use_bias",
    "a word for a number": "callbacks",
    "missing argument": "model.1",
    "a scalar where the first argument is not required": "model.1.Dense.kernel_initializer",
    "arguments one level too high": "model.1.use_bias",
    "a layer that needs Python": "model.1.Lambda",
    "no loss": "training",
    "unknown loss": "training.loss",
    "epochs and steps": "training.epochs",
    "neither epochs nor steps": "training",
    "a callback that sends data away": "callbacks",
    "period": "callbacks",
    "a callback's path outside the run": "callbacks",
    "a name that leaves the output folder": "name",
}

# What only the names in a config, or a second look at it, can tell.
BEYOND = {"a name given twice", "reading what is not there"}


@pytest.mark.parametrize("fault", FOUND)
def test_a_fault_of_a_config_is_found_at_its_place(fault):
    old, new, _ = FAULTS[fault]
    assert FOUND[fault] in places(parse(TINY.replace(old, new, 1)))


# Others: what to replace in the tiny config, by what, and where the fault is.
OTHERS = [
    ("seed: 7", "seed: -1", "seed"),
    ("seed: 7", "seed: 4294967296", "seed"),
    ("seed: 7", "seed: 1.5", "seed"),
    ("seed: 7", "threads: 0", "threads"),
    ("seed: 7", "backend: torch", "backend"),
    ("seed: 7", "extends: 3", "extends"),
    ("seed: 7", "silence: {a: b}", "silence"),
    ("name: tiny", "name: latest", "name"),
    ("name: tiny", "name: ''", "name"),
    ("num_samples: 20", "noise: -1", "data.noise"),
    ("num_samples: 20", "shuffle: yes", "data.shuffle"),
    ("num_samples: 20", "path: a.npz", "data.path"),
    ("source: sine", "source: npz", "data"),
    ("  source: sine\n", "", "data"),
    ("- Dense: 1", "- Dense: 0", "model.1.Dense"),
    ("- Dense: 1", "- Dense: one", "model.1.Dense"),
    ("- Dense: 1", "- Dense: [1]", "model.1.Dense"),
    ("- Dense: 1", "- Dropout: 1.0", "model.1.Dropout"),
    ("- Dense: 1", "- Dropout: {rate: -0.1}", "model.1.Dropout.rate"),
    ("- Dense: 1", "- Dense: 1\n    Flatten:", "model.1"),
    ("- Dense: 1", "- Dense: 1\n    name: a b", "model.1.name"),
    ("- Dense: 1", "- Dense: 1\n    from: 3", "model.1.from"),
    ("- Dense: 1", "- Dense: 1\n    from: []", "model.1.from"),
    ("- Dense: 1", "- name: a", "model.1"),
    ("- Dense: 1", "- 3", "model.1"),
    ("- Dense: 1", "- {}", "model.1"),
    ("- Dense: 1", "- Conv2D: {filters: 3}", "model.1.Conv2D"),
    ("- Dense: 1", "- Conv2D: {filters: 3, kernel_size: 3, padding: some}", "model.1.Conv2D.padding"),
    ("- Dense: 1", "- Bidirectional: {LSTM: {unit: 3}}", "model.1.Bidirectional"),
    ("- Dense: 1", "- MobileNetV2", "model.1"),
    ("- Dense: 1", "- Dense: {units: 1, kernel_regularizer: {L2: -1}}", "model.1.Dense.kernel_regularizer"),
    ("batch_size: 4", "batch_size: 0", "training.batch_size"),
    ("batch_size: 4", "evaluate_every: 10", "training.evaluate_every"),
    ("batch_size: 4", "on_nan: ignore", "training.on_nan"),
    ("batch_size: 4", "loop: pytorch", "training.loop"),
    ("batch_size: 4", "class_weight: {0: -1}", "training.class_weight"),
    ("batch_size: 4", "metrics: [accurasy]", "training.metrics.0"),
    ("batch_size: 4", "metrics: {a: [accurasy]}", "training.metrics.a"),
    ("batch_size: 4", "metrics: [{Mean: {}}]", "training.metrics.0.Mean"),
    ("batch_size: 4", "metrics: [{AUC: {name: loss}}]", "training.metrics.0.AUC.name"),
    ("batch_size: 4", "metrics: [{AUC: {name: val_auc}}]", "training.metrics.0.AUC.name"),
    ("epochs: 3", "epochs: -3", "training.epochs"),
    ("optimizer: SGD", "optimizer: Sdg", "training.optimizer"),
    ("optimizer: SGD", "optimizer: {SGD: {lr: 0.1}}", "training.optimizer.SGD.lr"),
    ("optimizer: SGD", "optimizer: {SGD: {learning_rate: 0}}", "training.optimizer.SGD.learning_rate"),
    ("optimizer: SGD", "optimizer: {SGD: {momentum: 2}}", "training.optimizer.SGD.momentum"),
    ("optimizer: SGD", "optimizer: {SGD: {}, Adam: {}}", "training.optimizer"),
    (
        "optimizer: SGD",
        "optimizer: {SGD: {learning_rate: {ExponentialDecay: {decay_rate: 0.5}}}}",
        "training.optimizer.SGD.learning_rate",
    ),
    ("loss: mean_squared_error", "loss: {y: mean_sqared_error}", "training.loss.y"),
    ("loss: mean_squared_error", "loss: {Huber: {dleta: 1}}", "training.loss.Huber.dleta"),
    ("loss: mean_squared_error", "loss: [mse]", "training.loss"),
    ("loss: mean_squared_error", "loss: mse\noutput: {plots: [gif]}", "output"),
    ("loss: mean_squared_error", "loss: mse\noutput: {save: model}", "output"),
    ("loss: mean_squared_error", "loss: mse\ncallbacks: [Dense]", "callbacks"),
    ("loss: mean_squared_error", "loss: mse\ncallbacks: {TensorBoard: {}}", "callbacks"),
    ("loss: mean_squared_error", "loss: mse\ncallbacks: [{CSVLogger: history.json}]", "callbacks"),
]


@pytest.mark.parametrize(("old", "new", "place"), OTHERS)
def test_a_bad_value_is_found_at_its_place(old, new, place):
    assert old in TINY
    assert places(parse(TINY.replace(old, new, 1))) == {place}


GRAPH = """\
data: {{source: sine}}
model:
  {0}
training: {{epochs: 1, loss: mse}}
"""


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("layers: []", "model.layers"),
        ("layer: [Dense: 1]", "model.layer"),
        ("inputs: {x: [3]}", "model"),
        ("{load: a.keras, layers: [Dense: 1]}", "model.layers"),
        ("{layers: [Dense: 1], inputs: {x: {shape: [0]}}}", "model.inputs.x"),
        ("{layers: [Dense: 1], inputs: {x: {shape: [3], dtype: float31}}}", "model.inputs.x"),
        ("{layers: [Dense: 1], inputs: {x y: [3]}}", "model.inputs"),
        ("{layers: [Dense: 1], outputs: 3}", "model.outputs"),
        ("{layers: [Dense: 1], freeze: {a: b}}", "model.freeze"),
        ("{layers: [Dense: 1], weights: 3}", "model.weights"),
        ("{layers: [{reuse: a, Dense: 1}]}", "model.layers.0"),
    ],
)
def test_a_bad_graph_is_found_at_its_place(model, place):
    assert place in places(parse(GRAPH.format(model)))


GOOD = [
    "model: [Flatten, {Dense: 10}, {Activation: relu}, {Dropout: 0.2}, {MaxPooling2D: 2}, Flatten: null]",
    "model: [{Dense: 1, name: a}, {Dense: 1, from: a}, {Dense: 1, from: [a], name: b}, {reuse: a, from: b, name: c}]",
    "model: [{MultiHeadAttention: {num_heads: 1, key_dim: 2}, from: {query: a, value: [b]}}]",
    "model: [{TimeDistributed: {Dense: 10}}, {TimeDistributed: {layer: {Dense: 10}}}, {RNN: {cell: [{LSTMCell: 3}]}}]",
    "model: [{Conv2D: {filters: 3, kernel_size: [3, 3], strides: 2}}, {AvgPool2D: 2}, {Conv1D: {filters: 3, "
    "kernel_size: 3, padding: causal}}]",
    "model: [{Dense: {units: 3, kernel_initializer: he_normal, bias_initializer: {Constant: 0.1}, "
    "kernel_regularizer: {l2: 1e-4}, activation: null, dtype: float64}}]",
    "model: {load: a.keras, freeze: a}",
    "model: {inputs: {x: [null, 3], y: {shape: [2], dtype: int32}}, layers: [Dense: 1], outputs: a, "
    "weights: {a: [[1, 2]], b: b.npz}, freeze: [a, b]}",
    "training: {steps: 10, evaluate_every: 5, loss: {a: mse, b: {Huber: {delta: 2}}}, metrics: {a: mae, b: [mae, {AUC: "
    "{num_thresholds: 10}}]}, loss_weights: {a: 1, b: 0.5}}",
    "training: {epochs: 1, loss: crossentropy, metrics: accuracy, class_weight: {0: 1, 1: 2.5}, optimizer: adam}",
    "training: {epochs: 1, loss: mse, optimizer: {Adam: {learning_rate: {CosineDecay: {initial_learning_rate: 0, "
    "decay_steps: 10}}}}, metrics: [{accuracy: null}]}",
    "callbacks: [TensorBoard, {ModelCheckpoint: {filepath: a/b.keras, every_epochs: 3}}, {CSVLogger: log.csv}, "
    "{EarlyStopping: {patience: 3}}]",
    "callbacks:",
    "data: {source: mnist, scale: 255.0, validation: none}",
    "data: {source: npz, path: a.npz, scale: false, inputs: [a, b]}",
    "output: {save: [], plots: [], checkpoint_every_s: 0}",
    "silence: [unscaled_pixels]",
]


@pytest.mark.parametrize("part", GOOD)
def test_what_is_right_passes(part):
    base = parse("data: {source: sine}\nmodel: [Dense: 1]\ntraining: {epochs: 1, loss: mse}")
    assert places(base | parse(part)) == set()


@pytest.mark.parametrize(
    "part",
    [
        "seed: ${env:SEED}",
        "data: {source: '${source}'}",
        "data: {source: sine, noise: '${noise:-0.1}', shuffle: '${shuffle}'}",
        "model: [Dense: '${units}', {Dense: {units: '${units}', activation: '${act}', use_bias: '${b}'}}]",
        "model: [{Dropout: '${rate}'}, {Dense: {units: 3, kernel_regularizer: {L2: '${l2}'}}}]",
        "training: {epochs: '${n}', loss: '${loss}', optimizer: {SGD: {learning_rate: '${lr}'}}, metrics: ['${m}']}",
        "callbacks: [{EarlyStopping: {patience: '${p}', monitor: '${m}'}}, {ModelCheckpoint: '${name}/a.keras'}]",
        "output: {checkpoint_every_s: '${s}'}",
    ],
)
def test_a_value_from_elsewhere_may_stand_for_any_scalar(part):
    base = parse("data: {source: sine}\nmodel: [Dense: 1]\ntraining: {epochs: 1, loss: mse}")
    assert places(base | parse(part)) == set()


@pytest.mark.parametrize("extends", ["base.yaml", "[a.yaml, '@sine']"])
def test_a_config_that_extends_another_may_leave_out_what_that_one_has(extends):
    assert places(parse(f"extends: {extends}\ntraining: {{optimizer: SGD}}\ndata: {{num_samples: 3}}")) == set()
    assert places(parse(f"extends: {extends}\ntraining: {{optimizer: Sdg}}")) == {"training.optimizer"}


OWN = '''\
import keras


class Swirl(keras.layers.Layer):
    """Turns every row a little.

    Args:
        angle: Float. How far, in radians.
    """

    def __init__(self, angle, often=2, **kwargs):
        super().__init__(**kwargs)
'''


def test_classes_of_ones_own_are_in_it(write):
    made = make_schema(load_catalogue((write(OWN, "own.py"),)), load_texts())
    swirl = made["definitions"]["layers.Swirl"]
    assert swirl["description"] == "Turns every row a little."
    assert swirl["properties"]["angle"]["description"] == "How far, in radians."
    validator = Draft7Validator(made)
    base = {"data": {"source": "sine"}, "training": {"epochs": 1, "loss": "mse"}}
    assert validator.is_valid(base | {"model": [{"Swirl": {"angle": 1, "often": 3}}, {"Swirl": 0.5}]})
    assert not validator.is_valid(base | {"model": [{"Swirl": {"angel": 1}}]})
    assert not validator.is_valid(base | {"model": ["Swirl"]})

"""A config is strict: every fault is found before anything loads, all at once, each with its place and mend."""

import pytest

from kerasrun.config import load_config
from kerasrun.config.shipped import shipped_names
from kerasrun.config.yaml_text import write_yaml
from kerasrun.errors import ConfigError, InputError
from tests.conftest import TINY


def message_of(write, text):
    """What a config's faults are told as, its path shortened to `config.yaml`."""
    path = write(text)
    with pytest.raises(ConfigError) as error:
        load_config(path)
    return str(error.value).replace(str(path), "config.yaml")


@pytest.mark.parametrize("name", shipped_names())
def test_a_complete_config_loads_to_the_same(write, name):
    config = load_config(f"@{name}")
    again = load_config(write(write_yaml(config.to_dict())))
    assert again.to_dict() == config.to_dict()


def test_a_complete_config_holds_every_value(write):
    tree = load_config(write(TINY)).to_dict()
    assert tree["threads"] is None
    assert tree["data"]["noise"] == 0.0
    assert tree["model"][0]["Dense"]["kernel_initializer"]["GlorotUniform"]["seed"] is None
    assert tree["training"]["optimizer"]["SGD"]["learning_rate"] == 0.01
    assert tree["output"] == {"save": ["model"], "plots": ["png"], "report": True, "checkpoint_every_s": "auto"}


def test_a_dict_is_a_config_too(write):
    tree = {
        "name": "tiny",
        "seed": 7,
        "data": {"source": "sine", "num_samples": 20, "validation": 0.2},
        "model": [{"Dense": {"units": 4, "activation": "tanh"}}, {"Dense": 1}],
        "training": {"epochs": 3, "batch_size": 4, "optimizer": "SGD", "loss": "mean_squared_error"},
    }
    assert load_config(tree).to_dict() == load_config(write(TINY)).to_dict()


# Each fault as (what to replace in the tiny config, by what, the whole message).
FAULTS = {
    "unknown section": (
        "seed: 7",
        "sede: 7",
        "config.yaml:2:1: unknown key 'sede'\n     2 | sede: 7\n       | ^\n  did you mean 'seed'?",
    ),
    "unknown key in data": (
        "num_samples: 20",
        "samples: 20",
        "config.yaml:5:3: unknown key 'samples' in data\n"
        "     5 |   samples: 20\n       |   ^\n  did you mean 'num_samples'?",
    ),
    "unknown source": (
        "source: sine",
        "source: cosine",
        "config.yaml:4:11: unknown source 'cosine'\n"
        "     4 |   source: cosine\n       |           ^\n  did you mean 'sine'?",
    ),
    "wrong type": (
        "epochs: 3",
        "epochs: three",
        "config.yaml:11:11: epochs must be a whole number, got 'three'\n    11 |   epochs: three\n       |           ^",
    ),
    "a fraction for a whole number": (
        "batch_size: 4",
        "batch_size: 4.5",
        "config.yaml:12:15: batch_size must be a whole number, got 4.5\n"
        "    12 |   batch_size: 4.5\n       |               ^",
    ),
    "out of range": (
        "validation: 0.2",
        "validation: 1.5",
        "config.yaml:6:15: validation must be less than 1 or test, got 1.5\n"
        "     6 |   validation: 1.5\n       |               ^",
    ),
    "unknown layer": (
        "Dense: 1",
        "Dens: 1",
        "config.yaml:9:5: unknown layer 'Dens'\n     9 |   - Dens: 1\n       |     ^\n  did you mean 'Dense'?",
    ),
    "unknown argument": (
        "activation: tanh",
        "activatoin: tanh",
        "config.yaml:8:23: Dense has no argument 'activatoin'\n"
        "     8 |   - Dense: {units: 4, activatoin: tanh}\n"
        "       |                       ^\n  did you mean 'activation'?",
    ),
    "unknown activation": (
        "tanh",
        "relu6x",
        "config.yaml:8:35: unknown activation 'relu6x'\n"
        "     8 |   - Dense: {units: 4, activation: relu6x}\n"
        "       |                                   ^\n  did you mean 'relu6'?",
    ),
    "a word for a truth value": (
        "Dense: 1",
        "Dense: {units: 1, use_bias: no}",
        "config.yaml:9:33: use_bias must be true or false, got 'no'\n"
        "     9 |   - Dense: {units: 1, use_bias: no}\n       |                                 ^",
    ),
    "a word for a number": (
        "training:",
        "callbacks: [{EarlyStopping: {patience: x}}]\ntraining:",
        "config.yaml:10:40: patience must be a whole number of at least 0, got 'x'\n"
        "    10 | callbacks: [{EarlyStopping: {patience: x}}]\n       |                                        ^",
    ),
    "missing argument": (
        "Dense: 1",
        "Dense",
        "config.yaml:9:5: Dense needs 'units'\n     9 |   - Dense\n       |     ^",
    ),
    "a scalar where the first argument is not required": (
        "Dense: 1",
        "Dense: {units: 1, kernel_initializer: {RandomNormal: 0.01}}",
        "config.yaml:9:58: RandomNormal needs its arguments by name, got 0.01\n"
        "     9 |   - Dense: {units: 1, kernel_initializer: {RandomNormal: 0.01}}\n"
        "       |                                                          ^\n  write RandomNormal: {mean: …}",
    ),
    "arguments one level too high": (
        "Dense: 1",
        "Dense: 1\n    use_bias: false",
        "config.yaml:10:5: 'use_bias' cannot stand beside 'Dense'\n"
        "    10 |     use_bias: false\n       |     ^\n"
        "  it is an argument of Dense: write Dense: {…, use_bias: …}",
    ),
    "a layer that needs Python": (
        "Dense: 1",
        "Lambda: x",
        "config.yaml:9:5: layer 'Lambda' is refused: it needs a Python function, which a config cannot hold; "
        "use --import with a class of your own\n     9 |   - Lambda: x\n       |     ^",
    ),
    "no loss": (
        "  loss: mean_squared_error\n",
        "",
        "config.yaml:10:1: training needs a 'loss'\n    10 | training:\n       | ^",
    ),
    "unknown loss": (
        "mean_squared_error",
        "mean_sqared_error",
        "config.yaml:14:9: unknown loss 'mean_sqared_error'\n"
        "    14 |   loss: mean_sqared_error\n       |         ^\n  did you mean 'mean_squared_error'?",
    ),
    "epochs and steps": (
        "epochs: 3",
        "epochs: 3\n  steps: 5",
        "config.yaml:10:1: epochs and steps are both given; keep one of them\n    10 | training:\n       | ^",
    ),
    "neither epochs nor steps": (
        "  epochs: 3\n",
        "",
        "config.yaml:10:1: how long to train is not given; write epochs: N or steps: N\n    10 | training:\n       | ^",
    ),
    "a callback that sends data away": (
        "training:",
        "callbacks: [RemoteMonitor]\ntraining:",
        "config.yaml:10:13: callback 'RemoteMonitor' is refused: it sends your data to another machine\n"
        "    10 | callbacks: [RemoteMonitor]\n       |             ^",
    ),
    "period": (
        "training:",
        "callbacks: [{ModelCheckpoint: {filepath: a.keras, period: 3}}]\ntraining:",
        "config.yaml:10:51: ModelCheckpoint has no argument 'period'\n"
        "    10 | callbacks: [{ModelCheckpoint: {filepath: a.keras, period: 3}}]\n"
        "       |                                                   ^\n"
        "  Keras 3 has no `period`; write every_epochs: N",
    ),
    "a callback's path outside the run": (
        "training:",
        "callbacks: [{CSVLogger: ../log.csv}]\ntraining:",
        "config.yaml:10:25: '../log.csv' leaves the run's folder\n"
        "    10 | callbacks: [{CSVLogger: ../log.csv}]\n"
        "       |                         ^\n  write a path inside the run's folder, such as weights/best.keras",
    ),
    "a name given twice": (
        "- Dense: 1",
        "- Dense: 1\n    name: a\n  - Dense: 1\n    name: a",
        "config.yaml:12:11: the name 'a' is given twice\n"
        "    12 |     name: a\n       |           ^\n  names are unique in a model",
    ),
    "reading what is not there": (
        "- Dense: 1",
        "- Dense: 1\n    name: first\n  - Dense: 1\n    from: frist",
        "config.yaml:12:11: no input or layer above is named 'frist'\n"
        "    12 |     from: frist\n       |           ^\n  did you mean 'first'?",
    ),
    "a name that leaves the output folder": (
        "name: tiny",
        "name: ../tiny",
        "config.yaml:1:7: '../tiny' cannot name a folder\n     1 | name: ../tiny\n       |       ^\n"
        "  use letters, digits, '-' and '_'",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place_and_mend(write, fault):
    old, new, message = FAULTS[fault]
    assert TINY.count(old) >= 1
    assert message_of(write, TINY.replace(old, new, 1)) == message


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(write):
    text = (
        TINY.replace("epochs: 3", "epochs: -3")
        .replace("seed: 7", "seed: x")
        .replace("Dense: 1", "Dense: {units: 0, use_bia: 1}")
    )
    lines = [line.split(": ")[0] for line in message_of(write, text).splitlines() if line.startswith("config.yaml:")]
    assert lines == ["config.yaml:2:7", "config.yaml:9:20", "config.yaml:9:23", "config.yaml:11:11"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "config.yaml: the config is empty; write the sections data, model and training"),
        ("# nothing\n", "config.yaml: the config is empty; write the sections data, model and training"),
        (
            "- a\n- b\n",
            "config.yaml: the config holds a list of 2 where a mapping is expected; "
            "write the sections data, model and training",
        ),
        ("name: x\n", None),
    ],
)
def test_what_is_no_config(write, text, message):
    told = message_of(write, text)
    if message is None:
        assert [line.split(": ", 1)[1] for line in told.splitlines() if "missing" in line] == [
            "the section 'data' is missing",
            "the section 'model' is missing",
            "the section 'training' is missing",
        ]
    else:
        assert told == message


def test_what_is_no_file(tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(InputError, match=r"missing.yaml: no such file$"):
        load_config(tmp_path / "missing.yaml")
    with pytest.raises(InputError, match=r": is a folder; name the YAML file in it$"):
        load_config(tmp_path)
    with pytest.raises(InputError, match=r"not a text file in UTF-8 \(byte 0\); a config is YAML text$"):
        load_config(tmp_path / "binary.yaml")
    with pytest.raises(InputError, match=r"^no shipped config is called '@sin'; did you mean '@sine'\?$"):
        load_config("@sin")


@pytest.mark.parametrize(
    ("written", "arguments"),
    [
        ("Dense: 10", {"units": 10}),
        ("Dropout: 0.2", {"rate": 0.2}),
        ("Reshape: [4, 5]", {"target_shape": [4, 5]}),
        ("MaxPooling2D: 2", {"pool_size": 2}),
        ("Flatten", {}),
        ("Flatten:", {}),
    ],
)
def test_a_first_argument_may_go_without_its_name(write, written, arguments):
    config = load_config(write(TINY.replace("Dense: 1", written)))
    assert config.model.layers[1].layer.arguments == arguments


def test_objects_nest_the_same_way_everywhere(write):
    written = "Bidirectional: {LSTM: {units: 3, kernel_regularizer: {L2: 1e-4}}}"
    layer = load_config(write(TINY.replace("Dense: 1", written))).model.layers[1].layer
    lstm = layer.arguments["layer"]
    assert (lstm.class_name, lstm.arguments["units"]) == ("LSTM", 3)
    assert lstm.arguments["kernel_regularizer"].arguments == {"l2": 1e-4}

"""The schema in an editor: what the YAML language server completes, shows and underlines with it.

Runs where the server is on the PATH: `npm install --prefix FOLDER yaml-language-server`, then FOLDER/node_modules/.bin.
"""

import shutil

import pytest

from kerasrun.config.shipped import find_config, shipped_names
from tests.config.schema.language_server import LanguageServer
from tests.conftest import Command

SERVER = shutil.which("yaml-language-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="yaml-language-server is not on the PATH (npm has it)")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The server with the schema that the command writes."""
    folder = tmp_path_factory.mktemp("editor")
    done = Command(folder)("schema", "-o", "kerasrun.schema.json")
    assert done.returncode == 0, done.stderr
    server = LanguageServer([SERVER, "--stdio"], folder, folder / "kerasrun.schema.json")
    yield server
    server.close()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("|", {"data", "model", "training", "callbacks", "extends", "seed"}),
        ("model:\n  - |", {"Dense", "Conv2D", "Flatten", "name", "from"}),
        ("model:\n  - Den|", {"Dense", "DenseNet121"}),
        ("model:\n  layers:\n    - |", {"Dense", "Concatenate", "reuse"}),
        ("model:\n  - Dense: {u|}", {"units", "activation", "kernel_initializer"}),
        ("model:\n  - Dense: {units: 3, a|}", {"activation", "use_bias"}),
        ("model:\n  - Dense:\n      |", {"units", "activation"}),
        ("model:\n  - Dense: {activation: |}", {"relu", "softmax"}),
        ("model:\n  - Activation: |", {"relu", "softmax"}),
        ("model:\n  - Dense: {use_bias: |}", {"true", "false"}),
        ("model:\n  - Dense: {kernel_initializer: |}", {"he_normal", "HeNormal"}),
        ("model:\n  - Dense:\n      kernel_regularizer:\n        |", {"L1", "L2", "L1L2"}),
        ("model:\n  - TimeDistributed:\n      |", {"layer", "Dense"}),
        ("data:\n  source: |", {"mnist", "digits", "sine", "npz"}),
        ("data:\n  source: sine\n  |", {"num_samples", "noise", "validation"}),
        ("training:\n  |", {"epochs", "steps", "optimizer", "loss", "metrics", "batch_size"}),
        ("training:\n  optimizer: |", {"Adam", "sgd"}),
        ("training:\n  optimizer:\n    Adam:\n      |", {"learning_rate", "beta_1"}),
        ("training:\n  loss: |", {"mse", "sparse_categorical_crossentropy"}),
        ("training:\n  metrics: [|]", {"accuracy", "AUC"}),
        ("callbacks:\n  - |", {"EarlyStopping", "ModelCheckpoint", "TensorBoard"}),
        ("callbacks:\n  - ModelCheckpoint:\n      |", {"filepath", "monitor", "every_epochs"}),
        ("output:\n  save: [|]", {"model", "inference_model", "weights"}),
    ],
)
def test_completion_offers_what_may_stand_there(server, text, offered):
    assert offered <= set(server.complete(text))


@pytest.mark.parametrize(
    ("text", "not_offered"),
    [
        ("data:\n  source: sine\n  |", {"flatten", "path"}),
        ("training:\n  optimizer:\n    |", {"adam", "sgd"}),  # other names clutter
        ("model:\n  - Dense: {units: 3, a|}", {"units"}),
        ("callbacks:\n  - |", {"RemoteMonitor", "LambdaCallback"}),
    ],
)
def test_completion_leaves_out_what_may_not(server, text, not_offered):
    assert not not_offered & set(server.complete(text))


@pytest.mark.parametrize(
    ("text", "label", "inserted"),
    [
        ("model:\n  - Den|", "Dense", "Dense:\n    units: "),
        ("model:\n  - Fl|", "Flatten", "Flatten"),
        ("training:\n  optimizer:\n    Adam:\n      l|", "learning_rate", "learning_rate: ${1:0.001}"),
    ],
)
def test_what_is_chosen_brings_what_is_required_and_no_more(server, text, label, inserted):
    assert next(item["insertText"] for item in server.complete_items(text) if item["label"] == label) == inserted


def test_a_completion_says_what_it_is_for(server):
    units = next(item for item in server.complete_items("model:\n  - Dense:\n      |") if item["label"] == "units")
    assert units["documentation"] == "Positive integer, dimensionality of the output space."


def test_hovering_shows_the_line(server):
    assert "Just your regular densely-connected NN layer." in server.hover("model:\n  - Dense|: 3\n")
    assert "Rows a step. Default: 32" in server.hover("training: {batch_size|: 3}\n")


@pytest.mark.parametrize("name", shipped_names())
def test_nothing_in_a_shipped_config_is_underlined(server, name):
    assert server.diagnose(find_config(f"@{name}").read_text(encoding="utf-8")) == []


AROUND = "data: {source: sine}\ntraining: {epochs: 1, loss: mse}\nmodel:\n  - "


@pytest.mark.parametrize(
    ("layer", "underlined", "message"),
    [
        ("Dense: {unitz: 3}", "unitz", "Property unitz is not allowed."),
        ("Dense: {unitz: 3}", "Dense", 'Missing property "units".'),
        ("Dens: {units: 3}", "Dens", "Property Dens is not allowed."),
        ("Dens", "Dens", "no layer of this name, or one that needs arguments, such as Dense: 10"),
        ("Dense", "Dense", "no layer of this name, or one that needs arguments, such as Dense: 10"),
        ("Dense: 0", "0", "Value is below the minimum of 1."),
        ("Dense: x", "x", "expected units, or the arguments by name: Dense: {units: …}"),
        ("Dense: {units: 3, use_bias: no}", "no", 'Incorrect type. Expected "boolean | null".'),
        ("Dense: {units: 3, kernel_initializer: {HeNormal: {sed: 3}}}", "sed", "Property sed is not allowed."),
        ("Dropout: 2", "2", "Value is above the exclusive maximum of 1."),
        ("Lambda: x", "Lambda", "Property Lambda is not allowed."),
        ("TimeDistributed: {Dense: {unit: 3}}", "unit", "Property unit is not allowed."),
        ("Dense: 3\n    use_bias: false", "use_bias", "Property use_bias is not allowed."),
        ("Dense: 3\n    name: a b", "a b", "a name is made of letters a to z, digits, '_' and '-'"),
    ],
)
def test_what_is_wrong_in_a_layer_is_underlined_at_its_place(server, layer, underlined, message):
    assert (underlined, message) in server.diagnose(f"{AROUND}{layer}\n")


BEFORE = "data: {source: sine}\nmodel: [Dense: 1]\n"


@pytest.mark.parametrize(
    ("text", "underlined", "message"),
    [
        ("training: {epochs: 1, steps: 3, loss: mse}", "epochs", "epochs and steps are both given; keep one of them"),
        ("training: {epochs: 1}", "training", 'Missing property "loss".'),
        ("training: {epochs: -1, loss: mse}", "-1", "Value is below the minimum of 0."),
        ("training: {epochs: 1, loss: msee}", "msee", "no loss of this name"),
        ("training: {epochs: 1, loss: mse, optimizer: {Adam: {lr: 0.1}}}", "lr", "Property lr is not allowed."),
        ("training: {epochs: 1, loss: mse, epoch: 1}", "epoch", "Property epoch is not allowed."),
    ],
)
def test_what_is_wrong_in_the_training_is_underlined_at_its_place(server, text, underlined, message):
    assert (underlined, message) in server.diagnose(f"{BEFORE}{text}\n")


def test_a_reference_is_never_underlined(server):
    text = "training: {epochs: '${n}', loss: mse, optimizer: {SGD: {learning_rate: '${lr}'}}}\n"
    assert server.diagnose(f"data: {{source: sine}}\nmodel: [Dense: '${{units}}']\n{text}") == []


def test_the_modeline_names_the_schema(server):
    """The line that the starters begin with, for files that no setting of the editor knows."""
    text = "model:\n  - Dense: {unitz: 3}\n"
    assert server.diagnose(text, ".yml") == []
    named = server.diagnose("# yaml-language-server: $schema=kerasrun.schema.json\n" + text, ".yml")
    assert ("unitz", "Property unitz is not allowed.") in named

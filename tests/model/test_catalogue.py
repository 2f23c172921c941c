"""The catalogue describes the installed Keras, whole: the shipped one, or one made anew and kept."""

import contextlib
import importlib.metadata
import importlib.util
import inspect
import io
import json
import runpy
import subprocess
import sys

import keras
import pytest

from kerasrun.config import catalogue
from kerasrun.config.catalogue import DESCRIBED_BY, SHIPPED, describe_installed, load_catalogue
from kerasrun.config.texts import load_texts
from kerasrun.errors import InputError
from kerasrun.model.own_texts import INSTEAD, SILENT

# The public module of each kind, and what its classes derive from.
MODULES = {
    "layers": (keras.layers, keras.layers.Layer),
    "optimizers": (keras.optimizers, keras.optimizers.Optimizer),
    "schedules": (keras.optimizers.schedules, keras.optimizers.schedules.LearningRateSchedule),
    "losses": (keras.losses, keras.losses.Loss),
    "metrics": (keras.metrics, keras.metrics.Metric),
    "initializers": (keras.initializers, keras.initializers.Initializer),
    "regularizers": (keras.regularizers, keras.regularizers.Regularizer),
    "constraints": (keras.constraints, keras.constraints.Constraint),
    "callbacks": (keras.callbacks, keras.callbacks.Callback),
}


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """No catalogue read yet, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    describe_installed.cache_clear()
    load_texts.cache_clear()
    yield tmp_path
    describe_installed.cache_clear()
    load_texts.cache_clear()


def install(monkeypatch, keras_version):
    """Let another Keras seem installed."""
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: keras_version if name == "keras" else real(name))


def describe_by(monkeypatch, stdout="", stderr="", returncode=0):
    """Let the description come from here; the commands that asked for it are collected."""
    commands = []

    def run(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, returncode, stdout, stderr)

    monkeypatch.setattr(catalogue.subprocess, "run", run)
    return commands


@pytest.mark.parametrize("kind", MODULES)
def test_every_public_class_is_listed_or_refused(kind):
    module, base = MODULES[kind]
    listed = load_catalogue().kinds[kind]
    public = {name for name, thing in vars(module).items() if isinstance(thing, type) and issubclass(thing, base)}
    known = {*listed.entries, *listed.aliases, *listed.refused}
    assert public <= known
    assert not set(listed.refused) & {*listed.entries, *listed.aliases, *listed.functions}


def test_every_network_of_keras_applications_is_a_layer():
    networks = {n for n, f in vars(keras.applications).items() if n[0].isupper() and inspect.isfunction(f)}
    listed = {name for name, entry in load_catalogue().kinds["layers"].entries.items() if entry.application}
    assert networks == listed


def test_every_layer_that_needs_no_python_is_listed():
    """Only these have a reason to be refused; a new one must be looked at."""
    assert set(load_catalogue().kinds["layers"].refused) == {
        *("Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper"),  # Python, other frameworks
        *("Layer", "Wrapper"),  # abstract
        *("InputLayer", "InputSpec"),  # not layers to stack
        "MaxNumBoundingBoxes",  # its rows are mappings
    }


@pytest.mark.parametrize("part", DESCRIBED_BY)
def test_what_is_shipped_is_what_the_installed_keras_describes(part):
    """Mended by `python -m kerasrun.model.describe_keras > kerasrun/config/catalogue.json`, and likewise the texts."""
    shipped = SHIPPED.with_name(f"{part}.json").read_text(encoding="utf-8")
    version = json.loads(shipped)["keras"]
    if version != keras.__version__:
        pytest.skip(f"the shipped {part} describes Keras {version}, and {keras.__version__} is installed")
    program = importlib.util.find_spec(DESCRIBED_BY[part]).origin
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        runpy.run_path(program, run_name="__main__")
    assert printed.getvalue().strip() == shipped.strip()


def test_every_argument_of_every_class_has_a_line_of_its_own():
    texts = load_texts()
    for kind, listed in load_catalogue().kinds.items():
        for entry in listed.entries.values():
            for argument in entry.arguments:
                line = texts.argument(kind, entry, argument)
                assert 8 <= len(line) <= 182, f"{kind} {entry.name}.{argument}: {line!r}"
                assert "\n" not in line
        for name in listed.functions if kind == "activations" else ():
            assert texts.function(kind, name)


def test_no_line_of_our_own_is_left_over():
    known = {
        key
        for kind, listed in load_catalogue().kinds.items()
        for entry in listed.entries.values()
        for argument in entry.arguments
        for key in (f"{entry.name}.{argument}", f"{kind}.{argument}", argument)
    }
    assert set(INSTEAD) | set(SILENT) <= known


@pytest.mark.parametrize(
    ("kind", "name", "argument", "line"),
    [
        ("layers", "Dense", "units", "Positive integer, dimensionality of the output space."),
        ("layers", "Dense", "use_bias", "Whether the layer uses a bias vector."),
        ("layers", "Dense", "trainable", "Whether training changes the weights."),
        ("layers", "Flatten", "activity_regularizer", "Regularizer applied to the output of the layer."),
        ("layers", "GRU", "unroll", "If `True`, the network will be unrolled, else a symbolic loop will be used."),
        ("optimizers", "Adam", "beta_1", "The exponential decay rate for the 1st moment estimates."),
        (
            "optimizers",
            "Muon",
            "clipvalue",
            "If set, the gradient of each weight is clipped to be no higher than this.",
        ),
        ("initializers", "RandomNormal", "stddev", "Standard deviation of the random values to generate."),
    ],
)
def test_the_line_is_the_docstrings_without_type_and_default_or_ours(kind, name, argument, line):
    assert load_texts().argument(kind, load_catalogue().kinds[kind].entries[name], argument) == line


def test_layers_are_grouped_by_what_they_are_for():
    texts, layers = load_texts(), load_catalogue().kinds["layers"].entries
    groups = {name: texts.group("layers", layers[name]) for name in ("Dense", "LSTM", "RandomFlip", "VGG16", "Dropout")}
    assert groups == {
        "Dense": "core",
        "LSTM": "recurrent",
        "RandomFlip": "image preprocessing",
        "VGG16": "networks of keras.applications",
        "Dropout": "dropout and noise",
    }


def test_the_shipped_catalogue_serves_its_own_keras(fresh, monkeypatch):
    shipped = SHIPPED.read_text(encoding="utf-8")
    install(monkeypatch, json.loads(shipped)["keras"])
    commands = describe_by(monkeypatch)
    assert describe_installed() == shipped
    assert commands == []


def test_another_keras_is_described_anew_once(fresh, monkeypatch):
    install(monkeypatch, "3.99.0")
    description = json.loads(SHIPPED.read_text(encoding="utf-8")) | {"keras": "3.99.0"}
    commands = describe_by(monkeypatch, json.dumps(description))
    assert load_catalogue().keras_version == "3.99.0"
    describe_installed.cache_clear()  # as a new process
    assert load_catalogue().keras_version == "3.99.0"
    assert commands == [[sys.executable, "-m", "kerasrun.model.describe_keras"]]
    assert [path.name for path in (fresh / "kerasrun").iterdir()] == [
        f"catalogue-{importlib.metadata.version('kerasrun')}-keras-3.99.0.json"
    ]
    install(monkeypatch, "4.0.0")
    describe_installed.cache_clear()
    load_catalogue()
    assert len(commands) == 2


def test_the_texts_of_another_keras_are_made_once_by_those_who_read_them(fresh, monkeypatch):
    install(monkeypatch, "3.99.0")
    commands = describe_by(monkeypatch, '{"keras": "3.99.0", "activations": {"new": {"doc": "A new one."}}}')
    assert load_texts().function("activations", "new") == "A new one."
    describe_installed.cache_clear()  # as a new process
    load_texts.cache_clear()
    assert load_texts().function("activations", "new") == "A new one."
    assert commands == [[sys.executable, "-m", "kerasrun.model.describe_texts"]]
    assert [path.name for path in (fresh / "kerasrun").iterdir()] == [
        f"catalogue_texts-{importlib.metadata.version('kerasrun')}-keras-3.99.0.json"
    ]


def test_a_cache_that_cannot_be_written_costs_time_alone(fresh, monkeypatch):
    (fresh / "kerasrun").write_text("a file where the folder would be")
    install(monkeypatch, "3.99.0")
    describe_by(monkeypatch, SHIPPED.read_text(encoding="utf-8"))
    assert load_catalogue().kinds["layers"].find("Dense")


def test_a_keras_that_cannot_be_described_is_told(fresh, monkeypatch):
    install(monkeypatch, "3.99.0")
    describe_by(monkeypatch, stderr="ModuleNotFoundError: No module named 'tensorflow'\n", returncode=1)
    with pytest.raises(InputError, match=r"Keras 3\.99\.0 could not be described:\nModuleNotFoundError"):
        load_catalogue()

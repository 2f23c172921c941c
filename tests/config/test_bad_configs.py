"""Hundreds of bad configs, each with the whole of what is told of it; none of them needs Keras."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kerasrun.config import load_config
from kerasrun.errors import ConfigError, InputError
from tests.config.bad_cases import read_cases

BAD = Path(__file__).with_name("bad")
CASES = read_cases(BAD)
FAULTS = [case for case in CASES if not case.title.startswith("warnings: ")]
WARNINGS = [case for case in CASES if case.title.startswith("warnings: ")]

SOUND = """\
data: {source: digits}
model: [Flatten, {Dense: {units: 10, activation: softmax}}]
training: {epochs: 1, loss: sparse_categorical_crossentropy}
"""


def titles(cases):
    return [case.title for case in cases]


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    """Configs are named as someone names them who stands in their folder."""
    monkeypatch.chdir(tmp_path)


def told_of(tmp_path, config="config.yaml", overrides=(), imports=()):
    """All that is told of a config."""
    with pytest.raises(InputError) as error:
        load_config(config, overrides, imports)
    return str(error.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize("case", FAULTS, ids=titles(FAULTS))
def test_faults(write, tmp_path, case):
    write(case.text)
    assert told_of(tmp_path) == case.message


@pytest.mark.parametrize("case", WARNINGS, ids=titles(WARNINGS))
def test_warnings(write, case):
    write(case.text)
    assert "\n".join(load_config("config.yaml").warnings) == case.message
    names = re.findall(r"  if it is meant so: silence: \[(.+)\]", case.message)
    write(case.text + f"silence: [{', '.join(names)}]\n")
    assert load_config("config.yaml").warnings == []


def test_there_are_many_and_no_two_alike():
    assert len(FAULTS) >= 200
    assert len({case.title for case in CASES}) == len({case.text for case in CASES}) == len(CASES)


def test_none_of_them_loads_keras():
    code = """
import os, sys, tempfile
from pathlib import Path
from kerasrun.config import load_config
from kerasrun.errors import InputError
from tests.config.bad_cases import read_cases
cases = read_cases(Path("tests/config/bad"))
os.chdir(tempfile.mkdtemp())
for case in cases:
    Path("config.yaml").write_text(case.text, encoding="utf-8")
    try:
        load_config("config.yaml")
    except InputError:
        pass
print(len(cases), sorted({"keras", "tensorflow", "numpy"} & set(sys.modules)))
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == f"{len(CASES)} []\n"


# Each as what is written, and what is told of it.
TEXTS = {
    "nothing at all": (
        "",
        "config.yaml: the config is empty; write the sections data, model and training",
    ),
    "a list": (
        "- data\n- model\n",
        "config.yaml: the config holds a list of 2 where a mapping is expected; "
        "write the sections data, model and training",
    ),
    "a word": (
        "digits\n",
        "config.yaml: the config holds 'digits' where a mapping is expected; "
        "write the sections data, model and training",
    ),
    "no sections": (
        "name: first\n",
        "config.yaml:1:1: the section 'data' is missing\n     1 | name: first\n       | ^\n"
        "config.yaml:1:1: the section 'model' is missing\n     1 | name: first\n       | ^\n"
        "config.yaml:1:1: the section 'training' is missing\n     1 | name: first\n       | ^",
    ),
    "a section that is missing because it is misspelt": (
        SOUND.replace("training", "trainig"),
        "config.yaml:3:1: unknown key 'trainig'\n"
        "     3 | trainig: {epochs: 1, loss: sparse_categorical_crossentropy}\n"
        "       | ^\n  did you mean 'training'?",
    ),
    "a brace that is not closed at the end": (
        "data: {source: digits\n",
        "config.yaml:1:7: not readable as YAML: the bracket that begins in line 1 is not closed\n"
        "     1 | data: {source: digits\n       |       ^\n  close it with '}'",
    ),
    "a quote that is not closed": (
        SOUND + "name: 'first\n",
        "config.yaml:4:7: not readable as YAML: the quote that begins in line 4 is not closed\n"
        "     4 | name: 'first\n       |       ^\n  close it on the same line",
    ),
    "a character of control": (
        "name: a\x07b\n",
        "config.yaml:1:8: the character U+0007 has no place in a text\n"
        "     1 | name: a\x07b\n       |        ^\n  remove it",
    ),
    "a number of many digits": (
        f"seed: {'9' * 301}\n" + SOUND,
        "config.yaml:1:7: a number of 301 digits\n"
        f"     1 | seed: {'9' * 93}…\n       |       ^\n  more than 300 are not read",
    ),
    "brackets by the thousand": (
        "model: " + "[" * 5000 + "]" * 5000 + "\n",
        "config.yaml: nested too deeply",
    ),
    "levels by the hundred": (
        "model: " + "[" * 120 + "]" * 120 + "\n",
        "config.yaml: more than 100 levels, one within the other",
    ),
    "aliases that multiply": (
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
            for before, name in zip("abcdef", "bcdefg", strict=True)
        ),
        "config.yaml: more than 1,000,000 values; an alias counts as what it repeats",
    ),
    "more text than anyone writes": (
        "#" * 10_000_001,
        "config.yaml: larger than 10,000,000 characters; put long lists of numbers into an .npz file",
    ),
}


@pytest.mark.parametrize("what", TEXTS)
def test_what_is_no_config(write, tmp_path, what):
    text, message = TEXTS[what]
    write(text)
    assert told_of(tmp_path) == message


def test_what_is_no_text(tmp_path):
    Path("picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n")
    message = "picture.yaml: not a text file in UTF-8 (byte 0); a config is YAML text"
    assert told_of(tmp_path, "picture.yaml") == message


def test_text_of_another_encoding(tmp_path):
    Path("config.yaml").write_bytes(SOUND.encode("utf-16"))
    assert told_of(tmp_path) == "config.yaml: not a text file in UTF-8 (byte 0); a config is YAML text"


def test_what_is_not_there(tmp_path):
    assert told_of(tmp_path, "config.yml") == "config.yml: no such file"
    assert told_of(tmp_path, ".") == ".: is a folder; name the YAML file in it"
    assert told_of(tmp_path, "@digit") == "no shipped config is called '@digit'; did you mean '@digits'?"


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            {
                "data": {"source": "digits"},
                "model": ["Flatten", {"Dens": 10}],
                "training": {"epochs": 1, "loss": "mse"},
            },
            "model[1].Dens: unknown layer 'Dens'\n  did you mean 'Dense'?",
        ),
        (
            {"data": {"source": "sine"}, "model": [{"Dense": 1}], "training": {"epochs": -1, "loss": "mse"}},
            "training.epochs: epochs must be at least 0, got -1",
        ),
    ],
)
def test_a_dict_from_python_has_paths_for_places(tree, message):
    with pytest.raises(ConfigError) as error:
        load_config(tree)
    assert str(error.value) == message


# Each as a flag `--set`, and what is told of the sound config with it.
FLAGS = {
    "no value": (
        "training.epochs",
        "--set training.epochs: write it as key=value, for example --set training.epochs=5",
    ),
    "no key": ("=5", "--set =5: write it as key=value, for example --set training.epochs=5"),
    "two dots": (
        "training..epochs=5",
        "--set training..epochs=5: 'training..epochs' names no setting; write it as section.key",
    ),
    "a misspelt section": (
        "trainng.epochs=5",
        "--set trainng.epochs=5: trainng: unknown key 'trainng'\n  did you mean 'training'?",
    ),
    "a misspelt key": (
        "training.epoch=5",
        "--set training.epoch=5: training.epoch: unknown key 'epoch' in training\n  did you mean 'epochs'?",
    ),
    "a key without its section": (
        "epochs=5",
        "--set epochs=5: epochs: unknown key 'epochs'\n  it belongs under training",
    ),
    "a value out of range": (
        "training.batch_size=0",
        "--set training.batch_size=0: training.batch_size: batch_size must be at least 1, got 0",
    ),
    "a value of the wrong kind": (
        "training.epochs=many",
        "--set training.epochs=many: training.epochs: epochs must be a whole number, got 'many'",
    ),
    "a value that is no YAML": ("model=[Flatten", "--set model=[Flatten: '[Flatten' is not a YAML value"),
    "no such layer by number": (
        "model.5.Dense=3",
        "--set model.5.Dense=3: model has no item 5; it holds 2, counted from 0",
    ),
    "no such layer by class": (
        "model.Dens.units=3",
        "--set model.Dens.units=3: 'Dens' is no index and no name in model; did you mean 'Dense'?",
    ),
    "a misspelt argument of a layer": (
        "model.1.Dense.unit=3",
        "--set model.1.Dense.unit=3: model[1].Dense.unit: Dense has no argument 'unit'\n  did you mean 'units'?",
    ),
    "keys within a number": (
        "training.epochs.x=3",
        "--set training.epochs.x=3: 'training.epochs' holds 1, which has no keys; set training.epochs itself",
    ),
    "an item of what is not there": (
        "callbacks.0.EarlyStopping.patience=3",
        "--set callbacks.0.EarlyStopping.patience=3: there is no list 'callbacks'; set callbacks=[…] as a whole",
    ),
    "an optimizer that there is not": (
        "training.optimizer=Adm",
        "--set training.optimizer=Adm: training.optimizer: unknown optimizer 'Adm'\n  did you mean 'Adam'?",
    ),
    "a learning rate of nothing": (
        "training.optimizer.Adam.learning_rate=0",
        "--set training.optimizer.Adam.learning_rate=0: training.optimizer.Adam.learning_rate: "
        "learning_rate must be greater than 0, got 0",
    ),
    "a loss that no longer goes with the labels": (
        "data.one_hot=true",
        "config.yaml:3:29: sparse_categorical_crossentropy wants a class number a row, and data.one_hot makes "
        "one-hot labels\n     3 | training: {epochs: 1, loss: sparse_categorical_crossentropy}\n"
        "       |                             ^\n  leave out data.one_hot, or write categorical_crossentropy",
    ),
    "a reference to nothing": (
        "seed=${data.sed}",
        "--set seed=${data.sed}: seed: '${data.sed}': there is no 'sed' in data\n"
        "  write ${section.key}, or ${env:NAME} for an environment variable",
    ),
}


@pytest.mark.parametrize("what", FLAGS)
def test_flags(write, tmp_path, what):
    flag, message = FLAGS[what]
    write(SOUND)
    assert told_of(tmp_path, overrides=(flag,)) == message


def test_faults_of_flags_stand_with_those_of_the_file(write, tmp_path):
    write(SOUND.replace("epochs: 1", "epochs: x"))
    assert told_of(tmp_path, overrides=("seed=-1",)) == (
        "--set seed=-1: seed: seed must be at least 0, got -1\n"
        "config.yaml:3:20: epochs must be a whole number, got 'x'\n"
        "     3 | training: {epochs: x, loss: sparse_categorical_crossentropy}\n"
        "       |                    ^"
    )


# Each as the files beside the config, what the config says, and what is told of it.
EXTENDED = {
    "a base with a fault": (
        {"base.yaml": SOUND.replace("Dense", "Dens")},
        "extends: base.yaml\n",
        "base.yaml:2:19: unknown layer 'Dens'\n"
        "     2 | model: [Flatten, {Dens: {units: 10, activation: softmax}}]\n"
        "       |                   ^\n  did you mean 'Dense'?",
    ),
    "a base that is no YAML": (
        {"base.yaml": "data: [\n"},
        "extends: base.yaml\n",
        "base.yaml:1:7: not readable as YAML: the text ends within brackets\n"
        "     1 | data: [\n       |       ^\n  close them",
    ),
    "a base that is a list": (
        {"base.yaml": "- data\n"},
        "extends: base.yaml\n" + SOUND,
        "config.yaml:1:10: 'base.yaml' holds a list of 1 where a mapping is expected\n"
        "     1 | extends: base.yaml\n       |          ^",
    ),
    "a base that is empty": (
        {"base.yaml": ""},
        "extends: base.yaml\n" + SOUND,
        "config.yaml:1:10: 'base.yaml' holds nothing where a mapping is expected\n"
        "     1 | extends: base.yaml\n       |          ^",
    ),
    "a config that extends itself": (
        {},
        "extends: config.yaml\n" + SOUND,
        "config.yaml:1:10: 'config.yaml' extends itself, by way of this file\n"
        "     1 | extends: config.yaml\n       |          ^\n  a base knows nothing of what extends it",
    ),
    "two configs that extend one another": (
        {"other.yaml": "extends: config.yaml\n"},
        "extends: other.yaml\n" + SOUND,
        "other.yaml:1:10: 'config.yaml' extends itself, by way of this file\n"
        "     1 | extends: config.yaml\n       |          ^\n  a base knows nothing of what extends it",
    ),
    "a second base that is not there": (
        {"base.yaml": SOUND},
        "extends: [base.yaml, more.yaml]\n",
        "config.yaml:1:22: the config that this one extends cannot be read: more.yaml: no such file\n"
        "     1 | extends: [base.yaml, more.yaml]\n       |                      ^",
    ),
    "a base that is a folder": (
        {},
        "extends: bases\n" + SOUND,
        "config.yaml:1:10: the config that this one extends cannot be read: "
        "bases: is a folder; name the YAML file in it\n"
        "     1 | extends: bases\n       |          ^",
    ),
    "a fault in the base, and one in the config": (
        {"base.yaml": SOUND.replace("epochs: 1", "epochs: -1")},
        "extends: base.yaml\nseed: x\n",
        "base.yaml:3:20: epochs must be at least 0, got -1\n"
        "     3 | training: {epochs: -1, loss: sparse_categorical_crossentropy}\n       |                    ^\n"
        "config.yaml:2:7: seed must be a whole number, got 'x'\n     2 | seed: x\n       |       ^",
    ),
    "a config that does not go with its base": (
        {"base.yaml": SOUND},
        "extends: base.yaml\ntraining: {loss: categorical_crossentropy}\n",
        "config.yaml:2:18: categorical_crossentropy wants one-hot labels, and the labels are class numbers\n"
        "     2 | training: {loss: categorical_crossentropy}\n       |                  ^\n"
        "  write sparse_categorical_crossentropy, or set data.one_hot: true",
    ),
    "a base in another folder, whose own base is not there": (
        {"bases/base.yaml": "extends: deeper.yaml\n" + SOUND},
        "extends: bases/base.yaml\n",
        "bases/base.yaml:1:10: the config that this one extends cannot be read: bases/deeper.yaml: no such file\n"
        "     1 | extends: deeper.yaml\n       |          ^",
    ),
}


@pytest.mark.parametrize("what", EXTENDED)
def test_extended(write, tmp_path, what):
    files, text, message = EXTENDED[what]
    Path("bases").mkdir()
    for name, content in files.items():
        write(content, name)
    write(text)
    assert told_of(tmp_path) == message


def test_a_variable_of_the_environment_that_holds_nonsense(write, tmp_path, monkeypatch):
    monkeypatch.setenv("MY_SEED", "first")
    write("seed: ${env:MY_SEED}\n" + SOUND)
    assert told_of(tmp_path) == (
        "config.yaml:1:7: seed must be a whole number, got 'first'\n     1 | seed: ${env:MY_SEED}\n       |       ^"
    )


def test_own_code_that_is_not_there_or_no_python(write, tmp_path):
    write(SOUND)
    assert told_of(tmp_path, imports=(Path("layers.py"),)) == "--import layers.py: no such file"
    write("def:", "layers.py")
    assert told_of(tmp_path, imports=(Path("layers.py"),)) == (
        "--import layers.py: not readable as Python: invalid syntax (layers.py, line 1)"
    )

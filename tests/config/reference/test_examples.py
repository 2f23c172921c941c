"""Every example that `kerasrun show` prints is a config that loads, and that the schema passes."""

import numpy as np
import pytest
from jsonschema import Draft7Validator

from kerasrun.config import load_config
from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.descriptions import SECTIONS
from kerasrun.config.reference import Reference, tell
from kerasrun.config.reference.yaml_lines import inline, write_lines
from kerasrun.config.schema import make_schema
from kerasrun.config.texts import load_texts
from kerasrun.config.yaml_text import read_value, read_yaml

CATALOGUE = load_catalogue()
REFERENCE = Reference(CATALOGUE, load_texts())
VALIDATOR = Draft7Validator(make_schema(CATALOGUE, load_texts()))
NAMES = [f"{kind}.{name}" for kind, listed in CATALOGUE.kinds.items() for name in (*listed.entries, *listed.functions)]
TOPICS = [*NAMES, *CATALOGUE.kinds, "sources", "warnings", *filter(None, SECTIONS)]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """An .npz file with a training and a test set."""
    path = tmp_path_factory.mktemp("rows") / "rows.npz"
    x, y = np.zeros((4, 4), "float32"), np.zeros((4, 1), "float32")
    np.savez(path, x_train=x, y_train=y, x_test=x, y_test=y)
    return str(path)


def completed(example, rows):
    """The example as YAML, with what a whole config needs beside it."""
    tree = read_yaml("\n".join(example), "example")[0]
    if tree.get("data", {}).get("source") == "npz":
        tree["data"]["path"] = rows
    base: dict = {"data": {"source": "npz", "path": rows, "validation": "test"}}
    base["model"] = [{"Dense": 1}, {"Rescaling": 1.0}]
    whole = base | tree
    return whole | {"training": {"epochs": 1, "loss": "mse"} | whole.get("training", {})}


@pytest.mark.parametrize("name", TOPICS)
def test_it_loads_and_its_complete_form_too_and_the_schema_passes_both(name, rows):
    (topic,) = REFERENCE.find(name)
    tree = completed(topic["example"], rows)
    config = load_config(tree)
    assert load_config(config.to_dict()).to_dict() == config.to_dict()
    assert [error.message for error in VALIDATOR.iter_errors(tree)] == []
    assert [error.message for error in VALIDATOR.iter_errors(config.to_dict())] == []


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_the_class_that_it_is_an_example_of(name):
    (topic,) = REFERENCE.find(name)
    assert name.partition(".")[2] in "\n".join(topic["example"])


@pytest.mark.parametrize("name", TOPICS)
def test_it_is_readable_at_80_columns(name):
    (topic,) = REFERENCE.find(name)
    for line in tell(topic):
        assert len(line) <= 80, line
        assert line == line.rstrip()


def test_the_overview_has_a_whole_config(write):
    assert load_config(write("\n".join(REFERENCE.overview()["example"]))).training.epochs == 30


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 0, -3, 0.1, 1e-7, 1e20, "relu", "a/b.keras", "val_loss", "", "true", "NULL", "1e-3"),
        *(
            "a b",
            "a: b",
            "x,y",
            "it's",
            '"',
            "weights/{epoch:02d}.keras",
            "ab,bc->ac",
            "…",
            [1, [2, 3]],
            {"a": {"b": None}},
            [],
        ),
    ],
)
def test_a_value_on_a_line_reads_back_the_same(value):
    assert read_value(inline(value)) == value


def test_lines_go_down_where_objects_are_and_where_a_line_is_full():
    tree = {
        "model": [{"Dense": 1, "name": "a"}, "Flatten", {"Add": None, "from": ["a", "b"]}],
        "training": {"optimizer": {"SGD": {"momentum": 0.9}}, "long": {"a" * 40: 1, "b" * 40: 2}},
        "seed": 3,
    }
    lines = write_lines(tree)
    assert lines == [
        "model:",
        "  - Dense: 1",
        "    name: a",
        "  - Flatten",
        "  - Add:",
        "    from: [a, b]",
        "training:",
        "  optimizer: {SGD: {momentum: 0.9}}",
        "  long:",
        f"    {'a' * 40}: 1",
        f"    {'b' * 40}: 2",
        "seed: 3",
    ]
    assert read_yaml("\n".join(lines), "x")[0] == tree

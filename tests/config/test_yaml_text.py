"""YAML is read as people mean it: the core schema of YAML 1.2, every key once, no tags."""

import pytest

from kerasrun.config.yaml_text import read_value, read_yaml, write_yaml
from kerasrun.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E5", 100000.0),
        (".5", 0.5),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("-3", -3),
        ("1:30", "1:30"),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        (".inf", float("inf")),
        ("2020-01-01", "2020-01-01"),
        ("1_000", "1_000"),
        ("=", "="),
        ("'1e-3'", "1e-3"),
        ("[1, a, {b: 2}]", [1, "a", {"b": 2}]),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text, value):
    read = read_value(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("value", ["no", "1e-3", "010", "1:30", "", "null", "true", ".inf", "a: b", "- x", "é", "日本"])
def test_what_is_written_reads_back_the_same(value):
    assert read_yaml(write_yaml({"key": [value]}), "x")[0] == {"key": [value]}


@pytest.mark.parametrize("value", [1e-7, 0.1, 1e22, 5, -3, True, None, 1e-3, float("inf")])
def test_numbers_read_back_the_same(value):
    read = read_yaml(write_yaml({"key": value}), "x")[0]["key"]
    assert read == value
    assert type(read) is type(value)


def test_a_key_given_twice_is_refused_at_its_second_place():
    with pytest.raises(ConfigError) as error:
        read_yaml("a: 1\nb: 2\na: 3\n", "x.yaml")
    assert str(error.value) == "x.yaml:3:1: the key 'a' is given twice\n     3 | a: 3\n       | ^\n  keep one of them"


def test_a_tab_is_explained():
    with pytest.raises(ConfigError) as error:
        read_yaml("a:\n\tb: 1\n", "x.yaml")
    assert str(error.value) == (
        "x.yaml:2:1: not readable as YAML: a tab stands where YAML wants spaces\n"
        "     2 | →b: 1\n       | ^\n  indent with spaces only"
    )


def test_wrong_indentation_is_explained():
    with pytest.raises(
        ConfigError, match=r"x.yaml:3:1: not readable as YAML: this line's indentation fits nothing above"
    ):
        read_yaml("- a\n- b\nc: 1\n", "x.yaml")


@pytest.mark.parametrize("text", ["!!python/object/apply:os.system ['true']", "a: !mine 3", "!!binary aGk="])
def test_no_tag_does_anything(text):
    with pytest.raises(ConfigError, match="is not allowed here"):
        read_yaml(text, "x.yaml")


@pytest.mark.slow  # the fast test of `test_bad_configs.py` reads a million values too
def test_aliases_have_a_budget():
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        text += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    with pytest.raises(ConfigError, match="more than 1,000,000 values"):
        read_yaml(text, "x.yaml")


def test_deep_nesting_is_refused_without_a_crash():
    with pytest.raises(ConfigError, match=r"nested too deeply|100 levels"):
        read_yaml("[" * 5000 + "]" * 5000, "x.yaml")


def test_places_of_keys_and_values_are_known():
    _, source = read_yaml("a: 1\nb:\n  - c: 2\n", "x.yaml")
    assert (source.keys[("b", 0, "c")].line, source.keys[("b", 0, "c")].column) == (3, 5)
    assert (source.values[("b", 0, "c")].line, source.values[("b", 0, "c")].column) == (3, 8)

"""Every setting has a line, and no line is left over."""

from typing import get_args

from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.config import TOP_KEYS
from kerasrun.config.descriptions import NAMES, SECTIONS, SETTINGS, describe_setting
from kerasrun.config.kinds import KIND_NAMES
from kerasrun.config.sections import OutputSection, TrainingSection
from kerasrun.config.sources import SOURCES, AnyData
from kerasrun.config.specs import MODEL_KEYS, WIRING_KEYS
from kerasrun.config.training_objects import TRAINING_OBJECTS

# Keys that stand beside the sections, and are read before them.
BEFORE = {"extends", "silence"}


def known_settings():
    """Every key of every section, from what checks them."""
    known = {
        "": {*TOP_KEYS, *BEFORE},
        "model": set(MODEL_KEYS),
        "model.inputs": {"shape", "dtype"},
        "model.layers": set(WIRING_KEYS),
        "training": {*TrainingSection.model_fields, *TRAINING_OBJECTS},
        "output": set(OutputSection.model_fields),
    }
    return known | {f"data.{name}": set(model.model_fields) for name, model in SOURCES.items()}


def test_the_sources_are_those_that_a_config_may_name():
    models = get_args(get_args(AnyData)[0])
    assert {get_args(model.model_fields["source"].annotation)[0]: model for model in models} == SOURCES


def test_every_setting_has_a_line():
    for section, keys in known_settings().items():
        for key in keys:
            line = describe_setting(section, key)
            assert line.endswith((".", ".}", "}.")), f"{section}.{key}: {line!r}"
            assert len(line) <= 110
    assert {"", "callbacks", "data", *known_settings()} == set(SECTIONS)


def test_no_line_is_left_over():
    known = known_settings()
    shared = set.union(*(known[section] for section in known if section.startswith("data.")))
    for section, lines in SETTINGS.items():
        assert set(lines) <= (shared if section == "data" else known[section]), section


def test_names_that_are_no_classes_have_a_line():
    for kind in KIND_NAMES:
        if kind != "activations":
            assert set(NAMES.get(kind, {})) == set(load_catalogue().kinds[kind].functions)

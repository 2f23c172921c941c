"""The schema of a whole config."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.checks.pairs import WARNINGS
from kerasrun.config.descriptions import SECTIONS, SETTINGS
from kerasrun.config.schema.fragments import (
    NULL,
    REFERENCE,
    TEXT,
    Fragment,
    choice,
    forbid,
    list_of,
    mapping,
    one_of,
    refer,
)
from kerasrun.config.schema.model import define_model
from kerasrun.config.schema.objects import bare_names, class_keys, define_objects
from kerasrun.config.schema.sections import define_data, settings_of
from kerasrun.config.sections import OutputSection, TopSection, TrainingSection
from kerasrun.config.texts import Texts

# Draft 7 is the newest that editors know well.
DRAFT = "http://json-schema.org/draft-07/schema#"

# The name of an experiment is a folder's.
FOLDER: Fragment = {
    "type": "string",
    "minLength": 1,
    "pattern": r"^(?!@)(?!(\.|\.\.|latest)$)[^/\\]*$|\$\{",
    "patternErrorMessage": "this cannot name a folder; use letters, digits, '-' and '_'",
}


def make_schema(catalogue: Catalogue, texts: Texts) -> dict[str, Any]:
    """The JSON Schema of the config language, with every class of the catalogue."""
    definitions = {
        "reference": REFERENCE,
        **define_objects(catalogue, texts),
        **define_model(catalogue),
        **define_data(),
        "training": define_training(catalogue),
        "output": {"description": SECTIONS["output"], **mapping(settings_of("output", OutputSection))},
    }
    lines = SETTINGS[""]
    sections = {
        "extends": {"description": lines["extends"], "anyOf": [TEXT, list_of(TEXT, minItems=1)]},
        **settings_of("", TopSection),
        "name": {"description": lines["name"], **FOLDER},
        "data": refer("data"),
        "model": refer("model"),
        "training": refer("training"),
        "callbacks": {"description": lines["callbacks"], "anyOf": [list_of(refer("callbacks")), NULL]},
        "output": {"description": lines["output"], "anyOf": [refer("output"), NULL]},
        "silence": {"description": lines["silence"], "anyOf": [NAMED, list_of(NAMED)]},
    }
    return {
        "$schema": DRAFT,
        "title": "kerasrun config",
        "description": f"{SECTIONS['']} Made for Keras {catalogue.keras_version}.",
        **mapping(sections),
        **NEEDED,
        "definitions": definitions,
    }


NAMED = choice(*WARNINGS)

# What a config needs, unless it starts from another one that has it.
NEEDED: Fragment = {
    "if": {"required": ["extends"]},
    "else": {
        "required": ["data", "model", "training"],
        "properties": {
            "data": {"required": ["source"]},
            "model": {"if": {"type": "object"}, "then": {"anyOf": [{"required": ["layers"]}, {"required": ["load"]}]}},
            "training": {"required": ["loss"], "anyOf": [{"required": ["epochs"]}, {"required": ["steps"]}]},
        },
    },
}


def define_training(catalogue: Catalogue) -> Fragment:
    """The section: its plain settings, and the objects beside them."""
    lines = SETTINGS["training"]
    settings = settings_of("training", TrainingSection)
    objects = {
        "optimizer": {"description": lines["optimizer"], **refer("optimizers")},
        "loss": {"description": lines["loss"], **_per_output("losses", catalogue)},
        "metrics": {"description": lines["metrics"], **_metrics(catalogue)},
        "weighted_metrics": {"description": lines["weighted_metrics"], **_metrics(catalogue)},
    }
    return {
        "description": SECTIONS["training"],
        **mapping(settings | objects),
        "if": {"required": ["steps"]},
        "then": forbid("epochs", because="epochs and steps are both given; keep one of them"),
        "else": forbid("evaluate_every", because="evaluate_every counts steps, and this training is counted in epochs"),
    }


def _per_output(kind: str, catalogue: Catalogue) -> Fragment:
    """One object, or a mapping from outputs' names to objects."""
    listed = catalogue.kinds[kind]
    return {
        "type": ["object", "string"],
        "minProperties": 1,
        **class_keys(kind, listed),
        "additionalProperties": refer(kind),
        **one_of(*bare_names(kind, listed), {"type": "object"}),
    }


def _metrics(catalogue: Catalogue) -> Fragment:
    """A list, a lone name, or a mapping from outputs' names to either."""
    several = list_of(refer("metrics"))
    return {
        "type": ["array", "object", "string", "null"],
        "items": refer("metrics"),
        "additionalProperties": {"anyOf": [several, refer("metrics")]},
        **one_of(*bare_names("metrics", catalogue.kinds["metrics"]), {"type": ["array", "object", "null"]}),
    }

"""The `model` section: a list of layers, a graph, or a saved model."""

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.descriptions import SECTIONS, SETTINGS, describe_setting
from kerasrun.config.schema.fragments import (
    NULL,
    TEXT,
    Fragment,
    choice,
    forbid,
    list_of,
    mapping,
    one_of,
    refer,
    whole,
)
from kerasrun.config.schema.objects import define_kind
from kerasrun.config.specs import DTYPES, NAME

LAYER_NAME: Fragment = {
    "type": "string",
    "pattern": rf"^{NAME.pattern}$|\$\{{",
    "patternErrorMessage": "a name is made of letters a to z, digits, '_' and '-'",
}
NAMES = list_of(TEXT, minItems=1)

# A saved model has these of its own.
SAVED_HAS = ("inputs", "layers", "outputs")

# One key more than there are of `name` and `from`: the class, or `reuse`.
ONE, TWO, THREE = ({"minProperties": n, "maxProperties": n} for n in (1, 2, 3))
EITHER = {"anyOf": [{"required": ["name"]}, {"required": ["from"]}]}
ONE_CLASS: Fragment = {
    "if": {"required": ["name", "from"]},
    "then": THREE,
    "else": {"if": EITHER, "then": TWO, "else": ONE},
}


def define_model(catalogue: Catalogue) -> dict[str, Fragment]:
    """Definitions of the section and of a layer in it."""
    shape = list_of({"anyOf": [whole(minimum=1), NULL]})
    parts = {
        "inputs": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{NAME.pattern}$"},
            "additionalProperties": one_of(shape, _mapping("model.inputs", {"shape": shape, "dtype": choice(*DTYPES)})),
        },
        "layers": list_of(refer("layer"), minItems=1),
        "outputs": {"anyOf": [TEXT, list_of(TEXT)]},
        "load": {"type": ["string", "null"]},
        "weights": {
            "type": ["string", "object", "null"],
            "minProperties": 1,
            "additionalProperties": {"type": ["string", "array"]},
        },
        "freeze": {"anyOf": [TEXT, list_of(TEXT)]},
    }
    whole_model = _mapping("model", parts) | {
        "type": ["array", "object"],
        "items": refer("layer"),
        "minItems": 1,
        "allOf": [{"if": {"required": ["load"]}, "then": forbid(*SAVED_HAS, because="the saved model has its own")}],
    }
    return {"layer": define_layer(catalogue), "model": {"description": SECTIONS["model"], **whole_model}}


def define_layer(catalogue: Catalogue) -> Fragment:
    """A layer in a list: one class or `reuse`, and beside it its wiring."""
    reads = {
        "anyOf": [TEXT, NAMES, {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [TEXT, NAMES]}}]
    }
    wiring = {"name": LAYER_NAME, "from": reads, "reuse": TEXT}
    described = {key: {"description": SETTINGS["model.layers"][key], **value} for key, value in wiring.items()}
    return define_kind("layers", catalogue.kinds["layers"], described) | {"title": "layer", "allOf": [ONE_CLASS]}


def _mapping(section: str, parts: dict[str, Fragment]) -> Fragment:
    return mapping({key: {"description": describe_setting(section, key), **value} for key, value in parts.items()})

"""Small pieces that the parts of the schema are made of."""

from typing import Any

Fragment = dict[str, Any]

# `${…}` stands for a value from elsewhere, and may stand wherever a scalar does.
REFERENCE: Fragment = {"type": "string", "pattern": r"\$\{"}
NULL: Fragment = {"type": "null"}
TEXT: Fragment = {"type": "string"}


def refer(name: str) -> Fragment:
    """A reference to a definition."""
    return {"$ref": f"#/definitions/{name}"}


def one_of(*alternatives: Fragment, **about: Any) -> Fragment:
    """Any of the alternatives, or a `${…}`.

    The type is left to the alternatives: the language server writes out every property that has a type and a
    default beside each other when the object around it is completed.
    """
    return {**about, "anyOf": [*alternatives, refer("reference")]}


def whole(**limits: Any) -> Fragment:
    """A whole number."""
    return {"type": "integer", **limits}


def number(**limits: Any) -> Fragment:
    """A number."""
    return {"type": "number", **limits}


def choice(*values: Any) -> Fragment:
    """One of these values."""
    return {"enum": list(values)}


def list_of(items: Fragment, **limits: Any) -> Fragment:
    """A list."""
    return {"type": "array", "items": items, **limits}


def mapping(properties: dict[str, Fragment], required: list[str] | None = None) -> Fragment:
    """A mapping with these keys and no others."""
    needed = {"required": required} if required else {}
    return {"type": "object", "properties": properties, **needed, "additionalProperties": False}


def forbid(*keys: str, because: str) -> Fragment:
    """None of these keys may stand here; editors underline the key and say why."""
    return {"properties": dict.fromkeys(keys, False), "errorMessage": because}


def either(*alternatives: Fragment, **about: Any) -> Fragment:
    """As `one_of`, but in one flat schema where the types part the alternatives, so that faults are told plainly."""
    types = [alternative.get("type") for alternative in alternatives]
    if not all(isinstance(kind, str) and kind != "string" for kind in types) or len(set(types)) < len(types):
        return one_of(*alternatives, **about)
    merged = {key: value for alternative in alternatives for key, value in alternative.items()}
    return {**about, **merged, **REFERENCE, "type": [*types, "string"]}

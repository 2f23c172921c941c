"""The sections with plain values, from the pydantic models that check them."""

import json
from typing import Any

from kerasrun.config.descriptions import SECTIONS, describe_setting
from kerasrun.config.schema.fragments import Fragment, choice, list_of, mapping, one_of, refer
from kerasrun.config.sections import Section
from kerasrun.config.sources import SOURCES

# Pydantic leaves these words as they are where a check of our own stands before them.
LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}


def settings_of(section: str, model: type[Section]) -> dict[str, Fragment]:
    """Every setting of a section, with its line and default."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    return {key: _setting(section, key, _inline(value, definitions)) for key, value in schema["properties"].items()}


def _inline(described: Any, definitions: dict[str, Any]) -> Any:
    """With what pydantic defines elsewhere in its place."""
    if isinstance(described, list):
        return [_inline(item, definitions) for item in described]
    if not isinstance(described, dict):
        return described
    if "$ref" in described:
        return _inline(definitions[described["$ref"].rpartition("/")[2]], definitions)
    return {key: _inline(value, definitions) for key, value in described.items()}


def _setting(section: str, key: str, described: Fragment) -> Fragment:
    plain = _plain(described)
    default = plain.pop("default", None)
    about: Fragment = {"description": describe_setting(section, key)}
    if "default" in described:
        about["default"] = default
        if default is not None:
            about["description"] += f" Default: {json.dumps(default, ensure_ascii=False)}"
    alternatives = plain.get("anyOf", [plain])
    if key == "augment":
        alternatives = [list_of(refer("layers"))]
    if key == "validation":
        alternatives = [choice("none") if item == {"type": "null"} else item for item in alternatives] + [
            {"type": "null"}
        ]
    return one_of(*alternatives, **about)


def _plain(described: Any) -> Any:
    """The words of JSON Schema alone, without titles."""
    if isinstance(described, list):
        return [_plain(item) for item in described]
    if not isinstance(described, dict):
        return described
    if "const" in described:
        return {"enum": [described["const"]]}
    return {LIMITS.get(key, key): _plain(value) for key, value in described.items() if key != "title"}


def define_data() -> dict[str, Fragment]:
    """Definitions of each source, and of the section, which is one of them by its `source`."""
    definitions, conditions = {}, []
    for source, model in SOURCES.items():
        settings = settings_of(f"data.{source}", model)
        required = [name for name in model.model_json_schema()["required"] if name != "source"]
        settings["source"] = _source()
        definitions[f"data.{source}"] = {"title": source, **mapping(settings, required)}
        chosen = {"properties": {"source": choice(source)}, "required": ["source"]}
        conditions.append({"if": chosen, "then": {"$ref": f"#/definitions/data.{source}"}})
    whole = {"type": "object", "properties": {"source": _source()}, "allOf": conditions}
    return definitions | {"data": {"description": SECTIONS["data"], **whole}}


def _source() -> Fragment:
    return one_of(choice(*SOURCES), description=describe_setting("data", "source"))

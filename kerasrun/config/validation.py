"""Validate a section with pydantic, and tell its errors in kerasrun's words."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from kerasrun.config.faults import Faults, Path, dotted
from kerasrun.config.known_keys import hint_for_key, keys_of
from kerasrun.config.wording import mend, show

EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "a word",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "finite_number": "a finite number",
}
RANGES = {
    "greater_than": ("greater than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}

# Kinds of errors of our own inside a section, which say all that there is to say.
OWN = ("mode", "words")


def validate_section(adapter: TypeAdapter[Any], tree: dict[str, Any], path: Path, faults: Faults) -> Any:
    """The section as its pydantic model, or None with its faults noted."""
    try:
        return adapter.validate_python(tree)
    except ValidationError as error:
        for place, errors in _by_place(error, tree).items():
            _note(errors, tree, path, place, faults)
        return None


def _by_place(error: ValidationError, tree: dict[str, Any]) -> dict[Path, list[Any]]:
    """Pydantic's errors by the place in the written tree (its own locations also name branches of unions)."""
    grouped: dict[Path, list[Any]] = {}
    for item in error.errors():
        place: Path = ()
        value: Any = tree
        for part in _location(item, tree):
            if isinstance(value, dict) and (part in value or (item["type"] == "missing" and part == item["loc"][-1])):
                value = value.get(part)
                place = (*place, part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
                place = (*place, part)
        grouped.setdefault(place, []).append(item)
    # A mapping with a fault inside is no fault itself, though it is none of the words that may stand in its place.
    inside = {place[:length] for place in grouped for length in range(1, len(place))}
    return {place: errors for place, errors in grouped.items() if place not in inside}


def _location(item: Any, tree: dict[str, Any]) -> Any:
    """Where pydantic found an error, without the source that it puts before the keys of the data."""
    is_named = item["loc"][:1] == (tree.get("source"),)
    return item["loc"][1:] if is_named else item["loc"]


def _note(errors: list[Any], tree: Any, path: Path, place: Path, faults: Faults) -> None:
    first, key = errors[0], place[-1] if place else ""
    where = dotted(path) or "the config"
    if first["type"] == "extra_forbidden":
        inside = dotted((*path, *place[:-1])) or where
        hint = hint_for_key(str(key), keys_of(inside, tree.get("source") if inside == where else None))
        faults.add((*path, *place), f"unknown key '{key}' in {inside}", hint, at_key=True)
    elif first["type"] == "missing":
        faults.add(path, f"{where} needs '{key}'", at_key=True)
    elif not place or first["type"] in OWN:
        faults.add((*path, *place), first["msg"], at_key=True)
    else:
        expected = " or ".join(dict.fromkeys(filter(None, map(_expectation, errors)))) or first["msg"]
        value = first["input"]
        is_none = (*path, *place) == ("data", "validation") and value in (0, False)
        hint = "leave it out to train on all rows" if is_none else mend(value, expected)
        faults.add((*path, *place), f"{_label(place)} must be {expected}, got {show(value)}", hint)


def _label(place: Path) -> str:
    return dotted(tuple(part for part in place))


def _expectation(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in EXPECTED:
        return EXPECTED[kind]
    if kind in RANGES:
        words, bound = RANGES[kind]
        return f"{words} {context[bound]}"
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "").lower()
    if kind == "none_required":
        return "none"
    if kind in ("too_short", "string_too_short"):
        return "not empty"
    if kind == "number":
        return "a number"
    return ""


def word(written: Any, path: Path, faults: Faults) -> str | None:
    if written is not None and not isinstance(written, str):
        faults.add(path, f"expected a word, got {show(written)}")
        return None
    return written


def words(written: Any, path: Path, faults: Faults) -> list[str]:
    if written is None:
        return []
    if isinstance(written, str):
        return [written]
    if isinstance(written, list) and all(isinstance(item, str) for item in written):
        return list(written)
    faults.add(path, f"expected a list of names, got {show(written)}")
    return []

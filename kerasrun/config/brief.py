"""Objects as a person would write them: without the arguments that have their defaults."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.compare import same
from kerasrun.config.kinds import kind_of_argument
from kerasrun.config.places import class_of
from kerasrun.config.specs import WIRING_KEYS, ObjectSpec
from kerasrun.config.written_form import write_object


def brief(value: Any, kind: str, catalogue: Catalogue) -> Any:
    """An object, or a list of them, without the arguments that have their defaults."""
    if isinstance(value, list):
        return [brief(item, kind, catalogue) for item in value]
    name = class_of(value)
    entry = catalogue.kinds[kind].find(name) if kind in catalogue.kinds else None
    if entry is None or not isinstance(value, dict) or not isinstance(value[name], dict):
        return value
    whole = write_object(ObjectSpec(kind, entry.name, entry.name), catalogue)
    defaults = whole[entry.name] if isinstance(whole, dict) else {}
    given = {
        key: brief(argument, kind_of_argument(kind, key) or "", catalogue)
        for key, argument in value[name].items()
        if key not in defaults or not same(argument, defaults[key])
    }
    if list(given) == [entry.first_argument] and not isinstance(given[entry.first_argument], dict):
        given = given[entry.first_argument]
    wiring = {key: item for key, item in value.items() if key in WIRING_KEYS}
    is_bare = given == {}
    return name if is_bare and not wiring else {name: None if is_bare else given} | wiring

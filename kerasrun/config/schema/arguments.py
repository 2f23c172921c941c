"""One argument of a class: what may be written for it, by its name, its default and what is known of it."""

import json
from typing import Any

from kerasrun.config.callbacks import OWN_FILES, PATH_ARGUMENTS
from kerasrun.config.catalogue import Entry
from kerasrun.config.kinds import kind_of_argument
from kerasrun.config.schema.fragments import NULL, TEXT, Fragment, list_of, number, one_of, refer
from kerasrun.config.schema.ranges import known_values
from kerasrun.config.texts import Texts

# A path inside the run's folder, and none of the run's own files.
RUN_PATH: Fragment = {
    "type": "string",
    "pattern": rf"^(?!/)(?!(.*/)?\.\.(/|$))(?!({'|'.join(OWN_FILES).replace('.', chr(92) + '.')})(/|$)).",
    "patternErrorMessage": "write a path inside the run's folder, such as weights/best.keras",
}


def describe_argument(kind: str, entry: Entry, name: str, texts: Texts) -> Fragment:
    """The schema of an argument, with its line and its default."""
    about = entry.arguments[name]
    description, default = texts.argument(kind, entry, name), about.get("default")
    if default is not None:
        description = f"{description} Default: {json.dumps(default, ensure_ascii=False)}".strip()
    found: Fragment = {"description": description} if description else {}
    if "default" in about:
        found["default"] = default
    alternatives = allowed_values(kind, entry, name)
    if about and alternatives and NULL not in alternatives:
        alternatives = [*alternatives, NULL]
    return one_of(*alternatives, **found) if alternatives else found


def allowed_values(kind: str, entry: Entry, name: str) -> list[Fragment]:
    """The alternatives for a value; none where anything may be right."""
    its_kind = kind_of_argument(kind, name)
    if its_kind == "schedules":
        return [*known_values("optimizers", "", "learning_rate"), refer("schedules")]
    if its_kind == "layers":
        return [refer("layers"), list_of(refer("layers"))]
    if its_kind:
        return [refer(its_kind)]
    if kind == "callbacks" and name in PATH_ARGUMENTS:
        return [RUN_PATH]
    if entry.application and name == "weights":
        return [TEXT, NULL]
    default = entry.arguments[name].get("default")
    return known_values(kind, entry.name, name) or _by_default(kind, name, default)


def _by_default(kind: str, name: str, default: Any) -> list[Fragment]:
    """As the parser checks it: true or false where the default is, a number where it is one."""
    if isinstance(default, bool):
        return [{"type": "boolean"}]
    if isinstance(default, (int, float)):
        # Sizes and ranges may have a number for each axis or end.
        several = [] if kind in ("optimizers", "schedules") else [{"type": "array"}]
        return [number(), *several] if name != "profile_batch" else [number(), {"type": "array"}, TEXT]
    return [TEXT] if name == "name" else []

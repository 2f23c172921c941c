"""Every setting that `--set` can change in a config, with a word on each: for completion in a shell."""

import re
from dataclasses import dataclass
from typing import Any

from kerasrun.config.catalogue import Catalogue, Entry
from kerasrun.config.faults import Path
from kerasrun.config.kinds import KIND_NAMES
from kerasrun.config.places import KINDS, class_of, kind_at, kind_of
from kerasrun.config.sections import OutputSection, Section, TopSection, TrainingSection
from kerasrun.config.sources import SOURCES, DataSection
from kerasrun.config.wording import show

TYPE_WORDS = {"integer": "whole number", "string": "word", "array": "list", "object": "mapping"}

# A key that needs no quotes in a shell, and in which a dot parts two keys.
PLAIN = re.compile(r"[\w-]+(\.[\w-]+)*")

# What may be written for a truth value.
TRUTHS = ("true", "false")


@dataclass(frozen=True)
class Key:
    """What is known of a setting: what it takes, in words, and the values that can be listed."""

    words: str = ""
    values: tuple[str, ...] = ()


def setting_keys(tree: Any, catalogue: Catalogue) -> dict[str, Key]:
    """Every setting by its dotted key: those of the sections, those written, and every argument of what is written.

    Args:
        tree: the config as it is written; may be at fault.
    """
    tree = tree if isinstance(tree, dict) else {}
    data = tree.get("data")
    source = data.get("source") if isinstance(data, dict) else None
    found = _section_keys((), TopSection)
    found |= _section_keys(("data",), SOURCES.get(str(source), DataSection))
    found |= _section_keys(("training",), TrainingSection) | _section_keys(("output",), OutputSection)
    found[("data", "source")] = Key("where the rows come from", tuple(SOURCES))
    for path, kind in KINDS.items():
        if path[0] == "training":
            found[path] = Key(KIND_NAMES[kind], _names(path, catalogue))
    _add_written(found, tree, (), catalogue)
    keys = {".".join(map(str, path)): key for path, key in found.items()}
    return {key: about for key, about in keys.items() if PLAIN.fullmatch(key)}


def _section_keys(path: Path, section: type[Section]) -> dict[Path, Key]:
    fields = section.model_json_schema()["properties"]
    return {(*path, name): Key(_words(about), _values(about)) for name, about in fields.items()}


def _words(about: dict[str, Any]) -> str:
    """What a field takes, from its JSON schema: `whole number`, `png | svg`."""
    if "anyOf" in about:
        return " | ".join(dict.fromkeys(filter(None, map(_words, about["anyOf"]))))
    if "enum" in about:
        return " | ".join(map(str, about["enum"]))
    if "const" in about:
        return str(about["const"]).lower()
    kind = about.get("type", "")
    return " | ".join(TRUTHS) if kind == "boolean" else "" if kind == "null" else TYPE_WORDS.get(kind, kind)


def _values(about: dict[str, Any]) -> tuple[str, ...]:
    inner = about.get("anyOf", [about])
    listed = [value for one in inner for value in one.get("enum", [one["const"]] if "const" in one else [])]
    truths = TRUTHS if any(one.get("type") == "boolean" for one in inner) else ()
    return tuple(dict.fromkeys([*truths, *(str(value) for value in listed if not isinstance(value, bool))]))


def _add_written(found: dict[Path, Key], tree: Any, path: Path, catalogue: Catalogue) -> None:
    """What is written at a path and below it; an object there can have every argument of its class."""
    if isinstance(tree, dict) and tree:
        kind, name = kind_at(path), class_of(tree)
        entry = catalogue.kinds[kind].find(name) if kind else None
        if entry and isinstance(tree[name], dict | None):
            _add_arguments(found, entry, (*path, name), catalogue)
        for key, value in tree.items():
            _add_written(found, value, (*path, key), catalogue)
    elif isinstance(tree, list) and any(isinstance(item, dict) for item in tree):
        for index, item in enumerate(tree):
            _add_written(found, item, (*path, index), catalogue)
    elif tree is not None:
        known = found.get(path, Key(values=_names(path, catalogue)))
        found[path] = Key("; ".join(filter(None, [known.words, f"now {show(tree)}"])), known.values)


def _add_arguments(found: dict[Path, Key], entry: Entry, path: Path, catalogue: Catalogue) -> None:
    for name, about in entry.arguments.items():
        default = "default null" if about.get("default") is None else f"default {show(about['default'])}"
        words = default if "default" in about else "" if about else "required"
        values = TRUTHS if isinstance(about.get("default"), bool) else _names((*path, name), catalogue)
        found[(*path, name)] = Key(words, values)


def _names(path: Path, catalogue: Catalogue) -> tuple[str, ...]:
    """The names that a setting takes where it holds an object: activations, initializers, schedules."""
    kind = kind_of(path)
    return tuple(catalogue.kinds[kind].names) if kind in catalogue.kinds else ()


def next_keys(keys: dict[str, Key], typed: str) -> list[tuple[str, str]]:
    """How a key that is being typed can go on: whole keys with `=`, and of several in one section that section.

    Returns:
        Each with what is known of it: `("training.epochs=", "whole number; now 30")`, `("model.0.Dense.", "")`.
    """
    groups: dict[str, list[str]] = {}
    for key in keys:
        if key.startswith(typed):
            end = key.find(".", len(typed))
            groups.setdefault(key if end < 0 else key[: end + 1], []).append(key)
    return [_next_key(group, inside, keys) for group, inside in groups.items()]


def _next_key(group: str, inside: list[str], keys: dict[str, Key]) -> tuple[str, str]:
    if len(inside) == 1:
        return f"{inside[0]}=", keys[inside[0]].words
    # A section that holds just one other is passed by: `model.0.` → `model.0.Dense.`
    sections = {key[: key.find(".", len(group)) + 1] for key in inside}
    only = sections.pop() if len(sections) == 1 else ""
    return _next_key(only, inside, keys) if only else (group, "")

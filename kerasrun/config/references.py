"""`${training.epochs}`: a value from elsewhere in the config. `${env:NAME:-default}`: one from the environment."""

import copy
import os
import re
from pathlib import Path as Folder
from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.faults import Faults, Path, Source, closest, dotted
from kerasrun.config.overrides import parse_path
from kerasrun.config.wording import show
from kerasrun.config.yaml_text import MAX_VALUES, read_value
from kerasrun.errors import ConfigError

# `$${` stands for a plain `${`.
PATTERN = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")


def resolve_references(tree: dict[str, Any], faults: Faults) -> dict[str, Any]:
    """The tree with every reference replaced; what cannot be is noted in `faults`."""
    resolver = _Resolver(tree, faults)
    resolved: dict[str, Any] = resolver.resolve(tree, ())
    return resolved


def with_references(tree: Any, source: Source, catalogue: Catalogue) -> Any:
    """A resolved tree as it is written: what came from the environment by its name, and a plain `${` as `$${`.

    Raises:
        ConfigError: a value of the environment stands where its name cannot be written.
    """
    tree = _escaped(tree)
    for path, (text, value) in source.environment.items():
        if isinstance(value, str) and not Folder(value).expanduser().is_absolute():
            folder = source.folder_of(source.find(path, at_key=False))
        else:
            folder = Folder()
        if not _put(tree, path, text, folder, catalogue):
            faults = Faults(source)
            faults.add(path, "an environment variable cannot stand here", "write the arguments by their names")
            faults.raise_if_any()
    return tree


def _escaped(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _escaped(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_escaped(value) for value in tree]
    return tree.replace("${", "$${") if isinstance(tree, str) else tree


def _put(tree: Any, path: Path, text: str, folder: Folder, catalogue: Catalogue) -> bool:
    """Write a reference in its place in a complete tree, where shorthands are written out; whether there is one.

    Args:
        folder: what the reference starts from where it stands for a path.
    """
    *above, last = path
    for part in above:
        tree = _step(tree, part)
    key = _key_of(tree, last)
    if key is None:
        return False
    inside = tree[key]
    if isinstance(inside, dict):  # a shorthand: what was written is the first argument
        first = catalogue.first_argument(str(key))
        if first not in inside:
            return False
        tree, key = inside, first
    is_path = isinstance(tree[key], str) and Folder(tree[key]).is_absolute()
    tree[key] = str(folder / text) if is_path else text
    return True


def _step(tree: Any, part: str | int) -> Any:
    key = _key_of(tree, part)
    return tree[key] if key is not None else None


def _key_of(tree: Any, part: str | int) -> Any:
    """The key of a part of a path; a class may be written by another of its names, and then stands there alone."""
    if isinstance(tree, list):
        return part if isinstance(part, int) and part < len(tree) else None
    if not isinstance(tree, dict):
        return None
    return part if part in tree else next(iter(tree)) if len(tree) == 1 else None


class _Resolver:
    def __init__(self, tree: dict[str, Any], faults: Faults) -> None:
        self.tree, self.faults, self.num_values = tree, faults, 0
        self.open: list[Path] = []

    def resolve(self, value: Any, path: Path) -> Any:
        self.num_values += 1
        if self.num_values > MAX_VALUES:
            raise ConfigError(f"{self.faults.source.name}: more than {MAX_VALUES:,} values; each ${{…}} counts anew")
        if isinstance(value, dict):
            return {key: self.resolve(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item, (*path, index)) for index, item in enumerate(value)]
        return self._text(value, path) if isinstance(value, str) and "${" in value else value

    def _text(self, text: str, path: Path) -> Any:
        if path in self.open:
            circle = " → ".join(dotted(place) for place in [*self.open[self.open.index(path) :], path])
            self.faults.add_unreadable(path, f"this value refers to itself: {circle}")
            return None
        self.open.append(path)
        whole = PATTERN.fullmatch(text)
        if whole and whole[1] is not None:
            value = self._value(whole[1], path, text, alone=True)
        else:
            value = PATTERN.sub(lambda found: self._part(found, path, text), text)
        self.open.pop()
        if path in self.faults.source.environment:
            self.faults.source.environment[path] = (text, value)
        return value

    def _part(self, found: re.Match[str], path: Path, text: str) -> str:
        if found[0] == "$${":
            return "${"
        if found[1] is None:
            hint = "write ${section.key}, or $${ for the characters themselves"
            self.faults.add_unreadable(path, "a '${' is not closed", hint)
            return ""
        value = self._value(found[1], path, text, alone=False)
        if isinstance(value, (dict, list)):
            self.faults.add_unreadable(path, f"'${{{found[1]}}}' is {show(value)}, which cannot stand within a text")
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _value(self, name: str, path: Path, text: str, alone: bool) -> Any:
        if name.strip().startswith("env:"):
            self.faults.source.environment[path] = (text, None)
            return self._from_environment(name.strip().removeprefix("env:"), path, alone)
        target = parse_path(name.strip())
        value: Any = self.tree
        at: Path = ()
        for part in target:
            at = (*at, part)
            if isinstance(value, dict) and str(part) in value:
                value = value[str(part)]
            elif isinstance(value, list) and isinstance(part, int) and -len(value) <= part < len(value):
                value = value[part]
            else:
                keys = list(value) if isinstance(value, dict) else []
                where = f"in {dotted(at[:-1])}" if len(at) > 1 else "in the config"
                hint = closest(str(part), keys) or "write ${section.key}, or ${env:NAME} for an environment variable"
                hint = f"it holds {len(value)}, counted from 0" if isinstance(value, list) else hint
                self.faults.add_unreadable(path, f"'${{{name}}}': there is no '{part}' {where}", hint)
                return None
        if not target:
            self.faults.add_unreadable(path, "'${}' names no value", "write ${section.key}, or ${env:NAME}")
            return None
        if target == path[: len(target)]:
            self.faults.add_unreadable(path, f"'${{{name}}}' holds this value itself")
            return None
        resolved = self.resolve(copy.deepcopy(value), target)
        if any(known[: len(target)] == target for known in self.faults.source.environment):
            self.faults.source.environment[path] = (text, resolved)
        return resolved

    def _from_environment(self, name: str, path: Path, alone: bool) -> Any:
        name, has_default, default = name.partition(":-")
        value = os.environ.get(name) or (default if has_default else None)
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            hint = "write ${env:NAME} or ${env:NAME:-default}"
            self.faults.add_unreadable(path, f"'{name}' cannot name an environment variable", hint)
            return None
        if value is None:
            self.faults.add_unreadable(
                path,
                f"the environment variable {name} is not set",
                f"set it, or write what counts without it: ${{env:{name}:-…}}",
            )
            return None
        if not alone:
            return value
        try:
            return read_value(value)
        except ConfigError:
            return value

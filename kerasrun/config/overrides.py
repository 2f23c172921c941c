"""`--set a.b=value`: settings from the command line that replace those of the file."""

import copy
import re
from typing import Any

from kerasrun.config.faults import Path, Position, Source
from kerasrun.config.yaml_text import read_value
from kerasrun.errors import ConfigError

# Settings that exclude one another: the one set last wins.
INSTEAD = {("training", "epochs"): ("training", "steps"), ("training", "steps"): ("training", "epochs")}


def apply_overrides(tree: dict[str, Any], overrides: tuple[str, ...], source: Source) -> dict[str, Any]:
    """The tree with each override in place; the given tree stays as it was.

    Lists go by index: `model.0.Dense=20`, `callbacks[1]=TensorBoard`.

    Raises:
        ConfigError: an override is not `key=value`, or leads into something that holds no keys.
    """
    tree = copy.deepcopy(tree)
    for override in overrides:
        key, equals, text = override.partition("=")
        flag = f"--set {override}"
        if not equals or not key.strip():
            raise ConfigError(f"{flag}: write it as key=value, for example --set training.epochs=5")
        path = parse_path(key.strip())
        if not path or re.search(r"\.\.|^\.|\.$|\[\]", key):
            raise ConfigError(f"{flag}: '{key}' names no setting; write it as section.key")
        try:
            value = read_value(text)
        except ConfigError:
            raise ConfigError(f"{flag}: '{text}' is not a YAML value") from None
        _put(tree, path, value, flag)
        if path in INSTEAD:
            tree[INSTEAD[path][0]].pop(INSTEAD[path][1], None)
        _note_flag(source, path, flag)
    return tree


def _note_flag(source: Source, path: Path, flag: str) -> None:
    """From now on the flag is where this setting stands, and the sections that it made."""
    for table in (source.keys, source.values):
        for known in [known for known in table if known[: len(path)] == path]:
            del table[known]
        table[path] = Position(flag=flag)
    for length in range(1, len(path)):
        source.keys.setdefault(path[:length], Position(flag=flag))


def parse_path(key: str) -> Path:
    """`model[2].Dense.units` or `model.2.Dense.units` → its parts."""
    parts = re.findall(r"[^.\[\]]+", key)
    return tuple(int(part) if re.fullmatch("[0-9]+", part) else part for part in parts)


def _put(tree: Any, path: Path, value: Any, flag: str) -> None:
    for depth, part in enumerate(path):
        last = depth == len(path) - 1
        if isinstance(tree, list):
            if not isinstance(part, int) or part >= len(tree):
                raise ConfigError(f"{flag}: '{part}' is not an index of this list, which holds {len(tree)} (from 0)")
            if last:
                tree[part] = value
            else:
                tree = tree[part]
        elif isinstance(tree, dict):
            if last:
                tree[str(part)] = value
            else:
                if tree.get(str(part)) is None:
                    if isinstance(path[depth + 1], int):
                        raise ConfigError(f"{flag}: there is no list '{part}'; set {part}=[…] as a whole")
                    tree[str(part)] = {}
                tree = tree[str(part)]
        else:
            above = ".".join(map(str, path[:depth]))
            raise ConfigError(f"{flag}: '{above}' holds {tree!r}, which has no keys; set {above} itself")

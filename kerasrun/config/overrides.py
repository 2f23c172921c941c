"""`--set a.b=value`: settings from the command line that replace those of the file."""

import re
from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.extends import INSTEAD, object_kind
from kerasrun.config.faults import Faults, Path, Position, closest
from kerasrun.config.wording import show
from kerasrun.config.yaml_text import read_value
from kerasrun.errors import ConfigError


def apply_overrides(
    tree: dict[str, Any], overrides: tuple[str, ...], faults: Faults, catalogue: Catalogue
) -> dict[str, Any]:
    """Put each override in its place in the tree.

    Lists go by index, by a layer's name, or by a class that stands there once: `model.0.Dense=20`,
    `model.head.Dense.units=20`, `callbacks.EarlyStopping.patience=3`.

    Raises:
        ConfigError: an override is not `key=value`, or leads into something that holds no keys.
    """
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
        place = _Setter(flag, catalogue).put(tree, path, value)
        for other in INSTEAD.get(place, ()):
            tree["training"].pop(other, None)
        _note_flag(faults, place, flag)
    return tree


def parse_path(key: str) -> Path:
    """`model[2].Dense.units` or `model.2.Dense.units` → its parts."""
    parts = re.findall(r"[^.\[\]]+", key)
    return tuple(int(part) if re.fullmatch("-?[0-9]+", part) else part for part in parts)


def _note_flag(faults: Faults, path: Path, flag: str) -> None:
    """From now on the flag is where this setting stands, and the sections that it made."""
    source, position = faults.source, Position(flag=flag)
    source.forget(path)
    source.keys[path] = source.values[path] = position
    for length in range(1, len(path)):
        source.keys.setdefault(path[:length], position)
    # A key that was given twice is no fault where it is given anew.
    faults.found = [fault for fault in faults.found if fault.path[: len(path)] != path]


class _Setter:
    """Walks to where an override points, and writes shorthands out on the way."""

    def __init__(self, flag: str, catalogue: Catalogue) -> None:
        self.flag, self.catalogue = flag, catalogue

    def put(self, tree: Any, path: Path, value: Any) -> Path:
        """Set a value; returns its path with every list by index."""
        at: Path = ()
        while True:
            if isinstance(tree, list):
                index, *inside = self._index(tree, path[0], at)
                path = (*inside, *path[1:])
                at, part = (*at, index), index
            else:
                part = str(path[0])
                at, path = (*at, part), path[1:]
            if not path:
                tree[part] = value
                return at
            tree[part] = self._opened(tree.get(part) if isinstance(tree, dict) else tree[part], at, path[0])
            tree = tree[part]

    def _index(self, items: list[Any], part: str | int, at: Path) -> tuple[Any, ...]:
        """The item of a list by index, by name, or by class; where by class, the class too, as a key within."""
        where, names = ".".join(map(str, at)), [_name_of(item) for item in items]
        if isinstance(part, int) and -len(items) <= part < len(items):
            return (part % len(items),)
        if isinstance(part, int):
            raise ConfigError(f"{self.flag}: {where} has no item {part}; it holds {len(items)}, counted from 0")
        classes = [[key for key in ([item] if isinstance(item, str) else item or ()) if key == part] for item in items]
        found: list[tuple[Any, ...]] = [(i,) for i, name in enumerate(names) if name == part]
        found = found or [(i, *keys) for i, keys in enumerate(classes) if keys]
        if len(found) == 1:
            return found[0]
        if found:
            numbers = " and ".join(str(index) for index, *_ in found)
            raise ConfigError(f"{self.flag}: '{part}' stands several times in {where}; say which by number: {numbers}")
        known = [name for name in names if name] + [
            str(next(iter(item), "")) if isinstance(item, dict) else str(item) for item in items
        ]
        hint = closest(part, known) or f"it holds {', '.join(f'{i} {name}' for i, name in enumerate(known))}"
        raise ConfigError(f"{self.flag}: '{part}' is no index and no name in {where}; {hint}")

    def _opened(self, value: Any, at: Path, part: str | int) -> Any:
        """A value that is to be stepped into, written out: `Dense: {units: 10}` for `Dense: 10`."""
        if isinstance(value, list):
            return value
        if isinstance(value, dict):
            return {} if self._is_another(value, at, part) else value
        if isinstance(value, str) and value == part:
            return {value: {}}
        kind = object_kind(at)
        if kind is not None and self.catalogue.kinds[kind].find(str(part)):
            return {}
        first = self.catalogue.first_argument(str(at[-1])) if len(at) > 1 else None
        if value is not None and first is not None:
            return {first: value}
        if value is None and isinstance(part, int):
            name = ".".join(map(str, at))
            raise ConfigError(f"{self.flag}: there is no list '{name}'; set {name}=[…] as a whole")
        if value is None:
            return {}
        name = ".".join(map(str, at))
        raise ConfigError(f"{self.flag}: '{name}' holds {show(value)}, which has no keys; set {name} itself")

    def _is_another(self, value: dict[str, Any], at: Path, part: str | int) -> bool:
        """Whether an object is to become one of another class: `optimizer: {SGD: …}` and `optimizer.Adam`."""
        kind = object_kind(at)
        if kind is None or not value:
            return False
        listed = self.catalogue.kinds[kind]
        entry = listed.find(str(part))
        return entry is not None and str(part) not in value and listed.find(next(iter(value))) is not None


def _name_of(item: Any) -> str:
    return str(item.get("name", "")) if isinstance(item, dict) else ""

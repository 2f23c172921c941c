"""What differs between two written configs: trees of mappings, lists and plain values."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kerasrun.config.faults import Path
from kerasrun.config.places import class_of
from kerasrun.config.specs import WIRING_KEYS

# Lists of more items are matched less carefully.
LONG = 1000


class Missing:
    """What stands for a setting that one of two configs does not have."""

    def __repr__(self) -> str:
        return "–"


MISSING = Missing()


@dataclass(frozen=True)
class Difference:
    """A setting whose values differ; MISSING on a side that does not have it.

    `path` is where it stands in the second config, or in the first where only that has it.
    """

    path: Path
    a: Any
    b: Any

    @property
    def change(self) -> str:
        """`added`, `removed` or `changed`, from the first to the second."""
        return "added" if self.a is MISSING else "removed" if self.b is MISSING else "changed"


def differences(a: Any, b: Any, path: Path = ()) -> Iterator[Difference]:
    """Every setting that differs, in the order of the second tree; the order of keys does not count."""
    if isinstance(a, dict) and isinstance(b, dict) and _names_one_thing(a, b):
        for key in [*b, *(key for key in a if key not in b)]:
            yield from differences(a.get(key, MISSING), b.get(key, MISSING), (*path, key))
    elif isinstance(a, list) and isinstance(b, list) and _holds_objects([*a, *b]):
        for first, second in align(a, b):
            there = first if second is None else second
            pair = (MISSING if first is None else a[first], MISSING if second is None else b[second])
            yield from differences(*pair, (*path, there))  # type: ignore[arg-type]
    elif not same(a, b) and not {id(a), id(b)} <= {id(MISSING), id(None)}:  # not given is as null
        yield Difference(path, a, b)


def config_differences(a: dict[str, Any], b: dict[str, Any]) -> list[Difference]:
    """What differs between two complete written forms of a config; a list of layers compares with a graph's."""
    models = [tree["model"] for tree in (a, b)]
    if isinstance(models[0], list) != isinstance(models[1], list):
        graphs = [{"layers": model} if isinstance(model, list) else model for model in models]
        a, b = a | {"model": graphs[0]}, b | {"model": graphs[1]}
    return list(differences(a, b))


def align(a: list[Any], b: list[Any]) -> list[tuple[int | None, int | None]]:
    """Which item of one list is which of the other, by index; None where there is no such item.

    First what is wholly the same is matched; between that what has the same name, then what is of the same class.
    What is left over in one place takes the place of one another.
    """
    return list(_align(list(enumerate(a)), list(enumerate(b)), (_as_text, _name_of, class_of)))


Items = list[tuple[int, Any]]


def _align(a: Items, b: Items, keys: tuple[Callable[[Any], str], ...]) -> Iterator[tuple[int | None, int | None]]:
    known_a, known_b = ([keys[0](item) for _, item in items] for items in (a, b))
    is_long = max(len(a), len(b)) > LONG  # then what is frequent is no anchor: else it would take minutes
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, known_a, known_b, autojunk=is_long).get_opcodes():
        if tag == "replace" and keys[1:]:
            yield from _align(a[a1:a2], b[b1:b2], keys[1:])
            continue
        for offset in range(max(a2 - a1, b2 - b1)):
            yield (
                a[a1 + offset][0] if a1 + offset < a2 else None,
                b[b1 + offset][0] if b1 + offset < b2 else None,
            )


def _names_one_thing(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two mappings are to be compared key by key: not where each names an object of another class."""
    lone = [[key for key in tree if key not in WIRING_KEYS] for tree in (a, b)]
    return not (len(lone[0]) == len(lone[1]) == 1 and lone[0] != lone[1])


def _holds_objects(items: list[Any]) -> bool:
    return any(isinstance(item, dict) for item in items)


def same(a: Any, b: Any) -> bool:
    """Equal, whole numbers and fractions alike, but `true` is not 1; and one NaN is as another."""
    return _as_text(a) == _as_text(b)


def _as_text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, default=repr)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _name_of(item: Any) -> str:
    """The item's own name; else its class."""
    return f"name {item['name']}" if isinstance(item, dict) and item.get("name") else class_of(item)

"""What differs between written configs, two or several: trees of mappings, lists and plain values."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kerasrun.config.faults import Path
from kerasrun.config.places import class_of
from kerasrun.config.specs import WIRING_KEYS

# Lists of more items are matched less carefully.
LONG = 1000


class Missing:
    """What stands for a setting that one of the configs does not have."""

    def __repr__(self) -> str:
        return "–"


MISSING = Missing()


@dataclass(frozen=True)
class Difference:
    """A setting whose values are not all the same: one value a config, MISSING for one that does not have it.

    `path` is where it stands in the last config that has it.
    """

    path: Path
    values: tuple[Any, ...]


def differences(trees: Sequence[Any], path: Path = ()) -> Iterator[Difference]:
    """Every setting that differs, in the order of the last tree; the order of keys does not count."""
    if all(isinstance(tree, dict) for tree in trees) and _name_one_thing(trees):
        for key in dict.fromkeys(key for tree in reversed(trees) for key in tree):
            yield from differences([tree.get(key, MISSING) for tree in trees], (*path, key))
    elif all(isinstance(tree, list) for tree in trees) and _hold_objects(trees):
        for places in align(*trees):
            items = [MISSING if place is None else tree[place] for tree, place in zip(trees, places, strict=True)]
            there = next(place for place in reversed(places) if place is not None)
            yield from differences(items, (*path, there))
    elif len({_as_text(None if tree is MISSING else tree) for tree in trees}) > 1:  # not given is as null
        yield Difference(path, tuple(trees))


def config_differences(trees: Sequence[dict[str, Any]]) -> list[Difference]:
    """What differs between complete written forms of configs; a list of layers compares with a graph's."""
    if len({isinstance(tree["model"], list) for tree in trees}) > 1:
        graphs = [{"layers": tree["model"]} if isinstance(tree["model"], list) else tree["model"] for tree in trees]
        trees = [tree | {"model": graph} for tree, graph in zip(trees, graphs, strict=True)]
    return list(differences(trees))


Places = tuple[int | None, ...]


def align(*lists: list[Any]) -> list[Places]:
    """Which item of each list is which of the others, by index; None where a list has no such item.

    First what is wholly the same is matched; between that what has the same name, then what is of the same class.
    What is left over in one place takes the place of one another.
    """
    rows: list[Places] = [(place,) for place in range(len(lists[0]))]
    known = list(lists[0])
    for count, items in enumerate(lists[1:], start=1):
        pairs = list(_align(list(enumerate(known)), list(enumerate(items)), (_as_text, _name_of, class_of)))
        rows = [(*(rows[first] if first is not None else (None,) * count), second) for first, second in pairs]
        known = [known[first] if second is None else items[second] for first, second in pairs]  # type: ignore[index]
    return rows


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


def _name_one_thing(trees: Sequence[dict[str, Any]]) -> bool:
    """Whether mappings are to be compared key by key: not where they name objects of different classes."""
    lone = [tuple(key for key in tree if key not in WIRING_KEYS) for tree in trees]
    return len({keys for keys in lone if len(keys) == 1}) <= 1


def _hold_objects(lists: Sequence[list[Any]]) -> bool:
    return any(isinstance(item, dict) for items in lists for item in items)


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

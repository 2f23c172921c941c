"""Lay one config over another: mappings merge key by key; an object replaces an object of another name."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.faults import Path, Source
from kerasrun.config.kinds import kind_of_argument

# Settings that go when another one comes.
INSTEAD: dict[Path, list[str]] = {
    ("training", "epochs"): ["steps", "evaluate_every"],
    ("training", "steps"): ["epochs"],
}


def merge(
    below: dict[str, Any], below_source: Source, above: dict[str, Any], above_source: Source, catalogue: Catalogue
) -> tuple[dict[str, Any], Source]:
    """One tree laid over another, with the places of all that is left of both."""
    replaced: set[Path] = set()
    tree = _merge(below, above, (), replaced, catalogue)
    source = Source(
        above_source.name, below_source.texts | above_source.texts, folders=below_source.folders | above_source.folders
    )
    for table, low, high in (
        (source.keys, below_source.keys, above_source.keys),
        (source.values, below_source.values, above_source.values),
    ):
        table.update({path: place for path, place in low.items() if not _is_under(path, replaced)})
        table.update(high)
    return tree, source


def _merge(below: Any, above: Any, path: Path, replaced: set[Path], catalogue: Catalogue) -> Any:
    if not isinstance(below, dict) or not isinstance(above, dict) or _is_another(below, above, path, catalogue):
        replaced.add(path)
        return above
    merged = _named_alike(below, above, path, catalogue)
    for key, value in above.items():
        for other in INSTEAD.get((*path, key), ()):
            if other not in above and merged.pop(other, None) is not None:
                replaced.add((*path, other))
        merged[key] = _merge(merged[key], value, (*path, key), replaced, catalogue) if key in merged else value
    return merged


def _is_another(below: dict[str, Any], above: dict[str, Any], path: Path, catalogue: Catalogue) -> bool:
    """Whether two mappings are objects of different names, or data from different sources."""
    if path == ("data",):
        return "source" in above and below.get("source") != above["source"]
    kind = object_kind(path)
    if kind is None or not below or not above:
        return False
    known = catalogue.kinds[kind]
    first, second = next(iter(below)), next(iter(above))
    is_object = known.find(second) is not None or second in known.refused
    return is_object and (known.find(first) or first) != (known.find(second) or second)


def _named_alike(below: dict[str, Any], above: dict[str, Any], path: Path, catalogue: Catalogue) -> dict[str, Any]:
    """The lower mapping; an object in it goes by the name that the upper one gives it: `sgd`, `SGD`."""
    kind = object_kind(path)
    if kind is None or len(below) != 1 or len(above) != 1:
        return dict(below)
    (first, arguments), second = next(iter(below.items())), next(iter(above))
    known = catalogue.kinds[kind].find(second)
    return {second if known and known is catalogue.kinds[kind].find(first) else first: arguments}


def object_kind(path: Path) -> str | None:
    """The kind of object that stands at a path of the training section, or None."""
    if path[:2] == ("training", "optimizer"):
        kind = "optimizers"
        for part in path[3::2]:
            kind = kind_of_argument(kind, str(part)) or ""
        return (kind or None) if len(path) % 2 == 0 else None
    if path[:2] == ("training", "loss") and len(path) <= 3:
        return "losses"
    return None


def _is_under(path: Path, roots: set[Path]) -> bool:
    return any(path[:length] in roots for length in range(len(path) + 1))

"""A complete written config as a person looks at it: which of its settings differ from the defaults."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from kerasrun.config.brief import brief
from kerasrun.config.catalogue import Catalogue
from kerasrun.config.compare import MISSING, same
from kerasrun.config.faults import Path
from kerasrun.config.kinds import kind_of_argument
from kerasrun.config.places import class_of, kind_of
from kerasrun.config.sections import OutputSection, Section, TopSection, TrainingSection
from kerasrun.config.sources import SOURCES
from kerasrun.config.specs import WIRING_KEYS, ObjectSpec
from kerasrun.config.written_form import write_object
from kerasrun.config.yaml_text import Dumper


def brief_config(tree: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The settings of a complete written config that differ from the defaults, or have none."""
    return dict(_brief(tree, default_settings(tree), (), catalogue))


def setting_lines(tree: dict[str, Any], catalogue: Catalogue) -> list[tuple[str, bool]]:
    """A complete written config as lines of YAML, and whether each has a setting that differs from its default."""
    own = set(_own(tree, default_settings(tree), (), "", catalogue))
    around = {path[:length] for path in own for length in range(1, len(path) + 1)}
    return [(text, path in around) for text, path in _lines(tree, (), 0)]


def yaml_lines(tree: Any) -> list[str]:
    """YAML with each setting on a line of its own."""
    return [text for text, _ in _lines(tree, (), 0)]


def default_settings(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of the settings that have one; those of `data` are its source's."""
    data = tree.get("data")
    source = SOURCES.get(str(data.get("source"))) if isinstance(data, dict) else None
    return {
        **_defaults(TopSection),
        "data": _defaults(source) if source else {},
        "training": {**_defaults(TrainingSection), "metrics": None, "weighted_metrics": None},
        "callbacks": [],
        "output": _defaults(OutputSection),
        "silence": [],
    }


def one_line(value: Any) -> str:
    """A value as YAML on one line."""
    text = yaml.dump(value, Dumper=Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=math.inf)
    return text.removesuffix("\n").removesuffix("\n...")


def _defaults(section: type[Section]) -> dict[str, Any]:
    fields = section.model_fields.items()
    return {name: _plain(field.default) for name, field in fields if not field.is_required()}


def _plain(default: Any) -> Any:
    return default.model_dump() if isinstance(default, Section) else default


def _brief(value: Any, default: Any, path: Path, catalogue: Catalogue) -> Any:
    kind = kind_of(path)
    if kind and not _is_graph(value, path):
        return brief(value, kind, catalogue)
    if not isinstance(value, dict):
        return value
    inner = {key: (item, _default(default, key)) for key, item in value.items()}
    return {
        key: _brief(item, its_default, (*path, key), catalogue)
        for key, (item, its_default) in inner.items()
        if _own_paths_there(item, its_default, (*path, key), catalogue)
    }


def _own_paths_there(value: Any, default: Any, path: Path, catalogue: Catalogue) -> bool:
    return next(_own(value, default, path, kind_of(path), catalogue), None) is not None


def _is_graph(value: Any, path: Path) -> bool:
    return path == ("model",) and isinstance(value, dict)


def _default(defaults: Any, key: str) -> Any:
    return defaults.get(key, MISSING) if isinstance(defaults, dict) else MISSING


def _own(value: Any, default: Any, path: Path, kind: str, catalogue: Catalogue) -> Iterator[Path]:
    """The paths of settings that differ from the defaults; what is not given is as null."""
    if same(value, default) if default is not MISSING else value is None:
        return
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _own(item, MISSING, (*path, index), kind, catalogue)
    elif isinstance(value, dict) and kind and not _is_graph(value, path):
        yield from _own_arguments(value, path, kind, catalogue)
    elif isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _own(item, _default(default, key), (*path, key), kind_of((*path, key)), catalogue)
    else:
        yield path


def _own_arguments(value: dict[str, Any], path: Path, kind: str, catalogue: Catalogue) -> Iterator[Path]:
    """An object is a choice of its own; of its arguments those are that differ from the defaults of its class."""
    name = class_of(value)
    entry = catalogue.kinds[kind].find(name) if kind in catalogue.kinds else None
    written = write_object(ObjectSpec(kind, entry.name, entry.name), catalogue) if entry else None
    defaults = written[entry.name] if entry and isinstance(written, dict) else {}
    yield (*path, name)
    for key, item in value.items():
        if key in WIRING_KEYS and item is not None:
            yield (*path, key)
    arguments = value.get(name)
    for key, item in arguments.items() if isinstance(arguments, dict) else ():
        its_kind = kind_of_argument(kind, key) or "" if entry else kind
        yield from _own(item, _default(defaults, key), (*path, name, key), its_kind, catalogue)


def _lines(value: Any, path: Path, indent: int) -> Iterator[tuple[str, Path]]:
    """Each setting on a line of its own, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            if _is_nested(item):
                yield f"{' ' * indent}{one_line(key)}:", (*path, key)
                yield from _lines(item, (*path, key), indent + 2)
            else:
                yield f"{' ' * indent}{one_line(key)}: {one_line(item)}", (*path, key)
        return
    for index, item in enumerate(value):
        inside = (
            list(_lines(item, (*path, index), indent + 2)) if _is_nested(item) else [(one_line(item), (*path, index))]
        )
        (first, its_path), *rest = inside
        yield f"{' ' * indent}- {first.lstrip()}", its_path
        yield from rest


def _is_nested(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value)

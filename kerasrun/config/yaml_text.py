"""Read YAML as people mean it: YAML 1.2 scalars, every key once, no tags; and write it the same way."""

import re
from typing import Any

import yaml

from kerasrun.config.faults import Faults, Path, Position, Source
from kerasrun.config.yaml_syntax import note_other_space, note_syntax
from kerasrun.errors import ConfigError

MAX_SIZE_BYTES = 10_000_000
MAX_VALUES = 1_000_000
MAX_DEPTH = 100
MAX_DIGITS = 300
PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")

# The core schema of YAML 1.2, https://yaml.org/spec/1.2.2/#103-core-schema
SCALARS: list[tuple[str, str, str]] = [
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
]


class Loader(yaml.SafeLoader):
    """PyYAML's parser with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


class Dumper(yaml.SafeDumper):
    """PyYAML's writer with the scalars of YAML 1.2, so that what it writes reads back the same."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _tag, _pattern, _first in SCALARS:
    for _class in (Loader, Dumper):
        _class.add_implicit_resolver(
            f"tag:yaml.org,2002:{_tag}",
            re.compile(f"^(?:{_pattern})$"),
            ["" if c == "\0" else c for c in _first],
        )


def read_yaml(text: str, name: str, faults: Faults | None = None) -> tuple[Any, Source]:
    """Parse one YAML document.

    Args:
        text: the document.
        name: what to call it in messages, usually its path.
        faults: gets what is at fault but leaves the rest readable, as a key given twice; None to raise that here.

    Returns:
        The document as dicts, lists and scalars, and the places of all its keys and values.

    Raises:
        ConfigError: it is not YAML, or outgrows its budget.
    """
    source = Source(name, {name: text})
    noted = Faults(source)
    if len(text) > MAX_SIZE_BYTES:
        raise ConfigError(
            f"{name}: larger than {MAX_SIZE_BYTES:,} characters; put long lists of numbers into an .npz file"
        )
    note_other_space(text, noted)
    noted.raise_if_any()
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        note_syntax(error, noted)
        noted.raise_if_any()
    except yaml.reader.ReaderError as error:
        noted.add((), f"the character U+{error.character:04X} has no place in a text", "remove it", at_key=True)
        line, column = text[: error.position].count("\n"), error.position - text.rfind("\n", 0, error.position)
        source.keys[()] = Position(line + 1, column, file=name)
        noted.raise_if_any()
    except RecursionError:
        raise ConfigError(f"{name}: nested too deeply") from None
    tree = _Builder(source, noted).build(node, ()) if node is not None else None
    if faults is None:
        noted.raise_if_any()
    else:
        faults.source, faults.found = source, [*faults.found, *noted.found]
        faults.unreadable |= noted.unreadable
    return tree, source


def read_value(text: str) -> Any:
    """One YAML value, as given to `--set key=value`."""
    return read_yaml(text, "value")[0]


def write_yaml(tree: Any) -> str:
    """The YAML text of dicts, lists and scalars; short collections stand on one line."""
    return yaml.dump(tree, Dumper=Dumper, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True)


class _Builder:
    """Turns PyYAML's nodes into plain values and notes their places."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.source, self.faults, self.num_values = source, faults, 0

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.num_values += 1
        if self.num_values > MAX_VALUES:
            raise ConfigError(
                f"{self.source.name}: more than {MAX_VALUES:,} values; an alias counts as what it repeats"
            )
        if len(path) > MAX_DEPTH:
            raise ConfigError(f"{self.source.name}: more than {MAX_DEPTH} levels, one within the other")
        self.source.values.setdefault(path, self._position(node))
        if isinstance(node, yaml.CollectionNode) and node.tag not in PLAIN_TAGS:
            self._refuse_tag(node, path)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, path)

    def _position(self, node: yaml.Node) -> Position:
        return Position(node.start_mark.line + 1, node.start_mark.column + 1, file=self.source.name)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            place = self._position(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.source.keys[(*path, place.line)] = place
                self.faults.add((*path, place.line), "a key must be a word, not a list or a mapping", at_key=True)
                continue
            if key in result:
                self.source.keys[(*path, key)] = place
                self.faults.add((*path, key), f"the key '{key}' is given twice", "keep one of them", at_key=True)
                continue
            self.source.keys[(*path, key)] = place
            result[key] = self.build(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        kind, text = node.tag.removeprefix("tag:yaml.org,2002:"), node.value
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int" and len(text) > MAX_DIGITS:
            self.faults.add_unreadable(path, f"a number of {len(text)} digits", f"more than {MAX_DIGITS} are not read")
            return None
        if kind == "int":
            return int(text, 0) if text[:2].lower() in ("0o", "0x") else int(text)
        if kind == "float":
            return float(
                text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").replace(".nan", "nan")
            )
        self._refuse_tag(node, path)
        return None

    def _refuse_tag(self, node: yaml.Node, path: Path) -> None:
        hint = "a config holds plain text, numbers, lists and mappings"
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        self.faults.add_unreadable(path, f"the tag '{tag}' is not allowed here", hint)

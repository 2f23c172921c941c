"""Read YAML as people mean it: YAML 1.2 scalars, every key once, no tags; and write it the same way."""

import re
from typing import Any

import yaml

from kerasrun.config.faults import Faults, Path, Position, Source
from kerasrun.errors import ConfigError

MAX_SIZE_BYTES = 10_000_000
MAX_VALUES = 1_000_000
MAX_DEPTH = 100
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


def read_yaml(text: str, name: str) -> tuple[Any, Source]:
    """Parse one YAML document.

    Args:
        text: the document.
        name: what to call it in messages, usually its path.

    Returns:
        The document as dicts, lists and scalars, and the places of all its keys and values.

    Raises:
        ConfigError: it is not YAML, has a key twice, a tag, or outgrows its budget.
    """
    source = Source(name, text)
    faults = Faults(source)
    if len(text) > MAX_SIZE_BYTES:
        raise ConfigError(
            f"{name}: larger than {MAX_SIZE_BYTES:,} characters; put long lists of numbers into an .npz file"
        )
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_explain_syntax(error, faults)) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: not readable as YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise ConfigError(f"{name}: nested too deeply") from None
    tree = _Builder(source, faults).build(node, ()) if node is not None else None
    faults.raise_if_any()
    return tree, source


def read_value(text: str) -> Any:
    """One YAML value, as given to `--set key=value`."""
    return read_yaml(text, "value")[0]


def write_yaml(tree: Any) -> str:
    """The YAML text of dicts, lists and scalars; short collections stand on one line."""
    return yaml.dump(tree, Dumper=Dumper, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True)


def _explain_syntax(error: yaml.MarkedYAMLError, faults: Faults) -> str:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    faults.source.values[()] = Position(line + 1, column + 1)
    lines = faults.source.text.splitlines()
    problem, hint = (error.problem or "not readable").replace("\\t", "tab"), ""
    if line < len(lines) and "\t" in lines[line][: column + 1]:
        problem, hint = "a tab stands where YAML wants spaces", "indent with spaces only"
    elif "mapping values are not allowed" in problem:
        problem, hint = (
            "a ':' stands where no key can be",
            "check the indentation of this line and the one before it",
        )
    elif "expected <block end>" in problem:
        problem, hint = (
            "this line's indentation fits nothing above it",
            "align it with the keys of its section",
        )
    faults.add((), f"not readable as YAML: {problem}", hint)
    return faults.describe(faults.found[-1])


class _Builder:
    """Turns PyYAML's nodes into plain values and notes their places."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.source, self.faults, self.num_values = source, faults, 0

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.num_values += 1
        if self.num_values > MAX_VALUES or len(path) > MAX_DEPTH:
            raise ConfigError(
                f"{self.source.name}: more than {MAX_VALUES:,} values (aliases count) or {MAX_DEPTH} levels"
            )
        self.source.values.setdefault(path, Position(node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.CollectionNode) and node.tag not in PLAIN_TAGS:
            self._refuse_tag(node, path)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.add(path, "a key must be a word, not a list or a mapping")
                continue
            place = Position(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
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
        if kind == "int" and len(text) <= 300:
            return int(text, 0) if text[:2].lower() in ("0o", "0x") else int(text)
        if kind == "float":
            return float(
                text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").replace(".nan", "nan")
            )
        self._refuse_tag(node, path)
        return None

    def _refuse_tag(self, node: yaml.Node, path: Path) -> None:
        hint = "a config holds plain text, numbers, lists and mappings"
        self.faults.add(path, f"'{node.tag}' is not allowed here", hint)

"""Objects of Keras as a config writes them: a name, or a mapping from a name to its arguments."""

from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import Any

from kerasrun.config.catalogue import KIND_NAMES, Catalogue, Entry
from kerasrun.config.checks.bygone import bygone_argument, bygone_class
from kerasrun.config.checks.ranges import check_value
from kerasrun.config.faults import Faults, Path, closest

LAYER_IN_LAYER = ("layer", "forward_layer", "backward_layer", "cell", "cells", "layers")


@dataclass(frozen=True)
class ObjectSpec:
    """One object: its kind, the name written, and its arguments (scalars, lists, or specs themselves).

    `class_name` is the class that `name` stands for; empty for names that only Keras can resolve (`accuracy`).
    `extra` holds kerasrun's own keys that stand beside the arguments (`every_epochs`).
    """

    kind: str
    name: str
    class_name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    own: bool = False
    application: bool = False
    path: Path = ()


def kind_of_argument(kind: str, argument: str) -> str | None:
    """The kind of object that an argument takes, by Keras's own way of naming arguments; None for plain values."""
    for ending, its_kind in (
        ("initializer", "initializers"),
        ("regularizer", "regularizers"),
        ("constraint", "constraints"),
    ):
        if argument.endswith(ending):
            return its_kind
    if argument == "activation" or argument.endswith("_activation"):
        return "activations"
    if kind == "layers" and argument in LAYER_IN_LAYER:
        return "layers"
    if kind == "optimizers" and argument == "learning_rate":
        return "schedules"
    if kind == "optimizers" and argument == "inner_optimizer":
        return "optimizers"
    return None


class ObjectParser:
    """Parses objects of one config; faults are collected, not raised."""

    def __init__(self, catalogue: Catalogue, faults: Faults) -> None:
        self.catalogue, self.faults = catalogue, faults

    def absolute(self, path: str, place: Path) -> str:
        """A path of the config as an absolute one; it starts from its file's folder, or from here if a flag gave it."""
        folder = self.faults.source.folder_of(self.faults.source.find(place, at_key=False))
        try:
            return str((folder / Folder(path).expanduser()).resolve())
        except (RuntimeError, ValueError, OSError) as error:
            self.faults.add(place, f"{show(path)} is no path: {error}")
            return path

    def parse(self, kind: str, written: Any, path: Path) -> ObjectSpec | None:
        """One object: `relu`, `Dense: 10`, `Adam: {learning_rate: 0.001}`. None where it is at fault."""
        if isinstance(written, str):
            return self._named(kind, written, {}, path, path)
        if isinstance(written, dict) and len(written) == 1:
            name, arguments = next(iter(written.items()))
            return self._named(kind, name, arguments, (*path, name), path)
        word = KIND_NAMES[kind]
        if isinstance(written, dict):
            keys = ", ".join(map(str, written)) or "nothing"
            self.faults.add(path, f"expected one {word}, got a mapping with the keys {keys}", f"write {word}: {{…}}")
        else:
            self.faults.add(path, f"expected the name of {a_or_an(word)}, got {show(written)}")
        return None

    def _named(self, kind: str, name: str, written: Any, at: Path, path: Path) -> ObjectSpec | None:
        listed, word = self.catalogue.kinds[kind], KIND_NAMES[kind]
        at_key = at != path
        if name in listed.refused:
            self.faults.add(at, f"{word} '{name}' is refused: {listed.refused[name]}", at_key=at_key)
            return None
        entry = listed.find(name)
        if entry is None:
            if name in listed.functions and not written:
                return ObjectSpec(kind, name, "", path=path)
            if name in listed.functions:
                self.faults.add(at, f"'{name}' takes no arguments", at_key=at_key)
            else:
                hint = bygone_class(kind, name) or closest(name, listed.names)
                hint = hint or f"kerasrun show {kind} lists them all"
                self.faults.add(at, f"unknown {word} '{name}'", hint, at_key=at_key)
            return None
        arguments, extra = self._arguments(kind, entry, written, at)
        return ObjectSpec(kind, name, entry.name, arguments, extra, entry.own, entry.application, path)

    def _arguments(self, kind: str, entry: Entry, written: Any, path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        extra: dict[str, Any] = {}
        if written is None:
            written = {}
        elif not isinstance(written, dict) or self._is_object(kind, entry, written):
            if entry.first_argument is None:
                some = entry.required or list(entry.arguments)[:1]
                example = ", ".join(f"{name}: …" for name in some)
                hint = f"write {entry.name}: {{{example}}}" if some else "it takes no arguments"
                self.faults.add(path, f"{entry.name} needs its arguments by name, got {show(written)}", hint)
                return {}, extra
            written = {entry.first_argument: written}
        if kind == "callbacks" and entry.name == "ModelCheckpoint" and "every_epochs" in written:
            extra["every_epochs"] = self._every_epochs(written["every_epochs"], path)
            written = {key: value for key, value in written.items() if key != "every_epochs"}
        for name in entry.required:
            if name not in written and not (entry.application and name != "weights"):
                hint = "write null for fresh weights, or the path of a weights file" if entry.application else ""
                self.faults.add(path, f"{entry.name} needs '{name}'", hint, at_key=True)
        return {
            name: self._value(kind, entry, name, value, (*path, name))
            for name, value in written.items()
            if self._is_known(kind, entry, name, (*path, name))
        }, extra

    def _is_object(self, kind: str, entry: Entry, written: dict[str, Any]) -> bool:
        """Whether a mapping is itself the first argument: `TimeDistributed: {Dense: 10}`."""
        its_kind = kind_of_argument(kind, entry.first_argument or "")
        return its_kind is not None and len(written) == 1 and next(iter(written)) not in entry.arguments

    def _is_known(self, kind: str, entry: Entry, name: str, path: Path) -> bool:
        if name in entry.arguments:
            return True
        if name == "name":
            hint = "put `name:` beside the layer, not among its arguments"
        elif (now := bygone_argument(kind, entry.name, name)) and not _misses(now, entry):
            hint = now
        else:
            hint = closest(name, entry.arguments) or f"it takes {', '.join(entry.arguments) or 'none'}"
        self.faults.add(path, f"{entry.name} has no argument '{name}'", hint, at_key=True)
        return False

    def _every_epochs(self, value: Any, path: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.faults.add(
                (*path, "every_epochs"),
                f"every_epochs must be a whole number of at least 1, got {show(value)}",
            )
            return 1
        return value

    def _value(self, kind: str, entry: Entry, name: str, value: Any, path: Path) -> Any:
        its_kind = kind_of_argument(kind, name)
        if isinstance(value, str) and _is_file(entry, name, value):
            return self.absolute(value, path)
        if value is None or its_kind is None:
            self._check_type(kind, entry, name, value, path)
            return value
        if its_kind == "activations":
            return self._activation(value, path)
        if its_kind == "schedules" and not isinstance(value, (str, dict)):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                self.faults.add(path, f"learning_rate must be a number or a schedule, got {show(value)}")
            else:
                self._check_type(kind, entry, name, value, path)
            return value
        if its_kind == "layers" and isinstance(value, list):
            return [self.parse("layers", item, (*path, index)) for index, item in enumerate(value)]
        return self.parse(its_kind, value, path)

    def _check_type(self, kind: str, entry: Entry, name: str, value: Any, path: Path) -> None:
        """Where the default is a number or a truth value, a word is none: `use_bias: no` would count as true."""
        expected = "" if entry.own else check_value(kind, entry.name, name, value)
        default = entry.arguments[name].get("default")
        if isinstance(default, bool) and not isinstance(value, (bool, type(None))):
            self.faults.add(path, f"{name} must be true or false, got {show(value)}")
        elif _is_number(default) and isinstance(value, (str, bool, dict)) and name != "profile_batch":
            self.faults.add(path, f"{name} must be a number, got {show(value)}")
        elif expected:
            self.faults.add(path, f"{name} must be {expected}, got {show(value)}")

    def _activation(self, value: Any, path: Path) -> Any:
        listed = self.catalogue.kinds["activations"]
        if isinstance(value, str) and value in listed.refused:
            self.faults.add(path, f"activation '{value}' is refused: {listed.refused[value]}")
        elif not isinstance(value, str) or (value not in listed.functions and value not in listed.entries):
            hint = closest(value, listed.functions) if isinstance(value, str) else f"one of {', '.join(listed.names)}"
            self.faults.add(path, f"unknown activation {show(value)}", hint)
        return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _misses(now: str, entry: Entry) -> bool:
    """Whether the advice names an argument that this class does not have."""
    new = now.removeprefix("write ").removeprefix("Keras 3 calls it ").split(":")[0]
    return now.startswith(("write ", "Keras 3 calls it ")) and " " not in new and new not in entry.arguments


def _is_file(entry: Entry, name: str, value: str) -> bool:
    """Whether a layer's argument is the path of a file."""
    return name == "vocabulary" or (entry.application and name == "weights" and value != "imagenet")


def show(value: Any) -> str:
    """A value as it stands in a message: short, strings in quotes."""
    if isinstance(value, (dict, list)) and not value:
        return f"an empty {'mapping' if isinstance(value, dict) else 'list'}"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def write_object(spec: ObjectSpec, catalogue: Catalogue) -> Any:
    """The complete written form of an object: its name, and every argument with its value or default."""
    if not spec.class_name:
        return spec.name
    entry = catalogue.kinds[spec.kind].entries[spec.class_name]
    arguments = {name: _plain(value, catalogue) for name, value in spec.arguments.items()}
    for name, about in entry.arguments.items():
        if name not in arguments and "default" in about:
            arguments[name] = _default(spec.kind, name, about["default"], catalogue)
    ordered = {name: arguments[name] for name in entry.arguments if name in arguments}
    # Keras gives a bare name for a loss or metric its own name in the logs (`mse`), so it stays bare.
    if spec.kind in ("losses", "metrics") and not spec.arguments and spec.name != spec.class_name:
        return spec.name
    return {spec.class_name: ordered | spec.extra} if ordered or spec.extra else spec.class_name


def _default(kind: str, argument: str, default: Any, catalogue: Catalogue) -> Any:
    """A default as it is written: one that names an object, such as `glorot_uniform`, with that one's defaults."""
    its_kind = kind_of_argument(kind, argument)
    entry = catalogue.kinds[its_kind].find(default) if its_kind and isinstance(default, str) else None
    if its_kind is None or entry is None:
        return default
    return write_object(ObjectSpec(its_kind, default, entry.name), catalogue)


def _plain(value: Any, catalogue: Catalogue) -> Any:
    if isinstance(value, ObjectSpec):
        return write_object(value, catalogue)
    if isinstance(value, list):
        return [_plain(item, catalogue) for item in value]
    return value


def a_or_an(word: str) -> str:
    """`an optimizer`, `a layer`."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"

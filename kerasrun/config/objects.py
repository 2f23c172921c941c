"""Objects of Keras as a config writes them: a name, or a mapping from a name to its arguments."""

import re
from pathlib import Path as Folder
from typing import Any

from kerasrun.config.catalogue import Catalogue, Entry
from kerasrun.config.checks.bygone import bygone_argument, bygone_class
from kerasrun.config.checks.dependent import missing_need
from kerasrun.config.checks.inert import is_required
from kerasrun.config.checks.ranges import check_value
from kerasrun.config.faults import Faults, Path, closest
from kerasrun.config.kinds import KIND_NAMES, kind_of_argument
from kerasrun.config.specs import ObjectSpec
from kerasrun.config.wording import a_or_an, is_number, it_takes, mend, show


class ObjectParser:
    """Parses objects of one config; faults are collected, not raised."""

    def __init__(self, catalogue: Catalogue, faults: Faults) -> None:
        self.catalogue, self.faults = catalogue, faults

    def absolute(self, path: str, place: Path) -> str:
        """A path of the config as an absolute one; it starts from its file's folder, or from here if a flag gave it."""
        if variable := re.match(r"\$(\w+)", path):
            hint = f"write ${{env:{variable[1]}}}{path[variable.end() :]}"
            self.faults.add(place, f"'{path}' is no path: a config knows no ${variable[1]}", hint)
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
        if isinstance(written, dict) and written:
            listed = self.catalogue.kinds[kind]
            known = [name for name in (*written, *written.values()) if isinstance(name, str) and listed.find(name)]
            several = "write {L1L2: {l1: …, l2: …}}" if kind == "regularizers" else "keep one of them"
            hint = several if len(known) > 1 else f"write {{{known[0] if known else 'Name'}: {{…}}}}"
            self.faults.add(path, f"expected one {word}, got a mapping with the keys {', '.join(written)}", hint)
        else:
            hint = f"write {{L2: {written}}}" if kind == "regularizers" and is_number(written) else ""
            self.faults.add(path, f"expected the name of {a_or_an(word)}, got {show(written)}", hint)
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
                self.faults.add(at, f"unknown {word} '{name}'", self._meant(kind, name), at_key=at_key)
            return None
        found = self._arguments(kind, entry, written, at, at_key)
        return found and ObjectSpec(kind, name, entry.name, *found, entry.own, entry.application, path)

    def _meant(self, kind: str, name: str) -> str:
        """What may be meant by a name that is none: `nn.Linear`, `Dense(10)`, `Dense 10`, `Dens`."""
        listed = self.catalogue.kinds[kind]
        found = re.fullmatch(r"(?:\w+\.)*(\w+)([\s(:].*)?", name, re.DOTALL)
        bare, arguments = found.groups() if found else (name, None)
        if (now := bygone_class(kind, bare)) or bare == name:
            return now or closest(name, listed.names) or f"kerasrun show {kind} lists them all"
        if listed.find(bare):
            return f"write {bare}: …" if arguments else f"write {bare}"
        return closest(bare, listed.names) or f"kerasrun show {kind} lists them all"

    def _arguments(
        self, kind: str, entry: Entry, written: Any, path: Path, at_key: bool
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The arguments and kerasrun's own keys beside them; None where nothing can be said of them."""
        extra: dict[str, Any] = {}
        shorthand = False
        if written is None:
            written = {}
        elif not isinstance(written, dict) or self._is_object(kind, entry, written):
            if entry.first_argument is None:
                some = entry.required or list(entry.arguments)[:1]
                example = ", ".join(f"{name}: …" for name in some)
                hint = f"write {entry.name}: {{{example}}}" if some else "it takes no arguments"
                self.faults.add(path, f"{entry.name} needs its arguments by name, got {show(written)}", hint)
                return None
            written, shorthand = {entry.first_argument: written}, True
        if kind == "callbacks" and entry.name == "ModelCheckpoint" and "every_epochs" in written:
            extra["every_epochs"] = self._every_epochs(written["every_epochs"], path)
            written = {key: value for key, value in written.items() if key != "every_epochs"}
        written = self._without_inert(entry, written, path)
        hints = {name: self._hint(kind, entry, name) for name in written if name not in entry.arguments}
        for name, hint in hints.items():
            self.faults.add((*path, name), f"{entry.name} has no argument '{name}'", hint, at_key=True)
        self._check_required(entry, written, hints, path, at_key)
        found = {
            # A shorthand stands where the argument itself would.
            name: self._value(kind, entry, name, value, path if shorthand else (*path, name))
            for name, value in written.items()
            if name in entry.arguments
        }
        self._check_needs(kind, entry, found, path)
        return found, extra

    def _check_needs(self, kind: str, entry: Entry, found: dict[str, Any], path: Path) -> None:
        """Warn of arguments that act only beside others which are missing."""
        defaults = {name: about.get("default") for name, about in entry.arguments.items()}
        for name, value in found.items():
            if entry.own or value == defaults[name]:
                continue
            if need := missing_need(kind, entry.name, name, defaults | found):
                message = f"'{name}' of {entry.name} has no effect without {need}"
                self.faults.warn(
                    "setting_without_effect", (*path, name), message, "add that, or leave this out", at_key=True
                )

    def _without_inert(self, entry: Entry, written: dict[str, Any], path: Path) -> dict[str, Any]:
        """What is written but for what Keras takes in vain; only with its default such an argument does no harm."""
        for name in [name for name in written if name in entry.refused]:
            about = entry.refused[name]
            if written[name] != about.get("default", about):
                message = f"{entry.name}: '{name}' is refused: {about['reason']}"
                self.faults.add((*path, name), message, "leave it out", at_key=True)
        return {name: value for name, value in written.items() if name not in entry.refused}

    def _check_required(
        self, entry: Entry, written: dict[str, Any], hints: dict[str, str], path: Path, at_key: bool
    ) -> None:
        """What is missing; but not what a misspelt argument is known to stand for."""
        meant = {
            word for hint in hints.values() if not hint.startswith("it takes") for word in re.findall(r"\w+", hint)
        }
        missing = [name for name in entry.required if name not in written and name not in meant]
        if entry.application:
            missing = [name for name in missing if name == "weights"]
        if missing:
            *first, last = [f"'{name}'" for name in missing]
            hint = "write null for fresh weights, or the path of a weights file" if entry.application else ""
            needed = f"{', '.join(first)} and {last}" if first else last
            self.faults.add(path, f"{entry.name} needs {needed}", hint, at_key=at_key)

    def _is_object(self, kind: str, entry: Entry, written: dict[str, Any]) -> bool:
        """Whether a mapping is itself the first argument: `TimeDistributed: {Dense: 10}`."""
        its_kind = kind_of_argument(kind, entry.first_argument or "")
        return its_kind is not None and len(written) == 1 and next(iter(written)) not in entry.arguments

    def _hint(self, kind: str, entry: Entry, name: str) -> str:
        """What to write in place of an argument that a class does not have."""
        first = entry.first_argument or ""
        its_kind = kind_of_argument(kind, first)
        if its_kind in self.catalogue.kinds and self.catalogue.kinds[its_kind].find(name):
            return f"write {first}: {{{name}: …}}"
        if name == "name":
            return "put `name:` beside the layer, not among its arguments"
        now = bygone_argument(kind, entry.name, name)
        if now and not _misses(now, entry):
            return now
        return closest(name, entry.arguments) or it_takes(entry.arguments, f"kerasrun show {entry.name}")

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
        if its_kind == "schedules" and (not isinstance(value, (str, dict)) or mend(value, "a number")):
            if not is_number(value):
                hint = mend(value, "a number")
                self.faults.add(path, f"learning_rate must be a number or a schedule, got {show(value)}", hint)
            else:
                self._check_type(kind, entry, name, value, path)
            return value
        if its_kind == "layers" and isinstance(value, list):
            return [self.parse("layers", item, (*path, index)) for index, item in enumerate(value)]
        inner = self.parse(its_kind, value, path)
        if inner and entry.name == "Bidirectional" and name == "layer" and not inner.own:
            known = self.catalogue.kinds["layers"].entries[inner.class_name]
            if "go_backwards" not in known.arguments:
                hint = "write LSTM, GRU or another that can run backwards"
                self.faults.add((*path, inner.name), f"{inner.name} is no recurrent layer", hint, at_key=True)
        return inner

    def _check_type(self, kind: str, entry: Entry, name: str, value: Any, path: Path) -> None:
        """Where the default is a number or a truth value, a word is none: `use_bias: no` would count as true."""
        expected = "" if entry.own else check_value(kind, entry.name, name, value)
        default = entry.arguments[name].get("default")
        if value is None and name in entry.required and not entry.own:
            expected = check_value(kind, entry.name, name, "")  # as of a value that is none
            expected = expected or ("given" if is_required(kind, entry.name, name) else "")
        elif isinstance(default, bool) and not isinstance(value, (bool, type(None))):
            expected = "true or false"
        elif not expected and is_number(default) and isinstance(value, (str, bool, dict)) and name != "profile_batch":
            expected = "a number"
        if expected:
            self.faults.add(path, f"{name} must be {expected}, got {show(value)}", mend(value, expected))

    def _activation(self, value: Any, path: Path) -> Any:
        listed = self.catalogue.kinds["activations"]
        if isinstance(value, str) and value in listed.refused:
            self.faults.add(path, f"activation '{value}' is refused: {listed.refused[value]}")
        elif not isinstance(value, str):
            hint = "write it as a layer of its own, after this one" if isinstance(value, dict) else ""
            self.faults.add(path, f"expected the name of an activation, got {show(value)}", hint)
        elif value not in listed.functions and value not in listed.entries:
            self.faults.add(
                path, f"unknown activation {show(value)}", mend(value, "") or self._meant("activations", value)
            )
        return value


def _misses(now: str, entry: Entry) -> bool:
    """Whether the advice names an argument that this class does not have."""
    new = now.removeprefix("write ").removeprefix("Keras 3 calls it ").split(":")[0]
    return (
        now.startswith(("write ", "Keras 3 calls it "))
        and " " not in new
        and new not in (*entry.arguments, "every_epochs")
    )


def _is_file(entry: Entry, name: str, value: str) -> bool:
    """Whether a layer's argument is the path of a file."""
    return name == "vocabulary" or (entry.application and name == "weights" and value != "imagenet")

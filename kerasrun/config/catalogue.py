"""What the installed Keras offers, known without importing it.

`catalogue.json` describes the Keras that kerasrun is developed with. Where another version is installed,
the description is made anew by `kerasrun.model.describe_keras` in a process of its own, once, and cached.
The words for a reader stand apart, in `catalogue_texts.json`: see `kerasrun.config.texts`.
"""

import ast
import functools
import importlib.metadata
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kerasrun.config.checks.inert import inert_arguments, is_required
from kerasrun.config.docstrings import argument_texts, one_line
from kerasrun.config.kinds import FIRST_ARGUMENTS
from kerasrun.errors import InputError

SHIPPED = Path(__file__).with_name("catalogue.json")

# What describes the installed Keras anew, by the name of the shipped file.
DESCRIBED_BY = {"catalogue": "kerasrun.model.describe_keras", "catalogue_texts": "kerasrun.model.describe_texts"}


@dataclass(frozen=True)
class Entry:
    """One class of Keras (or of the user's): its arguments, each {} where required, else with its default.

    `refused` holds those that Keras takes and that change nothing: default and reason of each.
    `texts` holds a line for each argument of a class of the user's own; those of Keras come by `load_texts`.
    """

    name: str
    arguments: dict[str, dict[str, Any]]
    first_argument: str | None = None
    doc: str = ""
    application: bool = False
    own: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    refused: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def required(self) -> list[str]:
        """The arguments that have no default."""
        return [name for name, argument in self.arguments.items() if not argument]


@dataclass
class Kind:
    """All classes of one kind, with the other names that Keras accepts for them."""

    entries: dict[str, Entry]
    aliases: dict[str, str] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Entry | None:
        """The class of that name, by whichever of its names."""
        return self.entries.get(self.aliases.get(name, name))

    @property
    def names(self) -> list[str]:
        """Every name that may be written."""
        return [*self.entries, *self.aliases, *self.functions]


def make_entry(kind: str, name: str, described: dict[str, Any], own: bool = False) -> Entry:
    """An Entry from its JSON description."""
    arguments, refused = (described["arguments"], {}) if own else _without_inert(kind, name, described["arguments"])
    required = [argument for argument, about in arguments.items() if not about]
    first = FIRST_ARGUMENTS.get(kind, {}).get(name) or (required[0] if len(required) == 1 else None)
    if described.get("application"):
        first = None
    application, doc = described.get("application", False), described.get("doc", "")
    return Entry(name, arguments, first, doc, application, own, described.get("texts", {}), refused)


def _without_inert(kind: str, name: str, described: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments of a class that change something, and those that do not."""
    arguments, refused = {}, {}
    inert = inert_arguments(kind, name)
    for argument, about in described.items():
        if argument in inert:
            refused[argument] = about | {"reason": inert[argument]}
        else:
            arguments[argument] = {} if is_required(kind, name, argument) else about
    return arguments, refused


class Catalogue:
    """Every kind of object that a config can name."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.keras_version: str = description["keras"]
        self.kinds = {
            kind: Kind(
                {name: make_entry(kind, name, about) for name, about in listed["classes"].items()},
                listed["aliases"],
                tuple(listed.get("functions", ())),
                listed["refused"],
            )
            for kind, listed in description.items()
            if kind != "keras"
        }

    def first_argument(self, name: str) -> str | None:
        """The argument of a class, of whatever kind, that may be given without its name."""
        entries = (kind.find(name) for kind in self.kinds.values())
        return next((entry.first_argument for entry in entries if entry and entry.first_argument), None)

    def add_module(self, path: Path) -> None:
        """Add the classes that a user's own file defines, read as text: the file is not run here.

        Raises:
            InputError: the file is missing or is not Python.
        """
        try:
            module = ast.parse(path.read_text(encoding="utf-8"), path.name)
        except FileNotFoundError:
            raise InputError(f"--import {path}: no such file") from None
        except (OSError, SyntaxError, UnicodeDecodeError, ValueError) as error:
            raise InputError(f"--import {path}: not readable as Python: {error}") from None
        own: dict[str, str] = {}
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                kind = self._kind_of_bases(node, own)
                if kind:
                    own[node.name] = kind
                    described = {"arguments": self._own_arguments(kind, node), **_own_texts(node)}
                    self.kinds[kind].entries[node.name] = make_entry(kind, node.name, described, own=True)

    def _kind_of_bases(self, node: ast.ClassDef, own: dict[str, str]) -> str | None:
        for base in node.bases:
            name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
            if name in own:
                return own[name]
            for kind, listed in self.kinds.items():
                if name in listed.entries or name in listed.refused:
                    return kind
        return None

    def _own_arguments(self, kind: str, node: ast.ClassDef) -> dict[str, dict[str, Any]]:
        arguments: dict[str, dict[str, Any]] = {}
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name == "__init__":
                names = [a.arg for a in item.args.posonlyargs + item.args.args][1:]
                num_required = len(names) - len(item.args.defaults)
                arguments = {name: {} for name in names[:num_required]}
                arguments |= {
                    name: {"default_text": ast.unparse(default)}
                    for name, default in zip(names[num_required:], item.args.defaults, strict=True)
                }
                for argument, default in zip(item.args.kwonlyargs, item.args.kw_defaults, strict=True):
                    arguments[argument.arg] = {"default_text": ast.unparse(default)} if default else {}
        if kind == "layers":
            for name in ("activity_regularizer", "trainable", "dtype", "autocast"):
                arguments.setdefault(name, {"default_text": "its own"})
        arguments.pop("name", None) if kind == "layers" else None
        return arguments


def _own_texts(node: ast.ClassDef) -> dict[str, Any]:
    """What the docstring of a user's own class says, as that of a class of Keras does."""
    doc = ast.get_docstring(node) or ""
    texts = {name: one_line(text) for name, text in argument_texts(doc).items()}
    return {"doc": " ".join(doc.split("\n\n")[0].split()), "texts": texts}


def cache_folder() -> Path:
    """Where kerasrun keeps what it can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kerasrun"


@functools.cache
def describe_installed(part: str = "catalogue") -> str:
    """The JSON description of the installed Keras: the shipped one if it fits, else made anew and cached.

    Args:
        part: which file of the description: `catalogue`, or `catalogue_texts`.
    """
    shipped = SHIPPED.with_name(f"{part}.json").read_text(encoding="utf-8")
    try:
        installed = importlib.metadata.version("keras")
    except importlib.metadata.PackageNotFoundError:
        return shipped
    if json.loads(shipped)["keras"] == installed:
        return shipped
    cached = cache_folder() / f"{part}-{importlib.metadata.version('kerasrun')}-keras-{installed}.json"
    if cached.is_file():
        return cached.read_text(encoding="utf-8")
    made = subprocess.run([sys.executable, "-m", DESCRIBED_BY[part]], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise InputError(f"Keras {installed} could not be described:\n{made.stderr.strip()[-500:]}")
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        partial = cached.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(made.stdout, encoding="utf-8")
        partial.replace(cached)
    except OSError:
        pass  # without a cache it is made again next time
    return made.stdout


def load_catalogue(imports: tuple[Path, ...] = ()) -> Catalogue:
    """The catalogue of the installed Keras, and of the classes in the user's own files."""
    catalogue = Catalogue(json.loads(describe_installed()))
    for path in imports:
        catalogue.add_module(path)
    return catalogue

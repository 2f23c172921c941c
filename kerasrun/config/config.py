"""A config: from YAML text or a dict to one checked value, and back to its complete written form."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kerasrun.config.augment import parse_augment
from kerasrun.config.callbacks import parse_callbacks
from kerasrun.config.catalogue import Catalogue, load_catalogue
from kerasrun.config.checks.backends import check_backend
from kerasrun.config.checks.pairs import check_pairs, parse_silence
from kerasrun.config.faults import Faults, Source, closest
from kerasrun.config.faults import Path as Places
from kerasrun.config.known_keys import TOP_KEYS, hint_for_key, keys_of
from kerasrun.config.model_section import parse_model
from kerasrun.config.objects import ObjectParser
from kerasrun.config.reading import read_config
from kerasrun.config.references import with_references
from kerasrun.config.sections import OutputSection, TopSection, TrainingSection
from kerasrun.config.sources import SOURCES, AnyData, DataSection, SplitSection
from kerasrun.config.specs import ModelSpec, ObjectSpec
from kerasrun.config.training_objects import TRAINING_OBJECTS, PerOutput, parse_training_objects
from kerasrun.config.validation import validate_section
from kerasrun.config.wording import show
from kerasrun.config.written_form import write_model, write_object
from kerasrun.errors import ConfigError

# Settings of data that may be paths, and the words that may stand in place of one but in `path`.
PATHS, NO_PATHS = ("path", "test", "validation"), ("test", "none")


@dataclass(frozen=True)
class Config:
    """A whole experiment, checked. Its paths are absolute."""

    name: str
    seed: int
    threads: int | None
    backend: str
    data: DataSection
    model: ModelSpec
    training: TrainingSection
    optimizer: ObjectSpec
    loss: PerOutput
    metrics: PerOutput
    weighted_metrics: PerOutput
    callbacks: list[ObjectSpec]
    augment: list[ObjectSpec]
    output: OutputSection
    silence: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list, compare=False)
    located_warnings: list[dict[str, Any]] = field(default_factory=list, compare=False, repr=False)
    imports: tuple[Path, ...] = ()
    catalogue: Catalogue = field(default=None, repr=False, compare=False)  # type: ignore[assignment]
    source: Source = field(default_factory=Source, repr=False, compare=False)

    def fault(self, path: Places, message: str, hint: str = "", at_key: bool = False) -> ConfigError:
        """The error for a fault that shows only later, with its place in the config."""
        faults = Faults(self.source)
        faults.add(path, message, hint, at_key)
        return ConfigError(faults.describe(faults.found[0]), [faults.located(faults.found[0])])

    def to_dict(self) -> dict[str, Any]:
        """The complete written form: every setting with its value, defaults included. It loads to the same Config."""
        return dict(with_references(self._resolved(), self.source, self.catalogue))

    def _resolved(self) -> dict[str, Any]:
        training = self.training.model_dump()
        objects = {
            "optimizer": write_object(self.optimizer, self.catalogue),
            "loss": self._write(self.loss),
            "metrics": self._write(self.metrics),
            "weighted_metrics": self._write(self.weighted_metrics),
        }
        return {
            "name": self.name,
            "seed": self.seed,
            "threads": self.threads,
            "backend": self.backend,
            "data": self._data(),
            "model": write_model(self.model, self.catalogue),
            "training": {key: value for key, value in (training | objects).items() if value is not None},
            "callbacks": [write_object(callback, self.catalogue) for callback in self.callbacks],
            "output": self.output.model_dump(),
            "silence": self.silence,
        }

    def _data(self) -> dict[str, Any]:
        written = {"source": self.data.source, **self.data.model_dump(exclude={"source"})}  # type: ignore[attr-defined]
        augment = {"augment": [write_object(spec, self.catalogue) for spec in self.augment]}
        return written | (augment if "augment" in written else {})

    def _write(self, value: PerOutput) -> Any:
        if isinstance(value, ObjectSpec):
            return write_object(value, self.catalogue)
        if isinstance(value, list):
            return [self._write(item) for item in value]
        if isinstance(value, dict):
            return {key: self._write(item) for key, item in value.items()}
        return value


def load_config(
    config: str | Path | dict[str, Any], overrides: tuple[str, ...] = (), imports: tuple[Path, ...] = ()
) -> Config:
    """Read and check a config, without Keras.

    Args:
        config: the path of a YAML file, the name of a shipped one (`@sine`), or the same as a dict.
        overrides: settings `a.b=value` that replace those of the config.
        imports: files of the user's own Python classes, which are read and not run here.

    Raises:
        InputError: there is no such file, or it is not readable.
        ConfigError: the config is at fault; the message tells every fault found.
    """
    absolute = tuple(path.resolve() for path in imports)
    catalogue = load_catalogue(absolute)
    tree, faults = read_config(config, overrides, catalogue)
    return check_config(tree, faults, catalogue, absolute)


def check_config(tree: dict[str, Any], faults: Faults, catalogue: Catalogue, imports: tuple[Path, ...]) -> Config:
    """Check a parsed config as a whole; all faults are told at once."""
    for key in tree:
        if key not in TOP_KEYS:
            faults.add((key,), f"unknown key '{key}'", hint_for_key(str(key), TOP_KEYS), at_key=True)
    for key in ("data", "model", "training"):
        if key not in tree and not any(f"mean '{key}'" in fault.hint for fault in faults.found):
            faults.add((), f"the section '{key}' is missing")
    parser = ObjectParser(catalogue, faults)
    top = validate_section(
        TypeAdapter(TopSection), {k: tree[k] for k in TopSection.model_fields if k in tree}, (), faults
    )
    training = _mapping(tree, "training", faults)
    training_tree = training or {}
    output = _mapping(tree, "output", faults)
    plain = {key: value for key, value in training_tree.items() if key not in TRAINING_OBJECTS}
    parts = {
        "data": _check_data(tree, parser, faults),
        "model": parse_model(tree["model"], parser, faults) if "model" in tree else ModelSpec(),
        "training": validate_section(TypeAdapter(TrainingSection), plain, ("training",), faults)
        if training is not None
        else None,
        "output": validate_section(TypeAdapter(OutputSection), output or {}, ("output",), faults),
        "augment": parse_augment((_mapping(tree, "data", Faults(faults.source)) or {}).get("augment"), parser, faults),
        "callbacks": parse_callbacks(tree.get("callbacks"), parser, faults),
        **parse_training_objects(training_tree, parser, faults),
    }
    silence = parse_silence(tree.get("silence"), faults)
    _check_name(tree.get("name"), faults)
    check_pairs(parts, catalogue, faults)
    if top is not None:
        check_backend(top.backend, training_tree, parts["optimizer"], faults)
    faults.raise_if_any()
    told = [fault for fault in faults.in_order(faults.warnings) if fault.warning not in silence]
    return Config(
        **{**vars(top), **parts},
        silence=silence,
        warnings=[faults.describe(fault) for fault in told],
        located_warnings=[faults.located(fault) for fault in told],
        imports=imports,
        catalogue=catalogue,
        source=faults.source,
    )


def _mapping(tree: dict[str, Any], key: str, faults: Faults) -> dict[str, Any] | None:
    """The keys of a section; None where it has none that could be read."""
    value = tree.get(key)
    if isinstance(value, dict):
        return value
    if value is not None:
        hint = "leave out the '-' before its keys" if isinstance(value, list) else "write its keys below it"
        is_source = key == "data" and isinstance(value, str) and value in SOURCES
        hint = f"write data: {{source: {value}}}" if is_source else hint
        faults.add((key,), f"{key} must be a mapping, got {show(value)}", hint)
    elif key == "training" and key in tree:
        faults.add((key,), "the section 'training' is empty", "write at least epochs: N and loss: …", at_key=True)
    return None


def _check_data(tree: dict[str, Any], parser: ObjectParser, faults: Faults) -> Any:
    data = _mapping(tree, "data", faults)
    if data is None and tree.get("data") is None and "data" in tree:
        data = {}
    if data is None:
        return None
    source = data.get("source")
    if "source" not in data:
        hints = {key: hint_for_key(key, keys_of("data")) for key in data if key not in keys_of("data")}
        for key, hint in hints.items():
            faults.add(("data", key), f"unknown key '{key}' in data", hint, at_key=True)
        if not any("mean 'source'" in hint for hint in hints.values()):
            faults.add(("data",), "data needs a 'source'", f"one of {', '.join(SOURCES)}", at_key=True)
        return None
    if not isinstance(source, str) or source not in SOURCES:
        hint = f"one of {', '.join(SOURCES)}"
        if isinstance(source, str):
            hint = closest(source, SOURCES) or hint
            hint = f"write source: npz, and path: {source}" if source.endswith(".npz") else hint
        faults.add(("data", "source"), f"unknown source {show(source)}", hint)
        return None
    takes_files = issubclass(SOURCES[source], SplitSection) and "path" in SOURCES[source].model_fields
    paths = PATHS if takes_files else PATHS[:1]
    data = data | {key: _absolute(data[key], ("data", key), parser) for key in paths if key in data}
    return validate_section(TypeAdapter(AnyData), data, ("data",), faults)


def _absolute(written: Any, place: Places, parser: ObjectParser) -> Any:
    """Paths from the config's folder as absolute ones; what is no path stays as it is."""
    if isinstance(written, list):
        return [_absolute(item, (*place, index), parser) for index, item in enumerate(written)]
    is_word = place[1] != "path" and written in NO_PATHS
    return written if not isinstance(written, str) or is_word else parser.absolute(written, place)


def _check_name(name: Any, faults: Faults) -> None:
    if isinstance(name, str) and (name in (".", "..", "latest") or any(c in name for c in "/\\\0") or name[:1] == "@"):
        hint = "'latest' means the newest run" if name == "latest" else "use letters, digits, '-' and '_'"
        faults.add(("name",), f"'{name}' cannot name a folder", hint)

"""Classes of Keras, and kinds of them, as topics."""

from typing import Any

from kerasrun.config.catalogue import Catalogue, Entry, Kind
from kerasrun.config.descriptions import NAMES
from kerasrun.config.kinds import KIND_NAMES
from kerasrun.config.reference.examples import example_of, example_of_name
from kerasrun.config.reference.words import words_of
from kerasrun.config.reference.yaml_lines import inline, write_lines
from kerasrun.config.schema.arguments import allowed_values
from kerasrun.config.schema.objects import EVERY_EPOCHS
from kerasrun.config.texts import Texts

# Those of a kind that most people look for; the first is its example.
FAVOURITES = {
    "layers": ("Dense", "Conv2D", "LSTM", "Dropout", "Flatten"),
    "optimizers": ("Adam", "SGD", "RMSprop", "AdamW"),
    "schedules": ("CosineDecay", "ExponentialDecay"),
    "losses": ("MeanSquaredError", "SparseCategoricalCrossentropy"),
    "metrics": ("accuracy", "AUC", "Precision", "MeanAbsoluteError"),
    "initializers": ("GlorotUniform", "HeNormal", "Zeros", "Constant"),
    "regularizers": ("L2", "L1", "L1L2"),
    "constraints": ("MaxNorm", "NonNeg"),
    "callbacks": ("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau"),
    "activations": ("relu", "softmax", "sigmoid", "tanh"),
}


def describe_kind(kind: str, catalogue: Catalogue, texts: Texts) -> dict[str, Any]:
    """A kind: all its names with a line each, in groups."""
    listed = catalogue.kinds[kind]
    groups: dict[str, list[dict[str, str]]] = {}
    for entry in listed.entries.values():
        line = {"name": entry.name, "text": entry.doc}
        groups.setdefault(texts.group(kind, entry), []).append(line)
    for name in listed.functions:
        own = "" if kind == "activations" else "names alone"
        groups.setdefault(own, []).append({"name": name, "text": _line_of(kind, name, texts)})
    return {
        "topic": "kind",
        "name": kind,
        "word": KIND_NAMES[kind],
        "keras": catalogue.keras_version,
        "count": len(listed.entries) + len(listed.functions),
        "groups": [{"name": name, "members": groups[name]} for name in sorted(groups, key=_group_order)],
        "refused": list(listed.refused),
        "favourites": [name for name in FAVOURITES[kind] if name in listed.names],
        "example": _example(kind, listed),
    }


def _group_order(name: str) -> tuple[int, str]:
    """What is used most first, what is long last."""
    last = ("names alone", "networks of keras.applications", "your own")
    return (last.index(name) + 2 if name in last else int(name != "core"), name)


def _example(kind: str, listed: Kind) -> list[str]:
    name = FAVOURITES[kind][0]
    return write_lines(
        example_of(kind, listed.entries[name]) if name in listed.entries else example_of_name(kind, name)
    )


def describe_class(kind: str, entry: Entry, catalogue: Catalogue, texts: Texts) -> dict[str, Any]:
    """A class: what it is, its arguments, and an example."""
    arguments = [_argument(kind, entry, name, texts) for name in entry.arguments]
    if kind == "callbacks" and entry.name == "ModelCheckpoint":
        every = {"text": EVERY_EPOCHS["description"], "takes": words_of(EVERY_EPOCHS)}
        arguments.append({"name": "every_epochs", "required": False, "default": "", **every})
    return {
        "topic": "class",
        "name": entry.name,
        "kind": kind,
        "word": KIND_NAMES[kind],
        "group": texts.group(kind, entry),
        "own": entry.own,
        "keras": catalogue.keras_version,
        "text": entry.doc,
        "also": [name for name, target in catalogue.kinds[kind].aliases.items() if target == entry.name],
        "arguments": arguments,
        "first_argument": entry.first_argument,
        "example": write_lines(example_of(kind, entry)),
    }


def _argument(kind: str, entry: Entry, name: str, texts: Texts) -> dict[str, Any]:
    about = entry.arguments[name]
    default = inline(about["default"]) if "default" in about else about.get("default_text", "")
    takes = words_of({"anyOf": allowed_values(kind, entry, name)})
    return {
        "name": name,
        "required": not about and not (entry.application and name != "weights"),
        "default": default,
        "text": texts.argument(kind, entry, name),
        "takes": takes,
    }


def describe_name(kind: str, name: str, texts: Texts) -> dict[str, Any]:
    """A name that is no class and takes no arguments: an activation, `accuracy`."""
    text, example = _line_of(kind, name, texts), write_lines(example_of_name(kind, name))
    return {"topic": "name", "name": name, "kind": kind, "word": KIND_NAMES[kind], "text": text, "example": example}


def _line_of(kind: str, name: str, texts: Texts) -> str:
    return NAMES.get(kind, {}).get(name) or texts.function(kind, name)


def describe_refused(kind: str, name: str, reason: str) -> dict[str, Any]:
    """A class of Keras that a config cannot hold."""
    return {"topic": "refused", "name": name, "kind": kind, "word": KIND_NAMES[kind], "text": reason}

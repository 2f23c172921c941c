"""The structure of a run's model on the disk: model.json, from which a page draws it without loading Keras."""

import json
from typing import Any

from kerasrun.config.brief import brief
from kerasrun.config.catalogue import Catalogue
from kerasrun.config.compare import MISSING, same
from kerasrun.config.own_settings import one_line
from kerasrun.errors import InputError
from kerasrun.report.page.facts import Layer
from kerasrun.runs.store.files import write_whole
from kerasrun.runs.store.folder import RunFolder

# What Keras makes of an argument that is not given.
MADE_OF_NONE = ("linear", "channels_last")


def write_structure(run: RunFolder, model: Any) -> None:
    """Write what a Keras model is made of."""
    from kerasrun.model.structure import describe_model

    write_whole(run.structure, json.dumps(describe_model(model), ensure_ascii=False, allow_nan=False) + "\n")


def read_structure(run: RunFolder, catalogue: Catalogue) -> tuple[Layer, ...]:
    """The layers of a run's model; none where there is no such file: an older version wrote the run.

    Raises:
        InputError: it is damaged.
    """
    try:
        described = json.loads(run.structure.read_text(encoding="utf-8"))
        return tuple(_layer(layer, catalogue) for layer in described["layers"])
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise InputError(f"{run.structure}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{run.structure}: is damaged") from None


def _layer(described: dict[str, Any], catalogue: Catalogue) -> Layer:
    kind = str(described["class"])
    outputs = [list(shape) for shape in described["outputs"]]
    return Layer(
        str(described["name"]),
        kind,
        ", ".join(_shape(shape) for shape in outputs) or "?",
        int(described["num_parameters"]),
        bool(described["trainable"]),
        _arguments(kind, dict(described["arguments"]), catalogue),
        tuple(tuple((str(name), int(use)) for name, use, _ in uses) for uses in described["reads"]),
        tuple(_layer(inner, catalogue) for inner in described.get("layers", [])),
    )


def _shape(sizes: list[Any]) -> str:
    """A shape without the rows: `28 × 28 × 1`, `any` where a size is free; one number is `1`."""
    return " × ".join("any" if size is None else str(size) for size in sizes[1:]) or "1"


def _arguments(kind: str, arguments: dict[str, Any], catalogue: Catalogue) -> str:
    """Those that differ from the defaults, as YAML on one line."""
    entry = catalogue.kinds["layers"].find(kind)
    if kind == "InputLayer" or entry is None:
        return "" if kind == "InputLayer" else one_line(arguments)[1:-1]
    # In the order of the class's own arguments; what Keras passes on beside them is off where it is false or null.
    ordered = {name: arguments[name] for name in entry.arguments if name in arguments}
    ordered |= {name: value for name, value in arguments.items() if value is not None and value is not False}
    refused = {name: about.get("default", MISSING) for name, about in entry.refused.items()}
    unset = [name for name, about in entry.arguments.items() if about.get("default", MISSING) is None]
    given = {
        name: None if name in unset and value in MADE_OF_NONE else value
        for name, value in ordered.items()
        if not same(value, refused.get(name, MISSING))
    }
    shown = brief({kind: given}, "layers", catalogue)
    left = shown[kind] if isinstance(shown, dict) else {}
    if not isinstance(left, dict):
        left = {entry.first_argument: left}
    return one_line({name: value for name, value in left.items() if value is not None})[1:-1]

"""What a run was, in short: kept in its manifest, so that a list of runs need not read every config."""

import math
from itertools import groupby
from typing import Any

from kerasrun.config import Config
from kerasrun.config.catalogue import Catalogue
from kerasrun.config.specs import ModelSpec, ObjectSpec

# Layers by which no model is told from another.
PLAIN = ("Activation", "Flatten", "InputLayer", "Input", "Rescaling")

# Of a longer model the first and the last layers are named; longer lists of a setting are left out.
MAX_LAYERS, MAX_ITEMS = 7, 20

# Sections that are kept, each setting with its value: of the model only the words are.
SECTIONS = ("seed", "backend", "data", "training", "callbacks", "output")


def summarise(config: Config) -> dict[str, Any]:
    """The model in words, the optimizer's class, how long it shall train, and the other settings, as values of JSON."""
    written, training = config.to_dict(), config.training
    return {
        "model": model_words(config.model, config.catalogue),
        "optimizer": config.optimizer.name,
        **({"steps": training.steps} if training.steps else {"epochs": training.epochs}),
        "settings": _plain({name: written[name] for name in SECTIONS}),
    }


def model_words(model: ModelSpec, catalogue: Catalogue) -> str:
    """A model in a line: `Dense 128 – Dropout 0.2 – Dense 10`; a graph's layers in the order in which they stand."""
    named = [spec for spec in model.layers if spec.layer is None or spec.layer.class_name not in PLAIN]
    each = [_object_words(spec.layer, catalogue) if spec.layer else f"{spec.reuse} again" for spec in named]
    runs = [(words, len(list(same))) for words, same in groupby(each)]
    words = [f"{words} ×{count}" if count > 1 else words for words, count in runs]
    if len(words) > MAX_LAYERS:
        words = [*words[:4], f"… {len(words) - 6} more …", *words[-2:]]
    loaded = [model.load.rpartition("/")[2]] if model.load else []
    branches = len(model.inputs) > 1 or len(model.outputs) > 1 or any(spec.reads or spec.reuse for spec in model.layers)
    return ("graph: " if branches else "") + " – ".join(loaded + words)


def _object_words(layer: ObjectSpec, catalogue: Catalogue) -> str:
    """The class, and its first argument if that is required, and a number or a layer: `LSTM 32`, `Conv2D 16`."""
    entry = catalogue.kinds["layers"].find(layer.name)
    name, about = next(iter(entry.arguments.items()), ("", {})) if entry else ("", {})
    first = layer.arguments.get(name) if "default" not in about else None
    if isinstance(first, ObjectSpec):
        return f"{layer.name} {_object_words(first, catalogue)}"
    is_number = isinstance(first, int | float) and not isinstance(first, bool)
    return f"{layer.name} {first}" if is_number else layer.name


def _plain(value: Any) -> Any:
    """A value as JSON has it, without what is null, empty, or a long list."""
    if isinstance(value, dict):
        plain = {str(key): _plain(item) for key, item in value.items()}
        return {key: item for key, item in plain.items() if item is not None and item != {} and item != []}
    if isinstance(value, list):
        return [_plain(item) for item in value] if len(value) <= MAX_ITEMS else None
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value

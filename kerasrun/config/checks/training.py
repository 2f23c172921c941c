"""Settings of data and training that go together badly: pixels as they came, batches larger than the data."""

from typing import Any

from kerasrun.config.checks.facts import labels_of
from kerasrun.config.faults import Faults
from kerasrun.config.sources import ByColumn, ImdbSection, SeriesSection, SplitSection
from kerasrun.config.specs import ModelSpec, ObjectSpec

# Layers that bring inputs into a small range by themselves, or take them for words.
SCALING = (
    *("Rescaling", "Normalization", "BatchNormalization", "LayerNormalization", "UnitNormalization"),
    *("GroupNormalization", "RMSNormalization"),
    *("Embedding", "CategoryEncoding", "Discretization", "Hashing", "IntegerLookup"),
)

# Training rows of the sources whose size is known; a test set that is a fraction lies within.
NUM_ROWS = {"mnist": 60_000, "digits": 1_797, "iris": 150, "wine": 178, "breast_cancer": 569, "diabetes": 442}
NUM_ROWS |= {
    "fashion_mnist": 60_000,
    "cifar10": 50_000,
    "cifar100": 50_000,
    "imdb": 25_000,
    "california_housing": 16_512,
}

# The largest pixel.
LARGEST = {"mnist": 255, "digits": 16, "fashion_mnist": 255, "cifar10": 255, "cifar100": 255, "images": 255}

# Above these an optimizer hardly ever converges.
LARGE_RATES = {"SGD": 10.0, "Adam": 0.5, "AdamW": 0.5, "Adamax": 0.5, "Nadam": 0.5, "RMSprop": 0.5, "Lion": 0.1}


def check_validation(data: Any, faults: Faults) -> None:
    """A source without test rows has none to validate on; of an own file's, only the file knows."""
    if data is None or data.validation != "test":
        return
    has_none = isinstance(data, SplitSection) and data.test is None and not isinstance(data.split, ByColumn)
    if data.source == "sine" or has_none or (isinstance(data, SeriesSection) and data.test is None):
        hint = "give a fraction, such as 0.2"
        faults.add(("data", "validation"), "this data has no test rows to validate on", hint)


def check_class_names(data: Any, faults: Faults) -> None:
    """Each class has a name, and no two the same; of an own file's classes, only the file may know how many."""
    names = getattr(data, "class_names", None)
    if names is None:
        return
    place = ("data", "class_names")
    for number, name in enumerate(names):
        if not name.strip():
            faults.add((*place, number), f"the name of class {number} is empty")
        elif name in names[:number]:
            faults.add((*place, number), f"the classes {names.index(name)} and {number} are both called '{name}'")
    count = labels_of(data).num_classes
    if count != len(names):
        message = f"there are {count} classes, and class_names has {len(names)} names"
        faults.add(place, message, "give each class a name, in the order of their numbers", at_key=True)


def check_pixels(data: Any, model: ModelSpec, faults: Faults) -> None:
    """Pixels as they came, 0 to 255, make a first step far too large for most nets."""
    if data is None or data.source not in LARGEST or data.scale is not False or not model.layers:
        return
    first = _first_layers(model)
    if not any(layer.own or layer.application or layer.class_name in SCALING for layer in first):
        faults.warn(
            "unscaled_pixels",
            ("data", "scale"),
            f"pixels come as they are, from 0 to {LARGEST[data.source]}, and no layer scales them",
            "leave out scale, or begin the model with Rescaling or BatchNormalization",
        )


def check_words(data: Any, model: ModelSpec, faults: Faults) -> None:
    """An Embedding has a row for each number that stands for a word; what it does with others nobody can say."""
    first = model.layers[0].layer if model.layers else None
    if not isinstance(data, ImdbSection) or first is None or first.own or first.class_name != "Embedding":
        return
    known = first.arguments.get("input_dim")
    if isinstance(known, int) and known < data.num_words:
        message = f"the Embedding knows the numbers below {known:,}, and words have those below {data.num_words:,}"
        hint = f"write input_dim: {data.num_words}, or data.num_words: {known}"
        faults.add((*model.layers[0].path, first.name, "input_dim"), message, hint)


def _first_layers(model: ModelSpec) -> list[ObjectSpec]:
    """The layers up to the second behind the first one that weighs its inputs."""
    layers = [spec.layer for spec in model.layers if spec.layer]
    weighing = (index for index, layer in enumerate(layers) if {"units", "filters"} & layer.arguments.keys())
    return layers[: next(weighing, len(layers)) + 3]


def check_batches(data: Any, training: Any, faults: Faults) -> None:
    """A batch larger than the data is one batch an epoch."""
    if data is None or training is None:
        return
    num_rows = _num_train_rows(data)
    if num_rows is not None and training.batch_size > max(num_rows, 32):
        message = f"batch_size: {training.batch_size} is more than the {num_rows:,} training rows"
        faults.warn("batch_of_all_rows", ("training", "batch_size"), message, "each epoch is then one step on all rows")
    if training.steps is not None and (training.evaluate_every or 0) > training.steps:
        message = f"evaluate_every: {training.evaluate_every} is more than the {training.steps:,} steps of the training"
        faults.warn("evaluates_only_at_the_end", ("training", "evaluate_every"), message, "there is one at the end")


def _num_train_rows(data: Any) -> int | None:
    num_rows = NUM_ROWS.get(data.source) or (data.num_samples if data.source == "sine" else None)
    if num_rows is None:
        return None
    num_rows -= round(num_rows * (getattr(data, "test", None) or 0))
    num_rows = min(num_rows, getattr(data, "num_samples", None) or num_rows)
    return int(num_rows * (1 - data.validation)) if isinstance(data.validation, float) else num_rows


def check_rate(optimizer: ObjectSpec | None, faults: Faults) -> None:
    """A learning rate at which nothing converges."""
    if optimizer is None or optimizer.own:
        return
    rate, limit = optimizer.arguments.get("learning_rate"), LARGE_RATES.get(optimizer.class_name)
    if limit is not None and isinstance(rate, (int, float)) and rate > limit:
        place = (*optimizer.path, optimizer.name, "learning_rate")
        message = f"a learning rate of {rate} is far more than {optimizer.class_name} usually bears"
        faults.warn("large_learning_rate", place, message, "1e-3 to 1e-1 are common")

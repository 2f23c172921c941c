"""What is known of a training from its config alone: the labels, and what each output of the model is."""

from dataclasses import dataclass
from typing import Any

from kerasrun.config.faults import Path
from kerasrun.config.specs import LayerSpec, ModelSpec, ObjectSpec

# Sources whose targets are known: how many classes there are, or that they are numbers.
NUM_CLASSES = {"mnist": 10, "digits": 10, "iris": 3, "wine": 3, "breast_cancer": 2}
NUM_CLASSES |= {"fashion_mnist": 10, "cifar10": 10, "cifar100": 100, "imdb": 2}
NUM_COARSE = 20
OF_NUMBERS = ("sine", "diabetes", "california_housing", "series")

# Sources that have a folder for each class, or a table with a column of targets.
OF_FOLDERS = ("images", "text")

# What labels can be.
CLASSES, ONE_HOT, NUMBERS = "class numbers", "one-hot labels", "numbers"

# Layers that change neither what their rows mean nor how many units there are.
TRANSPARENT = ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Identity")
AS_LAYERS = {"Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "PReLU": "prelu"}


@dataclass(frozen=True)
class Output:
    """One output of the model.

    Args:
        name: as losses and metrics name it; "" where there is one alone.
        place: where the layer stands that makes its values what they are.
        activation: what is done to the values in the end: `softmax`, `linear`; None where it is not known.
        units: how many values a row has; None where it is not known.
        units_place: where the layer stands that has them.
        loss: what it is trained on.
        metrics: what is measured of it.
    """

    name: str
    place: Path
    activation: str | None
    units: int | None
    units_place: Path
    loss: ObjectSpec | None
    metrics: list[ObjectSpec]


@dataclass(frozen=True)
class Labels:
    """The targets: their kind, None where it is not known, and how many classes there are."""

    kind: str | None = None
    num_classes: int | None = None


def labels_of(data: Any) -> Labels:
    """What the data section says of the targets."""
    if data is None:
        return Labels()
    target_type = "numbers" if isinstance(getattr(data, "target", None), list) else getattr(data, "target_type", "auto")
    if data.source in OF_NUMBERS or target_type == "numbers":
        return Labels(NUMBERS)
    is_class = CLASSES if target_type == "classes" else None
    one_hot, given = ONE_HOT if data.one_hot else is_class, getattr(data, "num_classes", None)
    if data.source in NUM_CLASSES:
        count = NUM_COARSE if getattr(data, "labels", None) == "coarse" else NUM_CLASSES[data.source]
        return Labels(one_hot or CLASSES, given or count)
    given = given or (len(data.class_names) if data.class_names else None)
    is_of_folders = data.source in OF_FOLDERS and data.target is None
    return Labels(one_hot or (CLASSES if is_of_folders else None), given)


def outputs_of(model: ModelSpec, loss: Any, metrics: list[Any]) -> list[Output]:
    """The outputs whose layers can be known without Keras.

    Args:
        metrics: the settings `metrics` and `weighted_metrics`, each one, a list, or a mapping from outputs' names.
    """
    if not model.layers:
        return []
    names = model.outputs or [""]
    by_name = {spec.name: index for index, spec in enumerate(model.layers) if spec.name}
    outputs = []
    for name in names:
        index = by_name.get(name) if name else len(model.layers) - 1
        if index is None:
            continue
        place, activation, units, units_place = _end_of(model.layers, index)
        key = name or model.layers[index].name or ""
        its_loss = loss.get(key) if isinstance(loss, dict) else loss
        mine = [
            spec for setting in metrics for spec in _specs(setting.get(key) if isinstance(setting, dict) else setting)
        ]
        is_spec = isinstance(its_loss, ObjectSpec)
        its_loss = its_loss if is_spec else None
        outputs.append(Output(name, place, activation, units, units_place, its_loss, mine))
    return outputs


def _specs(value: Any) -> list[ObjectSpec]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, ObjectSpec)]


def _end_of(layers: list[LayerSpec], index: int) -> tuple[Path, str | None, int | None, Path]:
    """Place, activation, units and their place of what a layer puts out, found by walking back from it."""
    place: Path = layers[index].path
    activation: str | None = None
    while True:
        spec = layers[index]
        layer = spec.layer
        if layer is None or layer.own:
            return place, activation, None, place
        if layer.class_name in TRANSPARENT:
            pass
        elif activation is None and (found := _activation_of(layer)) is not None:
            activation, place = found, (*spec.path, layer.name)
        elif layer.class_name not in ("Dense", "Activation") and layer.class_name not in AS_LAYERS:
            return place, activation, None, place
        if layer.class_name == "Dense":
            units, here = layer.arguments.get("units"), (*spec.path, layer.name)
            return (
                place if activation else here,
                activation or "linear",
                units if isinstance(units, int) else None,
                here,
            )
        before = _before(layers, index)
        if before is None:
            return place, activation, None, place
        index = before


def _activation_of(layer: ObjectSpec) -> str | None:
    if layer.class_name in AS_LAYERS:
        return AS_LAYERS[layer.class_name]
    activation = layer.arguments.get("activation")
    return activation if layer.class_name in ("Dense", "Activation") and isinstance(activation, str) else None


def _before(layers: list[LayerSpec], index: int) -> int | None:
    reads = layers[index].reads
    if reads is None:
        return index - 1 if index else None
    names = [i for i in range(index) if isinstance(reads, str) and layers[i].name == reads]
    return names[0] if names else None

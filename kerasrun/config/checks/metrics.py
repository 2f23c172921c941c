"""Whether metrics go with the labels and the last layer's values, and each has a name of its own."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.checks.facts import CLASSES, NUMBERS, ONE_HOT, Labels, Output
from kerasrun.config.checks.losses import OF_NUMBERS as LOSSES_OF_NUMBERS
from kerasrun.config.checks.losses import PROBABILITIES
from kerasrun.config.faults import Faults, Path
from kerasrun.config.specs import ObjectSpec

OF_CLASS_NUMBERS = (
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
)
OF_ONE_HOT = ("CategoricalAccuracy", "CategoricalCrossentropy", "TopKCategoricalAccuracy", "F1Score", "FBetaScore")
OF_TWO_CLASSES = ("BinaryAccuracy", "BinaryCrossentropy")
COUNTING = (
    *("AUC", "Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"),
    *("PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity"),
)
OF_CLASSES = (*OF_CLASS_NUMBERS, *OF_ONE_HOT, *OF_TWO_CLASSES, *COUNTING)
OF_NUMBERS = (
    *("MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError", "MeanAbsolutePercentageError", "R2Score"),
    *("MeanSquaredLogarithmicError", "LogCoshError", "PearsonCorrelation", "ConcordanceCorrelation"),
)


def check_metrics(output: Output, labels: Labels, faults: Faults) -> None:
    """Note what cannot work as a fault, and what probably does not as a warning."""
    for metric in output.metrics:
        if not metric.own:
            _check(metric, output, labels, faults)


def _check(metric: ObjectSpec, output: Output, labels: Labels, faults: Faults) -> None:
    place: Path = (*metric.path, metric.name)
    kind = metric.class_name
    several = output.units is not None and output.units > 1
    if kind == "Accuracy" and (output.activation in PROBABILITIES or labels.kind in (CLASSES, ONE_HOT)):
        faults.add(
            place,
            "the class Accuracy counts exact equality, which probabilities never have",
            "write accuracy",
            at_key=True,
        )
    elif (kind in OF_CLASSES or metric.name in ("accuracy", "acc")) and labels.kind == NUMBERS:
        hint = "for numbers write MeanAbsoluteError, RootMeanSquaredError or R2Score"
        faults.add(place, f"{metric.name} counts classes, and the targets are numbers", hint, at_key=True)
    elif metric.name in ("accuracy", "acc") and labels.kind is None and (loss := _loss_of_numbers(output)):
        hint = "for numbers write MeanAbsoluteError, RootMeanSquaredError or R2Score"
        message = f"{metric.name} counts classes, and {loss.name} measures numbers"
        faults.warn("accuracy_of_numbers", place, message, hint, at_key=True)
    elif kind in OF_CLASS_NUMBERS and labels.kind == ONE_HOT:
        name = metric.name.replace("Sparse", "").replace("sparse_", "")
        hint = f"write {name}, or leave out data.one_hot"
        faults.add(
            place, f"{metric.name} wants class numbers, and data.one_hot makes one-hot labels", hint, at_key=True
        )
    elif kind in OF_ONE_HOT and labels.kind == CLASSES and several:
        hint = "set data.one_hot: true, with categorical_crossentropy"
        if not kind.startswith("F"):
            name = f"sparse_{metric.name}" if metric.name.islower() else f"Sparse{metric.name}"
            hint = f"write {name}, or set data.one_hot: true with categorical_crossentropy"
        faults.add(place, f"{metric.name} wants one-hot labels, and the labels are class numbers", hint, at_key=True)
    elif kind in (*OF_TWO_CLASSES, *COUNTING) and labels.kind == CLASSES and several:
        hint = "write accuracy, or set data.one_hot: true with categorical_crossentropy"
        faults.add(
            place,
            f"{metric.name} compares value by value: {output.units} values with one class number",
            hint,
            at_key=True,
        )
    elif kind in ("IoU", "MeanIoU") and several and metric.arguments.get("sparse_y_pred") is not False:
        hint = f"write {kind}: {{sparse_y_pred: false, …}}, and sparse_y_true: false too where labels are one-hot"
        message = f"{metric.name} compares class numbers, and the last layer puts out {output.units} values a row"
        faults.add(place, message, hint, at_key=True)
    elif kind in OF_TWO_CLASSES and output.activation == "softmax" and several:
        faults.warn(
            "binary_metric_of_classes",
            place,
            f"{metric.name} takes each class for itself",
            "write accuracy",
            at_key=True,
        )
    elif kind in OF_NUMBERS and labels.kind == CLASSES and several:
        message = f"{metric.name} compares value by value: {output.units} values with one class number"
        faults.add(place, message, "write accuracy, or set data.one_hot: true", at_key=True)
    elif (
        kind in COUNTING and output.activation not in (None, *PROBABILITIES) and not metric.arguments.get("from_logits")
    ):
        hint = "end the model in activation: sigmoid" + (", or write from_logits: true" if kind == "AUC" else "")
        message = f"{metric.name} wants probabilities from 0 to 1, and the last layer ends in {output.activation}"
        faults.add(place, message, hint, at_key=True)


def _loss_of_numbers(output: Output) -> ObjectSpec | None:
    """The loss of an output that is trained as numbers, which nothing makes probabilities; None of another one."""
    loss = output.loss
    return loss if loss and loss.class_name in LOSSES_OF_NUMBERS and output.activation == "linear" else None


def log_names(outputs: list[Output], settings: list[Any], catalogue: Catalogue) -> list[str] | None:
    """The figures that an epoch will have, without those of the validation; None where only Keras knows."""
    if len(outputs) != 1 or any(isinstance(setting, dict) for setting in settings):
        return None
    names = ["loss", *(figure_name(spec, catalogue) for spec in outputs[0].metrics)]
    return None if None in names else [name for name in names if name]


def figure_name(spec: ObjectSpec, catalogue: Catalogue) -> str | None:
    """What a metric is called in the logs; None where only Keras knows."""
    if spec.own:
        return None
    if not spec.arguments and spec.name != spec.class_name:
        return spec.name
    name = spec.arguments.get("name")
    if name is None:
        name = catalogue.kinds["metrics"].entries[spec.class_name].arguments.get("name", {}).get("default")
    return name if isinstance(name, str) else None


def check_names(outputs: list[Output], settings: list[Any], catalogue: Catalogue, faults: Faults) -> None:
    """Two metrics of one name would be one column of the history."""
    for output in outputs:
        seen: set[str] = set()
        for spec in output.metrics:
            name = figure_name(spec, catalogue)
            if name is None:
                continue
            if name in seen:
                place = (*spec.path, spec.name)
                faults.add(
                    place,
                    f"two metrics are called '{name}'",
                    "leave one out, or give it a name: of its own",
                    at_key=True,
                )
            seen.add(name)

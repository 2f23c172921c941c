"""Whether a loss goes with the last layer's values and with the labels."""

from kerasrun.config.checks.facts import CLASSES, NUMBERS, ONE_HOT, Labels, Output
from kerasrun.config.faults import Faults, Path
from kerasrun.config.specs import ObjectSpec

SPARSE = ("SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy")
CATEGORICAL = ("CategoricalCrossentropy", "CategoricalFocalCrossentropy")
BINARY = ("BinaryCrossentropy", "BinaryFocalCrossentropy")
OF_NUMBERS = (
    "MeanSquaredError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
    "Huber",
    "LogCosh",
)

# What bounds its values to probabilities, of all classes together or of each alone.
PROBABILITIES = ("softmax", "sigmoid", "hard_sigmoid", "sparsemax", "sparse_sigmoid")
# What can stand for logits as it is: log_softmax takes the same from each of them.
LOGITS = ("linear", "log_softmax")
# What is above 0: the losses of one-hot labels divide it by its sum.
POSITIVE = ("exponential", "softplus", "squareplus", "sparse_plus")
ADVICE = {**dict.fromkeys(BINARY, "sigmoid"), **dict.fromkeys((*SPARSE, *CATEGORICAL), "softmax")}


def check_loss(output: Output, labels: Labels, faults: Faults) -> None:
    """Note what cannot work as a fault, and what probably does not as a warning."""
    loss = output.loss
    if loss is None or loss.own:
        return
    place: Path = (*loss.path, loss.name)
    before = len(faults.found)
    for check in (_check_labels, _check_units, _check_probabilities):
        check(output, loss, labels, place, faults)
        if len(faults.found) > before:
            return  # the others would tell the same mistake in other words


def _check_probabilities(output: Output, loss: ObjectSpec, labels: Labels, place: Path, faults: Faults) -> None:
    kind, activation = loss.class_name, output.activation
    if activation is None or kind not in ADVICE:
        return
    wanted, from_logits = ADVICE[kind], loss.arguments.get("from_logits") is True
    if from_logits and activation in PROBABILITIES:
        faults.add(
            place,
            f"from_logits: true wants values as they are, and the last layer ends in {activation}",
            f"leave out from_logits, or the {activation}",
            at_key=True,
        )
    elif from_logits and activation not in LOGITS:
        faults.warn(
            "bounded_logits",
            output.place,
            f"{activation} bends the values that {loss.name} takes for logits",
            "leave the last layer without activation",
            at_key=True,
        )
    elif not from_logits and activation in POSITIVE and kind in CATEGORICAL:
        return
    elif not from_logits and activation not in PROBABILITIES and kind not in ("CategoricalGeneralizedCrossEntropy",):
        faults.add(
            place,
            f"{loss.name} compares probabilities, and the last layer ends in {activation}",
            f"end the model in activation: {wanted}, or write {_with_logits(loss)}",
            at_key=True,
        )
    elif kind in BINARY and activation == "softmax" and output.units != 1:
        faults.warn(
            "softmax_of_binary",
            place,
            f"{loss.name} takes each class for itself, and softmax makes them compete",
            "for one class of several write categorical_crossentropy; for several at once end in activation: sigmoid",
            at_key=True,
        )
    elif kind not in BINARY and activation in ("sigmoid", "hard_sigmoid") and output.units != 1:
        faults.warn(
            "sigmoid_of_classes",
            output.place,
            f"{loss.name} wants probabilities that add up to 1, and {activation} makes each for itself",
            "end the model in activation: softmax",
            at_key=True,
        )


def _with_logits(loss: ObjectSpec) -> str:
    return f"loss: {{{loss.class_name}: {{from_logits: true}}}}"


def _check_labels(output: Output, loss: ObjectSpec, labels: Labels, place: Path, faults: Faults) -> None:
    kind = loss.class_name
    if kind in SPARSE and labels.kind == ONE_HOT:
        hint = "leave out data.one_hot, or write categorical_crossentropy"
        faults.add(
            place, f"{loss.name} wants a class number a row, and data.one_hot makes one-hot labels", hint, at_key=True
        )
    elif kind in CATEGORICAL and labels.kind == CLASSES:
        hint = "write sparse_categorical_crossentropy, or set data.one_hot: true"
        faults.add(place, f"{loss.name} wants one-hot labels, and the labels are class numbers", hint, at_key=True)
    elif (kind in ADVICE or loss.name in ("crossentropy", "ce")) and labels.kind == NUMBERS:
        hint = "for numbers write mean_squared_error"
        faults.add(place, f"{loss.name} compares classes, and the targets are numbers", hint, at_key=True)
    elif kind in BINARY and labels.kind == CLASSES and (labels.num_classes or 0) > 2:
        hint = "write sparse_categorical_crossentropy, with softmax and a unit for each class"
        faults.add(
            place, f"{loss.name} is for two classes, and the labels have {labels.num_classes}", hint, at_key=True
        )
    elif kind in OF_NUMBERS and labels.kind == CLASSES and (labels.num_classes or 0) > 2:
        hint = "write sparse_categorical_crossentropy, or set data.one_hot: true"
        if output.units is not None and output.units > 1:
            message = f"{loss.name} compares value by value: {output.units} values with one class number"
            faults.add(place, message, hint, at_key=True)
        else:
            faults.warn(
                "classes_as_numbers", place, f"{loss.name} takes the number of a class for a measure", hint, at_key=True
            )


def _check_units(output: Output, loss: ObjectSpec, labels: Labels, place: Path, faults: Faults) -> None:
    kind, units = loss.class_name, output.units
    if units == 1 and output.activation == "softmax":
        hint = "use sigmoid for one unit, or a unit for each class"
        faults.add(output.place, "softmax of one unit is always 1", hint, at_key=True)
    elif units == 1 and kind in (*SPARSE, *CATEGORICAL):
        hint = "use binary_crossentropy with a sigmoid unit, or a unit for each class"
        faults.add(place, f"{loss.name} compares classes, and the last layer has one unit", hint, at_key=True)
    elif units is None or labels.num_classes is None or labels.kind == NUMBERS:
        return
    elif labels.kind == ONE_HOT and units != labels.num_classes:
        message = f"the last layer has {units} unit{'s' * (units != 1)}, and there are {labels.num_classes} classes"
        faults.add(output.units_place, message, f"give it {labels.num_classes} units", at_key=True)
    elif kind in SPARSE and units < labels.num_classes:
        message = f"the last layer has {units} units, and there are {labels.num_classes} classes"
        faults.add(output.units_place, message, f"give it {labels.num_classes} units", at_key=True)
    elif kind in SPARSE and units > labels.num_classes:
        message = f"the last layer has {units} units, and there are only {labels.num_classes} classes"
        faults.warn(
            "more_units_than_classes", output.units_place, message, f"give it {labels.num_classes} units", at_key=True
        )

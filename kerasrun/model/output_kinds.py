"""What each output of a compiled model tells, by its loss: a class a row, labels of which a row has any, or numbers."""

from dataclasses import dataclass
from typing import Any, Literal

import keras

from kerasrun.model.targets import output_shapes

Kind = Literal["classes", "labels", "values"]

# Losses of one class a row beside those with "Categorical" in their names; and those of two classes, -1 and 1.
OF_CLASSES = ("crossentropy", "kldivergence", "poissoncategorical")
OF_SIGNS = ("hinge", "squaredhinge")


@dataclass(frozen=True)
class OutputKind:
    """What an output tells.

    Args:
        is_logits: whether its loss makes probabilities of it first.
        is_scored: whether its values are no probabilities, and only the highest counts.
    """

    kind: Kind
    is_logits: bool = False
    is_scored: bool = False


def output_kinds(model: keras.Model) -> dict[str, OutputKind]:
    """What each output tells, by its name; all are numbers in a model without a loss."""
    shapes = output_shapes(model)
    losses = _losses(model, list(shapes))
    return {name: _kind(losses.get(name), shape) for name, shape in shapes.items()}


def _losses(model: keras.Model, names: list[str]) -> dict[str, Any]:
    """The loss of each output, as it was given to `compile`."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, dict):
        return loss
    if isinstance(loss, (list, tuple)):
        return dict(zip(names, loss, strict=False))
    return dict.fromkeys(names, loss)


def _kind(loss: Any, shape: tuple[int | None, ...]) -> OutputKind:
    name, is_logits = _class_name(loss), bool(getattr(loss, "from_logits", False) or _asks_for_logits(loss))
    if len(shape) != 1:
        return OutputKind("values")
    if shape[0] != 1 and ("categorical" in name or name in OF_CLASSES):
        return OutputKind("classes", is_logits, is_scored="hinge" in name)
    if "binary" in name:
        return OutputKind("classes" if shape[0] == 1 else "labels", is_logits)
    if name in OF_SIGNS and shape[0] == 1:
        return OutputKind("classes", is_scored=True)
    return OutputKind("values")


def _class_name(loss: Any) -> str:
    """The name of a loss in small letters without underscores: `mse` is `meansquarederror`."""
    if isinstance(loss, str):
        if loss in ("ce", "crossentropy"):
            return "crossentropy"
        loss = keras.losses.get(loss)
    name = getattr(loss, "__name__", None) or type(loss).__name__
    return str(name).replace("_", "").lower()


def _asks_for_logits(loss: Any) -> bool:
    """A loss object keeps its arguments apart."""
    return bool(getattr(loss, "_fn_kwargs", {}).get("from_logits", False))

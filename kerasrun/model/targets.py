"""Targets: fitted to a model's outputs, and checked against them before the first step."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np

from kerasrun.config import Config
from kerasrun.config.specs import ObjectSpec
from kerasrun.data.rows import array_items
from kerasrun.data.streamed import AnyRows
from kerasrun.errors import InputError

# Losses whose targets are class numbers, and all whose targets have another shape than the predictions.
CLASS_NUMBERS = ("SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy")
SPARSE = (*CLASS_NUMBERS, "Circle", "CTC")

Shape = tuple[int | None, ...]


def output_shapes(model: keras.Model) -> dict[str, Shape]:
    """The shape of each output without the batch, by the output's name.

    Raises:
        InputError: the model puts out several tensors that have no names.
    """
    output = getattr(model, "output", None) if hasattr(model, "_outputs_struct") else None
    if isinstance(output, dict):
        return {name: tuple(tensor.shape[1:]) for name, tensor in output.items()}
    shape = model.output_shape
    if isinstance(shape, list) or (shape and isinstance(shape[0], tuple)):
        raise InputError(
            f"the model puts out {len(shape)} tensors without names; name those you want: outputs: [a.0, a.1]"
        )
    names = getattr(model, "output_names", None) or [model.layers[-1].name]  # a Sequential has no output_names
    return {names[0]: tuple(shape[1:])}


def share_targets(model: keras.Model, rows: Any) -> Any:
    """Rows, streamed or not, whose targets fit the model's outputs: one array serves several outputs alike."""
    names = list(output_shapes(model))
    if len(names) > 1 and rows.y is not None and not isinstance(rows.y, dict):
        return replace(rows, y=dict.fromkeys(names, rows.y))
    return rows


def check_targets(model: keras.Model, rows: AnyRows, config: Config) -> None:
    """Whether the targets fit what the model puts out, for each output and its loss.

    Raises:
        ConfigError: shapes differ, or a label is no class of the model's.
    """
    outputs = output_shapes(model)
    targets = _by_output(rows, outputs)
    if set(targets) != set(outputs):
        message = f"the model's outputs are {', '.join(outputs)}, and the targets {', '.join(targets) or 'none'}"
        raise config.fault(("model",), message, at_key=True)
    for name, shape in outputs.items():
        loss = config.loss.get(name) if isinstance(config.loss, dict) else config.loss
        if isinstance(loss, ObjectSpec) and not loss.own:
            _check_output(name, shape, targets[name], loss, config)


def check_target_shapes(model: keras.Model, rows: AnyRows) -> None:
    """The same for a model whose config is not known: shapes must agree, or lack the axis of the classes.

    Raises:
        InputError: they do not.
    """
    outputs = output_shapes(model)
    targets = _by_output(rows, outputs)
    for name, shape in outputs.items():
        given = targets[name].shape[1:] if name in targets else None
        if given is None or not (_fits(given, shape) or _fits(given, shape[:-1]) or given == (*shape[:-1], 1)):
            shown = "missing" if given is None else f"of shape {_rows(given)}"
            raise InputError(
                f"the targets do not fit: the output '{name}' has the shape {_rows(shape)}, they are {shown}"
            )


def _by_output(rows: AnyRows, outputs: dict[str, Shape]) -> dict[str, np.ndarray]:
    """The targets by name; a lone array goes by the first output's name."""
    return dict(array_items(rows.y, next(iter(outputs)))) if rows.y is not None else {}


def _check_output(name: str, shape: Shape, y: np.ndarray, loss: ObjectSpec, config: Config) -> None:
    given = y.shape[1:]
    path = (*loss.path, loss.name)
    is_number = given in (shape[:-1], (*shape[:-1], 1))
    if "Categorical" in loss.class_name and "Hinge" not in loss.class_name and shape[-1:] == (1,):
        hint = "use binary_crossentropy with a sigmoid unit, or a unit for each class"
        raise config.fault(
            path, f"{loss.name} compares classes, and the output '{name}' has one unit", hint, at_key=True
        )
    # `crossentropy` is the sparse one where the targets lack the axis of the classes.
    if loss.class_name in CLASS_NUMBERS or (not loss.class_name and is_number and shape[-1:] != (1,)):
        # The generalized one would take labels of shape (rows, 1) amiss, without a word.
        if given == () and len(shape) > 1:
            message = f"the output has the shape {_rows(shape)}, and there is one label a row"
            hint = "put a layer that leaves one axis before the last one, such as Flatten or a GlobalAveragePooling"
            raise config.fault(path, message, hint, at_key=True)
        if not is_number or (given != shape[:-1] and loss.class_name == "CategoricalGeneralizedCrossEntropy"):
            message = f"{loss.name} wants a class number a row, and labels have the shape {_rows(given)}"
            hint = "with one-hot labels use categorical_crossentropy, or set data.one_hot: false"
            raise config.fault(path, message, hint, at_key=True)
        _check_class_numbers(name, shape[-1], y, path, config)
    elif loss.class_name not in SPARSE and not _fits(given, shape):
        hint = ""
        if loss.class_name == "CategoricalCrossentropy" and given == ():
            hint = "set data.one_hot: true, or use sparse_categorical_crossentropy"
        elif given:
            units = f"{given[-1]} unit{'s' * (given[-1] != 1)}"
            hint = f"the last layer needs {units}" if len(given) == len(shape) else ""
        raise config.fault(
            path, f"the output has the shape {_rows(shape)}, and the targets {_rows(given)}", hint, at_key=True
        )


def _check_class_numbers(name: str, count: int | None, y: np.ndarray, path: Any, config: Config) -> None:
    flat = np.asarray(y).reshape(len(y), -1)
    if flat.dtype.kind == "f" and not (flat == np.round(flat)).all():
        row = int(np.argmax((flat != np.round(flat)).any(axis=1)))
        raise config.fault(path, f"labels must be class numbers, and row {row} has {flat[row].max()}", at_key=True)
    if flat.min() < 0:
        row = int(np.argmax(flat.min(axis=1) < 0))
        raise config.fault(
            path, f"the label {int(flat[row].min())} (row {row}) is less than 0", "classes count from 0", at_key=True
        )
    if count is not None and flat.max() >= count:
        row = int(np.argmax(flat.max(axis=1) >= count))
        largest = int(flat.max())
        message = (
            f"the label {int(flat[row].max())} (row {row}) lies outside the {count} classes of the output '{name}'"
        )
        raise config.fault(path, message, f"the last layer needs {largest + 1} units", at_key=True)


def _fits(given: tuple[int, ...], shape: Shape) -> bool:
    padded = (*given, 1) if len(given) == len(shape) - 1 and shape[-1] == 1 else given
    return len(padded) == len(shape) and all(b is None or a == b for a, b in zip(padded, shape, strict=True))


def _rows(shape: Shape) -> str:
    return "(" + ", ".join(["rows", *("any" if n is None else str(n) for n in shape)]) + ")"

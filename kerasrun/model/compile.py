"""Compile a model from the training section, and check it against the data before the first step."""

from typing import Any

import keras
import numpy as np

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.config.objects import ObjectSpec
from kerasrun.data.rows import Rows, array_items
from kerasrun.errors import InputError
from kerasrun.model.objects import ObjectBuilder

# Losses whose targets are class numbers, and all whose targets have another shape than the predictions.
CLASS_NUMBERS = ("SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy")
SPARSE = (*CLASS_NUMBERS, "Circle", "CTC")


def compile_model(model: keras.Model, config: Config, builder: ObjectBuilder) -> None:
    """Give the model its optimizer, loss and metrics.

    A model that was loaded goes on with its optimizer's state where the optimizer is of the same class.

    Raises:
        ConfigError: loss or metrics name an output that is not there, or Keras refuses a setting.
    """
    saved = model.optimizer if model.compiled else None
    weights = config.training.loss_weights
    for key, value in (
        ("loss", config.loss),
        ("metrics", config.metrics),
        ("weighted_metrics", config.weighted_metrics),
    ):
        if isinstance(value, dict):
            _check_output_names(model, list(value), ("training", key), config)
    if isinstance(weights, dict):
        _check_output_names(model, list(weights), ("training", "loss_weights"), config)
    optimizer = builder.build(config.optimizer)
    model.compile(
        optimizer=keras.optimizers.get(optimizer),
        loss=_build(config.loss, builder),
        metrics=_as_list(_build(config.metrics, builder)),
        weighted_metrics=_as_list(_build(config.weighted_metrics, builder)),
        loss_weights=weights,
    )
    model.optimizer.build(model.trainable_variables)
    if saved is not None:
        _continue_optimizer(saved, model.optimizer)


def _build(value: Any, builder: ObjectBuilder) -> Any:
    if isinstance(value, ObjectSpec):
        return builder.build(value)
    if isinstance(value, list):
        return [_build(item, builder) for item in value]
    if isinstance(value, dict):
        return {
            key: _as_list(_build(item, builder)) if isinstance(item, list) else _build(item, builder)
            for key, item in value.items()
        }
    return value


def _as_list(value: Any) -> Any:
    return value if value is None or isinstance(value, (list, dict)) else [value]


def output_names(model: keras.Model) -> list[str]:
    """The names that losses, metrics and targets go by."""
    return list(output_shapes(model))


def output_shapes(model: keras.Model) -> dict[str, tuple[int | None, ...]]:
    """The shape of each output without the batch, by the output's name."""
    shape = model.output_shape
    if isinstance(shape, dict):
        return {name: tuple(its[1:]) for name, its in shape.items()}
    shapes = [shape] if isinstance(shape, tuple) and not isinstance(shape[0], tuple) else shape
    names = getattr(model, "output_names", None) or [model.layers[-1].name]  # a Sequential has no output_names
    return {name: tuple(its[1:]) for name, its in zip(names, shapes, strict=True)}


def _check_output_names(model: keras.Model, names: list[str], path: Any, config: Config) -> None:
    outputs = output_names(model)
    for name in names:
        if name not in outputs:
            hint = closest(name, outputs) or f"the outputs are {', '.join(outputs)}"
            raise config.fault((*path, name), f"no output is named '{name}'", hint, at_key=True)


def _continue_optimizer(saved: Any, optimizer: Any) -> None:
    """Copy the saved optimizer's slots and step count; the learning rate is the config's."""
    if type(saved) is not type(optimizer) or not saved.built:
        return
    old = [v for v in saved.variables if v.name != "learning_rate"]
    new = [v for v in optimizer.variables if v.name != "learning_rate"]
    if [tuple(v.shape) for v in old] == [tuple(v.shape) for v in new]:
        for source, target in zip(old, new, strict=True):
            target.assign(source)


def share_targets(model: keras.Model, rows: Rows) -> Rows:
    """Rows whose targets fit the model's outputs: one array serves several outputs alike."""
    if isinstance(model.output_shape, dict) and rows.y is not None and not isinstance(rows.y, dict):
        return Rows(rows.x, dict.fromkeys(output_names(model), rows.y), rows.sample_weight)
    return rows


def check_targets(model: keras.Model, rows: Rows, config: Config) -> None:
    """Whether the targets fit what the model puts out, for each output and its loss.

    Raises:
        ConfigError: shapes differ, or a label lies outside the model's classes.
    """
    outputs = output_shapes(model)
    targets = dict(array_items(rows.y, next(iter(outputs)))) if rows.y is not None else {}
    if set(targets) != set(outputs):
        message = f"the model's outputs are {', '.join(outputs)}, and the targets {', '.join(targets) or 'none'}"
        raise config.fault(("model",), message, at_key=True)
    for name, shape in outputs.items():
        loss = config.loss.get(name) if isinstance(config.loss, dict) else config.loss
        if isinstance(loss, ObjectSpec) and not loss.own:
            _check_output(name, shape, targets[name], loss, config)


def _check_output(name: str, shape: tuple[int | None, ...], y: np.ndarray, loss: ObjectSpec, config: Config) -> None:
    given = y.shape[1:]
    path = (*loss.path, loss.name)
    is_number = given in (shape[:-1], (*shape[:-1], 1))
    # `crossentropy` is the sparse one where the targets lack the axis of the classes.
    if loss.class_name in CLASS_NUMBERS or (not loss.class_name and is_number and shape[-1:] != (1,)):
        # The generalized one would take labels of shape (rows, 1) amiss, without a word.
        if not is_number or (given != shape[:-1] and loss.class_name == "CategoricalGeneralizedCrossEntropy"):
            hint = "with one-hot labels use categorical_crossentropy, or set data.one_hot: false"
            raise config.fault(
                path,
                f"{loss.name} wants a class number a row, and labels have the shape {_rows(given)}",
                hint,
            )
        if shape[-1] is not None and len(y) and int(y.max()) >= shape[-1]:
            row = int(np.argmax(np.asarray(y).reshape(len(y), -1).max(axis=1) >= shape[-1]))
            message = (
                f"the label {int(y.max())} (row {row}) lies outside the {shape[-1]} classes of the output '{name}'"
            )
            raise config.fault(path, message, f"the last layer needs {int(y.max()) + 1} units")
        return
    if loss.class_name in SPARSE:
        return
    if not _fits(given, shape):
        hint = ""
        if loss.class_name == "CategoricalCrossentropy" and given == ():
            hint = "set data.one_hot: true, or use sparse_categorical_crossentropy"
        elif given:
            hint = f"the last layer needs {given[-1]} units" if len(given) == len(shape) else ""
        raise config.fault(path, f"the output has the shape {_rows(shape)}, and the targets {_rows(given)}", hint)


def _fits(given: tuple[int, ...], shape: tuple[int | None, ...]) -> bool:
    padded = (*given, 1) if len(given) == len(shape) - 1 and shape[-1] == 1 else given
    return len(padded) == len(shape) and all(b is None or a == b for a, b in zip(padded, shape, strict=True))


def _rows(shape: tuple[int | None, ...]) -> str:
    return "(" + ", ".join(["rows", *("any" if n is None else str(n) for n in shape)]) + ")"


def class_weights(rows: Rows, weights: dict[str, float], config: Config) -> np.ndarray:
    """The weight of each row by its class, shape (rows,) float32.

    Raises:
        InputError: the targets are not classes of one output, or a class has no weight.
    """
    y = rows.y
    if y is None or isinstance(y, dict) or (y.ndim == 1 and y.dtype.kind not in "iu") or y.ndim > 2:
        raise InputError("training.class_weight needs one output with class labels")
    labels = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(-1).astype(int)
    known = {str(label) for label in np.unique(labels)}
    for key in weights:
        if not key.isdigit() or (key not in known and int(key) > labels.max()):
            raise config.fault(
                ("training", "class_weight", key),
                f"there is no class '{key}'",
                f"the classes are {', '.join(sorted(known, key=int))}",
                at_key=True,
            )
    # As in Keras, a class that is not named has the weight 1.
    return np.array([weights.get(str(label), 1.0) for label in range(int(labels.max()) + 1)], dtype=np.float32)[labels]

"""Compile a model from the training section."""

from typing import Any

import keras

from kerasrun.config import Config
from kerasrun.config.checks.wiring import check_per_output
from kerasrun.config.faults import Faults
from kerasrun.config.specs import ObjectSpec
from kerasrun.model.objects import ObjectBuilder, first_lines
from kerasrun.model.targets import output_shapes


def compile_model(model: keras.Model, config: Config, builder: ObjectBuilder) -> list[str]:
    """Give the model its optimizer, loss and metrics.

    A model that was loaded goes on with its optimizer's state where the optimizer and what it trains are the same.

    Returns:
        What the user should know: whether a saved optimizer's state goes on.

    Raises:
        ConfigError: loss or metrics name an output that is not there, or Keras refuses a setting.
    """
    saved = model.optimizer if model.compiled else None
    _check_per_output(model, config)
    optimizer = builder.build(config.optimizer)
    try:
        model.compile(
            optimizer=keras.optimizers.get(optimizer),
            loss=_of_one(model, _build(config.loss, builder)),
            metrics=_as_list(_of_one(model, _build(config.metrics, builder))),
            weighted_metrics=_as_list(_of_one(model, _build(config.weighted_metrics, builder))),
            loss_weights=config.training.loss_weights,
        )
        model.optimizer.build(model.trainable_variables)
    except (ValueError, TypeError) as error:
        path = (*config.optimizer.path, config.optimizer.name)
        raise config.fault(path, f"the model cannot be compiled: {first_lines(error)}", at_key=True) from error
    return _continue_optimizer(saved, model.optimizer) if config.model.load else []


def _check_per_output(model: keras.Model, config: Config) -> None:
    """Settings per output go by the outputs' names; of a saved model, these are known only here."""
    settings = {
        "loss": config.loss,
        "metrics": config.metrics,
        "weighted_metrics": config.weighted_metrics,
        "loss_weights": config.training.loss_weights,
    }
    faults = Faults(config.source)
    check_per_output(list(output_shapes(model)), settings, faults)
    faults.raise_if_any()


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


def _of_one(model: keras.Model, value: Any) -> Any:
    """What a mapping says of the only output: Keras knows no names where there is one."""
    outputs = output_shapes(model)
    return value.get(next(iter(outputs))) if isinstance(value, dict) and len(outputs) == 1 else value


def _as_list(value: Any) -> Any:
    return value if value is None or isinstance(value, (list, dict)) else [value]


def _continue_optimizer(saved: Any, optimizer: Any) -> list[str]:
    """Copy the saved optimizer's slots and step count; the learning rate is the config's."""
    if saved is None or not saved.built:
        return ["the saved model has no optimizer state, so the optimizer starts anew"]
    if type(saved) is not type(optimizer):
        return [f"the saved model's optimizer is {type(saved).__name__}, so the optimizer starts anew"]
    old = [v for v in saved.variables if v.name != "learning_rate"]
    new = [v for v in optimizer.variables if v.name != "learning_rate"]
    if [tuple(v.shape) for v in old] != [tuple(v.shape) for v in new]:
        return ["other layers train than in the saved model, so the optimizer starts anew"]
    for source, target in zip(old, new, strict=True):
        target.assign(source)
    return [f"the saved optimizer's state goes on, after {int(saved.iterations):,} steps"]

"""The objects of the `training` section: optimizer, loss and metrics, one for all outputs or one a name."""

from typing import Any

from kerasrun.config.faults import Faults, Path
from kerasrun.config.objects import ObjectParser
from kerasrun.config.specs import ObjectSpec
from kerasrun.config.wording import show

TRAINING_OBJECTS = ("optimizer", "loss", "metrics", "weighted_metrics")

# Columns that every history has.
TAKEN_NAMES = ("loss", "epoch", "step", "learning_rate", "epoch_time_s", "size", "batch")

# One object or a list of them; or a mapping from outputs' names to that.
PerOutput = ObjectSpec | list[ObjectSpec] | dict[str, Any] | None


def parse_training_objects(training: dict[str, Any], parser: ObjectParser, faults: Faults) -> dict[str, Any]:
    """Parse these keys of the section; what is at fault is noted in `faults`."""
    misspelt = any("mean 'loss'" in fault.hint for fault in faults.found)
    if training and training.get("loss") is None and not misspelt:
        faults.add(("training",), "training needs a 'loss'", at_key=True)
    parsed = {
        "optimizer": parser.parse("optimizers", training.get("optimizer", "RMSprop"), ("training", "optimizer")),
        "loss": _parse_loss(training.get("loss"), parser),
        "metrics": _parse_metrics(training.get("metrics"), ("training", "metrics"), parser),
        "weighted_metrics": _parse_metrics(training.get("weighted_metrics"), ("training", "weighted_metrics"), parser),
    }
    _check_metric_names(parsed["metrics"], faults)
    _check_metric_names(parsed["weighted_metrics"], faults)
    return parsed


def _parse_loss(written: Any, parser: ObjectParser) -> PerOutput:
    """One loss; or, where the keys are not a loss's name, a loss for each output."""
    path = ("training", "loss")
    if written is None:
        return None
    if isinstance(written, list):
        parser.faults.add(path, "expected one loss, got a list", "for several outputs write a mapping from their names")
        return None
    if (
        isinstance(written, dict)
        and written
        and not any(parser.catalogue.kinds["losses"].find(name) for name in written)
    ):
        return {name: parser.parse("losses", loss, (*path, name)) for name, loss in written.items()}
    return parser.parse("losses", written, path)


def _parse_metrics(written: Any, path: Path, parser: ObjectParser) -> PerOutput:
    """A list of metrics or a lone name; a mapping is always one from outputs' names."""
    if isinstance(written, dict) and any(_has_arguments(name, value, parser) for name, value in written.items()):
        parser.faults.add(path, "expected a list of metrics, got a mapping", "begin each with '- '")
        return None
    if isinstance(written, dict):
        return {name: _parse_list(metrics, (*path, name), parser) for name, metrics in written.items()}
    return None if written is None else _parse_list(written, path, parser)


def _has_arguments(name: str, value: Any, parser: ObjectParser) -> bool:
    """Whether a key is a metric with its arguments, and not an output with its metrics."""
    known = parser.catalogue.kinds["metrics"]
    is_metric = isinstance(value, dict) and any(known.find(key) for key in value)
    return known.find(name) is not None and (value is None or isinstance(value, dict)) and not is_metric


def _parse_list(written: Any, path: Path, parser: ObjectParser) -> Any:
    if isinstance(written, list):
        return [spec for i, item in enumerate(written) if (spec := parser.parse("metrics", item, (*path, i)))]
    return parser.parse("metrics", written, path)


def _check_metric_names(metrics: Any, faults: Faults) -> None:
    """A metric's own name becomes a column of the history, where some names are taken."""
    if isinstance(metrics, ObjectSpec):
        name = metrics.arguments.get("name")
        if name is not None and (not isinstance(name, str) or name in TAKEN_NAMES or name.startswith("val_")):
            place = (*metrics.path, metrics.name, "name")
            faults.add(place, f"a metric cannot be named {show(name)}", "the history has a column of that name already")
    for item in metrics.values() if isinstance(metrics, dict) else metrics if isinstance(metrics, list) else ():
        _check_metric_names(item, faults)

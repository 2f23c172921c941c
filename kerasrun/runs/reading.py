"""Read the curves of a run, with what its folder knows beside them. Loads no backend."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np

from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.yaml_text import read_yaml
from kerasrun.data.rows import Rows
from kerasrun.errors import ConfigError, InputError
from kerasrun.report.diagnosis.facts import Facts, Stopping
from kerasrun.report.diagnosis.findings import Reading
from kerasrun.report.diagnosis.read import read_curves
from kerasrun.report.diagnosis.references import constant_loss, constant_loss_of
from kerasrun.report.history import History, load_history
from kerasrun.report.results import Results
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.reading import read_reading
from kerasrun.runs.store.results import read_results

# Layers beside …Dropout and Random… that act otherwise in training; and initializers, which are none.
UNLIKE = ("GaussianNoise", "BatchNormalization", "AugMix", "CutMix", "MixUp", "RandAugment")
INITIALIZERS = ("RandomNormal", "RandomUniform")

# What a metric's name has in it where high values are good, if it is no error or loss.
HIGH_IS_GOOD = ("acc", "auc", "precision", "recall", "f1", "fbeta", "r2", "iou")


def reading_of(run: RunFolder) -> Reading:
    """What the curves of a run tell: as it was kept, else read anew from what there is of the run.

    Raises:
        InputError: a file of the run is damaged.
    """
    kept = read_reading(run)
    if kept is not None:
        return kept
    history = load_history(run.history) if run.history.is_file() else History()
    try:
        tree, _ = read_yaml(run.config.read_text(encoding="utf-8"), str(run.config))
    except (OSError, ConfigError, UnicodeDecodeError):
        tree = {}
    manifest, loss = run.read_manifest(), loss_class(tree)
    # The results do not say how much a row weighs.
    is_weighted = bool(tree.get("data", {}).get("sample_weight"))
    references = _references_of(read_results(run), loss) if loss and not is_weighted else {}
    return read_run(history, tree, manifest.get("data", {}).get("rows", {}), manifest, _figures(run), references)


def read_run(
    history: History,
    config: Mapping[str, Any],
    num_rows: Mapping[str, int],
    ended: Mapping[str, Any],
    figures: Mapping[str, Mapping[str, float]],
    references: Mapping[str, float],
) -> Reading:
    """What the curves of a run tell.

    Args:
        config: in its complete written form; what it lacks is not known.
        num_rows: by part.
        ended: of what the manifest says of the end, `stopped`.
        figures: loss and metrics by part after training, as in metrics.json.
        references: the loss of the best constant answer by part.
    """
    model, callbacks = config.get("model", {}), config.get("callbacks") or []
    part = "test" if config.get("data", {}).get("validation") == "test" else "validation"
    facts = Facts(
        num_train=num_rows.get("train"),
        num_validation=num_rows.get(part),
        num_test=num_rows.get("test"),
        validation_part=part,
        stopped=str(ended.get("stopped") or ""),
        stopping=_stopping(callbacks),
        unlike_in_training=tuple(dict.fromkeys(name for name, value in _items(model) if _is_unlike(name, value))),
        has_penalty=_has_penalty(model),
        is_weighted=bool(config.get("training", {}).get("class_weight")),
        figures={name: row for name, row in figures.items() if name != "best"},
        references=references,
    )
    return read_curves(history, facts)


def read_prepared(prepared: Any, history: History, figures: dict[str, dict[str, float]], stopped: str) -> Reading:
    """What the curves of a training tell that has just come to its end."""
    config = prepared.config.to_dict()
    num_rows = {part: len(rows) for part, rows in prepared.parts.items()}
    references = references_of(prepared.parts, config)
    return read_run(history, config, num_rows, {"stopped": stopped}, figures, references)


def references_of(parts: Mapping[str, Rows], config: Mapping[str, Any]) -> dict[str, float]:
    """The loss of the best constant answer, for each part of the data where it is known."""
    loss = loss_class(config)
    found = {
        part: constant_loss(loss, rows.y, rows.sample_weight)
        for part, rows in parts.items()
        if isinstance(rows.y, np.ndarray)
    }
    return {part: value for part, value in found.items() if value is not None}


def loss_class(config: Mapping[str, Any]) -> str:
    """The class of a config's only loss, if it is a plain mean over the rows; else ""."""
    written = config.get("training", {}).get("loss")
    name, arguments = next(iter(written.items())) if isinstance(written, dict) and len(written) == 1 else (written, {})
    if not isinstance(name, str) or not isinstance(arguments, dict) or arguments.get("label_smoothing"):
        return ""
    found = load_catalogue().kinds["losses"].find(name)
    is_mean = arguments.get("reduction", "sum_over_batch_size") in ("sum_over_batch_size", "mean")
    return found.name if found and is_mean else ""


def _references_of(results: Results | None, loss: str) -> dict[str, float]:
    outputs = list(results.outputs.values()) if results else []
    found = constant_loss_of(loss, outputs[0]) if len(outputs) == 1 else None
    return {} if results is None or found is None else {results.part: found}


def _figures(run: RunFolder) -> dict[str, dict[str, float]]:
    """The figures after training; none of a run that has not come to its end."""
    try:
        found = json.loads(run.metrics.read_text(encoding="utf-8"))
        return {part: {name: value for name, value in row.items() if value is not None} for part, row in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, RecursionError):
        raise InputError(f"{run.metrics}: is damaged; kerasrun verify tells of all files") from None


def _stopping(callbacks: list[Any]) -> Stopping | None:
    written = (item for item in callbacks if isinstance(item, dict))
    found = next((item["EarlyStopping"] for item in written if "EarlyStopping" in item), None)
    if found is None:
        return None
    monitor = str(found.get("monitor", "val_loss"))
    return Stopping(monitor, _mode(monitor, found.get("mode")), bool(found.get("restore_best_weights")))


def _mode(monitor: str, written: Any) -> Literal["min", "max"]:
    if written in ("min", "max"):
        return "min" if written == "min" else "max"
    is_error = "loss" in monitor or "error" in monitor
    return "max" if not is_error and any(word in monitor for word in HIGH_IS_GOOD) else "min"


def _items(tree: Any) -> Iterator[tuple[str, Any]]:
    """Every key in a tree, with its value."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield str(key), value
            yield from _items(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from (_items(item) if not isinstance(item, str) else [(item, None)])


def _is_unlike(name: str, value: Any) -> bool:
    if name in ("dropout", "recurrent_dropout"):
        return isinstance(value, float) and value > 0
    is_random = name.startswith("Random") and name not in INITIALIZERS
    return is_random or "Dropout" in name or name in UNLIKE


def _has_penalty(model: Any) -> bool:
    """Whether the loss has a penalty in it, or may have: of a model from a file it is not known."""
    return any(
        (name.endswith("_regularizer") and value is not None) or name in ("ActivityRegularization", "load")
        for name, value in _items(model)
    )

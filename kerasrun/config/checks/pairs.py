"""All that is checked of how the parts of a config go together, without Keras."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.checks.callbacks import check_callbacks
from kerasrun.config.checks.facts import labels_of, outputs_of
from kerasrun.config.checks.losses import check_loss
from kerasrun.config.checks.metrics import check_metrics, check_names, log_names
from kerasrun.config.checks.training import (
    check_batches,
    check_class_names,
    check_pixels,
    check_rate,
    check_validation,
    check_words,
)
from kerasrun.config.checks.wiring import check_all_used, check_output_names, check_per_output, output_names
from kerasrun.config.faults import Faults, closest

# Every warning by its name, and what it is about.
WARNINGS = {
    "setting_without_effect": "an argument that acts only beside another one, which is missing",
    "bounded_logits": "an activation bends the values that the loss takes for logits",
    "softmax_of_binary": "a loss of two classes on a softmax",
    "sigmoid_of_classes": "a loss of several classes on sigmoids",
    "classes_as_numbers": "a loss of numbers on class numbers",
    "more_units_than_classes": "the last layer has units that no class belongs to",
    "binary_metric_of_classes": "a metric of two classes on a softmax",
    "accuracy_of_numbers": "accuracy beside a loss of numbers, on labels that only the file knows",
    "mode_against_monitor": "a callback takes the worse figure for the better one",
    "patience_too_long": "a callback whose patience outlasts the training",
    "stops_before_reducing": "EarlyStopping ends the training before ReduceLROnPlateau acts",
    "evaluations_for_epochs": "patience that counts evaluations, as the training counts steps",
    "backup_never_restored": "BackupAndRestore, which kerasrun's own checkpoints replace",
    "embeddings_not_shown": "TensorBoard's embeddings, which its projector cannot read",
    "unscaled_pixels": "pixels that nothing brings into a small range",
    "batch_of_all_rows": "a batch larger than the training rows",
    "evaluates_only_at_the_end": "evaluations further apart than the training is long",
    "large_learning_rate": "a learning rate at which training rarely converges",
}


def check_pairs(parts: dict[str, Any], catalogue: Catalogue, faults: Faults) -> None:
    """Check how the parts go together, as far as each of them was sound by itself."""
    data, model, training = parts["data"], parts["model"], parts["training"]
    settings = [parts["metrics"], parts["weighted_metrics"]]
    faulty = faults.has_fault_at(("model",)) or model.load is not None
    if not faulty:
        check_all_used(model, faults)
        check_output_names(model, catalogue, faults)
    if not faulty and (names := output_names(model)):
        check_per_output(names, _per_output(parts), faults)
    outputs = [] if faulty else outputs_of(model, parts["loss"], settings)
    labels = labels_of(data)
    for output in outputs:
        check_loss(output, labels, faults)
        check_metrics(output, labels, faults)
    if not faults.has_fault_at(("training", "metrics"), ("training", "weighted_metrics")):
        check_names(outputs, settings, catalogue, faults)
        names = log_names(outputs, settings, catalogue) if data is not None else None
        if names is not None and data.validation is not None:
            names += [f"val_{name}" for name in names]
        check_callbacks(parts["callbacks"], names, training, parts["optimizer"], faults)
    check_validation(data, faults)
    check_class_names(data, faults)
    check_pixels(data, model, faults)
    check_words(data, model, faults)
    check_batches(data, training, faults)
    check_rate(parts["optimizer"], faults)


def _per_output(parts: dict[str, Any]) -> dict[str, Any]:
    settings = {key: parts[key] for key in ("loss", "metrics", "weighted_metrics")}
    return settings | {"loss_weights": parts["training"].loss_weights if parts["training"] else None}


def parse_silence(written: Any, faults: Faults) -> list[str]:
    """The names of warnings that are not to be told."""
    names = [written] if isinstance(written, str) else written or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        faults.add(("silence",), "expected a list of the names of warnings")
        return []
    for index, name in enumerate(names):
        if name not in WARNINGS:
            hint = closest(name, WARNINGS) or f"there are {', '.join(WARNINGS)}"
            faults.add(
                ("silence", index) if isinstance(written, list) else ("silence",),
                f"no warning is called '{name}'",
                hint,
            )
    return names

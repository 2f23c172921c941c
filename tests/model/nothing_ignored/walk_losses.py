"""Every argument of every loss and metric changes what it computes, or the names it writes."""

from typing import Any

import numpy as np
import tensorflow as tf
from keras.src.trainers.compile_utils import CompileMetrics  # what names a metric in the logs
from tiny_models import fitting
from training_parts import operation_names, part_of
from walk import Other, Stages, Walk, around, beside, shown

GENERATOR = np.random.default_rng(11)

# Targets and predictions of 24 rows, by their meaning.
CLASSES = np.arange(24) % 3
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
SHARES = GENERATOR.dirichlet([1.0, 1.0, 1.0], 24).astype("float32")
NUMBERS = GENERATOR.normal(size=(2, 24, 3)).astype("float32")
GRID = np.stack([CLASSES, CLASSES[::-1], CLASSES], axis=1)  # (24, 3): two axes besides the rows
TARGETS = {
    "numbers": tuple(NUMBERS),
    "positive": tuple(np.abs(NUMBERS) + 0.5),
    "yes or no": (ONE_HOT, SHARES),
    "one-hot": (ONE_HOT, SHARES),
    "classes": (CLASSES, SHARES),
    "grid of classes": (GRID, GENERATOR.dirichlet([1.0, 1.0, 1.0], (24, 3)).astype("float32")),
    "directions": (CLASSES, NUMBERS[0] / np.linalg.norm(NUMBERS[0], axis=-1, keepdims=True)),
    "columns": (CLASSES[:, np.newaxis], SHARES),
    "predicted columns": (CLASSES, CLASSES[::-1, np.newaxis]),
    "one-hot, predicted columns": (ONE_HOT, CLASSES[::-1, np.newaxis]),
    "square of classes": (CLASSES[:3], SHARES[:3]),
    "one-hot square": (ONE_HOT[:3], SHARES[:3]),
    "sequences": (np.array([[1, 2]] * 24), GENERATOR.normal(size=(24, 5, 4)).astype("float32")),
}

# Keras on TensorFlow says no to any axis but the last one.
SPARSE_AXIS = Other(1, {}, {"targets": "grid of classes"}, "Only axis=-1 is currently supported")

LOSS_TARGETS = {
    "Sparse* CategoricalGeneralized*": "classes",
    "Circle": "directions",
    "CTC": "sequences",
    "Categorical*": "one-hot",
    "Binary* Dice Tversky *Hinge": "yes or no",
    "KLDivergence Poisson *Logarithmic*": "positive",
    "*": "numbers",
}


def observe_loss(name: str, arguments: dict[str, Any], targets: str = "") -> Stages:
    loss = part_of(loss={name: arguments})
    y, y_pred = map(tf.constant, TARGETS[targets or fitting(LOSS_TARGETS, name)])
    value = loss(y, y_pred)
    yield "value", [str(value.dtype), np.asarray(value)]
    yield "names of operations", operation_names(loss, y, y_pred)


LOSSES = Walk(
    "losses",
    {
        "name": "mine",
        "dtype": "float64",
        "Dice.reduction Tversky.reduction": beside("sum", axis=[1]),
        "reduction": "sum",
        "from_logits apply_class_balancing": True,
        "label_smoothing margin": 0.2,
        "SparseCategoricalCrossentropy.axis": SPARSE_AXIS,
        "Binary*.axis": shown(0, reduction="sum"),
        "Dice.axis Tversky.axis": [0],
        "axis": 0,
        "BinaryFocalCrossentropy.alpha": beside(0.7, apply_class_balancing=True),
        "alpha beta": 0.7,
        "gamma": 3.0,
        "delta": 0.3,
        "q": 0.9,
        "remove_diagonal": beside(False, gamma=1.0),
        "ignore_class": 1,
    },
    {},
    observe_loss,
    {},
)

METRIC_TARGETS = {
    "Sparse* IoU MeanIoU": "classes",
    "Categorical* TopK* OneHot* KLDivergence F*Score": "one-hot",
    "Accuracy Binary* AUC Precision* Recall* S*At* False* True* *Hinge": "yes or no",
    "Poisson *Logarithmic* LogCosh* *Percentage*": "positive",
    "*": "numbers",
}


def observe_metric(name: str, arguments: dict[str, Any], targets: str = "") -> Stages:
    metric = part_of(metrics=[{name: arguments}])
    state = [(str(variable.dtype), np.asarray(variable)) for variable in metric.variables]
    y, y_pred = TARGETS[targets or fitting(METRIC_TARGETS, name)]
    metric.update_state(y, y_pred)
    metric.update_state(y[::-1], y_pred)
    yield "value", [str(metric.result().dtype), np.asarray(metric.result())]
    yield "state at first", state
    logged = CompileMetrics([metric], None)
    logged.update_state(y, y_pred)
    yield "names in the logs", list(logged.result())


METRICS = Walk(
    "metrics",
    {
        "name": "mine",
        "AUC.dtype": beside("float64", multi_label=True, label_weights=[1.0, 2.0, 5.3]),
        "R2Score.dtype": "float16",
        "dtype": "float64",
        "threshold": 0.3,
        "thresholds": [0.2, 0.6],
        "num_thresholds": 5,
        "curve": "PR",
        "summation_method": "minoring",
        "multi_label": True,
        "num_labels": beside(3, multi_label=True),
        "label_weights": beside([1.0, 2.0, 5.0], multi_label=True),
        "AUC.from_logits": beside(True, num_thresholds=5),
        "from_logits": True,
        "label_smoothing": 0.2,
        "SparseCategoricalCrossentropy.axis": SPARSE_AXIS,
        "IoU.axis MeanIoU.axis": around(0, targets="square of classes"),
        "OneHotIoU.axis OneHotMeanIoU.axis": around(0, targets="one-hot square"),
        "axis": 0,
        "average": "micro",
        "beta": 2.0,
        "top_k": 1,
        "class_id": 2,
        "k": 1,
        "recall precision specificity sensitivity": 0.99,
        "target_class_ids": [1],
        "num_classes": 4,
        "ignore_class": 1,
        "sparse_y_true": around(False, targets="columns"),
        "IoU.sparse_y_pred MeanIoU.sparse_y_pred": around(True, targets="predicted columns"),
        "sparse_y_pred": around(True, targets="one-hot, predicted columns"),
        "class_aggregation": "variance_weighted_average",
        "num_regressors": 2,
        "from_sorted_ids": True,
    },
    {},
    observe_metric,
    {
        "IoU": {"num_classes": 3, "target_class_ids": [0, 2], "sparse_y_pred": False},
        "MeanIoU": {"num_classes": 3, "sparse_y_pred": False},
        "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 2]},
        "OneHotMeanIoU": {"num_classes": 3},
        "PrecisionAtRecall": {"recall": 0.5},
        "RecallAtPrecision": {"precision": 0.5},
        "SensitivityAtSpecificity": {"specificity": 0.5},
        "SpecificityAtSensitivity": {"sensitivity": 0.5},
        "TopKCategoricalAccuracy SparseTopKCategoricalAccuracy": {"k": 2},
    },
)

WALKS = [LOSSES, METRICS]

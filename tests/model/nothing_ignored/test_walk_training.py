"""Every argument of every optimizer, schedule, loss and metric changes what it computes, or the names it writes."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.trainers.compile_utils import CompileMetrics  # what names a metric in the logs
from tiny_models import fitting
from walk import Other, Stages, Walk, around, beside, find, names_of, unused

from kerasrun.config import load_config
from kerasrun.model.backend import isolated_state
from kerasrun.model.objects import ObjectBuilder

GENERATOR = np.random.default_rng(5)


def part_of(**training: Any) -> Any:
    """What the training section of a config holds, as Keras's own objects."""
    config = load_config(
        {
            "data": {"source": "npz", "path": "rows.npz"},
            "model": [{"Flatten": None}],
            "training": {"epochs": 1, "loss": "mse"} | training,
        }
    )
    spec = config.optimizer if "optimizer" in training else config.metrics[0] if "metrics" in training else config.loss
    with isolated_state("float32"):  # names count from 0
        return ObjectBuilder(config).build(spec)


def operation_names(function: Any, *arguments: Any) -> list[str]:
    """The names that a program's operations bear, as TensorBoard shows them."""
    graph = tf.function(function).get_concrete_function(*arguments).graph
    return [operation.name for operation in graph.get_operations()]


# --- optimizers

# Two layers' weights, and gradients for three steps; the second one is large.
GRADIENTS = [
    [GENERATOR.normal(size=shape).astype("float32") * size for shape in ((5, 3), (3, 4), (4,))] for size in (1, 100, 1)
]


def observe_optimizer(name: str, arguments: dict[str, Any]) -> Stages:
    keras.utils.set_random_seed(1)
    optimizer = part_of(optimizer={name: arguments})
    embedding = keras.layers.Embedding(5, 3, name="embedding")
    dense = keras.layers.Dense(4, name="dense")
    embedding.build()
    dense.build((None, 3))
    weights = [*embedding.weights, *dense.weights]
    with isolated_state("float32"):
        optimizer.build(weights)
    yield "names of variables", [variable.path for variable in optimizer.variables]
    for gradients in GRADIENTS:
        optimizer.apply([keras.ops.convert_to_tensor(gradient) for gradient in gradients], weights)
    yield "weights", [np.asarray(weight) for weight in weights]
    yield "scaled loss", float(optimizer.scale_loss(1.0))
    optimizer.finalize_variable_values(weights)
    yield "weights in the end", [np.asarray(weight) for weight in weights]


OPTIMIZERS = Walk(
    "optimizers",
    {
        "learning_rate": 0.3,
        "rho beta_1 beta_2 adam_beta_1 adam_beta_2 rms_rate": 0.5,
        "ema_momentum": beside(0.5, use_ema=True),
        "ema_overwrite_frequency": beside(2, use_ema=True),
        "use_ema centered amsgrad": True,
        "nesterov": beside(True, momentum=0.9, nesterov=False),
        "momentum": 0.5,
        "epsilon epsilon_1 epsilon_2": 0.1,
        "weight_decay adam_weight_decay": 0.1,
        "clipnorm clipvalue global_clipnorm": 0.01,
        "loss_scale_factor": 8.0,
        "gradient_accumulation_steps": 2,
        "name": "mine",
        "beta_2_decay": -0.5,
        "clip_threshold": 0.01,
        "relative_step": beside(False, learning_rate=1.0),
        "initial_accumulator_value beta l?_regularization_strength l2_shrinkage_regularization_strength": 0.5,
        "learning_rate_power": -0.2,
        "inner_optimizer": {"Adam": {"learning_rate": 0.1}},
        "initial_scale": 4.0,
        "dynamic_growth_steps": 2,
        "exclude_layers": ["dense"],
        "exclude_embeddings": False,
        "muon_a muon_b muon_c": 1.5,
        "adam_lr_ratio": 3.0,
        "ns_steps": 2,
        "warmup_steps": 4,
    },
    {"Adafactor.relative_step": "the step is kept below 1/√t whatever it says"}.get,
    observe_optimizer,
    {"LossScaleOptimizer": {"inner_optimizer": "SGD"}},
)

# --- schedules


def observe_schedule(name: str, arguments: dict[str, Any]) -> Stages:
    schedule = part_of(optimizer={"SGD": {"learning_rate": {name: arguments}}})._learning_rate
    yield "rates", [float(schedule(step)) for step in range(0, 40)]
    yield "names of operations", operation_names(lambda step: schedule(step), tf.constant(1.0))


SCHEDULES = Walk(
    "schedules",
    {
        "initial_learning_rate": 0.3,
        "decay_steps first_decay_steps": 7,
        "decay_rate": 0.2,
        "alpha end_learning_rate": 0.05,
        "power t_mul m_mul": 3.0,
        "staircase cycle": True,
        "name": "mine",
        "warmup_steps": beside(4, warmup_target=0.3),
        "warmup_target": beside(0.5, warmup_steps=4),
        "boundaries": [3, 12],
        "values": [0.2, 0.01, 0.001],
    },
    {}.get,
    observe_schedule,
    {
        "CosineDecay PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10},
        "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 10},
        "ExponentialDecay InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
        "PiecewiseConstantDecay": {"boundaries": [5, 10], "values": [0.1, 0.01, 0.001]},
    },
)

# --- losses and metrics

# Targets and predictions of six rows, by their meaning.
CLASSES = np.array([0, 1, 2, 1, 0, 2])
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
SHARES = GENERATOR.dirichlet([1.0, 1.0, 1.0], 6).astype("float32")
NUMBERS = GENERATOR.normal(size=(2, 6, 3)).astype("float32")
GRID = np.stack([CLASSES, CLASSES[::-1], CLASSES], axis=1)  # (6, 3): two axes besides the rows
TARGETS = {
    "numbers": tuple(NUMBERS),
    "positive": tuple(np.abs(NUMBERS) + 0.5),
    "yes or no": (ONE_HOT, SHARES),
    "one-hot": (ONE_HOT, SHARES),
    "classes": (CLASSES, SHARES),
    "grid of classes": (GRID, GENERATOR.dirichlet([1.0, 1.0, 1.0], (6, 3)).astype("float32")),
    "directions": (CLASSES, NUMBERS[0] / np.linalg.norm(NUMBERS[0], axis=-1, keepdims=True)),
    "columns": (CLASSES[:, np.newaxis], SHARES),
    "predicted columns": (CLASSES, CLASSES[::-1, np.newaxis]),
    "one-hot, predicted columns": (ONE_HOT, CLASSES[::-1, np.newaxis]),
    "square of classes": (CLASSES[:3], SHARES[:3]),
    "one-hot square": (ONE_HOT[:3], SHARES[:3]),
    "sequences": (np.array([[1, 2]] * 6), GENERATOR.normal(size=(6, 5, 4)).astype("float32")),
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
        "Dice.axis Tversky.axis": [0],
        "axis": 0,
        "BinaryFocalCrossentropy.alpha": beside(0.7, apply_class_balancing=True),
        "alpha beta": 0.7,
        "gamma": 3.0,
        "delta": 0.3,
        "q": 0.9,
        "remove_diagonal": False,
        "ignore_class": 1,
    },
    {}.get,
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
    yield "state at first", [(str(variable.dtype), np.asarray(variable)) for variable in metric.variables]
    y, y_pred = TARGETS[targets or fitting(METRIC_TARGETS, name)]
    metric.update_state(y, y_pred)
    metric.update_state(y[::-1], y_pred)
    yield "value", [str(metric.result().dtype), np.asarray(metric.result())]
    logged = CompileMetrics([metric], None)
    logged.update_state(y, y_pred)
    yield "names in the logs", list(logged.result())


# Keras takes it, and nothing looks at it.
LOST_METRICS = {
    "False*.dtype True*.dtype Precision*.dtype Recall*.dtype S*At*.dtype": "all is counted in the default type",
}

METRICS = Walk(
    "metrics",
    {
        "name": "mine",
        "AUC.dtype": beside("float64", multi_label=True, label_weights=[1.0, 2.0, 5.3]),
        "dtype": "float64",
        "threshold": 0.3,
        "thresholds": [0.2, 0.6],
        "num_thresholds": 5,
        "curve": "PR",
        "summation_method": "minoring",
        "multi_label": True,
        "num_labels": beside(3, multi_label=True),
        "label_weights": beside([1.0, 2.0, 5.0], multi_label=True),
        "from_logits": True,
        "label_smoothing": 0.2,
        "SparseCategoricalCrossentropy.axis": SPARSE_AXIS,
        "IoU.axis MeanIoU.axis": around(0, targets="square of classes"),
        "OneHotIoU.axis OneHotMeanIoU.axis": around(0, targets="one-hot square"),
        "axis": 0,
        "average": "micro",
        "beta": 2.0,
        "top_k": 1,
        "class_id": 1,
        "k": 1,
        "recall precision specificity sensitivity": 0.8,
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
    lambda place: find(LOST_METRICS, place),
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

WALKS = [OPTIMIZERS, SCHEDULES, LOSSES, METRICS]


CLASSES = [pytest.param(walk, name, id=f"{walk.kind}-{name}") for walk in WALKS for name in names_of(walk.kind)]


@pytest.mark.parametrize(("walk", "name"), CLASSES)
def test_every_argument_acts(walk, name):
    assert walk.faults(name) == []


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.kind)
def test_every_row_of_the_tables_is_of_use(walk):
    assert unused(walk.others, walk.places()) == []

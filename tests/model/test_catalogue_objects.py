"""Every optimizer, schedule, loss, metric, initializer, regularizer, constraint and activation by its name:
built from YAML, and trained a step with a finite loss."""

import keras
import numpy as np
import pytest
from tiny_models import NUM_ROWS, built, compiled, fitting

from kerasrun.config import load_config
from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.kinds import KIND_NAMES
from kerasrun.data.rows import Rows
from kerasrun.errors import ConfigError
from kerasrun.model.objects import ObjectBuilder
from kerasrun.model.targets import check_targets

KINDS = load_catalogue().kinds
RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=(NUM_ROWS, 4)).astype("float32")

# Kinds of targets, each with the model that fits it. All of the classes 0, 1, 2 occur.
LABELS = np.array([0, 1, 2, 1])
ONE_HOT = np.eye(3, dtype="float32")[LABELS]
TARGETS = {
    "numbers": ("[Dense: 3]", RANDOM.normal(size=(NUM_ROWS, 3)).astype("float32")),
    "positive": ("[Dense: {units: 3, activation: softplus}]", RANDOM.uniform(1, 2, (NUM_ROWS, 3)).astype("float32")),
    "yes or no": ("[Dense: {units: 3, activation: sigmoid}]", ONE_HOT),
    "one-hot": ("[Dense: {units: 3, activation: softmax}]", ONE_HOT),
    "classes": ("[Dense: {units: 3, activation: softmax}]", LABELS),
    "directions": ("[Dense: 3, UnitNormalization: null]", LABELS),
    "sequences": ("[RepeatVector: 6, Dense: 4]", RANDOM.integers(1, 4, (NUM_ROWS, 2))),
}

# Where an object of each kind stands in a config.
SPOTS = {
    "layers": "model: [{0}, Dense: 3]\ntraining: {{epochs: 1, loss: mse}}",
    "optimizers": "model: [Dense: 3]\ntraining: {{epochs: 1, loss: mse, optimizer: {0}}}",
    "schedules": "model: [Dense: 3]\ntraining: {{epochs: 1, loss: mse, optimizer: {{SGD: {{learning_rate: {0}}}}}}}",
    "losses": "model: [Dense: 3, Rescaling: 1.0]\ntraining: {{epochs: 1, loss: {0}}}",
    "metrics": "model: [Dense: 3, Rescaling: 1.0]\ntraining: {{epochs: 1, loss: mse, metrics: [{0}]}}",
    "initializers": "model: [Dense: {{units: 3, kernel_initializer: {0}}}]",
    "regularizers": "model: [Dense: {{units: 3, kernel_regularizer: {0}}}]",
    "constraints": "model: [Dense: {{units: 3, kernel_constraint: {0}}}]",
    "activations": "model: [Dense: {{units: 4, activation: {0}}}]",
    "callbacks": "model: [Dense: 3]\ncallbacks: [{0}]",
}


def object_of(config, kind):
    """The object at the kind's spot, as Keras's own."""
    spec = {
        "optimizers": lambda: config.optimizer,
        "schedules": lambda: config.optimizer.arguments["learning_rate"],
        "losses": lambda: config.loss,
        "metrics": lambda: config.metrics[0],
    }.get(kind, lambda: config.model.layers[0].layer.arguments[f"kernel_{kind.removesuffix('s')}"])()
    keras.utils.clear_session(free_memory=False)  # names count from 0
    return ObjectBuilder(config).build(spec)


def parts(*kinds):
    """(kind, name) of every class of these kinds."""
    return [(kind, name) for kind in kinds for name in KINDS[kind].entries]


# What a class must be given; the others are written by their name alone.
ARGUMENTS = {
    "LossScaleOptimizer": "{Adam: {learning_rate: 0.01}}",
    "CosineDecay PolynomialDecay": "{initial_learning_rate: 0.1, decay_steps: 10}",
    "CosineDecayRestarts": "{initial_learning_rate: 0.1, first_decay_steps: 10}",
    "ExponentialDecay InverseTimeDecay": "{initial_learning_rate: 0.1, decay_steps: 10, decay_rate: 0.5}",
    "PiecewiseConstantDecay": "{boundaries: [5, 10], values: [0.1, 0.01, 0.001]}",
    "IoU": "{num_classes: 3, target_class_ids: [0, 2], sparse_y_pred: false}",
    "MeanIoU": "{num_classes: 3, sparse_y_pred: false}",
    "OneHotIoU": "{num_classes: 3, target_class_ids: [0, 2]}",
    "OneHotMeanIoU": "3",
    "PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity SpecificityAtSensitivity": "0.5",
    "TopKCategoricalAccuracy SparseTopKCategoricalAccuracy": "{k: 2}",
    "*": "null",
}


def written(name):
    return f"{{{name}: {fitting(ARGUMENTS, name)}}}"


def loss_text(target, loss="mse", metrics="[]", optimizer="SGD"):
    model, _ = TARGETS[target]
    return f"model: {model}\ntraining: {{epochs: 1, loss: {loss}, metrics: {metrics}, optimizer: {optimizer}}}"


def train_step(text, target, read):
    """The model of a config, trained a step, with its loss and metrics."""
    config, y = read(text), TARGETS[target][1]
    ours = compiled(config, X)
    check_targets(ours.model, Rows(X, y), config)
    return ours.model, ours.train_step(X, y)


# Of the optimizers, which take longest, the fast tests train the usual ones.
USUAL = ("SGD", "Adam", "AdamW", "RMSprop")
STEPPING = [
    pytest.param(kind, name, marks=[pytest.mark.slow] * (kind == "optimizers" and name not in USUAL))
    for kind, name in parts("optimizers", "schedules")
]


@pytest.mark.parametrize(("kind", "name"), STEPPING)
def test_an_optimizer_or_schedule_trains(kind, name, read):
    config = read(SPOTS[kind].format(written(name)))
    ours = compiled(config, X)
    before = ours.model.get_weights()
    logs = ours.train_step(X, TARGETS["numbers"][1])
    if kind == "optimizers":
        assert type(ours.model.optimizer) is getattr(keras.optimizers, name)
    else:
        schedule = object_of(config, kind)
        assert type(schedule) is getattr(keras.optimizers.schedules, name)
        assert float(ours.model.optimizer.learning_rate) == float(schedule(1))
    assert np.isfinite(logs["loss"])
    after = ours.model.get_weights()
    assert all(np.isfinite(weight).all() for weight in after)
    assert any(not np.array_equal(*pair) for pair in zip(before, after, strict=True))


# The targets that a loss is for.
LOSS_TARGETS = {
    "Sparse* CategoricalGeneralized*": "classes",
    "Circle": "directions",
    "CTC": "sequences",
    "CategoricalHinge": "one-hot",
    "Categorical*": "one-hot",
    "Binary* Dice Tversky *Hinge": "yes or no",
    "KLDivergence Poisson *Logarithmic*": "positive",
    "*": "numbers",
}


@pytest.mark.parametrize("name", KINDS["losses"].entries)
def test_a_loss_trains_by_each_of_its_names(name, read):
    target = fitting(LOSS_TARGETS, name)
    _, logs = train_step(loss_text(target, name), target, read)
    assert np.isfinite(logs["loss"])
    for alias in [alias for alias, stands_for in KINDS["losses"].aliases.items() if stands_for == name]:
        model, y = compiled(read(loss_text(target, alias)), X).model, TARGETS[target][1]
        loss = model.compute_loss(X, keras.ops.convert_to_tensor(y), model(X))
        assert float(loss) == pytest.approx(logs["loss"], rel=1e-5), alias  # other order of float32 sums in a graph


def test_labels_in_a_column_serve_only_the_loss_that_takes_them(read):
    """CategoricalGeneralizedCrossEntropy would compare each row with every other, without a word."""
    column = Rows(X, LABELS[:, np.newaxis])
    sparse = read(loss_text("classes", "SparseCategoricalCrossentropy"))
    check_targets(built(sparse, X), column, sparse)
    generalized = read(loss_text("classes", "CategoricalGeneralizedCrossEntropy"))
    with pytest.raises(ConfigError, match=r"wants a class number a row, and labels have the shape \(rows, 1\)"):
        check_targets(built(generalized, X), column, generalized)


# The targets that a metric is for.
METRIC_TARGETS = {
    "Sparse* IoU MeanIoU": "classes",
    "Categorical* TopK* OneHot* KLDivergence F*Score": "one-hot",
    "Binary* AUC Precision* Recall* S*At* False* True* *Hinge": "yes or no",
    "Poisson *Logarithmic* LogCosh* *Percentage*": "positive",
    "*": "numbers",
}


@pytest.mark.parametrize("target", sorted(set(METRIC_TARGETS.values())))
def test_metrics_count_a_step_of_training(target, read):
    names = [name for name in KINDS["metrics"].entries if fitting(METRIC_TARGETS, name) == target]
    metrics = ", ".join(f"{{{n}: {{name: {n}}}}}" if " null" in written(n) else written(n) for n in names)
    loss = "sparse_categorical_crossentropy" if target == "classes" else "mse"
    model, logs = train_step(loss_text(target, loss, f"[{metrics}]"), target, read)
    counted = {type(metric).__name__: metric for metric in model.metrics[1].metrics}
    assert set(counted) == set(names)
    assert all(np.isfinite(value) for value in logs.values()), logs


# Names whose meaning Keras finds in the shapes of outputs and targets.
MEANINGS = {"yes or no": "Binary", "one-hot": "Categorical", "classes": "SparseCategorical"}


@pytest.mark.parametrize("target", MEANINGS)
def test_accuracy_and_crossentropy_mean_what_fits_the_targets(target, read):
    if target == "yes or no":
        model, y = "[Dense: {units: 1, activation: sigmoid}]", LABELS % 2
    else:
        model, y = TARGETS[target]
    losses, metrics = KINDS["losses"].functions, KINDS["metrics"].functions
    assert (losses, metrics) == (("crossentropy", "ce"), ("accuracy", "acc"))
    for loss, metric in zip(losses, metrics, strict=True):
        text = f"model: {model}\ntraining: {{epochs: 1, loss: {loss}, metrics: [{metric}]}}"
        config = read(text)
        ours = compiled(config, X)
        check_targets(ours.model, Rows(X, y), config)
        batch = tuple(map(keras.ops.convert_to_tensor, (X, y)))
        logs = ours.model.test_step(batch)
        explicit = text.replace(loss, f"{MEANINGS[target]}Crossentropy").replace(
            f"[{metric}]", f"[{MEANINGS[target]}Accuracy: {{name: {metric}}}]"
        )
        same = compiled(read(explicit), X).model.test_step(batch)
        assert {key: float(value) for key, value in logs.items()} == {key: float(same[key]) for key in logs}


def argument(kind):
    """`kernel_initializer` of `initializers`; `activation` of `activations`."""
    return kind[:-1] if kind == "activations" else f"kernel_{kind[:-1]}"


@pytest.mark.parametrize("kind", ["initializers", "regularizers", "constraints", "activations"])
def test_every_part_of_a_layer_trains(kind, read):
    """A layer for each class of the kind, side by side in one model."""
    names = [name for name in (*KINDS[kind].entries, *KINDS[kind].functions) if name != "STFT"]
    layers = "".join(
        f"    - {{Dense: {{units: 4, {argument(kind)}: {name}}}, from: x, name: by_{name}}}\n" for name in names
    )
    if kind == "initializers":  # this one is for the windows of a Fourier transform
        layers += "    - {Reshape: [4, 1], from: x}\n"
        layers += "    - {Conv1D: {filters: 3, kernel_size: 4, kernel_initializer: STFT}}\n"
        layers += "    - {Flatten: null, name: by_STFT}\n"
        names.append("STFT")
    behind = f"    - {{Concatenate: null, from: [{', '.join(f'by_{name}' for name in names)}]}}\n    - Dense: 3\n"
    model, logs = train_step(f"model:\n  inputs: {{x: [4]}}\n  layers:\n{layers}{behind}", "numbers", read)
    assert np.isfinite(logs["loss"])
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    for name in names:
        layer = next(layer for layer in model.layers if layer.name == ("conv1d" if name == "STFT" else f"by_{name}"))
        part = getattr(layer, argument(kind))
        expected = keras.activations.get(name) if kind == "activations" else getattr(getattr(keras, kind), name)
        assert part is expected or type(part) is expected


def aliases(*kinds):
    """(kind, name) of every other name of a class of these kinds."""
    return [(kind, alias) for kind in kinds for alias in KINDS[kind].aliases]


@pytest.mark.parametrize(
    ("kind", "alias"), aliases("optimizers", "initializers", "regularizers", "constraints", "metrics")
)
def test_another_name_stands_for_what_it_does_in_keras(kind, alias, read):
    module, name = getattr(keras, kind), KINDS[kind].aliases[alias]
    thing = object_of(read(SPOTS[kind].format(f"{{{alias}: {fitting(ARGUMENTS, name)}}}")), kind)
    # A bare metric stays a name, which Keras then looks up, so that it is the key in the logs.
    assert type(module.get(thing)) is getattr(module, name)


@pytest.mark.parametrize(
    ("kind", "name"),
    parts("optimizers", "schedules", "losses", "metrics", "initializers", "regularizers", "constraints"),
)
def test_the_complete_form_makes_the_same_object(kind, name, read):
    config = read(SPOTS[kind].format(written(name)))
    complete = load_config(config.to_dict())
    assert complete.to_dict() == config.to_dict()
    assert object_of(complete, kind).get_config() == object_of(config, kind).get_config()


REFUSED = [(kind, name) for kind, listed in KINDS.items() for name in listed.refused]


@pytest.mark.parametrize(("kind", "name"), REFUSED)
def test_what_cannot_be_is_refused_saying_why(kind, name, read):
    assert KINDS[kind].find(name) is None
    with pytest.raises(ConfigError) as error:
        read(SPOTS[kind].format(name))
    assert f"{KIND_NAMES[kind]} '{name}' is refused: {KINDS[kind].refused[name]}" in str(error.value)

"""An example for everything that a config can name: what to write, and where it stands."""

from typing import Any

from kerasrun.config.catalogue import Entry

TIMES = {"initial_learning_rate": 0.01, "decay_steps": 1000}

# What to write for a class: its arguments, or the first one alone. The others go by their name, or by VALUES.
WRITTEN: dict[str, Any] = {
    "Dense": {"units": 64, "activation": "relu"},
    "Activation": "relu",
    "Conv1D": {"filters": 32, "kernel_size": 3, "activation": "relu"},
    "Conv2D": {"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
    "LSTM": {"units": 32, "return_sequences": True},
    "Bidirectional": {"LSTM": 32},
    "TimeDistributed": {"Dense": 10},
    "SpectralNormalization": {"Dense": 64},
    "RNN": {"LSTMCell": 32},
    "StackedRNNCells": [{"LSTMCell": 32}, {"GRUCell": 16}],
    "Pipeline": [{"RandomFlip": "horizontal"}, {"RandomRotation": 0.1}],
    "EinsumDense": {"equation": "ab,bc->ac", "output_shape": 64, "bias_axes": "c"},
    "BatchNormalization": {"momentum": 0.9},
    "GroupNormalization": {"groups": 8},
    "Normalization": {"mean": 0.5, "variance": 4.0},
    "CategoryEncoding": {"num_tokens": 10, "output_mode": "one_hot"},
    "Discretization": {"bin_boundaries": [-1.0, 0.0, 1.0]},
    "IntegerLookup": {"vocabulary": [1, 2, 5]},
    "StringLookup": {"vocabulary": ["red", "green", "blue"]},
    "TextVectorization": {"vocabulary": ["red", "green", "blue"], "output_sequence_length": 4},
    "Rescaling": 0.1,
    "RandomPosterization": 4,
    "RandomFlip": "horizontal",
    "MaxPooling2D": 2,
    "ZeroPadding2D": 1,
    "L2": 1e-4,
    "L1": 1e-5,
    "L1L2": {"l1": 1e-5, "l2": 1e-4},
    "MaxNorm": 3,
    "Constant": 0.1,
    "RandomNormal": {"stddev": 0.01},
    "SGD": {"learning_rate": 0.01, "momentum": 0.9},
    "AdamW": {"learning_rate": 0.001, "weight_decay": 0.004},
    "Huber": {"delta": 2.0},
    "BinaryCrossentropy": {"from_logits": True},
    "EarlyStopping": {"patience": 10, "restore_best_weights": True},
    "ReduceLROnPlateau": {"monitor": "val_loss", "factor": 0.1, "patience": 3},
    "ModelCheckpoint": {"filepath": "weights/best.keras", "save_best_only": True},
    "PolynomialDecay": TIMES | {"end_learning_rate": 0.001},
    "CosineDecay": TIMES | {"warmup_steps": 100, "warmup_target": 0.1},
}

# What to write for an argument that is required.
VALUES: dict[str, Any] = TIMES | {
    "units": 64,
    "filters": 32,
    "kernel_size": 3,
    "pool_size": 2,
    "output_size": 4,
    "rate": 0.2,
    "stddev": 0.1,
    "factor": 0.2,
    "height": 32,
    "width": 32,
    "height_factor": 0.2,
    "width_factor": 0.2,
    "input_dim": 1000,
    "output_dim": 64,
    "num_heads": 2,
    "key_dim": 32,
    "head_dim": 32,
    "num_query_heads": 4,
    "num_key_value_heads": 2,
    "num_bins": 100,
    "n": 3,
    "dims": [2, 1],
    "axes": 1,
    "target_shape": [4, -1],
    "max_number": 100,
    "weights": None,
    "inner_optimizer": {"Adam": {"learning_rate": 0.001}},
    "first_decay_steps": 1000,
    "decay_rate": 0.9,
    "boundaries": [1000, 2000],
    "values": [0.1, 0.01, 0.001],
    "num_classes": 3,
    "target_class_ids": [0, 2],
    "precision": 0.5,
    "recall": 0.5,
    "sensitivity": 0.5,
    "specificity": 0.5,
    "backup_dir": "backup",
    "filename": "log.csv",
    "filepath": "weights/last.keras",
    "directory": "checkpoints",
}

# Layers that read several others.
READS_TWO = ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract", "Dot", "HashedCrossing")
QUERIES = ("Attention", "AdditiveAttention")
QUERIES_BY_NAME = ("MultiHeadAttention", "GroupQueryAttention")

# A whole config, for who has never seen one.
WHOLE: dict[str, Any] = {
    "data": {"source": "digits", "flatten": True, "one_hot": True, "validation": 0.2},
    "model": [{"Dense": {"units": 64, "activation": "relu"}}, {"Dense": {"units": 10, "activation": "softmax"}}],
    "training": {
        "epochs": 30,
        "optimizer": {"Adam": {"learning_rate": 0.001}},
        "loss": "categorical_crossentropy",
        "metrics": ["accuracy"],
    },
}

# A part of a config for each section.
SECTIONS: dict[str, Any] = {
    "data": {"data": {"source": "mnist", "flatten": True, "one_hot": True, "validation": 0.2}},
    "data.mnist": {"data": {"source": "mnist", "flatten": True, "one_hot": True, "validation": 0.2}},
    "data.digits": {"data": {"source": "digits", "one_hot": True, "validation": 0.2}},
    "data.fashion_mnist": {"data": {"source": "fashion_mnist", "flatten": True, "validation": 0.1}},
    "data.cifar10": {"data": {"source": "cifar10", "validation": 0.1}},
    "data.cifar100": {"data": {"source": "cifar100", "labels": "coarse", "validation": 0.1}},
    "data.imdb": {"data": {"source": "imdb", "num_words": 20000, "max_length": 200, "validation": 0.2}},
    "data.california_housing": {"data": {"source": "california_housing", "validation": 0.2}},
    "data.iris": {"data": {"source": "iris", "test": 0.2, "split": "stratified", "validation": 0.2}},
    "data.wine": {"data": {"source": "wine", "test": 0.2, "split": "stratified", "validation": "test"}},
    "data.breast_cancer": {"data": {"source": "breast_cancer", "test": 0.2, "validation": 0.2, "one_hot": True}},
    "data.diabetes": {"data": {"source": "diabetes", "test": 0.2, "validation": 0.2}},
    "data.sine": {"data": {"source": "sine", "num_samples": 50, "noise": 0.1, "validation": 0.1}},
    "data.images": {"data": {"source": "images", "path": "flowers/", "size": [64, 64], "color": "rgb", "test": 0.2}},
    "data.series": {"data": {"source": "series", "path": "sales.csv", "target": "sales", "lag": 24, "test": 0.2}},
    "data.text": {
        "data": {"source": "text", "path": "reviews/", "tokens": {"max_tokens": 10000}, "test": 0.2, "validation": 0.2}
    },
    "data.npz": {"data": {"source": "npz", "path": "rows.npz", "validation": "test"}},
    "data.csv": {"data": {"source": "csv", "path": "houses.csv", "target": "price", "test": 0.2, "validation": 0.2}},
    "model": {"model": [{"Dense": {"units": 64, "activation": "relu"}}, {"Dropout": 0.2}, {"Dense": 10}]},
    "model.inputs": {"model": {"inputs": {"x": {"shape": [4], "dtype": "float32"}}, "layers": [{"Dense": 10}]}},
    "model.layers": {
        "model": {
            "layers": [
                {"Dense": 64, "from": "input", "name": "first"},
                {"Dense": 64, "name": "second"},
                {"Add": None, "from": ["first", "second"]},
                {"Dense": 10},
            ]
        }
    },
    "training": {
        "training": {
            "epochs": 30,
            "batch_size": 32,
            "optimizer": {"Adam": {"learning_rate": 0.001}},
            "loss": "mse",
            "metrics": ["mae"],
        }
    },
    "callbacks": {"callbacks": [{"EarlyStopping": {"monitor": "val_loss", "patience": 10}}, "TensorBoard"]},
    "output": {"output": {"save": ["model", "weights"], "plots": ["png", "pdf"]}},
}


# What an object needs in another section.
BESIDE = {"SwapEMAWeights": {"training": {"optimizer": {"SGD": {"use_ema": True}}}}}


def example_of(kind: str, entry: Entry) -> dict[str, Any]:
    """A part of a config with an object of this class in its place."""
    return _in_place(kind, entry.name, _arguments(entry))


def example_of_name(kind: str, name: str) -> dict[str, Any]:
    """A part of a config with a name that stands alone: `relu`, `accuracy`."""
    return _in_place(kind, name, {})


def _arguments(entry: Entry) -> Any:
    if not entry.own and entry.name in WRITTEN and entry.required in ([], *_given(entry)):
        return WRITTEN[entry.name]
    required = {name: VALUES.get(name, "…") for name in entry.required}
    if not required and "learning_rate" in entry.arguments:
        return {"learning_rate": entry.arguments["learning_rate"].get("default") or 0.001}
    alone = entry.first_argument is not None and list(required) == [entry.first_argument]
    return next(iter(required.values())) if alone else required


def _given(entry: Entry) -> list[list[str]]:
    """What is required of a class, where its example here gives that."""
    written = WRITTEN[entry.name]
    given = list(written) if isinstance(written, dict) else []
    first = [entry.first_argument] if entry.first_argument else []
    return [entry.required] if set(entry.required) <= {*given, *first} else []


def _in_place(kind: str, name: str, arguments: Any) -> dict[str, Any]:
    bare = arguments == {}
    written: Any = name if bare else {name: arguments}
    if kind == "layers":
        return {"model": _layers(name, {name: None if bare else arguments}, written)}
    if kind == "callbacks":
        return BESIDE.get(name, {}) | {"callbacks": [written]}
    if kind == "schedules":
        return {"training": {"optimizer": {"SGD": {"learning_rate": written}}}}
    if kind in ("optimizers", "losses"):
        return {"training": {{"optimizers": "optimizer", "losses": "loss"}[kind]: written}}
    if kind == "metrics":
        return {"training": {"metrics": [written]}}
    if kind == "initializers" and name == "STFT":
        return {"model": [{"Conv1D": {"filters": 3, "kernel_size": 4, "kernel_initializer": written}}]}
    argument = "activation" if kind == "activations" else f"kernel_{kind.removesuffix('s')}"
    return {"model": [{"Dense": {"units": 64, argument: written}}]}


def _layers(name: str, layer: dict[str, Any], written: Any) -> Any:
    two = {"inputs": {"a": [5, 4], "b": [5, 4]}}
    if name in READS_TWO or name in QUERIES:
        return two | {"layers": [layer | {"from": ["a", "b"]}]}
    if name in QUERIES_BY_NAME:
        return two | {"layers": [layer | {"from": {"query": "a", "value": "b"}}]}
    if name.endswith("Cell") or name == "StackedRNNCells":
        return [{"RNN": {"cell": written}}]
    return [written]

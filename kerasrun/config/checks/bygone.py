"""Names that Keras no longer has, or that others have for the same thing, and what to write now."""

FROM_DATA = "the shape comes from the data; where it must be said, write it under model.inputs"
SCHEDULE = (
    "write a schedule: learning_rate: {InverseTimeDecay: {initial_learning_rate: …, decay_steps: …, decay_rate: …}}"
)

# By kind: arguments of old.
ARGUMENTS: dict[str, dict[str, str]] = {
    "layers": {
        **dict.fromkeys(("input_shape", "batch_input_shape", "input_dim", "input_length", "batch_size"), FROM_DATA),
        "weights": "initial weights go under model.weights",
        "kernel_init": "write kernel_initializer",
        "init": "write kernel_initializer",
        "W_regularizer": "write kernel_regularizer",
        "b_regularizer": "write bias_regularizer",
        "border_mode": "write padding",
        "subsample": "write strides",
        "nb_filter": "write filters",
        "num_filters": "write filters",
        "out_channels": "write filters",
        "in_channels": "it is found from what the layer reads; leave it out",
        "in_features": "it is found from what the layer reads; leave it out",
        "out_features": "write units",
        "hidden_size": "write units",
        "output_dim": "write units",
        "bias": "write use_bias",
        "inplace": "Keras has no such setting; leave it out",
        "p": "write rate",
        "alpha": "Keras 3 calls it negative_slope",
        "dim_ordering": "write data_format",
        "fused": "Keras 3 chooses for itself; leave it out",
        "virtual_batch_size": "Keras 3 has no such setting",
        "implementation": "Keras 3 chooses for itself; leave it out",
        "time_major": "Keras 3 reads rows × time × features only; leave it out",
        "consume_less": "Keras 3 chooses for itself; leave it out",
        "interpolation_order": "write interpolation",
    },
    "optimizers": {
        "lr": "Keras 3 calls it learning_rate",
        "decay": f"Keras 3 has no `decay`; {SCHEDULE}",
        "schedule_decay": f"Keras 3 has no `schedule_decay`; {SCHEDULE}",
        "betas": "write beta_1 and beta_2",
        "eps": "write epsilon",
        "accum_name": "Keras 3 has no such setting; leave it out",
        "jit_compile": "write program: xla in the section training",
    },
    "callbacks": {
        "period": "Keras 3 has no `period`; write every_epochs: N",
        "save_weights": "write save_weights_only: true",
        "best_only": "write save_best_only: true",
        "write_grads": "Keras 3 has no such setting; leave it out",
        "batch_size": "Keras 3 has no such setting; leave it out",
        "embeddings_layer_names": "Keras 3 has no such setting; leave it out",
        "min_learning_rate": "write min_lr",
        "stop_after": "write patience",
        "restore_best": "write restore_best_weights: true",
    },
}
# An argument that one class has lost.
CLASS_ARGUMENTS: dict[str, dict[str, str]] = {
    "ModelCheckpoint": {
        "every_n_epochs": "write every_epochs: N",
        "options": "Keras 3 has no such setting; leave it out",
    },
    "ReduceLROnPlateau": {"epsilon": "write min_delta"},
}
# By kind: classes of old, or of elsewhere.
CLASSES: dict[str, dict[str, str]] = {
    "layers": {
        "Linear": "Keras calls it Dense",
        "CuDNNLSTM": "write LSTM: Keras 3 chooses the fast kernel for itself",
        "CuDNNGRU": "write GRU: Keras 3 chooses the fast kernel for itself",
        "ThresholdedReLU": "Keras 3 has it as ReLU: {threshold: …}",
        "LocallyConnected1D": "Keras 3 has no such layer",
        "LocallyConnected2D": "Keras 3 has no such layer",
        "Merge": "write Concatenate, Add or another merging layer, with from: [a, b]",
        "Input": "inputs are declared under model.inputs, and need not be where the data has one",
        "Sequential": "write its layers into the list, one after the other",
        "BatchNorm": "Keras calls it BatchNormalization",
        "BatchNorm2d": "Keras calls it BatchNormalization",
        "LayerNorm": "Keras calls it LayerNormalization",
        "AvgPool2D": "Keras calls it AveragePooling2D",
        "MaxPool2d": "Keras calls it MaxPooling2D",
        "GlobalAvgPool2D": "Keras calls it GlobalAveragePooling2D",
        **{name: f"write Activation: {name.lower()}" for name in ("Sigmoid", "Tanh", "sigmoid", "tanh", "linear")},
        **dict.fromkeys(("Relu", "relu"), "write ReLU, or Activation: relu"),
        "Bilinear": "Keras has no such layer",
    },
    "losses": {
        "CrossEntropyLoss": "Keras calls it SparseCategoricalCrossentropy: {from_logits: true}",
        "cross_entropy": "write sparse_categorical_crossentropy, or categorical_crossentropy for one-hot labels",
        "MSELoss": "Keras calls it MeanSquaredError",
        "L1Loss": "Keras calls it MeanAbsoluteError",
        "BCELoss": "Keras calls it BinaryCrossentropy",
        "BCEWithLogitsLoss": "Keras calls it BinaryCrossentropy: {from_logits: true}",
        "SmoothL1Loss": "Keras calls it Huber",
        "NLLLoss": "Keras calls it SparseCategoricalCrossentropy",
        "rmse": "train on mean_squared_error, and watch metrics: [RootMeanSquaredError]",
        "accuracy": "it is a metric; a loss for classes is sparse_categorical_crossentropy",
    },
    "metrics": {
        "rmse": "write RootMeanSquaredError",
        "f1": "write F1Score",
        "r2": "write R2Score",
        "top5": "write TopKCategoricalAccuracy: {k: 5}, or SparseTopKCategoricalAccuracy for class numbers",
        "loss": "the loss is always measured; leave it out",
    },
    "callbacks": {
        "Checkpoint": "Keras calls it ModelCheckpoint",
        "EarlyStop": "Keras calls it EarlyStopping",
        "ReduceLR": "Keras calls it ReduceLROnPlateau",
        "LearningRateMonitor": "every run records the learning rate already",
        "ProgressBar": "every run shows its progress already",
    },
    "initializers": {
        "xavier_uniform": "Keras calls it GlorotUniform",
        "xavier_normal": "Keras calls it GlorotNormal",
        "kaiming_uniform": "Keras calls it HeUniform",
        "kaiming_normal": "Keras calls it HeNormal",
    },
    "schedules": {"StepLR": "write PiecewiseConstantDecay, or ExponentialDecay: {staircase: true, …}"},
}


# Settings that others have elsewhere.
SETTINGS = {
    "validation_split": "write validation: 0.2 under data",
    "validation_data": "write validation: test under data",
    **dict.fromkeys(("learning_rate", "lr"), "write it with the optimizer: optimizer: {Adam: {learning_rate: 1e-3}}"),
    **dict.fromkeys(
        ("patience", "early_stopping", "monitor"),
        "write callbacks: [{EarlyStopping: {monitor: val_loss, patience: 3}}]",
    ),
    "verbose": "see the options --quiet and --verbose",
    "random_seed": "write seed: at the top",
    "random_state": "write seed: at the top",
    "steps_per_epoch": "an epoch is all rows; write steps: N in place of epochs",
}


def bygone_setting(name: str) -> str:
    """What to write in place of a setting that others have, or nothing."""
    return SETTINGS.get(name, "")


def bygone_argument(kind: str, class_name: str, argument: str) -> str:
    """What to write in place of an argument that Keras does not have, or nothing."""
    return CLASS_ARGUMENTS.get(class_name, {}).get(argument) or ARGUMENTS.get(kind, {}).get(argument, "")


def bygone_class(kind: str, name: str) -> str:
    """What to write in place of a class that Keras does not have, or nothing."""
    return CLASSES.get(kind, {}).get(name, "")

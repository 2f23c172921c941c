"""The kinds of objects that a config can name, and where arguments take one of them."""

# Kinds in the words of a message.
KIND_NAMES = {
    "layers": "layer",
    "optimizers": "optimizer",
    "schedules": "learning-rate schedule",
    "losses": "loss",
    "metrics": "metric",
    "initializers": "initializer",
    "regularizers": "regularizer",
    "constraints": "constraint",
    "callbacks": "callback",
    "activations": "activation",
}

# Beside arguments that Keras requires, these too may be given without their name: `MaxPooling2D: 2`.
FIRST_ARGUMENTS = {
    "layers": {
        **{f"{kind}Pooling{n}D": "pool_size" for kind in ("Max", "Average") for n in (1, 2, 3)},
        **{f"UpSampling{n}D": "size" for n in (1, 2, 3)},
        **{f"ZeroPadding{n}D": "padding" for n in (1, 2, 3)},
        **{f"Cropping{n}D": "cropping" for n in (1, 2, 3)},
        "RandomFlip": "mode",
        "LeakyReLU": "negative_slope",
    },
    "optimizers": {},
    "schedules": {},
    "losses": {},
    "metrics": {},
    "initializers": {"Constant": "value"},
    "regularizers": {"L1": "l1", "L2": "l2"},
    "constraints": {"MaxNorm": "max_value"},
    "callbacks": {},
}

LAYER_IN_LAYER = ("layer", "forward_layer", "backward_layer", "cell", "cells", "layers")


def kind_of_argument(kind: str, argument: str) -> str | None:
    """The kind of object that an argument takes, by Keras's own way of naming arguments; None for plain values."""
    for ending, its_kind in (
        ("initializer", "initializers"),
        ("regularizer", "regularizers"),
        ("constraint", "constraints"),
    ):
        if argument.endswith(ending):
            return its_kind
    if argument == "activation" or argument.endswith("_activation"):
        return "activations"
    if kind == "layers" and argument in LAYER_IN_LAYER:
        return "layers"
    if kind == "optimizers" and argument == "learning_rate":
        return "schedules"
    if kind == "optimizers" and argument == "inner_optimizer":
        return "optimizers"
    return None

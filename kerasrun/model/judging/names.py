"""What a model file may name: the classes and functions of Keras, each by its module and its exact name."""

import functools

from kerasrun.config.catalogue import Kind, load_catalogue


class Refusal(Exception):  # noqa: N818
    """What was found in a model file and where, without the path and without what to do about it."""


# The module that Keras writes beside the classes of each kind.
MODULES = {
    "layers": "keras.layers",
    "optimizers": "keras.optimizers",
    "schedules": "keras.optimizers.schedules",
    "losses": "keras.losses",
    "metrics": "keras.metrics",
    "initializers": "keras.initializers",
    "regularizers": "keras.regularizers",
    "constraints": "keras.constraints",
}

# Models, by the names that Keras gives them.
MODELS = {"keras": "Model Sequential", "keras.models": "Model Sequential", "keras.src.models.functional": "Functional"}

# Layers that no config of kerasrun names, and what keras.applications puts into its networks beside layers.
LAYERS = {
    "keras.layers": "InputLayer",
    "keras.src.applications.convnext": "LayerScale StochasticDepth",
    "keras.src.applications.inception_resnet_v2": "CustomScaleLayer",
}

# Operations on tensors, which `x + 1` and `keras.ops.exp(x)` leave in a graph. Not among them: those that take a
# Python function, those that make a tensor from nothing, and those whose output may have any size.
OPERATIONS = {
    "keras.src.ops.core": "Cast SaturateCast StopGradient",
    "keras.src.ops.image": "CropImages PadImages RGBToGrayscale Resize",
    "keras.src.ops.linalg": "Norm",
    "keras.src.ops.math": "Erf Logsumexp Rsqrt TopK",
    "keras.src.ops.nn": (
        "AveragePool Celu DepthToSpace Elu Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LeakyRelu LogSigmoid "
        "LogSoftmax MaxPool Moments Normalize OneHot Relu Relu6 Selu Sigmoid Silu Softmax SoftShrink Softplus "
        "Softsign SpaceToDepth SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink Threshold"
    ),
    "keras.src.ops.numpy": (
        "Abs Absolute Add All Amax Amin Any Append Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax Argmin "
        "Argsort Average BroadcastTo Cbrt Ceil Clip Concatenate Copy Cos Cosh CountNonzero Cross Cumprod Cumsum "
        "Diagonal Divide DivideNoNan Dot Equal Exp Exp2 ExpandDims Expm1 Flip Floor FloorDivide FullLike GetItem "
        "Greater GreaterEqual Hstack Inner Isclose Isfinite Isinf Isnan Less LessEqual Log Log10 Log1p Log2 Logaddexp "
        "LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean Median Min Minimum Mod Moveaxis Multiply "
        "NanToNum Negative NotEqual OnesLike Outer Pad Power Prod Ravel Reciprocal Repeat Reshape Roll Round Sign Sin "
        "Sinh Sort Split Sqrt Square Squeeze Stack Std Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot "
        "Tile Transpose Tril Triu TrueDivide Trunc Var Vstack Where ZerosLike"
    ),
}

# What layers and metrics are made with.
PARTS = {
    "keras": "DTypePolicy FloatDTypePolicy",
    "keras.dtype_policies": (
        "AWQDTypePolicy DTypePolicy DTypePolicyMap FloatDTypePolicy GPTQDTypePolicy Int4DTypePolicy "
        "QuantizedDTypePolicy QuantizedFloat8DTypePolicy"
    ),
    "keras.metrics": "Mean MeanMetricWrapper Sum",
    "keras.quantizers": "AbsMaxQuantizer Float8QuantizationConfig Int4QuantizationConfig Int8QuantizationConfig",
    "keras.random": "SeedGenerator",
}

# Where Keras looks for a function of its own; it writes the first.
FUNCTION_MODULES = ("builtins", "keras.activations", "keras.losses", "keras.metrics")

REASONS = {
    "Lambda": "it is Python code in the file itself",
    "__lambda__": "it is Python code in the file itself",
    "TFSMLayer": "it loads another model from a path",
    "JaxLayer": "it runs code from elsewhere",
    "FlaxLayer": "it runs code from elsewhere",
    "TorchModuleWrapper": "it unpickles, which can run any code",
}


@functools.cache
def catalogue() -> dict[str, Kind]:
    """The kinds of the installed Keras."""
    return load_catalogue().kinds


@functools.cache
def calculating() -> dict[str, frozenset[str]]:
    """By module, the names of all that takes tensors and gives tensors: layers, models and operations."""
    known = {name for name, entry in catalogue()["layers"].entries.items() if not entry.application}
    return _merged({"keras.layers": " ".join(known | _other_names("layers"))}, MODELS, LAYERS, OPERATIONS)


@functools.cache
def allowed() -> dict[str, frozenset[str]]:
    """By module, the names of all classes that a model file may name."""
    kinds = {
        module: " ".join(catalogue()[kind].entries.keys() | _other_names(kind))
        for kind, module in MODULES.items()
        if kind != "layers"
    }
    calculators = {module: " ".join(names) for module, names in calculating().items()}
    return _merged(kinds, calculators, PARTS)


@functools.cache
def strings(kind: str) -> frozenset[str]:
    """The strings that Keras takes for an object of a kind: `relu`, `he_normal`, `mse`."""
    found = catalogue()[kind]
    return frozenset(found.names) | frozenset(found.refused)


@functools.cache
def functions() -> frozenset[str]:
    """The functions of Keras that a model file may name."""
    named = strings("activations") | strings("losses") | strings("metrics")
    return frozenset(name for name in named if name.islower())


def reason(name: str) -> str:
    """Why a class is not taken."""
    return REASONS.get(name, "it is none of Keras's own that are known to do no harm")


def shown(text: str) -> str:
    """Text of a stranger, short and without control characters."""
    return repr(text if len(text) <= 80 else text[:77] + "...")


def _other_names(kind: str) -> set[str]:
    """`Convolution2D` beside `Conv2D`; those in small letters are functions."""
    return {name for name in catalogue()[kind].aliases if not name.islower()}


def _merged(*tables: dict[str, str]) -> dict[str, frozenset[str]]:
    modules = {module for table in tables for module in table}
    return {module: frozenset(name for table in tables for name in table.get(module, "").split()) for module in modules}

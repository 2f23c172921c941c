"""Which program runs a model, and in which batches it is evaluated: rules on model, backend and device.

Neither is a race between timings, since bits would then depend on the weather.

XLA is the fastest by far for dense and recurrent nets on a CPU, and the slowest by far for convolutions there;
TensorFlow's graph is safe everywhere. What has not been measured under XLA runs as a graph.
"""

from typing import Any

import keras
import numpy as np

# Keras's own layers that are as fast under XLA on a CPU as in a graph, or faster: see benchmarks/programs.py.
# Embedding is too, and is not here: XLA would take an index that lies outside for the last one, in silence.
XLA_LAYERS = """
    InputLayer Dense EinsumDense Activation ReLU LeakyReLU PReLU ELU Softmax Identity
    Dropout GaussianNoise GaussianDropout AlphaDropout SpatialDropout1D ActivityRegularization
    BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization
    Flatten Reshape Permute RepeatVector Add Subtract Multiply Average Maximum Minimum Concatenate Dot
    LSTM LSTMCell GRU GRUCell SimpleRNN SimpleRNNCell RNN StackedRNNCells Bidirectional TimeDistributed Masking
    MultiHeadAttention GlobalAveragePooling1D GlobalMaxPooling1D MaxPooling1D
    Rescaling Normalization CategoryEncoding Sequential Functional
""".split()  # noqa: SIM905


def choose_program(models: list[keras.Model], on_gpu: bool) -> tuple[str, str]:
    """The program for a compiled model and what prepares its inputs, and the reason in a few words.

    Args:
        models: the compiled model first, then those of its preparation.
    """
    if keras.backend.backend() == "jax":
        return "xla", "JAX always compiles with XLA"
    if on_gpu:
        return "graph", "on a GPU"
    layers = [layer for model in models for layer in model._flatten_layers()]
    unknown = {type(layer).__name__ for layer in layers if not _is_measured(layer)}
    if unknown:
        return "graph", f"not measured under XLA: {', '.join(sorted(unknown))}"
    half = {str(layer.compute_dtype) for layer in layers} & {"float16", "bfloat16"}
    if half:
        return "graph", f"computes in {', '.join(sorted(half))}"
    return "xla", "all layers are known to be fast under XLA"


def _is_measured(layer: keras.Layer) -> bool:
    return type(layer).__name__ in XLA_LAYERS and type(layer).__module__.startswith("keras.")


# An evaluation takes so many rows a step at most, and of the outputs of its largest layer so many bytes.
MAX_TEST_ROWS, MAX_TEST_BYTES = 1024, 2**25

# Losses that are means over rows; a sum would be another number in another batch.
MEANS = ("sum_over_batch_size", "mean")


def choose_test_batch(model: keras.Model, batch_size: int) -> int:
    """Rows a step of an evaluation: a multiple of the training's.

    Figures are then the same but for rounding, where all are means over rows, and it saves most of the time that small
    batches take. Where it is not known that they are, or what it would take of memory, it is the training's own.
    """
    layers = list(model._flatten_layers())
    losses = keras.tree.flatten(model.loss)
    if not all(map(_is_keras_own, [*layers, *losses])) or any(getattr(layer, "stateful", False) for layer in layers):
        return batch_size
    if any(getattr(loss, "reduction", MEANS[0]) not in MEANS for loss in losses):
        return batch_size
    size = max(map(_row_bytes, layers), default=0)
    if size == 0 or any("Attention" in type(layer).__name__ for layer in layers):
        return batch_size  # attention takes far more than its outputs
    return max(min(MAX_TEST_ROWS, MAX_TEST_BYTES // size) // batch_size, 1) * batch_size


def _is_keras_own(part: Any) -> bool:
    """Whether a layer or loss is Keras's: an object, a function, or the name of one."""
    return part is None or isinstance(part, str) or part.__module__.startswith("keras.")


def _row_bytes(layer: keras.Layer) -> int:
    """What the outputs of a layer take for one row; 0 where that is not known."""
    try:
        outputs = keras.tree.flatten(layer.output)
    except (AttributeError, ValueError):
        return 0
    return max((4 * int(np.prod([size or 1 for size in output.shape[1:]])) for output in outputs), default=0)

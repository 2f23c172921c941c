"""Which program runs a model: a rule on model, backend and device, never a race between timings.

XLA is the fastest by far for dense and recurrent nets on a CPU, and the slowest by far for convolutions there;
TensorFlow's graph is safe everywhere. What has not been measured under XLA runs as a graph.
"""

import keras

# Keras's own layers that are as fast under XLA on a CPU as in a graph, or faster: see benchmarks/programs.py.
# Embedding is too, and is not here: XLA would take an index that lies outside for the last one, in silence.
XLA_LAYERS = """
    InputLayer Dense EinsumDense Activation ReLU LeakyReLU PReLU ELU Softmax Identity
    Dropout GaussianNoise GaussianDropout AlphaDropout SpatialDropout1D ActivityRegularization
    BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization
    Flatten Reshape Permute RepeatVector Add Subtract Multiply Average Maximum Minimum Concatenate Dot
    LSTM LSTMCell GRU GRUCell SimpleRNN SimpleRNNCell RNN StackedRNNCells Bidirectional TimeDistributed Masking
    MultiHeadAttention GlobalAveragePooling1D GlobalMaxPooling1D MaxPooling1D
    Rescaling Sequential Functional
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

"""For each class of layers a config that uses it, and rows that it reads."""

from typing import Any

import numpy as np
from tiny_models import NUM_ROWS, fitting

# What a layer is given where nothing else is looked at.
BASES = {
    "Dense LSTM GRU SimpleRNN *Cell": {"units": 3},
    "StackedRNNCells": {"cells": [{"LSTMCell": 3}, {"GRUCell": 2}]},
    "Activation": {"activation": "relu"},
    "EinsumDense": {"equation": "abc,cd->abd", "output_shape": [3, 3], "bias_axes": "d"},
    "Embedding ReversibleEmbedding": {"input_dim": 9, "output_dim": 3},
    "Conv?D Conv?DTranspose SeparableConv?D ConvLSTM?D": {"filters": 2, "kernel_size": 2},
    "DepthwiseConv?D": {"kernel_size": 2},
    "Adaptive*Pooling?D": {"output_size": 2},
    "AveragePooling?D MaxPooling?D": {"pool_size": 2},
    "*Dropout*": {"rate": 0.5},
    "GaussianNoise": {"stddev": 0.5},
    "PReLU": {"alpha_initializer": "ones"},
    "RNN": {"cell": {"GRUCell": 3}},
    "Bidirectional": {"layer": {"LSTM": 3}},
    "TimeDistributed SpectralNormalization": {"layer": {"Dense": 3}},
    "Attention": {"use_scale": True},
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 3},
    "GroupQueryAttention": {"head_dim": 3, "num_query_heads": 2, "num_key_value_heads": 1},
    "GroupNormalization": {"groups": 2},
    "Normalization": {"mean": 1.5, "variance": 4.0},
    "Dot": {"axes": 1},
    "Permute": {"dims": [2, 1]},
    "Reshape": {"target_shape": [2, -1]},
    "RepeatVector": {"n": 3},
    "Rescaling": {"scale": 0.1},
    "Discretization": {"bin_boundaries": [-1.0, 0.0, 1.0]},
    "CategoryEncoding": {"num_tokens": 9},
    "Hashing HashedCrossing": {"num_bins": 5},
    "IntegerLookup": {"vocabulary": [1, 2, 5]},
    "StringLookup TextVectorization": {"vocabulary": ["red", "green", "blue"]},
    "CenterCrop RandomCrop Resizing": {"height": 4, "width": 5},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3},
    "RandomZoom": {"height_factor": 0.3},
    "RandomBrightness RandomContrast RandomHue RandomRotation RandomSharpness": {"factor": 0.3},
    "RandomColorDegeneration RandomSaturation": {"factor": 0.3},
    "RandomPosterization": {"factor": 4},
    "RandomColorJitter": {"brightness_factor": 0.2, "hue_factor": 0.2},
    "RandomShear": {"x_factor": 0.5, "y_factor": 0.5},
    "Pipeline": {"layers": [{"RandomFlip": "horizontal"}, {"Rescaling": 0.5}]},
    "STFTSpectrogram": {"frame_length": 16, "frame_step": 8, "fft_length": 16},
    "MelSpectrogram": {"fft_length": 16, "sequence_stride": 8, "num_mel_bins": 4},
}

# What a layer reads: shape and kind of each input.
TEXTS = "texts"
FLOATS, PADDED, IMAGES, NUMBERS, WORDS = "float32", "padded", "images", "int32", "string"
READS = {
    "Add Subtract Multiply Average Maximum Minimum Concatenate": [([4], FLOATS)] * 2,
    "Dot": [([4, 4], FLOATS)] * 2,
    "*Attention": [([3, 4], FLOATS)] * 2,
    "Embedding ReversibleEmbedding CategoryEncoding IntegerLookup": [([4], NUMBERS)],
    "StringLookup Hashing": [([2], WORDS)],
    "TextVectorization": [([1], TEXTS)],
    "RepeatVector": [([4], FLOATS)],
    "HashedCrossing": [([1], NUMBERS)] * 2,
    "ConvLSTM1D": [([3, 4, 2], FLOATS)],
    "ConvLSTM2D": [([3, 4, 4, 2], FLOATS)],
    "ConvLSTM3D": [([2, 3, 3, 3, 2], FLOATS)],
    "*1D *1DTranspose": [([6, 4], FLOATS)],
    "*2D *2DTranspose GroupNormalization": [([6, 6, 4], FLOATS)],
    "*3D *3DTranspose": [([4, 4, 4, 2], FLOATS)],
    "MelSpectrogram": [([64], FLOATS)],
    "STFTSpectrogram": [([64, 2], FLOATS)],
    "Random* *Crop Resizing *Equalization Rand* *Mix* AutoContrast Solarization Pipeline": [([8, 8, 3], IMAGES)],
    "*": [([3, 4], FLOATS)],
}

KERAS_DTYPES = {PADDED: "float32", IMAGES: "float32", TEXTS: "string"}

# How a layer of two inputs names them; the others read a list.
WIRED = {"MultiHeadAttention GroupQueryAttention": {"query": "a", "value": "b"}, "*": ["a", "b"]}


def values(shape: list[int], kind: str, generator: Any) -> np.ndarray:
    """Rows of one input."""
    shape = [NUM_ROWS, *shape]
    if kind == NUMBERS:
        return generator.integers(0, 9, shape, dtype=np.int32)
    if kind == WORDS:
        return generator.choice(["red", "green", "violet"], shape).astype(object)
    if kind == TEXTS:
        return generator.choice(["Red, green!", "red violet red", "green"], shape).astype(object)
    if kind == IMAGES:
        return generator.uniform(0, 255, shape).astype("float32")
    rows = generator.normal(size=shape).astype("float32")
    if kind == PADDED:
        rows[:, -2:] = 0.0
    return rows


def written(name: str, arguments: dict[str, Any], reads: Any, behind: Any, policy: str) -> dict[str, Any]:
    """The config."""
    layer: dict[str, Any] = {name: arguments}
    if name.endswith("Cell") or name == "StackedRNNCells":
        layer = {"RNN": {"cell": layer}}
    layers = [*behind, layer]
    layers[0] = layers[0] | {"from": fitting(WIRED, name) if len(reads) > 1 else "a"}
    inputs = {
        letter: {"shape": shape, "dtype": KERAS_DTYPES.get(kind, kind)}
        for letter, (shape, kind) in zip("ab", reads, strict=False)
    }
    return {
        "data": {"source": "npz", "path": "rows.npz"},
        "model": {"inputs": inputs, "layers": layers},
        "training": {"epochs": 1, "loss": "mse", "dtype_policy": policy},
    }

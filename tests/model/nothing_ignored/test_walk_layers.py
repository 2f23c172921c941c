"""Every argument of every layer changes the layer: its weights, outputs, masks, losses, training or graph."""

import collections
import random
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_models import NUM_ROWS, fitting, shapes_of
from walk import KINDS, Other, Walk, around, beside, fails, find, fitting_base

from kerasrun.config import load_config
from kerasrun.model.backend import isolated_state
from kerasrun.model.build import build_model
from kerasrun.model.objects import ObjectBuilder

LAYERS = [name for name, entry in KINDS["layers"].entries.items() if not entry.application]

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
    "MaxNumBoundingBoxes": {"max_number": 3},
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
    "Random* *Crop Resizing *Equalization Rand* *Mix* AutoContrast Solarization Pipeline MaxNumBoundingBoxes": [
        ([8, 8, 3], IMAGES)
    ],
    "*": [([3, 4], FLOATS)],
}

KERAS_DTYPES = {PADDED: "float32", IMAGES: "float32", TEXTS: "string"}

# How a layer of two inputs names them; the others read a list.
WIRED = {"MultiHeadAttention GroupQueryAttention": {"query": "a", "value": "b"}, "*": ["a", "b"]}

OTHERS: dict[str, Any] = {
    # What most layers take.
    "activity_regularizer *_regularizer": {"L2": 0.1},
    "PReLU.alpha_constraint": beside("UnitNorm", alpha_initializer="ones"),
    "*_initializer": {"RandomNormal": {"stddev": 0.3, "seed": 1}},
    "*_constraint": "UnitNorm",
    "trainable": False,
    "*Pooling3D.dtype MelSpectrogram.dtype": "bfloat16",
    "Discretization.dtype Hash*.dtype Hash*.activity_regularizer": beside("float64", output_mode="one_hot"),
    "IntegerLookup.dtype StringLookup.dtype TextVectorization.dtype": beside("float64", output_mode="multi_hot"),
    "dtype": "float64",
    "CutMix.autocast": around(False, kind="float64"),
    "GRUCell.autocast LSTMCell.autocast": Other(False, {}, {"policy": "mixed_bfloat16"}, "but is a bfloat16 tensor"),
    "STFTSpectrogram.autocast": around(False, policy="mixed_float16"),
    "autocast": around(False, policy="mixed_bfloat16"),
    "activation": "softplus",
    "recurrent_activation": "relu",
    "use_bias": False,
    "units filters": 4,
    "lora_rank": 1,
    "lora_alpha": beside(0.5, lora_rank=1),
    "quantization_config": {"class_name": "Int8QuantizationConfig", "config": {}},
    "ConvLSTM1D.data_format": around("channels_first", reads=[([4, 4, 4], FLOATS)]),
    "ConvLSTM2D.data_format": around("channels_first", reads=[([4, 4, 4, 4], FLOATS)]),
    "ConvLSTM3D.data_format": around("channels_first", reads=[([4, 4, 4, 4, 4], FLOATS)]),
    "STFTSpectrogram.data_format": around("channels_first", reads=[([64, 64], FLOATS)]),
    "*1D.data_format *1DTranspose.data_format": around("channels_first", reads=[([4, 4], FLOATS)]),
    "Cropping2D.data_format": Other("channels_first", {"cropping": 1}, {"reads": [([4, 4, 4], FLOATS)]}),
    "*2D.data_format *2DTranspose.data_format": around("channels_first", reads=[([4, 4, 4], FLOATS)]),
    "*3D.data_format *3DTranspose.data_format": around("channels_first", reads=[([4, 4, 4, 4], FLOATS)]),
    "Flatten.data_format": around("channels_first", reads=[([4, 4, 4], FLOATS)]),
    "Contrast*.data_format": Other("channels_first", {"tile_grid_size": [2, 2]}, {"reads": [([3, 8, 3], IMAGES)]}),
    "data_format": around("channels_first", reads=[([3, 8, 3], IMAGES)]),
    # Layers of units, embeddings, activations.
    "EinsumDense.equation": "abc,bcd->abd",
    "EinsumDense.output_shape": [3, 4],
    "bias_axes": "bd",
    "gptq_unpacked_column_size": 2,
    "input_dim": 12,
    "output_dim": 4,
    "mask_zero": True,
    "Embedding.weights": fails([np.arange(27.0).reshape(9, 3).tolist()], "'list' object has no attribute 'shape'"),
    "tie_weights": False,
    "reverse_dtype": "float64",
    "logit_soft_cap": 0.1,
    "max_value negative_slope threshold ELU.alpha": 0.5,
    "PReLU.shared_axes": [1],
    "Softmax.axis UnitNormalization.axis": 1,
    "l1 l2": 0.1,
    # Convolutions and pooling.
    "RandomGaussianBlur.kernel_size": beside(5, seed=1),
    "kernel_size": 3,
    "AveragePooling?D.strides MaxPooling?D.strides": 1,
    "strides": 2,
    "AveragePooling?D.padding MaxPooling?D.padding": beside("same", strides=1),
    "ZeroPadding?D.padding": 2,
    "padding": "same",
    "dilation_rate": 2,
    "GroupNormalization.groups": 4,
    "groups": 2,
    "output_padding": beside(1, strides=2),
    "depth_multiplier": 2,
    "pool_size": 3,
    "output_size": 3,
    "keepdims": True,
    "Cropping1D.cropping": [0, 2],
    "Cropping2D.cropping": 1,
    "cropping": [[0, 1], [0, 1], [0, 1]],
    "UpSampling?D.size": 3,
    # Recurrent layers.
    "*Attention.seed LSTM*.seed GRU*.seed SimpleRNN*.seed ConvLSTM*.seed": beside(7, dropout=0.5),
    "Solarization.seed": beside(7, addition_factor=0.5),
    "seed": 7,
    "dropout recurrent_dropout": 0.5,
    "return_sequences return_state go_backwards": True,
    "stateful": fails(True, "the batch size must be static"),
    "unroll": around(True, traced=True),
    "use_cudnn": False,
    "unit_forget_bias reset_after": False,
    "zero_output_for_mask": Other(
        True, {"return_sequences": True}, {"kind": PADDED, "behind": [{"Masking": {"mask_value": 0.0}}]}
    ),
    "cell": {"LSTMCell": 3},
    "cells": [{"LSTMCell": 3}, {"GRUCell": 3}],
    "Bidirectional.layer": {"GRU": 3},
    "merge_mode": "sum",
    "backward_layer": {"LSTM": {"units": 3, "go_backwards": True, "use_bias": False}},
    "Bidirectional.weights": [[[0.5]]],
    "layer": {"Dense": 4},
    "power_iterations": 3,
    # Attention.
    "use_scale": False,
    "score_mode": "concat",
    "num_heads": 3,
    "key_dim value_dim": 2,
    "head_dim num_query_heads": 4,
    "num_key_value_heads": beside(2, num_query_heads=4),
    "MultiHeadAttention.output_shape": 3,
    "attention_axes": around([1], reads=[([3, 5, 4], FLOATS)] * 2),
    "sliding_window": 1,
    "flash_attention": fails(True, "Flash attention is not supported in tensorflow backend"),
    "use_gate": True,
    # Dropout, noise and normalisation.
    "RandomGaussianBlur.sigma": 0.3,
    "rate stddev": 0.2,
    "noise_shape": [None, 1, 4],
    "Normalization.axis": Other(
        1, {"mean": [1.0, 2.0, 3.0, 4.0], "variance": [1.0, 2.0, 3.0, 4.0]}, {"reads": [([4, 4], FLOATS)]}
    ),
    "*Normalization.axis": 1,
    "Concatenate.axis": around(1, reads=[([4, 4], FLOATS)] * 2),
    "Discretization.epsilon": beside(0.3),
    "epsilon": 0.1,
    "center Batch*.scale Group*.scale Layer*.scale": False,
    "momentum": 0.5,
    "renorm": True,
    "renorm_clipping": beside({"rmax": 1.1, "rmin": 0.9, "dmax": 0.1}, renorm=True),
    "renorm_momentum": beside(0.5, renorm=True),
    "synchronized": True,
    "mean": 2.5,
    "variance": 9.0,
    "Normalization.invert": True,
    # Shapes.
    "axes": 2,
    "normalize": True,
    "dims": [1, 2],
    "target_shape": [4, 3],
    "n": 4,
    "Masking.mask_value": around(1.0, kind=PADDED),
    "Rescaling.scale": 0.3,
    "offset": 1.0,
    # Categories and words.
    "bin_boundaries": [-2.0, 0.5],
    "Discretization.num_bins": fails(4, "call `adapt(dataset)`", bin_boundaries=None),
    "num_bins": 3,
    "num_tokens": 12,
    "CategoryEncoding.output_mode": "count",
    "CategoryEncoding.sparse": True,
    "TextVectorization.output_mode IntegerLookup.output_mode StringLookup.output_mode": "multi_hot",
    "output_mode": "one_hot",
    "IntegerLookup.sparse StringLookup.sparse TextVectorization.sparse": beside(True, output_mode="multi_hot"),
    "sparse": beside(True, output_mode="one_hot"),
    "Hashing.mask_value": "red",
    "IntegerLookup.salt": beside(5, num_oov_indices=3, oov_method="farmhash"),
    "StringLookup.salt": beside(5, num_oov_indices=4),
    "salt": 5,
    "max_tokens": beside(9, max_tokens=7, output_mode="multi_hot", pad_to_max_tokens=True),
    "pad_to_max_tokens": beside(True, max_tokens=9, output_mode="multi_hot"),
    "oov_method": beside("farmhash", num_oov_indices=3),
    "num_oov_indices": 2,
    "IntegerLookup.mask_token": 7,
    "StringLookup.mask_token": "violet",
    "IntegerLookup.oov_token": Other(-7, {"invert": True}),
    "StringLookup.oov_token": Other("violet", {"invert": True}, {"kind": NUMBERS}),
    "IntegerLookup.vocabulary": [2, 5, 8],
    "vocabulary": ["red", "violet", "green"],
    "vocabulary_dtype": fails("int32", "Only `vocabulary_dtype='int64'` is supported"),
    "idf_weights": beside([1.0, 2.0, 3.0], output_mode="tf_idf", idf_weights=[1.0, 1.0, 1.0]),
    "IntegerLookup.invert": True,
    "StringLookup.invert": fails(True, "Cast string to int64 is not supported"),
    "encoding": "utf-16",
    "standardize": "lower",
    "split": "character",
    "ngrams": 2,
    "output_sequence_length": 5,
    "ragged": True,
    # Images.
    "AutoContrast.value_range": [0, 1],
    "RandomSaturation.value_range": beside([0, 1], factor=0.9),
    "value_range": [0, 1],
    "RandomErasing.scale": [0.3, 0.5],
    "RandomPosterization.factor": 2,
    "factor *_factor": 0.1,
    "Solarization.threshold_factor": 0.5,
    "height width": 3,
    "num_chains chain_depth": 1,
    "AugMix.alpha MixUp.alpha": 0.7,
    "all_ops": False,
    "num_ops": 1,
    "clip_limit": 1.0,
    "tile_grid_size": [2, 2],
    "bins": 8,
    "UpSampling2D.interpolation": "bilinear",
    "interpolation": "nearest",
    "Resizing.fill_mode": fails("reflect", "Only `'constant'` is supported", pad_to_aspect_ratio=True),
    "fill_mode": "constant",
    "RandomErasing.fill_value": 50.0,
    "RandomPerspective.fill_value": 50.0,
    "Resizing.fill_value": beside(50.0, pad_to_aspect_ratio=True),
    "MaxNumBoundingBoxes.fill_value": 0,
    "fill_value": beside(50.0, fill_mode="constant"),
    "RandomFlip.mode": "horizontal",
    "RandomElasticTransform.scale RandomPerspective.scale": 0.3,
    "crop_to_aspect_ratio pad_to_aspect_ratio antialias": True,
    "max_number": 5,
    "layers": [{"RandomFlip": "vertical"}],
    # Sound.
    "STFTSpectrogram.mode": "magnitude",
    "frame_length": 8,
    "frame_step sequence_stride": 4,
    "fft_length": 32,
    "window": "hamming",
    "periodic expand_dims": True,
    "scaling": "spectrum",
    "sequence_length": 12,
    "sampling_rate": 8000,
    "num_mel_bins": 3,
    "min_freq": 100.0,
    "max_freq": 2000.0,
    "power_to_db": False,
    "top_db": 1.0,
    "mag_exp": 1.0,
    "min_power": 1.0,
    "ref_power": 2.0,
}
# What nothing here can show, and why.
UNSEEN: dict[str, str] = {
    "BatchNormalization.synchronized": "it averages over replicas, and there is one",
    "LSTM.use_cudnn GRU.use_cudnn": "it chooses between implementations of a GPU",
    "MixUp.data_format RandomInvert.data_format RandomPosterization.data_format": "each number is treated like any other",
    "MaxNumBoundingBoxes.max_number MaxNumBoundingBoxes.fill_value": "boxes come in a mapping, not in arrays of rows",
    "ReversibleEmbedding.reverse_dtype ReversibleEmbedding.logit_soft_cap": "reversing is a way to call the layer",
    "Discretization.epsilon": "it acts where boundaries are found from data, and then the layer is refused",
    "*.quantization_config EinsumDense.gptq_unpacked_column_size": "nothing here is quantized",
    "StringLookup.encoding": "it acts where the vocabulary is asked for",
    "TextVectorization.encoding": "it acts beside a Python function as `standardize`",
    "Bidirectional.autocast *RNN.autocast StackedRNNCells.autocast LSTM.autocast GRU.autocast ConvLSTM*.autocast": "the cells cast by themselves",
    "MultiHeadAttention.autocast GroupQueryAttention.autocast": "its parts cast by themselves",
    "GroupNormalization.autocast LayerNormalization.autocast Normalization.autocast": "it casts by itself",
    "RandomCrop.autocast RandomE*.autocast RandomFlip.autocast RandomGaussianBlur.autocast RandomPersp*.autocast "
    "RandomRotation.autocast RandomSh*.autocast RandomTranslation.autocast RandomZoom.autocast "
    "RandAugment.autocast AugMix.autocast CutMix.autocast AutoContrast.autocast CenterCrop.autocast Solarization.autocast "
    "Rescaling.autocast": "it casts by itself",
    "CategoryEncoding.autocast Hash*.autocast TextVectorization.autocast": "it reads no fractions",
}

# What Keras takes and never looks at, though it should.
LOST_BY_KERAS: dict[str, str] = {
    "Bidirectional.weights": "it becomes `initial_weights`, which nothing reads",
    "Dense.lora_alpha Embedding.lora_alpha": "building the layer sets it to `lora_rank`",
    "Embedding.autocast ReversibleEmbedding.autocast": "it is set to false whatever is given",
    "SimpleRNN.activity_regularizer": "it is not handed on to the layer's base class",
    "RandomColorJitter.data_format": "it is not handed on to the layers that change the colours",
    "HashedCrossing.activity_regularizer HashedCrossing.trainable HashedCrossing.autocast": "`**kwargs` is dropped",
    "IntegerLookup.dtype StringLookup.dtype TextVectorization.dtype": "it is not handed on to the layer's base class",
    "StackedRNNCells.dtype": "the cells have their own",
    "MultiHeadAttention.trainable GroupQueryAttention.trainable Bidirectional.trainable TimeDistributed.trainable SpectralNormalization.trainable "
    "RNN.trainable StackedRNNCells.trainable ConvLSTM*.trainable": "it is not handed on to the layers inside",
}


def excuse(place: str) -> str | None:
    """Why an argument of a layer has no effect."""
    reason = find(UNSEEN | LOST_BY_KERAS, place)
    name, _, argument = place.partition(".")
    if reason is None and argument == "trainable" and not has_weights(name):
        return "it has nothing to train"
    return reason


def has_weights(name: str) -> bool:
    """Whether a layer has weights that train."""
    _, weights = next(observe_layer(name, fitting_base(BASES, name)))
    return any(trainable for _, _, trainable, _ in weights)


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


def observe_layer(
    name: str, arguments: dict[str, Any], reads: Any = None, kind: str = "", behind: Any = (), **more: Any
) -> Any:
    """Build a model of the layer, and watch what it does.

    Args:
        reads: shape and kind of each input, if not as usual.
        kind: the kind of all inputs, if not as usual.
        behind: layers that stand before it.
    """
    reads = [(shape, kind or usual) for shape, usual in reads or fitting(READS, name)]
    generator = np.random.default_rng(3)
    x = {letter: values(*read, generator) for letter, read in zip("ab", reads, strict=False)}
    config = load_config(written(name, arguments, reads, behind, more.get("policy", "float32")))
    with isolated_state(config.training.dtype_policy):
        keras.utils.set_random_seed(config.seed)
        model = build_model(config, shapes_of(x), ObjectBuilder(config))
    x = {letter: keras.ops.convert_to_tensor(rows) for letter, rows in x.items()}
    yield "weights", [weight_of(weight) for weight in model.weights]
    yield "outputs", outputs_of(model, x, training=False)
    yield "outputs in training", outputs_of(model, x, training=True)
    yield "losses", [np.asarray(loss) for loss in model.losses]
    yield "weights after two steps", train_two_steps(model, x)
    yield "outputs after two steps", outputs_of(model, x, training=False)
    if more.get("traced"):
        yield "graph", operations(model, x)


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


def weight_of(weight: Any) -> tuple[Any, ...]:
    return weight.path, str(weight.dtype), weight.trainable, np.asarray(weight)


def outputs_of(model: Any, x: Any, training: bool) -> Any:
    """The values of all outputs, with their type and mask."""
    random.seed(5)  # some layers choose by Python's own generator
    return [describe(output) for output in keras.tree.flatten(model(x, training=training))]


def describe(output: Any) -> Any:
    mask = getattr(output, "_keras_mask", None)
    if isinstance(output, tf.RaggedTensor):
        return "ragged", output.to_list()
    if isinstance(output, tf.SparseTensor):
        return "sparse", np.asarray(tf.sparse.to_dense(output))
    return str(output.dtype), np.asarray(output), None if mask is None else np.asarray(mask)


def train_two_steps(model: Any, x: Any) -> Any:
    """The weights after two steps of plain gradient descent on the squares of the outputs."""
    optimizer = keras.optimizers.SGD(0.1)
    for _ in range(2):
        with tf.GradientTape() as tape:
            outputs = [o for o in keras.tree.flatten(model(x, training=True)) if "float" in str(o.dtype)]
            losses = [tf.cast(tf.reduce_mean(tf.square(output)), "float32") for output in outputs]
            loss = tf.add_n([*losses, *(tf.cast(loss, "float32") for loss in model.losses), 0.0])
        trainable = model.trainable_variables
        gradients = tape.gradient(loss, trainable)
        pairs = [pair for pair in zip(gradients, trainable, strict=True) if pair[0] is not None]
        if pairs:
            optimizer.apply_gradients(pairs)
    return [np.asarray(weight) for weight in model.weights]


def operations(model: Any, x: Any) -> Any:
    """How often each operation stands in the traced program."""
    traced = tf.function(lambda x: model(x, training=True)).get_concrete_function(x)
    return sorted(collections.Counter(operation.type for operation in traced.graph.get_operations()).items())


WALK = Walk("layers", OTHERS, excuse, observe_layer, BASES)


@pytest.mark.parametrize("name", LAYERS)
def test_every_argument_acts(name):
    assert WALK.faults(name) == []

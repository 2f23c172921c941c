"""Every class of `keras.layers` by its name: built from YAML, trained a step, saved, loaded, predicting the same."""

import json
from fnmatch import fnmatchcase

import keras
import numpy as np
import pytest
from tiny_models import NUM_ROWS, built, compiled, fitting

from kerasrun.config import load_config
from kerasrun.config.catalogue import load_catalogue
from kerasrun.model.describe_keras import LAYER_ARGUMENTS
from kerasrun.model.saved import load_keras_model, save_keras_model

LAYERS = load_catalogue().kinds["layers"]
CLASSES = [name for name, entry in LAYERS.entries.items() if not entry.application]

# How a class is written, by the first pattern that its name fits; one that fits none is its name alone.
WRITTEN = {
    "Dense": "3",
    "Activation": "relu",
    "EinsumDense": "{equation: 'ab,bc->ac', output_shape: 3, bias_axes: c}",
    "Embedding ReversibleEmbedding": "{input_dim: 9, output_dim: 3}",
    "Conv?D Conv?DTranspose SeparableConv?D ConvLSTM?D": "{filters: 2, kernel_size: 2}",
    "DepthwiseConv?D": "2",
    "Adaptive*Pooling?D [AM]*Pooling?D": "2",
    "*Dropout* GaussianNoise": "0.5",
    "LSTM GRU SimpleRNN": "3",
    "*Cell": "{RNN: {cell: {CLASS: 3}}}",
    "StackedRNNCells": "{RNN: {cell: {CLASS: {cells: [{LSTMCell: 3}, {GRUCell: 2}, SimpleRNNCell: 2]}}}}",
    "RNN": "{cell: {GRUCell: 3}}",
    "Bidirectional": "{LSTM: 3}",
    "TimeDistributed SpectralNormalization": "{Dense: 3}",
    "MultiHeadAttention": "{num_heads: 2, key_dim: 3}",
    "GroupQueryAttention": "{head_dim: 3, num_query_heads: 2, num_key_value_heads: 1}",
    "GroupNormalization": "{groups: 2}",
    "Normalization": "{mean: 1.5, variance: 4.0}",
    "Dot": "1",
    "Permute": "[2, 1]",
    "Reshape": "[2, -1]",
    "RepeatVector": "3",
    "Rescaling": "0.1",
    "Discretization": "{bin_boundaries: [-1.0, 0.0, 1.0]}",
    "CategoryEncoding": "{num_tokens: 9, output_mode: multi_hot}",
    "Hashing HashedCrossing": "5",
    "IntegerLookup": "{vocabulary: [1, 2, 5]}",
    "StringLookup": "{vocabulary: [red, green, blue]}",
    "TextVectorization": "{vocabulary: [red, green, blue], output_sequence_length: 4}",
    "CenterCrop RandomCrop Resizing": "{height: 4, width: 5}",
    "RandomTranslation": "{height_factor: 0.2, width_factor: 0.2}",
    "RandomBrightness RandomContrast RandomHue RandomRotation RandomZoom RandomSharpness": "0.2",
    "RandomColorDegeneration RandomSaturation": "0.2",
    "RandomPosterization": "4",
    "RandomColorJitter": "{brightness_factor: 0.2, hue_factor: 0.2}",
    "Pipeline": "[{RandomFlip: horizontal}, {Rescaling: 0.5}]",
    "STFTSpectrogram": "{frame_length: 16, frame_step: 8, fft_length: 16}",
    "MelSpectrogram": "{fft_length: 16, sequence_stride: 8, num_mel_bins: 4}",
}

# What a class reads: shape and type of each input, by the first pattern that its name fits.
FLOATS, IMAGES, NUMBERS, WORDS = "float32", "images", "int32", "string"
READ = {
    "Add Subtract Multiply Average Maximum Minimum Concatenate": [([4], FLOATS)] * 2,
    "Dot *Attention": [([5, 4], FLOATS)] * 2,
    "Embedding ReversibleEmbedding CategoryEncoding IntegerLookup": [([4], NUMBERS)],
    "StringLookup Hashing": [([2], WORDS)],
    "TextVectorization": [([1], WORDS)],
    "HashedCrossing": [([1], NUMBERS)] * 2,
    "ConvLSTM1D": [([3, 4, 2], FLOATS)],
    "ConvLSTM2D": [([3, 4, 4, 2], FLOATS)],
    "ConvLSTM3D": [([2, 3, 3, 3, 2], FLOATS)],
    "*1D *1DTranspose": [([6, 4], FLOATS)],
    "*2D *2DTranspose GroupNormalization": [([6, 6, 4], FLOATS)],
    "*3D *3DTranspose": [([4, 4, 4, 2], FLOATS)],
    "LSTM GRU SimpleRNN *RNN* *Cell Bidirectional TimeDistributed Masking Permute": [([5, 4], FLOATS)],
    "MelSpectrogram": [([64], FLOATS)],
    "STFTSpectrogram": [([64, 2], FLOATS)],
    "Random* *Crop Resizing *Equalization Rand* *Mix* AutoContrast Solarization Pipeline": [([8, 8, 3], IMAGES)],
    "*": [([4], FLOATS)],
}

# How a layer of two inputs names them; the others read a list.
WIRED = {"MultiHeadAttention GroupQueryAttention": "{query: a, value: b}", "*": "[a, b]"}

# What stands behind the layer, before the last one.
BEHIND = {
    "Masking": "SimpleRNN: 3",  # flattening would lose the mask
    "RandomCrop": "GlobalAveragePooling2D",  # crops in training alone, so sizes differ
    "*": "Flatten",
}


def written(name):
    """The layer as YAML: `Dense: 3`, or its name alone."""
    arguments = fitting(WRITTEN, name)
    if arguments is None:
        return name
    return arguments.replace("CLASS", name)[1:-1] if "CLASS" in arguments else f"{name}: {arguments}"


def model_text(name):
    """A model with a layer of this class, and weights to train behind it: a list where that will do, else a graph."""
    read, behind = fitting(READ, name), fitting(BEHIND, name)
    if len(read) == 1 and read[0][1] != WORDS:
        return f"model:\n  - {written(name)}\n  - {behind}\n  - Dense: 2\n"
    inputs = "".join(
        f"    {letter}: {{shape: {shape}, dtype: {kind}}}\n" for letter, (shape, kind) in zip("ab", read, strict=False)
    )
    layer = written(name) if ":" in written(name) else f"{name}: null"
    wiring = fitting(WIRED, name) if len(read) > 1 else "a"
    return f"""\
model:
  inputs:
{inputs}  layers:
    - {{{layer}, from: {wiring}}}
    - {behind}
    - Dense: 2
"""


def values(shape, kind, random):
    """Rows of one input."""
    shape = (NUM_ROWS, *shape)
    if kind == NUMBERS:
        return random.integers(0, 9, shape, dtype=np.int32)
    if kind == WORDS:
        return random.choice(["red", "green", "violet"], shape).astype(object)
    return (random.uniform(0, 255, shape) if kind == IMAGES else random.normal(size=shape)).astype("float32")


def rows(name):
    """Inputs and targets for `model_text`."""
    random = np.random.default_rng(3)
    read = [values(shape, kind, random) for shape, kind in fitting(READ, name)]
    x = read[0] if len(read) == 1 else dict(zip("ab", read, strict=True))
    return x, random.normal(size=(NUM_ROWS, 2)).astype("float32")


def predicted(model, x):
    x = keras.tree.map_structure(keras.ops.convert_to_tensor, x)
    return np.asarray(model(x, training=False))


def described(model):
    """The model's config as JSON holds it, less the settings of every layer that are left at their defaults."""
    config = json.loads(json.dumps(model.get_config()))
    for layer in config["layers"]:
        for name, default in LAYER_ARGUMENTS.items():
            if layer["config"].get(name, default) == default:
                layer["config"].pop(name, None)
    return config


# The fast tests train one of each family; of the others they see that the complete form builds them.
SLOW = (
    "*Conv[13]D* ConvLSTM[23]D *Pooling[13]D *Dropout[13]D UpSampling[13]D ZeroPadding[13]D Cropping[13]D "
    "GRU* LSTMCell SimpleRNNCell StackedRNNCells GroupQueryAttention MelSpectrogram Rand*[!n] *Equalization"
)


def case(name):
    slow = any(fnmatchcase(name, pattern) for pattern in SLOW.split())
    return pytest.param(name, marks=[pytest.mark.slow] * slow)


@pytest.mark.parametrize("name", [case(name) for name in CLASSES])
def test_a_layer_trains_saves_loads_and_predicts_the_same(name, read, tmp_path):
    x, y = rows(name)
    ours = compiled(read(model_text(name)), x)
    assert any(type(layer) is getattr(keras.layers, name) for layer in ours.model._flatten_layers())
    before = [weight.numpy() for weight in ours.model.trainable_weights]

    logs = ours.train_step(x, y)

    assert np.isfinite(logs["loss"])
    after = [weight.numpy() for weight in ours.model.trainable_weights]
    assert any(not np.array_equal(*pair) for pair in zip(before, after, strict=True))
    save_keras_model(ours.model, tmp_path / "model.keras", {})
    loaded = load_keras_model(tmp_path / "model.keras")
    assert np.array_equal(predicted(loaded, x), predicted(ours.model, x))


@pytest.mark.parametrize("name", CLASSES)
def test_the_complete_form_builds_the_same_model(name, read):
    config = read(model_text(name))
    complete = load_config(config.to_dict())
    x, _ = rows(name)
    assert complete.to_dict() == config.to_dict()
    assert described(built(complete, x)) == described(built(config, x))


@pytest.mark.parametrize("alias", LAYERS.aliases)
def test_the_other_names_of_a_layer_stand_for_it(alias, read):
    name = LAYERS.aliases[alias]
    assert getattr(keras.layers, alias) is getattr(keras.layers, name)
    text = model_text(name).replace(f"- {name}", f"- {alias}")
    assert read(text).to_dict() == read(model_text(name)).to_dict()


def test_every_row_of_the_tables_is_of_use():
    for table in (WRITTEN, READ, WIRED, BEHIND):
        for patterns in table:
            for pattern in patterns.split():
                assert any(fnmatchcase(name, pattern) for name in CLASSES), pattern


@pytest.mark.parametrize("as_list", [True, False])
def test_a_layer_that_keras_would_lose_stays_in_the_model(as_list, build):
    """Keras 3.15's Equalization hands on the very tensor that it reads, so that a graph does not see it."""
    layers = "\n  - Equalization: {bins: 8}\n  - Flatten\n"
    x, _ = rows("Equalization")
    model = build(f"model:{layers}" if as_list else f"model:\n  inputs: {{x: [8, 8, 3]}}\n  layers:{layers}", x).model
    expected = keras.layers.Equalization(bins=8)(x, training=True)
    assert np.array_equal(model(x, training=True), np.reshape(expected, (NUM_ROWS, -1)))

"""Graphs: several inputs and outputs, shared layers, layers in layers: each gives what plain Keras gives."""

import keras
import numpy as np
import pytest
from keras import layers
from tiny_models import NUM_ROWS, built

from kerasrun.config import load_config
from kerasrun.errors import ConfigError

RANDOM = np.random.default_rng(2)
SEQUENCES = RANDOM.normal(size=(NUM_ROWS, 5, 3)).astype("float32")
PAIRS = {name: RANDOM.normal(size=(NUM_ROWS, 3)).astype("float32") for name in ("left", "right")}


def assert_same(ours, plain, x):
    """Given the same weights, both models put out the same, to the bit."""
    assert [tuple(w.shape) for w in ours.weights] == [tuple(w.shape) for w in plain.weights]
    plain.set_weights(ours.get_weights())
    x = keras.tree.map_structure(keras.ops.convert_to_tensor, x)
    expected = plain(x, training=False)
    got = ours(x, training=False)
    assert keras.tree.map_structure(lambda _: None, got) == keras.tree.map_structure(lambda _: None, expected)
    assert all(map(np.array_equal, keras.tree.flatten(got), keras.tree.flatten(expected)))


def two_by_two():
    """Two inputs, one layer shared by both, two outputs."""
    inputs = {name: keras.Input((3,), name=name) for name in PAIRS}
    shared = layers.Dense(4, activation="relu", name="shared")
    seen = [shared(tensor) for tensor in inputs.values()]
    both = layers.Concatenate()(seen)
    outputs = {
        "price": layers.Dense(1, name="price")(both),
        "sort": layers.Dense(3, activation="softmax", name="sort")(both),
    }
    return keras.Model(inputs, outputs)


TWO_BY_TWO = """\
model:
  inputs: {left: [3], right: [3]}
  layers:
    - {Dense: {units: 4, activation: relu}, name: shared, from: left}
    - {reuse: shared, name: right_seen, from: right}
    - {Concatenate: null, name: both, from: [shared, right_seen]}
    - {Dense: 1, name: price}
    - {Dense: {units: 3, activation: softmax}, name: sort, from: both}
  outputs: [price, sort]
training:
  epochs: 1
  optimizer: {SGD: {learning_rate: 0.1}}
  loss: {price: mse, sort: sparse_categorical_crossentropy}
  metrics: {price: [mae, RootMeanSquaredError], sort: accuracy}
  loss_weights: {price: 0.5, sort: 2.0}
"""


def test_two_inputs_a_shared_layer_and_two_outputs(build):
    assert_same(build(TWO_BY_TWO, PAIRS).model, two_by_two(), PAIRS)


def test_losses_metrics_and_weights_go_by_output(build):
    ours, plain = build(TWO_BY_TWO, PAIRS), two_by_two()
    plain.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss={"price": "mse", "sort": "sparse_categorical_crossentropy"},
        metrics={"price": ["mae", keras.metrics.RootMeanSquaredError()], "sort": ["accuracy"]},
        loss_weights={"price": 0.5, "sort": 2.0},
    )
    plain.set_weights(ours.model.get_weights())
    y = {"price": np.array([1.0, 2.0, 3.0, 4.0], dtype="float32"), "sort": np.array([0, 1, 2, 1])}
    logs = ours.train_step(PAIRS, y)
    # Same float32 operations, in another graph: sums may go in another order.
    expected = {name: float(value) for name, value in plain.train_on_batch(PAIRS, y, return_dict=True).items()}
    assert logs == pytest.approx(expected, rel=1e-5)
    for got, expected in zip(ours.model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-7)


def test_a_complete_graph_is_the_same_graph(read):
    config = read(TWO_BY_TWO)
    complete = load_config(config.to_dict())
    assert complete.to_dict() == config.to_dict()
    assert_same(built(config, PAIRS), built(complete, PAIRS), PAIRS)


def test_one_of_several_outputs_of_a_layer(build):
    ours = build(
        """\
model:
  inputs: {x: [5, 3]}
  layers:
    - {LSTM: {units: 4, return_state: true}, name: rnn}
    - {Subtract: null, from: [rnn.1, rnn.2], name: states}
    - {Concatenate: null, from: rnn, name: all}
    - {Dense: 2, name: last}
  outputs: [last, states, rnn.2]
""",
        SEQUENCES,
    ).model
    x = keras.Input((5, 3))
    rnn = layers.LSTM(4, return_state=True)(x)
    outputs = {"last": layers.Dense(2)(layers.Concatenate()(rnn)), "states": layers.Subtract()(rnn[1:])}
    assert_same(ours, keras.Model(x, outputs | {"rnn.2": rnn[2]}), SEQUENCES)


def test_a_layer_has_no_more_outputs_than_it_has(build):
    text = "model:\n  - {LSTM: {units: 4, return_state: true}, name: rnn}\n  - {Dense: 2, from: rnn.3}\n"
    with pytest.raises(ConfigError, match="'rnn' has 3 outputs, counted from 0"):
        build(text, SEQUENCES)


def test_an_argument_may_read_a_list(build):
    """An encoder hands both of its states to a decoder."""
    ours = build(
        """\
model:
  inputs: {x: [5, 3]}
  layers:
    - {LSTM: {units: 4, return_state: true}, name: encoder}
    - {LSTM: 4, from: {sequences: x, initial_state: [encoder.1, encoder.2]}, name: decoder}
""",
        SEQUENCES,
    ).model
    x = keras.Input((5, 3))
    _, h, c = layers.LSTM(4, return_state=True)(x)
    assert_same(ours, keras.Model(x, layers.LSTM(4)(x, initial_state=[h, c])), SEQUENCES)


def test_what_leads_to_no_output_is_refused(build):
    text = "model:\n  - {Dense: 2, name: a}\n  - {Dense: 3, from: input, name: b}\n"
    with pytest.raises(ConfigError, match="layer 1, Dense, leads to no output, so it would have no effect"):
        build(text, SEQUENCES)


def attention(query, value):
    return layers.MultiHeadAttention(num_heads=2, key_dim=3)(query=query, value=value)


READS = {
    "nothing, so the layer before": ("Dense: 2", lambda a, b: layers.Dense(2)(b)),
    "a name": ("Dense: 2, from: a", lambda a, b: layers.Dense(2)(a)),
    "a list": ("Concatenate: null, from: [b, a]", lambda a, b: layers.Concatenate()([b, a])),
    "names of arguments": (
        "MultiHeadAttention: {num_heads: 2, key_dim: 3}, from: {value: a, query: b}",
        lambda a, b: attention(b, a),
    ),
}


@pytest.mark.parametrize("reads", READS)
def test_a_layer_reads(reads, build):
    written, make = READS[reads]
    ours = build(
        f"""\
model:
  inputs: {{x: [5, 3]}}
  layers:
    - {{Dense: 4, name: a}}
    - {{Dense: 4, name: b, from: x}}
    - {{{written}, name: c}}
  outputs: [a, b, c]
""",
        SEQUENCES,
    ).model
    x = keras.Input((5, 3))
    a, b = layers.Dense(4)(x), layers.Dense(4)(x)
    assert_same(ours, keras.Model(x, {"a": a, "b": b, "c": make(a, b)}), SEQUENCES)


def test_a_layer_goes_on_from_the_state_of_another(build):
    ours = build(
        """\
model:
  inputs: {x: [5, 3]}
  layers:
    - {GRU: {units: 4, return_state: true}, name: encoder}
    - {GRU: 4, from: {sequences: x, initial_state: encoder.1}}
""",
        SEQUENCES,
    ).model
    x = keras.Input((5, 3))
    _, state = layers.GRU(4, return_state=True)(x)
    assert_same(ours, keras.Model(x, layers.GRU(4)(x, initial_state=state)), SEQUENCES)


NESTED = {
    "Bidirectional: {LSTM: 4}": lambda: layers.Bidirectional(layers.LSTM(4)),
    "Bidirectional: {layer: {GRU: {units: 2, return_sequences: true}}, merge_mode: sum}": lambda: layers.Bidirectional(
        layers.GRU(2, return_sequences=True), merge_mode="sum"
    ),
    "Bidirectional: {layer: {GRU: 2}, backward_layer: {LSTM: {units: 3, go_backwards: true}}}": lambda: (
        layers.Bidirectional(layers.GRU(2), backward_layer=layers.LSTM(3, go_backwards=True))
    ),
    "TimeDistributed: {Dense: 3}": lambda: layers.TimeDistributed(layers.Dense(3)),
    "TimeDistributed: {layer: {Dense: {units: 3, activation: tanh}}}": lambda: layers.TimeDistributed(
        layers.Dense(3, activation="tanh")
    ),
    "RNN: {cell: {LSTMCell: 4}}": lambda: layers.RNN(layers.LSTMCell(4)),
    "RNN: {LSTMCell: 4}": lambda: layers.RNN(layers.LSTMCell(4)),
    "RNN: {cell: [{LSTMCell: 4}, {GRUCell: {units: 2, use_bias: false}}], return_sequences: true}": lambda: layers.RNN(
        [layers.LSTMCell(4), layers.GRUCell(2, use_bias=False)], return_sequences=True
    ),
    "RNN: {cell: {StackedRNNCells: [{LSTMCell: 4}, {SimpleRNNCell: 2}]}}": lambda: layers.RNN(
        layers.StackedRNNCells([layers.LSTMCell(4), layers.SimpleRNNCell(2)])
    ),
    "SpectralNormalization: {Conv1D: {filters: 2, kernel_size: 3}}": lambda: layers.SpectralNormalization(
        layers.Conv1D(2, 3)
    ),
    "Pipeline: [{Rescaling: 0.5}, {Dense: {units: 2, activation: relu}}]": lambda: layers.Pipeline(
        [layers.Rescaling(0.5), layers.Dense(2, activation="relu")]
    ),
    "Dense: {units: 3, kernel_regularizer: {L2: 0.1}, bias_initializer: {Constant: 2}, kernel_constraint: NonNeg}": (
        lambda: layers.Dense(
            3,
            kernel_regularizer=keras.regularizers.L2(0.1),
            bias_initializer=keras.initializers.Constant(2),
            kernel_constraint=keras.constraints.NonNeg(),
        )
    ),
}


def nameless(config):
    """A config without the numbers that Keras puts behind names."""
    if isinstance(config, dict):
        return {key: nameless(value) for key, value in config.items() if key not in ("name", "build_config")}
    return [nameless(item) for item in config] if isinstance(config, (list, tuple)) else config


@pytest.mark.parametrize("written", NESTED)
def test_objects_in_objects(written, build):
    ours = build(f"model:\n  - {written}\n", SEQUENCES).model
    layer = NESTED[written]()
    assert_same(ours, keras.Sequential([keras.Input((5, 3)), layer]), SEQUENCES)
    assert nameless(ours.layers[0].get_config()) == nameless(layer.get_config())
    assert float(sum(ours.losses)) == float(sum(layer.losses))

"""The evidence for the rule that chooses a program: each kind of layer, as a graph and under XLA, on a CPU.

    python benchmarks/programs.py            # every net below
    python benchmarks/programs.py LSTM GRU   # some of them

Prints the seconds of an epoch (median of several, the two programs in turn), their ratio, and what each took to
compile. A layer belongs into XLA_LAYERS of kerasrun/training/choice.py where the ratio is above 1.
"""

import statistics
import sys
import time

from kerasrun.model.backend import start_backend

start_backend(None)

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers as L  # noqa: E402, N812

from kerasrun.data import Rows  # noqa: E402
from kerasrun.training.engine import engine_for  # noqa: E402
from kerasrun.training.program import Program  # noqa: E402

NUM_ROWS, BATCH, REPEATS = 6400, 64, 5
FLAT, SERIES = (128,), (20, 16)


def net(shape, *layers):
    """A net of these layers that ends in ten classes."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input(shape), *layers, L.Flatten(), L.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    return model


def merged(merge):
    """A net whose two branches meet in a merging layer."""
    keras.utils.set_random_seed(0)
    x = keras.Input(FLAT)
    both = merge([L.Dense(64, activation="relu")(x), L.Dense(64, activation="tanh")(x)])
    model = keras.Model(x, L.Dense(10, activation="softmax")(both))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    return model


def attended():
    """A net whose layer attends to itself."""
    keras.utils.set_random_seed(0)
    x = keras.Input(SERIES)
    y = L.Flatten()(L.MultiHeadAttention(4, 8)(x, x))
    model = keras.Model(x, L.Dense(10, activation="softmax")(y))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    return model


NETS = {
    "Dense": lambda: net(FLAT, L.Dense(128, activation="relu"), L.Dense(64, activation="relu")),
    "EinsumDense": lambda: net(SERIES, L.EinsumDense("abc,cd->abd", (20, 32))),
    **{
        name: (lambda name=name: net(FLAT, L.Dense(128), getattr(L, name)()))
        for name in ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Identity", "UnitNormalization")
    },
    **{
        name: (lambda name=name: net(FLAT, L.Dense(128), getattr(L, name)(0.2), L.Dense(64)))
        for name in ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout")
    },
    "SpatialDropout1D": lambda: net(SERIES, L.SpatialDropout1D(0.2), L.Dense(32)),
    "ActivityRegularization": lambda: net(FLAT, L.Dense(128), L.ActivityRegularization(l2=1e-3)),
    **{
        name: (lambda name=name: net(FLAT, L.Dense(128), getattr(L, name)(), L.Dense(64)))
        for name in ("BatchNormalization", "LayerNormalization", "RMSNormalization")
    },
    "GroupNormalization": lambda: net(SERIES, L.GroupNormalization(4)),
    "Reshape, Permute": lambda: net(FLAT, L.Reshape((16, 8)), L.Permute((2, 1)), L.Dense(16)),
    "RepeatVector": lambda: net(FLAT, L.Dense(16), L.RepeatVector(8), L.Dense(16)),
    **{
        name: (lambda name=name: merged(getattr(L, name)()))
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
    },
    "Dot": lambda: merged(L.Dot(axes=1)),
    **{name: (lambda name=name: net(SERIES, getattr(L, name)(32))) for name in ("LSTM", "GRU", "SimpleRNN")},
    "RNN, StackedRNNCells": lambda: net(SERIES, L.RNN([L.LSTMCell(16), L.GRUCell(16), L.SimpleRNNCell(16)])),
    "Bidirectional": lambda: net(SERIES, L.Bidirectional(L.LSTM(16))),
    "TimeDistributed": lambda: net(SERIES, L.TimeDistributed(L.Dense(16))),
    "Masking": lambda: net(SERIES, L.Masking(), L.LSTM(16)),
    "Rescaling": lambda: net(FLAT, L.Rescaling(0.5), L.Dense(64)),
    "Normalization": lambda: net(FLAT, L.Normalization(mean=0.5, variance=2.0), L.Dense(64)),
    "CategoryEncoding": lambda: net((1,), L.CategoryEncoding(1000, output_mode="one_hot"), L.Dense(64)),
    "GlobalAveragePooling1D": lambda: net(SERIES, L.Dense(32), L.GlobalAveragePooling1D()),
    "GlobalMaxPooling1D": lambda: net(SERIES, L.Dense(32), L.GlobalMaxPooling1D()),
    "MultiHeadAttention": attended,
    "Embedding": lambda: net((20,), L.Embedding(1000, 16)),
    "Embedding of 50,000": lambda: net((20,), L.Embedding(50_000, 32), L.GlobalAveragePooling1D()),
    "Conv1D": lambda: net(SERIES, L.Conv1D(32, 3, activation="relu")),
    "MaxPooling1D": lambda: net(SERIES, L.Dense(32), L.MaxPooling1D()),
    # AveragePooling1D takes minutes to compile under XLA.
}


def trainer(make, program_name):
    """A function that trains an epoch, and the seconds that compiling it took."""
    model = make()
    random = np.random.default_rng(0)
    shape = model.input_shape[1:]
    embeds = any(isinstance(layer, (L.Embedding, L.CategoryEncoding)) for layer in model.layers)
    x = random.integers(0, 1000, (NUM_ROWS, *shape)) if embeds else random.normal(size=(NUM_ROWS, *shape))
    rows = Rows(x.astype("int32" if embeds else "float32"), random.integers(0, 10, NUM_ROWS).astype("int32"))
    program = Program(model, lambda batch, training=False: batch, BATCH, engine_for(model, program_name))
    train = program.to_device(rows)
    program.build(train)
    train_epochs = program.epochs(train, [])
    orders = program.engine.tensor(random.permutation(NUM_ROWS).astype(np.int32)[None])
    begun = time.perf_counter()
    train_epochs(orders, 0, 0, 0, 0)
    compile_s = time.perf_counter() - begun
    return lambda: train_epochs(orders, 0, 1, 0, NUM_ROWS // BATCH), compile_s


def seconds(function):
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def main():
    chosen = sys.argv[1:] or list(NETS)
    print(f"{'layer':24} {'graph s':>8} {'XLA s':>8} {'ratio':>6}   compiling: graph s, XLA s")
    for name in chosen:
        (graph, graph_compile), (xla, xla_compile) = trainer(NETS[name], "graph"), trainer(NETS[name], "xla")
        times = [(seconds(graph), seconds(xla)) for _ in range(REPEATS)]
        of_graph, of_xla = (statistics.median(column) for column in zip(*times, strict=True))
        ratio = of_graph / of_xla
        print(
            f"{name:24} {of_graph:8.4f} {of_xla:8.4f} {ratio:6.2f} {graph_compile:10.1f} {xla_compile:8.1f}", flush=True
        )


if __name__ == "__main__":
    main()

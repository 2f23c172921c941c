"""The works as a user of Keras would write them, with `model.fit`: `python plain_keras.py WORK FOLDER EPOCHS`."""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from clock import Clock
from keras import layers
from works import load, load_mnist, load_sine


class EpochClock(keras.callbacks.Callback):
    """Notes when each epoch ends."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def on_epoch_end(self, epoch, logs=None):
        self.clock.tick()


def fit(model, data, batch_size, epochs, callbacks=()):
    x_train, y_train, x_test, y_test = data
    clock = Clock()
    history = model.fit(
        x_train,
        y_train,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=(x_test, y_test),
        verbose=0,
        callbacks=[*callbacks, EpochClock(clock)],
    )
    clock.report(history.history["loss"][-1])


def classifier(inputs, hidden, optimizer):
    model = keras.Sequential([keras.Input(inputs), *hidden, layers.Dense(10, activation="softmax")])
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    return model


def regressor(inputs, hidden, optimizer):
    model = keras.Sequential([keras.Input(inputs), *hidden, layers.Dense(1)])
    model.compile(optimizer, "mean_squared_error")
    return model


def sine(folder, epochs, callbacks=()):
    fit(regressor((1,), [layers.Dense(20, activation="sigmoid")], "sgd"), load_sine(), 8, epochs, callbacks)


def sine_callbacks(folder, epochs):
    stop = keras.callbacks.EarlyStopping("val_loss", patience=epochs)
    reduce = keras.callbacks.ReduceLROnPlateau("val_loss", patience=epochs)
    sine(folder, epochs, [stop, reduce])


def two_layer(folder, epochs):
    model = classifier((784,), [layers.Dense(100, activation="sigmoid")], keras.optimizers.SGD(0.1))
    fit(model, load_mnist(folder), 100, epochs)


def mlp(folder, epochs):
    hidden = [layers.Dense(256, activation="relu"), layers.Dense(100, activation="relu")]
    fit(classifier((784,), hidden, "sgd"), load_mnist(folder), 100, epochs)


def dnn(folder, epochs):
    x, y, _, _ = load_mnist(folder)
    hidden = [
        *[layers.Dense(256), layers.Activation("relu"), layers.Dropout(0.2)],
        *[layers.Dense(128), layers.Activation("relu"), layers.Dropout(0.5)],
    ]
    fit(classifier((784,), hidden, "adam"), [x[:48000], y[:48000], x[48000:], y[48000:]], 32, epochs)


def conv(folder, epochs, strides=2, pooling=()):
    hidden = [
        layers.Conv2D(32, 3, strides, activation="relu"),
        *(pool() for pool in pooling),
        layers.Conv2D(64, 3, strides, activation="relu"),
        *(pool() for pool in pooling),
        layers.Flatten(),
        layers.Dropout(0.5),
    ]
    fit(classifier((28, 28, 1), hidden, "adam"), load_mnist(folder, "conv", flatten=False), 128, epochs)


def conv_pooling(folder, epochs):
    conv(folder, epochs, strides=1, pooling=[layers.MaxPooling2D])


def lstm(folder, epochs):
    fit(regressor((30, 8), [layers.LSTM(32)], "adam"), load(folder, "lstm"), 64, epochs)


def table(folder, epochs):
    hidden = [layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu")]
    fit(regressor((20,), hidden, "adam"), load(folder, "table"), 1024, epochs)


def steps(folder, periods):
    """Counted in steps: 100 rows drawn at random in each, both sets measured after every 600."""
    x_train, y_train, x_test, y_test = load_mnist(folder)
    normal = keras.initializers.RandomNormal(stddev=0.01)
    model = keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(50, activation="relu", kernel_initializer=normal),
            layers.Dense(10, activation="softmax", kernel_initializer=normal),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1), "categorical_crossentropy", metrics=["accuracy"])
    random, losses, clock = np.random.default_rng(0), [], Clock()
    for _ in range(periods):
        for _ in range(600):
            rows = random.choice(len(x_train), 100)
            losses.append(model.train_on_batch(x_train[rows], y_train[rows], return_dict=True)["loss"])
            model.reset_metrics()
        model.evaluate(x_train, y_train, batch_size=100, verbose=0)
        model.evaluate(x_test, y_test, batch_size=100, verbose=0)
        clock.tick()
    clock.report(float(losses[-1]))


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))

"""MNIST as a script: trains, saves the model and its history, draws loss and accuracy."""

import json
import sys

import keras
import matplotlib.pyplot as plt
import numpy as np

with np.load(sys.argv[1]) as arrays:
    x_train, y_train, x_test, y_test = (arrays[name] for name in ("x_train", "y_train", "x_test", "y_test"))
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
y_train, y_test = keras.utils.to_categorical(y_train), keras.utils.to_categorical(y_test)

model = keras.Sequential(
    [
        keras.Input((784,)),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
data = {"validation_data": (x_test, y_test)}
history = model.fit(x_train, y_train, batch_size=100, epochs=10, verbose=0, **data).history

model.save("model.keras")
with open("history.json", "w") as file:  # noqa: PTH123
    json.dump(history, file)
for name in ("loss", "accuracy"):
    plt.figure()
    plt.plot(history[name], marker="o", label="train")
    plt.plot(history[f"val_{name}"], marker="o", label="test")
    plt.xlabel("epoch")
    plt.ylabel(name)
    plt.legend()
    plt.grid()
    plt.savefig(f"{name}.png")

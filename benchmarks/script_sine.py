"""The sine as a script: trains, saves the model and its history, draws the loss."""

import json

import keras
import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(-np.pi, np.pi, 50)[:, None]
y = np.sin(x)

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="sigmoid"), keras.layers.Dense(1)])
model.compile("sgd", "mean_squared_error")
history = model.fit(x, y, batch_size=8, epochs=2000, validation_split=0.1, verbose=0).history

model.save("model.keras")
with open("history.json", "w") as file:  # noqa: PTH123
    json.dump(history, file)
plt.plot(history["loss"], label="train")
plt.plot(history["val_loss"], label="validation")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.grid()
plt.savefig("loss.png")
plt.figure()
plt.plot(x, y, label="sine")
plt.plot(x, model.predict(x, verbose=0), label="fitted")
plt.legend()
plt.savefig("fit.png")

"""The work in steps as the textbook's numpy script does it: `python plain_numpy.py steps FOLDER PERIODS`."""

import sys
from pathlib import Path

import numpy as np
from clock import Clock
from works import load_mnist


class TwoLayerNet:
    """784 → 50, ReLU → 10, softmax, with the gradients written out, in numpy's default precision as there."""

    def __init__(self):
        self.w1, self.b1 = 0.01 * np.random.randn(784, 50), np.zeros(50)  # noqa: NPY002
        self.w2, self.b2 = 0.01 * np.random.randn(50, 10), np.zeros(10)  # noqa: NPY002

    def predict(self, x):
        hidden = np.maximum(x @ self.w1 + self.b1, 0)
        scores = hidden @ self.w2 + self.b2
        exp = np.exp(scores - scores.max(axis=1, keepdims=True))
        return hidden, exp / exp.sum(axis=1, keepdims=True)

    def loss(self, x, y):
        return -np.mean(np.log((self.predict(x)[1] * y).sum(axis=1) + 1e-7))

    def accuracy(self, x, y):
        return np.mean(self.predict(x)[1].argmax(axis=1) == y.argmax(axis=1))

    def step(self, x, y, learning_rate=0.1):
        hidden, probabilities = self.predict(x)
        scores = (probabilities - y) / len(x)
        back = (scores @ self.w2.T) * (hidden > 0)
        self.w2 -= learning_rate * (hidden.T @ scores)
        self.b2 -= learning_rate * scores.sum(axis=0)
        self.w1 -= learning_rate * (x.T @ back)
        self.b1 -= learning_rate * back.sum(axis=0)


def steps(folder, periods):
    np.random.seed(0)  # noqa: NPY002
    x_train, y_train, x_test, y_test = load_mnist(folder)
    net, losses, clock = TwoLayerNet(), [], Clock()
    for _ in range(periods):
        for _ in range(600):
            rows = np.random.choice(len(x_train), 100, replace=False)  # noqa: NPY002
            net.step(x_train[rows], y_train[rows])
            losses.append(net.loss(x_train[rows], y_train[rows]))
        net.accuracy(x_train, y_train)
        net.accuracy(x_test, y_test)
        clock.tick()
    clock.report(losses[-1])


if __name__ == "__main__":
    steps(Path(sys.argv[2]), int(sys.argv[3]))

"""What is measured: the data of each work, as numpy arrays that every side reads from the same file."""

import os
from pathlib import Path

import numpy as np


def write_data(folder: Path) -> str:
    """Write the data of all works into a folder; says what stands for MNIST."""
    random = np.random.default_rng(0)
    real = Path(os.environ.get("KERASRUN_DATA_DIR", "")) / "mnist.npz"
    if real.is_file():
        with np.load(real) as arrays:
            mnist = {name: arrays[name] for name in ("x_train", "y_train", "x_test", "y_test")}
    else:
        mnist = {
            "x_train": random.integers(0, 256, (60_000, 28, 28), dtype=np.uint8),
            "y_train": random.integers(0, 10, 60_000, dtype=np.uint8),
            "x_test": random.integers(0, 256, (10_000, 28, 28), dtype=np.uint8),
            "y_test": random.integers(0, 10, 10_000, dtype=np.uint8),
        }
    np.savez(folder / "mnist.npz", **mnist)
    few = {name: array[: 12_800 if "train" in name else 2_000] for name, array in mnist.items()}
    np.savez(folder / "conv.npz", **few)
    _write_regression(folder / "lstm.npz", random, (6_400, 640), (30, 8))
    _write_regression(folder / "table.npz", random, (1_000_000, 100_000), (20,))
    return "the real MNIST" if real.is_file() else "random pixels in the place of MNIST"


def _write_regression(path: Path, random: np.random.Generator, counts: tuple[int, int], shape: tuple[int, ...]) -> None:
    arrays = {}
    for part, count in zip(("train", "test"), counts, strict=True):
        x = random.normal(size=(count, *shape)).astype(np.float32)
        arrays |= {f"x_{part}": x, f"y_{part}": np.tanh(x.reshape(count, -1).mean(axis=1, keepdims=True))}
    np.savez(path, **arrays)


def load(folder: Path, name: str) -> list[np.ndarray]:
    """The four arrays of a file: x_train, y_train, x_test, y_test."""
    with np.load(folder / f"{name}.npz") as arrays:
        return [arrays[key] for key in ("x_train", "y_train", "x_test", "y_test")]


def load_mnist(folder: Path, name: str = "mnist", flatten: bool = True) -> list[np.ndarray]:
    """MNIST as scripts prepare it: pixels from 0 to 1 as float32, labels one-hot."""
    x_train, y_train, x_test, y_test = load(folder, name)
    shape = (-1, 784) if flatten else (-1, 28, 28, 1)
    one_hot = np.eye(10, dtype=np.float32)
    prepare = lambda x: x.reshape(shape).astype(np.float32) / 255  # noqa: E731
    return [prepare(x_train), one_hot[y_train], prepare(x_test), one_hot[y_test]]


def load_sine() -> list[np.ndarray]:
    """45 points of the sine to learn from, and the last 5 to guess."""
    x = np.linspace(-np.pi, np.pi, 50, dtype=np.float32)[:, None]
    y = np.sin(x)
    return [x[:45], y[:45], x[45:], y[45:]]

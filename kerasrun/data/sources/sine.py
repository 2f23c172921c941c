"""The sine: a curve that a small net can learn."""

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import SineSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.rows import Rows
from kerasrun.data.whole import cut_validation


def load(config: Config) -> Dataset:
    """The sine as the config wants it."""
    data = config.data
    assert isinstance(data, SineSection)
    return cut_validation(Dataset(load_sine(data), None, None, true_curve=true_sine(data)), config)


def load_sine(data: SineSection) -> Rows:
    """Points (x, sin x + noise) with x evenly spaced, both of shape (num_samples, 1) float32."""
    x = np.linspace(data.start, data.stop, data.num_samples).reshape(-1, 1)
    noise = np.random.Generator(np.random.Philox(data.seed)).normal(0.0, 1.0, x.shape)
    y = np.sin(x) + data.noise * noise
    return Rows(x.astype(np.float32), y.astype(np.float32))


def true_sine(data: SineSection) -> tuple[np.ndarray, np.ndarray]:
    """The sine itself, fine enough to draw: x and y, each of shape (400,)."""
    x = np.linspace(data.start, data.stop, 400)
    return x, np.sin(x)

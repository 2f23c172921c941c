"""scikit-learn's handwritten digits: real data that needs no download."""

import numpy as np

from kerasrun.config import Config
from kerasrun.data.dataset import Dataset
from kerasrun.data.rows import Rows
from kerasrun.data.whole import as_dataset


def load(config: Config) -> Dataset:
    """The digits as the config wants them."""
    return as_dataset(*load_digits(config.data.test), 16.0, config)  # type: ignore[attr-defined]


def load_digits(test: float) -> tuple[Rows, Rows]:
    """Training and test rows: images of shape (rows, 8, 8) uint8 in 0…16, labels (rows,) in 0…9.

    Args:
        test: the fraction of rows, from the end, that is the test set. The last rows were written by other
            people than the first, which makes for an honest test.
    """
    from sklearn.datasets import load_digits as load_from_sklearn

    digits = load_from_sklearn()
    rows = Rows(digits.images.astype(np.uint8), digits.target.astype(np.int64))
    split = int(len(rows) * (1 - test))
    return rows.slice(0, split), rows.slice(split, None)

"""The order of rows: a pure function of (seed, epoch) or (seed, step), and of nothing else.

The generator is Philox, which is counter-based: https://doi.org/10.1145/2063384.2063405
"""

import numpy as np

# Keeps the two kinds of draws apart, though they share the seed.
EPOCHS, STEPS = 1, 2


def _generator(seed: int, kind: int, number: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[seed, (kind << 60) + number]))


def epoch_order(num_rows: int, seed: int, epoch: int, shuffle: bool = True) -> np.ndarray:
    """The order of an epoch: every row once. Shape (num_rows,) int32; `epoch` counts from 0."""
    if not shuffle:
        return np.arange(num_rows, dtype=np.int32)
    return _generator(seed, EPOCHS, epoch).permutation(num_rows).astype(np.int32)


def step_rows(num_rows: int, batch_size: int, seed: int, step: int, shuffle: bool = True) -> np.ndarray:
    """The rows of a step, drawn without replacement within the batch. `step` counts from 0.

    Without `shuffle` the batches follow one another through the rows, and begin again at the end.

    Returns:
        Shape (min(batch_size, num_rows),) int32.
    """
    size = min(batch_size, num_rows)
    if not shuffle:
        return ((step * size + np.arange(size)) % num_rows).astype(np.int32)
    return _generator(seed, STEPS, step).choice(num_rows, size, replace=False).astype(np.int32)

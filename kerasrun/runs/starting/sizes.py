"""How large a net, how many rows a step and how long a training suit so many rows: the rules of a starter.

The rules are few and the same for all data. `benchmarks/baselines.py` measures what they come to.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sizes:
    """What suits an amount of rows.

    Args:
        amount: what it is called, to stand in a comment.
        units: of each hidden layer of a net for a table.
        dropout: behind each hidden layer; 0 for none.
        weight_decay: of AdamW; 0 for Adam.
        augments: whether pictures are altered at random while they train.
        patience: of EarlyStopping, in epochs.
        epochs_unstopped: how many epochs where no rows are kept to stop by; of a table whose rows are too few for that.
        is_straight: whether the inputs reach the last layer beside the hidden ones, as in a linear model.
    """

    amount: str
    units: tuple[int, ...]
    dropout: float
    weight_decay: float
    batch_size: int
    epochs: int
    patience: int
    learning_rate: float = 1e-3
    augments: bool = False
    epochs_unstopped: int = 0
    is_straight: bool = False

    @property
    def optimizer(self) -> dict[str, Any]:
        """The optimizer as a config has it."""
        if not self.weight_decay:
            return {"Adam": {"learning_rate": self.learning_rate}}
        return {"AdamW": {"learning_rate": self.learning_rate, "weight_decay": self.weight_decay}}


# By the number of rows that they go up to.
BY_ROWS = {
    1_000: Sizes("few rows", (64,), 0.5, 1.0, 16, 300, 20, epochs_unstopped=100, is_straight=True),
    20_000: Sizes("some thousand rows", (128, 64), 0.2, 0.01, 32, 200, 15),
    200_000: Sizes("many rows", (256, 128), 0.1, 0.01, 128, 100, 10),
}
MOST = Sizes("very many rows", (512, 256, 128), 0.0, 0.001, 1024, 50, 5)

# The same for pictures, whose net is sized by their sides. Few make few steps an epoch, and the loss of a convolutional
# net mostly stays where it begins for a while: patience is longer there.
PICTURES_BY_ROWS = {
    1_000: Sizes("few pictures", (), 0.5, 0.0, 16, 200, 40, augments=True),
    20_000: Sizes("some thousand pictures", (), 0.3, 0.0, 32, 60, 8, augments=True),
}
MOST_PICTURES = Sizes("many pictures", (), 0.2, 0.0, 64, 30, 5)

# The same for texts, whose net is sized by their words.
TEXTS_BY_ROWS = {
    1_000: Sizes("few texts", (), 0.3, 0.0, 16, 100, 20, 1e-2),
    20_000: Sizes("some thousand texts", (), 0.3, 0.0, 32, 40, 4, 3e-3),
}
MOST_TEXTS = Sizes("many texts", (), 0.2, 0.0, 64, 15, 3)

# The same for windows of a series.
SERIES_BY_ROWS = {
    1_000: Sizes("few rows", (32,), 0.0, 0.1, 16, 500, 50),
    20_000: Sizes("some thousand rows", (64,), 0.0, 0.01, 32, 100, 10),
}
MOST_SERIES = Sizes("many rows", (128,), 0.0, 0.01, 128, 50, 5)


def sizes_of(num_rows: int) -> Sizes:
    """What suits so many rows of a table."""
    return _among(BY_ROWS, num_rows, MOST)


def pictures_sizes_of(num_rows: int) -> Sizes:
    """What suits so many pictures."""
    return _among(PICTURES_BY_ROWS, num_rows, MOST_PICTURES)


def texts_sizes_of(num_rows: int) -> Sizes:
    """What suits so many texts."""
    return _among(TEXTS_BY_ROWS, num_rows, MOST_TEXTS)


def series_sizes_of(num_rows: int) -> Sizes:
    """What suits so many windows of a series."""
    return _among(SERIES_BY_ROWS, num_rows, MOST_SERIES)


def _among(by_rows: dict[int, Sizes], num_rows: int, most: Sizes) -> Sizes:
    return next((sizes for limit, sizes in by_rows.items() if num_rows < limit), most)

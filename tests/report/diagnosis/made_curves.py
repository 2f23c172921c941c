"""Curves of each kind, made with noise."""

import math

import numpy as np

from kerasrun.report.diagnosis.facts import Facts
from kerasrun.report.diagnosis.read import read_curves
from kerasrun.report.history import History

# Ten classes, all as frequent as one another; 1,000 rows of each part.
TEN_CLASSES = math.log(10)
REFERENCES = {"train": TEN_CLASSES, "validation": TEN_CLASSES}


def decay(epochs, start, end, speed):
    """A loss that falls from `start` to `end`, ever more slowly: after `speed` epochs by two thirds."""
    return end + (start - end) * np.exp(-np.arange(epochs) / speed)


def noisy(values, seed, share=0.02):
    """Values with errors that are a share of them."""
    return values * (1 + share * np.random.default_rng(seed).standard_normal(len(values)))


def history(loss, val_loss=None, **more):
    columns = {"loss": loss} | ({} if val_loss is None else {"val_loss": val_loss}) | more
    return History(
        epochs={"epoch": list(range(1, len(loss) + 1)), **{k: list(map(float, v)) for k, v in columns.items()}}
    )


def facts(train=None, validation=None, num_train=1000, num_validation=1000, **more):
    """What is known of a run that ended with these losses, measured alike."""
    ends = {"train": train, "validation": validation}
    figures = {part: {"loss": float(value)} for part, value in ends.items() if value is not None}
    rows = {"num_train": num_train, "num_validation": num_validation}
    return Facts(**{**rows, "figures": figures, "references": REFERENCES, **more})


def names(loss, val_loss=None, known=None, **columns):
    """The names of what is found."""
    return [finding.name for finding in read_curves(history(loss, val_loss, **columns), known).findings]

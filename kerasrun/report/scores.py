"""How good a model's answers are, in figures: of classes, of labels and of numbers. NumPy alone.

What is not defined is nan, and is shown as "–": the precision of a class that was never predicted, say.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kerasrun.report.results import Array, Classes, Labels, Values

UNDEFINED = "–"

# At this probability and above a label is predicted.
THRESHOLD = 0.5
NUM_BINS = 10


@dataclass(frozen=True)
class ClassScores:
    """The figures of k classes, or of k labels.

    Args:
        names: one a class.
        support: (k,) int64, how many rows have it.
        num_predicted: (k,) int64, for how many rows it was predicted.
        num_right: (k,) int64, for how many of those rightly.
        num_rows: how many rows there are.
    """

    names: tuple[str, ...]
    support: Array
    num_predicted: Array
    num_right: Array
    num_rows: int

    @property
    def precision(self) -> Array:
        """(k,) float64: which share of the rows for which the class was predicted have it; nan where it never was."""
        return _ratio(self.num_right, self.num_predicted)

    @property
    def recall(self) -> Array:
        """(k,) float64: for which share of the rows that have the class it was predicted; nan where none has it."""
        return _ratio(self.num_right, self.support)

    @property
    def f1(self) -> Array:
        """(k,) float64: the harmonic mean of both, 2 right / (predicted + support); nan where that is 0 / 0."""
        return _ratio(2 * self.num_right, self.num_predicted + self.support)


@dataclass(frozen=True)
class Confusion:
    """Which class was predicted for which.

    Args:
        true, predicted, count: (m,) int64: the pairs of a true class and a predicted class that occur, and how often.
        scores: precision, recall and the like of each class.
        num_unpredicted: for how many rows no class was predicted, because a score was nan. They count as wrong.
    """

    true: Array
    predicted: Array
    count: Array
    scores: ClassScores
    num_unpredicted: int

    @property
    def counts(self) -> Array:
        """(k, k) int64; row: the true class, column: the predicted class."""
        counts = np.zeros((len(self.scores.names),) * 2, np.int64)
        counts[self.true, self.predicted] = self.count
        return counts

    @property
    def shares(self) -> Array:
        """(k, k) float64: the counts as shares of the rows of the true class; nan for a class without rows."""
        return _ratio(self.counts, self.scores.support[:, None])

    @property
    def accuracy(self) -> float:
        """The share of the rows that are right; nan without rows."""
        return float(_ratio(self.scores.num_right.sum(), self.scores.num_rows))

    def largest(self, most: int) -> list[tuple[int, int, int]]:
        """(true class, predicted class, count) of the most frequent confusions, the most frequent first."""
        wrong = np.flatnonzero(self.true != self.predicted)
        order = wrong[np.argsort(-self.count[wrong], kind="stable")][:most]
        return [(int(self.true[pair]), int(self.predicted[pair]), int(self.count[pair])) for pair in order]


@dataclass(frozen=True)
class Calibration:
    """How often the predicted class is right, by how sure the model was of it.

    Args:
        edges: (bins + 1,) float64 from 0 to 1; a bin is open at its lower edge and closed at its upper one.
        counts: (bins,) int64, how many rows have their confidence there.
        confidence: (bins,) float64, the mean confidence of those rows; nan in an empty bin.
        accuracy: (bins,) float64, which share of them is right; nan in an empty bin.
    """

    edges: Array
    counts: Array
    confidence: Array
    accuracy: Array

    @property
    def expected_error(self) -> float:
        """The expected calibration error: the mean over all rows of |accuracy - confidence| of their bin.

        Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017, equation 3. nan without
        rows.
        """
        held = self.counts > 0
        gaps = np.abs(self.accuracy - self.confidence)[held]
        return float(_ratio((self.counts[held] * gaps).sum(), self.counts.sum()))


class ValueScores(NamedTuple):
    """The figures of one column of numbers; each is nan where a number is not finite or there is no row."""

    name: str
    num_rows: int
    r2: float
    """The coefficient of determination, 1 - sum (y - y_pred)² / sum (y - mean y)²; nan too where y is constant."""
    mean_absolute_error: float
    root_mean_squared_error: float
    bias: float
    """The mean of y_pred - y."""


def score_classes(output: Classes) -> Confusion:
    """Which class was predicted for which row, and each class's figures. Rows of a class beyond the names are left out.

    Raises:
        ValueError: the true classes are not known.
    """
    y, num_classes = _known(output.y), len(output.names)
    inside = (y >= 0) & (y < num_classes)
    y, predicted, unpredicted = y[inside], output.predicted[inside], ~output.is_predicted[inside]
    pairs, count = np.unique(y[~unpredicted] * num_classes + predicted[~unpredicted], return_counts=True)
    right = np.bincount(y[~unpredicted & (predicted == y)], minlength=num_classes)
    support, num_predicted = (np.bincount(classes, minlength=num_classes) for classes in (y, predicted[~unpredicted]))
    scores = ClassScores(output.names, support, num_predicted, right, len(y))
    return Confusion(pairs // num_classes, pairs % num_classes, count, scores, int(unpredicted.sum()))


def score_labels(output: Labels) -> ClassScores:
    """The figures of each label, which is predicted from a probability of 0.5.

    Raises:
        ValueError: the true labels are not known.
    """
    y, predicted = _known(output.y).astype(bool), output.scores >= THRESHOLD
    support, num_predicted, right = (
        np.count_nonzero(rows, axis=0).astype(np.int64) for rows in (y, predicted, y & predicted)
    )
    return ClassScores(output.names, support, num_predicted, right, len(y))


def score_values(output: Values) -> list[ValueScores]:
    """The figures of each column.

    Raises:
        ValueError: the true numbers are not known.
    """
    y, y_pred = np.asarray(_known(output.y), np.float64), np.asarray(output.y_pred, np.float64)
    return [_column(name, y[:, index], y_pred[:, index]) for index, name in enumerate(output.names)]


def calibrate(output: Classes, num_bins: int = NUM_BINS) -> Calibration:
    """Confidence against accuracy in bins of equal width. Rows with a score of nan are left out.

    Raises:
        ValueError: the true classes are not known, or the scores are no probabilities.
    """
    y = _known(output.y)
    if not output.is_probability:
        raise ValueError("the scores are no probabilities")
    known = ~np.isnan(output.scores).any(axis=1)
    confidence, right = output.confidence[known].astype(np.float64), (output.predicted == y)[known]
    edges = np.linspace(0, 1, num_bins + 1)
    bins = np.searchsorted(edges[1:-1], confidence)
    counts, confident, accurate = (np.bincount(bins, part, num_bins) for part in (None, confidence, right))
    return Calibration(edges, counts.astype(np.int64), _ratio(confident, counts), _ratio(accurate, counts))


def mean(values: Array) -> float:
    """The mean of what is defined, a macro average of classes; nan where nothing is."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else math.nan


def shown(value: float, form: str = ".3f") -> str:
    """A figure as text, with "–" for what is not defined."""
    return UNDEFINED if math.isnan(value) else format(value, form)


def _column(name: str, y: Array, y_pred: Array) -> ValueScores:
    if not len(y) or not np.isfinite(y + y_pred).all():
        return ValueScores(name, len(y), *[math.nan] * 4)
    errors = y_pred - y
    r2 = 1 - float(_ratio((errors**2).sum(), ((y - y.mean()) ** 2).sum()))
    return ValueScores(
        name, len(y), r2, *map(float, (np.abs(errors).mean(), np.sqrt((errors**2).mean()), errors.mean()))
    )


def _known(y: Array | None) -> Array:
    if y is None:
        raise ValueError("what is true of the rows is not known")
    return y


def _ratio(part: ArrayLike, whole: ArrayLike) -> Array:
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.divide(part, whole, out=np.full(shape, math.nan), where=np.broadcast_to(whole > 0, shape))

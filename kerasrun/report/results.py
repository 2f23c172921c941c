"""What a trained model made of the rows that it is judged by: all that pictures and pages need, without Keras.

A run keeps them in results.npz, so that its pictures are drawn again without loading a backend or its data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FORMAT = "kerasrun-results-1"


@dataclass(frozen=True)
class Classes:
    """One output of classes, of which each row has one.

    Args:
        y: (n,) int64, the number of each row's class; None where it is not known.
        scores: (n, num_classes) float32; the class with the highest is the predicted one.
        names: one a class.
        is_probability: whether the scores of a row are probabilities. They are not where the model puts out logits
            of a loss that is unknown, or a hinge.
    """

    y: Array | None
    scores: Array
    names: tuple[str, ...]
    is_probability: bool = True

    @property
    def predicted(self) -> Array:
        """(n,) int64: the predicted class of each row; no one is predicted where a score is nan."""
        return self.scores.argmax(axis=1)

    @property
    def is_predicted(self) -> Array:
        """(n,) bool: whether a class was predicted at all."""
        return np.asarray(~np.isnan(self.scores).any(axis=1))

    @property
    def confidence(self) -> Array:
        """(n,) float32: the score of the predicted class."""
        return self.scores.max(axis=1)


@dataclass(frozen=True)
class Labels:
    """One output of labels, of which a row may have any number.

    Args:
        y: (n, num_labels) booleans; None where they are not known.
        scores: (n, num_labels) float32, the probability of each label; one of at least 0.5 is predicted.
        names: one a label.
    """

    y: Array | None
    scores: Array
    names: tuple[str, ...]


@dataclass(frozen=True)
class Values:
    """One output of numbers.

    Args:
        y: (n, k) float32; None where they are not known.
        y_pred: (n, k) float32.
        names: one a column.
    """

    y: Array | None
    y_pred: Array
    names: tuple[str, ...]


Output = Classes | Labels | Values


@dataclass(frozen=True)
class Images:
    """Some rows as pictures.

    Args:
        rows: (m,) int64, rising: which of the kept rows they are, as an index into the arrays of an Output.
        pixels: (m, height, width) or (m, height, width, 3 or 4) uint8.
    """

    rows: Array
    pixels: Array


@dataclass(frozen=True)
class Fit:
    """A curve fitted to points of one input and one output.

    Args:
        x, y, y_pred: (n,) float64, all rows that the model trained on and then those held out.
        held_out: (n,) booleans.
        true_curve: x and y of points on the curve behind the data, if it is known.
    """

    x: Array
    y: Array
    y_pred: Array
    held_out: Array
    true_curve: tuple[Array, Array] | None = None


@dataclass(frozen=True)
class Filters:
    """What the first layer with weights looks for in a picture, before training and after.

    Args:
        layer: its name.
        before, after: (n, height, width) or (n, height, width, 3) float32; `before` is None where it is not known.
        num_filters: how many the layer has; n of them are kept.
    """

    layer: str
    before: Array | None
    after: Array
    num_filters: int


@dataclass(frozen=True)
class Results:
    """What a model made of the rows of one part of its data.

    Args:
        part: `test`, `validation`, `train`, or the name of other data.
        num_rows: how many rows the part has.
        rows: (n,) int64, rising: which of them are kept here; all of them where they are not very many.
        outputs: by the output's name; a lone output goes by its name too.
    """

    part: str
    num_rows: int
    rows: Array
    outputs: Mapping[str, Output] = field(default_factory=dict)
    images: Images | None = None
    fit: Fit | None = None
    filters: Filters | None = None

    def to_tree(self) -> dict[str, Any]:
        """The same as plain values and arrays."""
        return {
            "format": FORMAT,
            **vars(self),
            "outputs": {name: [type(output).__name__, vars(output)] for name, output in self.outputs.items()},
            "images": self.images and vars(self.images),
            "fit": self.fit and vars(self.fit),
            "filters": self.filters and vars(self.filters),
        }


def results_from_tree(tree: Any) -> Results:
    """What `Results.to_tree` gave.

    Raises:
        ValueError: it is something else.
    """
    kinds: dict[str, type[Output]] = {kind.__name__: kind for kind in (Classes, Labels, Values)}
    try:
        values = dict(tree)
        if values.pop("format") != FORMAT:
            raise ValueError(f"not of the format {FORMAT}")
        values["outputs"] = {name: kinds[kind](**output) for name, (kind, output) in values["outputs"].items()}
        for name, part in (("images", Images), ("fit", Fit), ("filters", Filters)):
            values[name] = part(**values[name]) if values[name] is not None else None
        return Results(**values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not the results of a run: {error}") from error

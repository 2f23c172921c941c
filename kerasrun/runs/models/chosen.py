"""Rows that were chosen for a saved model, and their classes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kerasrun.data import Dataset
from kerasrun.data.labels import labels_of
from kerasrun.data.streamed import AnyRows
from kerasrun.errors import InputError
from kerasrun.runs.models.opened import ModelFile


@dataclass(frozen=True)
class Chosen:
    """Rows to work on.

    Args:
        name: what they are called.
        dataset: the data that they are a part of, if they come from a config.
        names: of the files that they are, one a row; None where they are no files.
        notes: what the user should know of how they were read.
        marks: columns of a table of predictions that tell the rows apart, in place of their numbers.
    """

    name: str
    rows: AnyRows
    dataset: Dataset | None = None
    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def folder_labels(folders: list[str], opened: ModelFile) -> np.ndarray | None:
    """Labels as the model's config has them, where each row lies in a folder that is named as a class is."""
    numbers = {name: number for number, name in enumerate(opened.classes or ())}
    if not folders or not all(folder in numbers for folder in folders):
        return None
    return class_labels([numbers[folder] for folder in folders], opened)


def class_labels(numbers: Sequence[int], opened: ModelFile) -> np.ndarray:
    """Labels as the model reads them, from the numbers of classes: these, (rows,) int32, or one-hot."""
    data = opened.config.data if opened.config else None
    one_hot = bool(opened.reading.get("one_hot", getattr(data, "one_hot", False)))
    return labels_of(np.array(numbers), "the rows", len(opened.classes or ()), one_hot, "the model knows no others")


def check_labels(labels: np.ndarray | None, name: str, kind: str, opened: ModelFile) -> None:
    """Refuse rows whose classes are not known.

    Args:
        name: what the rows are called together.
        kind: what they are: `pictures`.

    Raises:
        InputError: they are not.
    """
    if labels is None:
        classes = ", ".join((opened.classes or ())[:5]) or "unknown"
        raise InputError(
            f"{name}: the classes of these {kind} are not known; put them into folders named as the classes are "
            f"({classes}, …), and give the folder around them"
        )

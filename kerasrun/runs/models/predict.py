"""Predict with a saved model: for each row of data what the model puts out, as a table, as arrays, and as pictures."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.data.files.folders import told
from kerasrun.data.rows import Rows, array_items
from kerasrun.errors import InputError
from kerasrun.report.results import Classes, Output, Results, Values
from kerasrun.runs.collecting import collect_results, target_names
from kerasrun.runs.models.rows import PictureOptions
from kerasrun.runs.models.serving import Loading, Served, serve
from kerasrun.runs.models.target import check_target, sources_of


@dataclass(frozen=True)
class Predicted:
    """Predictions for rows of `data`.

    Args:
        outputs: what the model put out: shape (rows, …), or one such array a name.
        results: the same by what it tells: classes, labels or numbers, with the truth where it is known.
        names: of the files that the rows are, or None.
        notes: what the user should know of how the rows were read.
        marks: columns that tell the rows apart, in place of their numbers.
        targets: what the values are called that the model puts out, where that is known.
    """

    model: Path
    data: str
    outputs: Any
    results: Results = field(repr=False)
    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    targets: tuple[str, ...] = ()

    def to_csv(self, separator: str = ",") -> str:
        """The table as CSV, with a header."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator="\n")
        columns = self.columns
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
        return text.getvalue()

    @property
    def columns(self) -> dict[str, list[Any]]:
        """A table: `row`, or what else tells rows apart; then class and probability, or values, of each output."""
        first: dict[str, list[Any]] = {name: list(marks) for name, marks in self.marks.items()}
        if not first:
            first = {"file": list(self.names)} if self.names else {"row": list(range(self.results.num_rows))}
        several = isinstance(self.outputs, dict)
        targets = () if several or {*first} & {*self.targets} else self.targets
        parts = [
            table_columns(item, f"{name}_" if several else "", targets) for name, item in self.results.outputs.items()
        ]
        return first | {name: column for part in parts for name, column in part.items()}


def predict_rows(
    model: str | Path,
    data: Sequence[str | Path] = (),
    loading: Loading | None = None,
    pictures: PictureOptions | None = None,
    target: str | Path | None = None,
) -> Predicted:
    """The predictions of a saved model for its test data, or for other data.

    Args:
        data: pictures and folders of pictures; or one file with rows, or a config; nothing for the model's own data.
        target: where they will be written, which may be none of the files that are read.

    Raises:
        InputError: the model or the data is missing, is not what it should be, or they do not fit together.
    """
    if target is not None:
        check_target(target)  # before the model is loaded
    served = serve(model, data, loading or Loading(), need_labels=False, options=pictures)
    if target is not None:
        check_target(target, sources_of(served.opened, data))
    outputs, results = served.work(lambda program: _predict(served, program))
    chosen = served.chosen
    targets = target_names(served.opened.reading)
    notes = (*chosen.notes, *_unknown(outputs, chosen.names))
    return Predicted(served.opened.path, chosen.name, outputs, results, chosen.names, notes, chosen.marks, targets)


def _unknown(outputs: Any, names: tuple[str, ...] | None) -> list[str]:
    """A word on rows for which the model gives what is no number."""
    arrays = [np.asarray(array) for _, array in array_items(outputs, "")]
    rows = np.flatnonzero(np.any([np.isnan(array.reshape(len(array), -1)).any(axis=1) for array in arrays], axis=0))
    if not len(rows):
        return []
    named = [names[row] if names else f"row {row}" for row in rows]
    return [f"{len(rows):,} of {len(arrays[0]):,} rows have an output that is not a number: {told(named)}"]


def _predict(served: Served, program: Any) -> tuple[Any, Results]:
    chosen, opened = served.chosen, served.opened
    outputs = program.predict_rows(chosen.rows)
    kinds = _kinds(served.model, outputs, opened.classes)
    rows = chosen.rows if isinstance(chosen.rows, Rows) else Rows(np.empty((len(chosen.rows), 0)), chosen.rows.y)
    results = collect_results(chosen.name, rows, outputs, kinds, opened.classes, opened.pixel_max, None)
    return outputs, results


def _kinds(model: Any, outputs: Any, classes: tuple[str, ...] | None) -> dict[str, Any]:
    """What each output tells: by its loss; where that does not say it, one value a class tells a class."""
    from kerasrun.model.output_kinds import OutputKind, output_kinds

    kinds = output_kinds(model)
    for name, array in array_items(outputs, next(iter(kinds))):
        if kinds[name].kind == "values" and classes and _tells_class(np.asarray(array), len(classes)):
            kinds[name] = OutputKind("classes")
    return kinds


def _tells_class(array: np.ndarray, num_classes: int) -> bool:
    """Whether there is a value for each class, or of two classes a probability of the second."""
    if array.ndim != 2:
        return False
    is_share = array.shape[1] == 1 and num_classes == 2 and bool(((array >= 0) & (array <= 1)).all())
    return is_share or array.shape[1] == num_classes > 1


def table_columns(output: Output, prefix: str = "", targets: Sequence[str] = ()) -> dict[str, list[str]]:
    """The columns for one output: class and probability where it is one of classes, else its values.

    Args:
        targets: what the values are called, if they are so many.

    Scores that are no probabilities (logits) stand as `score` in the place of `probability`.
    """
    if isinstance(output, Classes):
        kind = "probability" if output.is_probability else "score"
        chosen = zip(output.predicted, output.is_predicted, strict=True)
        names = [output.names[index] if is_predicted else "" for index, is_predicted in chosen]
        return {f"{prefix}class": names, f"{prefix}{kind}": [f"{value:.6g}" for value in output.confidence]}
    flat = output.y_pred if isinstance(output, Values) else output.scores
    names = [f"{prefix}value"] if flat.shape[1] == 1 else [f"{prefix}value_{i}" for i in range(flat.shape[1])]
    names = list(targets) if isinstance(output, Values) and len(targets) == len(names) else names
    return {name: [f"{value:.9g}" for value in flat[:, i]] for i, name in enumerate(names)}


def draw_predicted_rows(predicted: Predicted, folder: str | Path, formats: Sequence[str] = ("png",)) -> list[Path]:
    """Draw what the model saw and what it made of it.

    Returns:
        The pictures written.

    Raises:
        InputError: there is nothing that can be drawn, or the folder cannot be written.
    """
    from kerasrun.runs.pictures import draw_results, write_asked_for

    pictures = draw_results(predicted.results, list(formats))
    if not pictures:
        raise InputError(
            f"--plots {folder}: there is nothing to draw: the rows are no pictures, and their true classes not known"
        )
    return write_asked_for(pictures, folder)

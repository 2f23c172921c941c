"""Predictions as files: a table in CSV, or arrays in NPZ."""

import io
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.data.rows import array_items
from kerasrun.errors import InputError
from kerasrun.report.results import Classes, Labels
from kerasrun.runs.models.predict import Predicted
from kerasrun.runs.models.target import check_target
from kerasrun.runs.store.files import write_whole


def to_arrays(predicted: Predicted) -> dict[str, np.ndarray]:
    """The arrays of an `.npz`; where there are several outputs, each name with `_<output>` behind it.

    outputs             what the model put out, shape (rows, …)
    classes             the number of the predicted class, (rows,) int64, -1 where the outputs are nan; of classes alone
    probabilities       of every class, or label, (rows, classes) float32; `scores` where they are none
    class_names         (classes,) text
    files               the files that the rows are, (rows,) text; of pictures and texts
    """
    results = predicted.results.outputs
    several = isinstance(predicted.outputs, dict)
    arrays: dict[str, Any] = {"files": np.array(predicted.names)} if predicted.names else {}
    for name, array in array_items(predicted.outputs, next(iter(results), "")):
        ending, output = f"_{name}" if several else "", results.get(name)
        arrays[f"outputs{ending}"] = array
        if isinstance(output, Classes):
            arrays[f"classes{ending}"] = np.where(output.is_predicted, output.predicted, -1)
            arrays[f"{'probabilities' if output.is_probability else 'scores'}{ending}"] = output.scores
        elif isinstance(output, Labels):
            arrays[f"probabilities{ending}"] = output.scores
        if isinstance(output, (Classes, Labels)):
            arrays[f"class_names{ending}"] = np.array(output.names)
    return arrays


def write_predicted(predicted: Predicted, target: str | Path) -> None:
    """Write a table, or arrays where the name ends in `.npz`, whole or not at all; of `.tsv` tabs part the cells.

    Raises:
        InputError: the file cannot be written.
    """
    path = check_target(target)
    ending = path.suffix.lower()
    content = (
        _npz(predicted) if ending == ".npz" else predicted.to_csv("\t" if ending == ".tsv" else ",").encode("utf-8")
    )
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_bytes(content)
        else:
            write_whole(path.resolve(), content)
    except (OSError, ValueError) as error:
        raise InputError(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _npz(predicted: Predicted) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **to_arrays(predicted))
    return file.getvalue()

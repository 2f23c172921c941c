"""Predict with a saved model: a row of the table for each row of data."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.errors import InputError
from kerasrun.runs.models.opened import open_model
from kerasrun.runs.store.files import write_whole

ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class Predicted:
    """Predictions for rows of `data`.

    Args:
        outputs: what the model put out: shape (rows, …), or one such array a name.
        columns: the same as a table: `row`, then class and probability, or values.
    """

    model: Path
    data: str
    outputs: Any
    columns: dict[str, list[Any]]

    def to_csv(self) -> str:
        """The table as CSV, with a header."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*self.columns.values(), strict=True))
        return text.getvalue()


def predict_rows(
    model: str | Path,
    data: str | Path | None = None,
    output: str | Path | None = None,
    imports: tuple[Path, ...] = (),
    backend: str | None = None,
    verbose: bool = False,
    trust_model: bool = False,
) -> Predicted:
    """The predictions of a saved model for its test data, or for other data.

    Args:
        trust_model: load a model whatever it holds, Python code included.

    Raises:
        InputError: the model or the data is missing, is not what it should be, or they do not fit together.
    """
    opened = open_model(model, output, imports, trust_model)
    name, rows = opened.choose_rows(data, need_labels=False)
    keras_model = opened.load(backend, verbose)
    from kerasrun.model.objects import first_lines
    from kerasrun.training.engine import engine_for
    from kerasrun.training.program import Program

    try:
        batch_size = opened.rows_at_once(keras_model, rows, ROWS_AT_ONCE, keep_outputs=True)
        program = Program(keras_model, opened.preparation(rows), 1, engine_for(keras_model))
        outputs = program.predict(rows.x, batch_size)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{opened.path}: the data does not fit this model: {first_lines(error)}") from error
    columns: dict[str, list[Any]] = {"row": list(range(len(rows)))}
    named = outputs if isinstance(outputs, dict) else {"": outputs}
    for output_name, array in named.items():
        columns |= table_columns(np.asarray(array), opened.classes, f"{output_name}_" if output_name else "")
    return Predicted(opened.path, name, outputs, columns)


def table_columns(array: np.ndarray, classes: tuple[str, ...] | None, prefix: str = "") -> dict[str, list[Any]]:
    """The columns for one output: class and probability where it is one of classes, else its values.

    Args:
        array: shape (rows, …).
        classes: names of the classes. One sigmoid unit counts for two classes. Outputs that are not
            probabilities (logits) give `score` in the place of `probability`.
    """
    flat = array.reshape(len(array), -1).astype(np.float64)
    if classes and flat.shape[1] == 1 and len(classes) == 2 and ((flat >= 0) & (flat <= 1)).all():
        flat = np.hstack([1 - flat, flat])
    if classes and flat.shape[1] == len(classes) and len(classes) > 1:
        chosen = flat.argmax(axis=1)
        is_probability = bool((flat >= 0).all() and np.allclose(flat.sum(axis=1), 1, atol=1e-3))
        values = flat[np.arange(len(flat)), chosen]
        kind = "probability" if is_probability else "score"
        return {
            f"{prefix}class": [classes[i] for i in chosen],
            f"{prefix}{kind}": [f"{v:.6g}" for v in values],
        }
    names = [f"{prefix}value"] if flat.shape[1] == 1 else [f"{prefix}value_{i}" for i in range(flat.shape[1])]
    return {name: [f"{v:.9g}" for v in flat[:, i]] for i, name in enumerate(names)}


def write_table(predicted: Predicted, target: str | Path) -> None:
    """Write the table to a CSV file, whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    path = Path(target)
    if not str(target).strip() or path.is_dir():
        raise InputError(f"-o {str(target)!r}: is a folder or nothing; name a file, such as predictions.csv")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_text(predicted.to_csv(), encoding="utf-8")
        else:
            write_whole(path.resolve(), predicted.to_csv())
    except (OSError, ValueError) as error:
        raise InputError(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}") from None

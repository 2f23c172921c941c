"""An evaluation as lines of text, readable at 80 columns, and as JSON."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from kerasrun.report.numbers import number
from kerasrun.report.plots.names import printable, text_width
from kerasrun.report.results import Classes, Labels, Output, Values
from kerasrun.report.scores import ClassScores, mean, score_classes, score_labels, score_values, shown
from kerasrun.runs.models.evaluate import Evaluated

# Of more classes than the first, so many are shown: those with the lowest F1. Of columns of numbers, by R².
MANY, WORST = 20, 10
MAX_NAME = 30


def evaluation_lines(evaluated: Evaluated, all_classes: bool = False) -> list[str]:
    """Figures of the whole, then those of each class, label or column of numbers."""
    lines = [f"{evaluated.model} on {evaluated.data} ({evaluated.num_rows:,} rows)"]
    width = max(map(len, evaluated.figures), default=0)
    lines += [f"  {name:{width}}  {number(value)}" for name, value in evaluated.figures.items()]
    outputs = evaluated.results.outputs
    for name, output in outputs.items():
        table = _output_lines(output, all_classes)
        lines += ["", *([f"output {printable(name)}"] if len(outputs) > 1 else []), *table] if table else []
    return lines


def _output_lines(output: Output, all_classes: bool) -> list[str]:
    if output.y is None:
        return []
    if isinstance(output, Values):
        return _value_lines(output, all_classes)
    if not isinstance(output, Classes):
        return _class_lines("label", score_labels(output), all_classes)
    confusion = score_classes(output)
    count = confusion.num_unpredicted
    told = [f"{count:,} of these rows have a score that is not a number; they count as wrong"] if count else []
    return [*_class_lines("class", confusion.scores, all_classes), *told]


def _class_lines(kind: str, scores: ClassScores, all_classes: bool) -> list[str]:
    chosen, note = _chosen(scores.f1, "F1", "classes" if kind == "class" else "labels", all_classes)
    rows: list[tuple[str, ...]] = [(kind, "precision", "recall", "F1", "rows")]
    for index in chosen:
        three = (shown(float(column[index])) for column in (scores.precision, scores.recall, scores.f1))
        rows.append((scores.names[index], *three, f"{scores.support[index]:,}"))
    three = (shown(mean(column)) for column in (scores.precision, scores.recall, scores.f1))
    rows.append(("mean", *three, f"{scores.num_rows:,}"))
    return [*_table(rows), *note]


def _value_lines(output: Values, all_columns: bool) -> list[str]:
    scores = score_values(output)
    chosen, note = _chosen(np.array([score.r2 for score in scores]), "R²", "columns", all_columns)
    rows: list[tuple[str, ...]] = [("column", "R²", "mean abs. error", "RMSE", "largest error", "row")]
    for index in chosen:
        score, (largest, row) = scores[index], _largest_error(output, index)
        figures = (number(score.mean_absolute_error), number(score.root_mean_squared_error), number(largest))
        rows.append((score.name, shown(score.r2, ".4f"), *figures, f"{row:,}" if row >= 0 else "–"))
    return [*_table(rows), *note]


def _largest_error(output: Values, column: int) -> tuple[float, int]:
    """The largest distance from what is true, and its row; nan and -1 where there is none."""
    errors = np.abs(output.y_pred[:, column].astype(np.float64) - output.y[:, column])  # type: ignore[index]
    if not np.isfinite(errors).any():
        return math.nan, -1
    row = int(np.nanargmax(np.where(np.isfinite(errors), errors, np.nan)))
    return float(errors[row]), row


def _chosen(values: Any, figure: str, what: str, all_of_them: bool) -> tuple[list[int], list[str]]:
    """All, or of many the worst, and a line that says so."""
    count = len(values)
    if all_of_them or count <= MANY:
        return list(range(count)), []
    worst = np.argsort(np.where(np.isnan(values), np.inf, values), kind="stable")[:WORST]
    return list(map(int, worst)), [f"the {WORST} of {count:,} {what} with the lowest {figure}; --all-classes shows all"]


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows of cells as lines: the first column to the left, the others to the right."""
    cells = [(_short(printable(first)), *others) for first, *others in rows]
    widths = [max(text_width(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = []
    for first, *others in cells:
        right = (f"  {' ' * (width - text_width(cell))}{cell}" for cell, width in zip(others, widths[1:], strict=True))
        lines.append(f"{first}{' ' * (widths[0] - text_width(first))}{''.join(right)}")
    return lines


def _short(name: str) -> str:
    while text_width(name) > MAX_NAME:
        name = f"{name.removesuffix('…')[:-1]}…"
    return name


def evaluation_tree(evaluated: Evaluated) -> dict[str, Any]:
    """All of it for JSON; what is not defined, or not finite, is null."""
    return {
        "model": str(evaluated.model),
        "data": evaluated.data,
        "rows": evaluated.num_rows,
        "figures": {name: _finite(value) for name, value in evaluated.figures.items()},
        "outputs": {
            name: _output_tree(output) for name, output in evaluated.results.outputs.items() if output.y is not None
        },
    }


def _output_tree(output: Output) -> dict[str, Any]:
    if isinstance(output, Classes):
        confusion = score_classes(output)
        accuracy, counts = _finite(confusion.accuracy), confusion.counts.tolist()
        whole = {"kind": "classes", "accuracy": accuracy, "unpredicted": confusion.num_unpredicted}
        return whole | {"classes": _entries(confusion.scores), "confusion": counts}
    if isinstance(output, Labels):
        return {"kind": "labels", "labels": _entries(score_labels(output))}
    columns = []
    for index, score in enumerate(score_values(output)):
        largest, row = _largest_error(output, index)
        told = {name: _finite(value) for name, value in score._asdict().items() if name not in ("name", "num_rows")}
        columns.append({"name": score.name, **told, "largest_error": _finite(largest), "largest_error_row": row})
    return {"kind": "values", "columns": columns}


def _entries(scores: ClassScores) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "precision": _finite(scores.precision[index]),
            "recall": _finite(scores.recall[index]),
            "f1": _finite(scores.f1[index]),
            "rows": int(scores.support[index]),
        }
        for index, name in enumerate(scores.names)
    ]


def _finite(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None

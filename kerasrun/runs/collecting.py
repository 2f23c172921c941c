"""From rows and what a model makes of them to the results that pictures, pages and tables are made of."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from kerasrun.data import Dataset, Rows
from kerasrun.data.rows import array_items
from kerasrun.data.streamed import AnyRows, in_memory
from kerasrun.report.images import as_pictures
from kerasrun.report.results import Classes, Fit, Images, Labels, Output, Results, Values

# So many numbers of targets and predictions are kept; of more rows than that makes, some, evenly spread.
MAX_NUMBERS = 8_000_000

# So many pictures are kept from the beginning, and of the most confident mistakes; so many pixels a side of each.
NUM_SAMPLES, NUM_MISTAKES, MAX_SIDE = 30, 30, 128

Predict = Callable[[Any], Any]


def collect_results(
    part: str,
    rows: Rows,
    predicted: Any,
    kinds: Mapping[str, Any],
    classes: tuple[str, ...] | None = None,
    pixel_max: float | None = None,
    max_numbers: int | None = MAX_NUMBERS,
) -> Results:
    """The results for some rows.

    Args:
        part: what the rows are called.
        rows: as the model's outputs want them.
        predicted: what the model puts out for them, shape (rows, …), or one such array a name.
        kinds: by the output's name, what it tells, as kerasrun.model.output_kinds has it.
        classes: the names of the classes where they are known.
        pixel_max: the largest value of a pixel, where inputs are known to be pictures.
        max_numbers: how many numbers are kept; None for all.
    """
    outputs = dict(array_items(predicted, next(iter(kinds))))
    targets = dict(array_items(rows.y, next(iter(kinds)))) if rows.y is not None else {}
    width = sum(2 * int(np.prod(array.shape[1:])) for array in outputs.values())
    kept = _spread(len(rows), None if max_numbers is None else max(1, max_numbers // max(1, width)))
    found = {
        name: _output(np.asarray(array)[kept], _of_rows(targets.get(name), kept), kinds[name], classes)
        for name, array in outputs.items()
        if name in kinds
    }
    return Results(part, len(rows), kept, found, _images(rows, kept, found, pixel_max))


def target_names(reading: Mapping[str, Any]) -> tuple[str, ...]:
    """What the numbers to be predicted are called: as columns of a table, or by how far ahead they lie: `sales +2`.

    Args:
        reading: what is known of the data, as Dataset has it.
    """
    if series := reading.get("series"):
        return tuple(f"{series['target']} +{step}" for step in range(1, series["horizon"] + 1))
    return tuple(reading.get("table", {}).get("target", ()))


def with_names(results: Results, reading: Mapping[str, Any]) -> Results:
    """The same, in which numbers go by the names of `target_names`, if there are so many."""
    targets = target_names(reading)
    outputs = {
        name: replace(output, names=targets)
        if isinstance(output, Values) and len(output.names) == len(targets)
        else output
        for name, output in results.outputs.items()
    }
    return replace(results, outputs=outputs)


def collect_whole(
    part: str,
    whole: AnyRows,
    predict: Predict,
    kinds: Mapping[str, Any],
    classes: tuple[str, ...] | None = None,
    pixel_max: float | None = None,
    max_numbers: int | None = MAX_NUMBERS,
) -> Results:
    """The results for rows that may be streamed: then for as many as are looked at, evenly spread.

    Args:
        predict: from inputs to what the model puts out for them.
        part, kinds, classes, pixel_max, max_numbers: as in `collect_results`.
    """
    looked_at, rows = in_memory(whole)
    found = collect_results(part, rows, predict(rows.x), kinds, classes, pixel_max, max_numbers)
    return replace(found, num_rows=len(whole), rows=looked_at[found.rows])


def collect_fit(data: Dataset, predict: Predict) -> Fit | None:
    """Points and the curve fitted to them, where the data is one number to one number."""
    parts = [data.train] + ([data.validation] if data.validation is not None else [])
    there = [rows for rows in parts if isinstance(rows, Rows) and _is_column(rows.x, len(rows))]
    if len(there) < len(parts) or not all(_is_column(rows.y, len(rows)) for rows in there):
        return None
    x, y = (np.concatenate([np.asarray(getattr(rows, name)) for rows in there]) for name in ("x", "y"))
    y_pred = predict(x)
    if not isinstance(y_pred, np.ndarray) or y_pred.size != len(x):
        return None
    held_out = np.arange(len(x)) >= len(data.train)
    x, y, y_pred = (np.asarray(array, np.float64).reshape(-1) for array in (x, y, y_pred))
    return Fit(x, y, y_pred, held_out, data.true_curve)


def _is_column(arrays: Any, num_rows: int) -> bool:
    return isinstance(arrays, np.ndarray) and arrays.size == num_rows and arrays.dtype.kind in "fiu"


def _spread(num_rows: int, most: int | None) -> np.ndarray:
    if most is None or num_rows <= most:
        return np.arange(num_rows)
    return np.linspace(0, num_rows - 1, most).round().astype(np.int64)


def _of_rows(array: Any, kept: np.ndarray) -> Any:
    return None if array is None else np.asarray(array)[kept]


def _output(predicted: np.ndarray, y: Any, kind: Any, classes: tuple[str, ...] | None) -> Output:
    flat = predicted.reshape(len(predicted), -1).astype(np.float32)
    if kind.kind == "classes":
        return _classes(flat, y, kind, classes)
    if kind.kind == "labels":
        names = classes if classes and len(classes) == flat.shape[1] else _numbers(flat.shape[1])
        return Labels(None if y is None else np.asarray(y) > 0.5, _sigmoid(flat) if kind.is_logits else flat, names)
    if classes and len(classes) == flat.shape[1] > 1 and _is_one_hot(y, len(classes)):
        return _classes(flat, y, kind, classes)  # a squared error of one-hot labels, say
    targets = None if y is None else np.asarray(y, np.float32).reshape(len(y), -1)
    return Values(targets, flat, _numbers(flat.shape[1]))


def _classes(scores: np.ndarray, y: Any, kind: Any, classes: tuple[str, ...] | None) -> Classes:
    labels = None if y is None else _class_numbers(np.asarray(y), scores.shape[1])
    if kind.is_logits:
        scores = _sigmoid(scores) if scores.shape[1] == 1 else _softmax(scores)
    if scores.shape[1] == 1:
        scores = np.hstack([-scores if kind.is_scored else 1 - scores, scores])
    known = scores[~np.isnan(scores).any(axis=1)]
    with np.errstate(invalid="ignore", over="ignore"):
        are_shares = bool((known >= 0).all() and (np.abs(known.sum(axis=1) - 1) < 1e-3).all())
    is_probability = not kind.is_scored and are_shares and len(known) > 0
    names = classes if classes and len(classes) == scores.shape[1] else _numbers(scores.shape[1])
    return Classes(labels, scores, names, is_probability)


def _class_numbers(y: np.ndarray, num_units: int) -> np.ndarray:
    """(n,) int64 from class numbers, one-hot labels, or the signs or halves of two classes."""
    if y.ndim == 2 and y.shape[1] == num_units > 1:
        return np.asarray(y.argmax(axis=1))
    flat = y.reshape(len(y), -1)[:, 0]
    if num_units > 1:
        return flat.astype(np.int64)
    return (flat > (0 if flat.min(initial=0) < 0 else 0.5)).astype(np.int64)


def _is_one_hot(y: Any, count: int) -> bool:
    return y is not None and y.ndim == 2 and y.shape[1] == count and bool((np.isin(y, (0, 1))).all())


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), np.float32)


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _images(rows: Rows, kept: np.ndarray, outputs: dict[str, Output], pixel_max: float | None) -> Images | None:
    """The first rows and the most confident mistakes as pictures, where an input is one."""
    found = next((x for _, x in array_items(rows.x, "x") if is_picture(x, pixel_max)), None)
    if found is None or len(kept) == 0:
        return None
    chosen = np.arange(min(NUM_SAMPLES, len(kept)))
    first = next((output for output in outputs.values() if isinstance(output, Classes)), None)
    if first is not None and first.y is not None:
        chosen = np.union1d(chosen, most_confident_mistakes(first)[:NUM_MISTAKES])
    return Images(chosen, pixels_of(found[kept[chosen]], pixel_max))


def most_confident_mistakes(output: Classes) -> np.ndarray:
    """The rows predicted wrong, the most confident first; those equally confident in their order."""
    wrong = np.flatnonzero(output.predicted != output.y)
    return np.asarray(wrong[np.argsort(-output.confidence[wrong], kind="stable")])


def is_picture(x: Any, pixel_max: float | None) -> bool:
    """Whether an input's rows are pictures: known to be, or (height, width, channels) of grey or colour."""
    if pixel_max is not None:
        return bool(np.ndim(x) in (3, 4))
    return np.ndim(x) == 4 and np.shape(x)[-1] in (1, 3, 4) and min(np.shape(x)[1:3]) > 1


def pixels_of(images: np.ndarray, pixel_max: float | None) -> np.ndarray:
    """Images as they are drawn: (n, height, width) or with channels, uint8, large ones thinned."""
    step = -(-max(images.shape[1:3]) // MAX_SIDE)
    thinned = images[:, ::step, ::step]
    scaled = thinned.astype(np.float32) / pixel_max if pixel_max is not None else thinned
    return as_pictures(scaled, len(scaled), len(scaled))

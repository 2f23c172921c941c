"""What a training is about to do, told before its first step."""

from typing import Any

from kerasrun.data.rows import Rows, array_items
from kerasrun.runs.class_counts import count_classes, unseen_notes
from kerasrun.runs.events import Planned
from kerasrun.runs.prepared import Prepared
from kerasrun.runs.store.folder import RunFolder


def plan_training(prepared: Prepared, run: RunFolder) -> Planned:
    """What is about to happen, in words and figures."""
    settings, model, data = prepared.config.training, prepared.model, prepared.data
    classes = count_classes(data, model)
    counted_in, total = ("steps", settings.steps) if settings.steps else ("epochs", settings.epochs or 0)
    return Planned(
        run.path,
        prepared.config.name,
        [(part, f"{len(rows):,}", shapes_of(rows.head())) for part, rows in data.parts().items()],
        [(layer.name, type(layer).__name__, layer.count_params()) for layer in model.layers],
        model.count_params(),
        f"{total:,} {counted_in} of batches of {settings.batch_size}, {type(model.optimizer).__name__}",
        [*prepared.notes, *unseen_notes(classes)],
        counted_in,
        total,
        -(-len(data.train) // settings.batch_size),
        settings.batch_size,
        any(spec.own or spec.class_name == "EarlyStopping" for spec in prepared.config.callbacks),
        classes,
    )


def shapes_of(rows: Rows) -> str:
    """Shapes and types of rows, in words: `x 28×28 uint8 → y 1 int32`."""

    def shape(single: str, arrays: Any) -> str:
        named = array_items(arrays, single)
        return ", ".join(f"{name} {'×'.join(map(str, a.shape[1:])) or '1'} {_kind(a)}" for name, a in named)

    return shape("x", rows.x) + (" → " + shape("y", rows.y) if rows.y is not None else "")


def _kind(array: Any) -> str:
    return "text" if array.dtype == object else str(array.dtype)

"""What a model has come to: its figures, and what it makes of the rows that it is judged by."""

from dataclasses import replace
from typing import Any

import numpy as np

from kerasrun.data.streamed import Streamed
from kerasrun.report.results import Filters, Results
from kerasrun.runs.collecting import collect_fit, collect_whole, is_picture, with_names
from kerasrun.runs.prepared import Prepared


def figures_of(prepared: Prepared) -> dict[str, dict[str, float]]:
    """Loss and metrics of the model as it is now, for each part of the data."""
    program, loop = _program(prepared), prepared.loop
    program.build(program.to_device(prepared.parts["train"].head()))
    is_there = prepared.on_device and not isinstance(prepared.data.train, Streamed)
    there = {"train": loop.train, prepared.data.validation_part: loop.validation} if is_there else {}
    return {
        part: program.evaluate(there[part]) if part in there else program.evaluate_rows(rows)
        for part, rows in prepared.parts.items()
    }


def results_of(prepared: Prepared, initial_filters: Any) -> Results:
    """What the model makes of the rows that it is judged by.

    Args:
        initial_filters: what its first layer looked for before training, or None.
    """
    from kerasrun.model.output_kinds import output_kinds

    data, program = prepared.data, _program(prepared)

    def predict(x: Any) -> Any:
        return program.predict(x, program.test_batch_size)

    part, kinds = data.judging_part, output_kinds(prepared.model)
    found = collect_whole(part, prepared.parts[part], predict, kinds, data.classes, data.pixel_max)
    found = with_names(found, data.reading)
    after = filters_of(prepared)
    filters = Filters(after[0], initial_filters, after[1], after[2]) if after else None
    return replace(found, fit=collect_fit(data, predict), filters=filters)


def filters_of(prepared: Prepared) -> tuple[str, np.ndarray, int] | None:
    """What the first layer looks for in pictures, as it is now; None where the inputs are none."""
    from kerasrun.model.first_layer import first_filters

    x = prepared.data.train.head().x
    if not isinstance(x, np.ndarray) or not is_picture(x, prepared.data.pixel_max):
        return None
    return first_filters(prepared.model, x.shape[1:])


def _program(prepared: Prepared) -> Any:
    """The program of an evaluation: a graph, as in `kerasrun evaluate`, whatever trained the model."""
    from kerasrun.training.choice import choose_test_batch
    from kerasrun.training.engine import engine_for
    from kerasrun.training.program import Program

    model, batch_size = prepared.model, prepared.config.training.batch_size
    test_batch_size = None if prepared.config.imports else choose_test_batch(model, batch_size)
    return Program(model, prepared.prepare, batch_size, engine_for(model), test_batch_size)

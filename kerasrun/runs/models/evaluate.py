"""Evaluate a saved model."""

from dataclasses import dataclass
from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.runs.models.opened import open_model


@dataclass(frozen=True)
class Evaluated:
    """The figures of a model: its loss and every metric over `num_rows` rows of `data`."""

    model: Path
    data: str
    num_rows: int
    figures: dict[str, float]


def evaluate_model(
    model: str | Path,
    data: str | Path | None = None,
    output: str | Path | None = None,
    imports: tuple[Path, ...] = (),
    backend: str | None = None,
    verbose: bool = False,
    trust_model: bool = False,
) -> Evaluated:
    """Loss and metrics of a saved model over its test data, or over other data.

    Args:
        trust_model: load a model whatever it holds, Python code included.

    Raises:
        InputError: the model or the data is missing, is not what it should be, or they do not fit together.
    """
    opened = open_model(model, output, imports, trust_model)
    name, rows = opened.choose_rows(data, need_labels=True)
    keras_model = opened.load(backend, verbose)
    if not keras_model.compiled:
        raise InputError(
            f"{opened.path}: this model was saved without loss and metrics; evaluate the run's model.keras"
        )
    from kerasrun.model.objects import first_lines
    from kerasrun.model.targets import check_target_shapes, check_targets, share_targets
    from kerasrun.training.choice import choose_test_batch
    from kerasrun.training.engine import engine_for
    from kerasrun.training.program import Program

    rows = share_targets(keras_model, rows)
    if opened.config is not None:
        check_targets(keras_model, rows, opened.config)
    else:
        check_target_shapes(keras_model, rows)
    batch_size = opened.config.training.batch_size if opened.config else 32
    try:
        batch_size = opened.rows_at_once(keras_model, rows, batch_size)
        test_batch_size = None if imports else choose_test_batch(keras_model, batch_size)
        engine = engine_for(keras_model)
        program = Program(keras_model, opened.preparation(rows), batch_size, engine, test_batch_size)
        on_device = program.to_device(rows)
        program.build(on_device)
        figures = program.evaluate(on_device)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{opened.path}: the data does not fit this model: {first_lines(error)}") from error
    return Evaluated(opened.path, name, len(rows), figures)

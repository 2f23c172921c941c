"""A saved model at work: found, judged, loaded, and given rows; what evaluating and predicting share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from kerasrun.errors import InputError
from kerasrun.runs.models.chosen import Chosen
from kerasrun.runs.models.opened import ModelFile, open_model
from kerasrun.runs.models.rows import PictureOptions, choose_rows

T = TypeVar("T")

# Of a model whose config is not known.
BATCH_SIZE = 32


@dataclass(frozen=True)
class Loading:
    """How a model file is found and loaded.

    Args:
        output: the folder of all runs.
        imports: Python files with the user's own classes.
        trust_model: load it whatever it holds, Python code included.
    """

    output: str | Path | None = None
    imports: tuple[Path, ...] = ()
    backend: str | None = None
    verbose: bool = False
    trust_model: bool = False


@dataclass(frozen=True)
class Served:
    """A model that is loaded, and the rows that it is to work on, encoded as it reads them.

    Args:
        prepare: what comes before the model.
    """

    opened: ModelFile
    model: Any
    prepare: Any
    chosen: Chosen

    def work(self, function: Callable[[Any], T]) -> T:
        """What a function makes of the program of an evaluation: the one of training's end, so with the same bits.

        Raises:
            InputError: the data does not fit the model, or it asks for more memory than it is given.
        """
        from kerasrun.model.objects import first_lines
        from kerasrun.training.choice import choose_test_batch
        from kerasrun.training.engine import engine_for
        from kerasrun.training.program import Program

        opened, rows, prepare = self.opened, self.chosen.rows, self.prepare
        wanted = opened.config.training.batch_size if opened.config else BATCH_SIZE
        try:
            batch_size = opened.rows_at_once(self.model, prepare, rows, wanted, keep_outputs=True)
            test_batch_size = None if opened.imports else choose_test_batch(self.model, batch_size)
            engine = engine_for(self.model)
            program = Program(self.model, prepare, batch_size, engine, test_batch_size)
            return function(program)
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"{opened.path}: the data does not fit this model: {first_lines(error)}") from error


def serve(
    model: str | Path,
    data: Sequence[str | Path],
    loading: Loading,
    need_labels: bool,
    options: PictureOptions | None = None,
) -> Served:
    """Find a model and its rows, and load it.

    Args:
        model: a `.keras` file, a run's folder, its name, or `latest`.
        data: see `choose_rows`.

    Raises:
        InputError: the model or the data is missing, or is not what it should be.
    """
    opened = open_model(model, loading.output, loading.imports, loading.trust_model)
    chosen = choose_rows(opened, data, need_labels, options)
    keras_model = opened.load(loading.backend, loading.verbose)
    if need_labels and not keras_model.compiled:
        raise InputError(
            f"{opened.path}: this model was saved without loss and metrics; evaluate the run's model.keras"
        )
    prepare = opened.preparation(chosen.rows)
    rows = prepare.encode_rows(chosen.rows)
    if rows.y is not None:
        from kerasrun.model.targets import share_targets

        rows = share_targets(keras_model, rows)
    return Served(opened, keras_model, prepare, replace(chosen, rows=rows))

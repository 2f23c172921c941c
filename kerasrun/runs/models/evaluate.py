"""Evaluate a saved model: its figures, what it makes of each row, and pictures of that."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError
from kerasrun.report.results import Results
from kerasrun.runs.models.rows import PictureOptions
from kerasrun.runs.models.serving import Loading, Served, serve
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.noting import note_files
from kerasrun.runs.store.owner import is_owned


@dataclass(frozen=True)
class Evaluated:
    """A model over `num_rows` rows of `data`.

    Args:
        figures: its loss and every metric.
        results: what it made of each row, with the truth.
        notes: what the user should know of how the rows were read.
    """

    model: Path
    data: str
    num_rows: int
    figures: dict[str, float]
    results: Results = field(repr=False)
    notes: tuple[str, ...] = ()


def evaluate_model(
    model: str | Path,
    data: Sequence[str | Path] = (),
    loading: Loading | None = None,
    pictures: PictureOptions | None = None,
) -> Evaluated:
    """Loss and metrics of a saved model over its test data, or over other data, and what it makes of each row.

    Args:
        data: one file with rows and labels, a config, or a folder of pictures in a folder a class; nothing for the
            model's own data.

    Raises:
        InputError: the model or the data is missing, is not what it should be, or they do not fit together.
    """
    served = serve(model, data, loading or Loading(), need_labels=True, options=pictures)
    _check_targets(served)
    figures, results = served.work(lambda program: _measure(served, program))
    chosen = served.chosen
    return Evaluated(served.opened.path, chosen.name, len(chosen.rows), figures, results, chosen.notes)


def _check_targets(served: Served) -> None:
    from kerasrun.model.targets import check_target_shapes, check_targets

    if served.opened.config is not None:
        check_targets(served.model, served.chosen.rows, served.opened.config)
    else:
        check_target_shapes(served.model, served.chosen.rows)


def _measure(served: Served, program: Any) -> tuple[dict[str, float], Results]:
    from kerasrun.model.output_kinds import output_kinds
    from kerasrun.runs.collecting import collect_fit, collect_whole, with_names

    chosen, opened = served.chosen, served.opened

    def predict(x: Any) -> Any:
        return program.predict(x, program.test_batch_size)

    program.build(program.to_device(chosen.rows.head()))
    figures, kinds = program.evaluate_rows(chosen.rows), output_kinds(served.model)
    results = collect_whole(chosen.name, chosen.rows, predict, kinds, opened.classes, opened.pixel_max, None)
    results = with_names(results, opened.reading)
    return figures, replace(results, fit=collect_fit(chosen.dataset, predict) if chosen.dataset else None)


def draw_evaluation(
    evaluated: Evaluated, folder: str | Path | None = None, formats: Sequence[str] = ("png",)
) -> list[Path]:
    """Draw what a model made of its rows.

    Args:
        folder: where the pictures go; None for `evaluation` in the run that the model lies in, and for other data than
            its own a folder of the data's name in there. Of a model that lies in no run nothing is drawn then.

    Returns:
        The pictures written.

    Raises:
        InputError: they cannot be written there.
    """
    run = RunFolder(evaluated.model.parent)
    is_run = bool(run.read_manifest()) and not is_owned(run)
    if folder is None and not is_run:
        return []
    inside = run.path / "evaluation"
    own = evaluated.data in ("test", "validation", "train")
    target = Path(folder).expanduser() if folder else inside if own else inside / (Path(evaluated.data).stem or "data")
    from kerasrun.runs.pictures import draw_results, write_pictures

    pictures = draw_results(evaluated.results, list(formats))
    try:
        target.mkdir(parents=True, exist_ok=True)
        written = write_pictures(pictures, target)
        whole, places = run.path.resolve(), [path.resolve() for path in written]
        if is_run and target.resolve().is_relative_to(whole):
            note_files(RunFolder(whole), places)
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror}; choose another folder with -o") from None
    return written

"""The pictures of a run: its curves, and what the model makes of some rows."""

from pathlib import Path

import numpy as np

from kerasrun.errors import InputError
from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.plots.confusion import draw_confusion
from kerasrun.report.plots.curves import draw_curves, has_curves
from kerasrun.report.plots.filters import draw_filters
from kerasrun.report.plots.fit import draw_fit
from kerasrun.report.plots.names import safe_name
from kerasrun.report.plots.per_class import draw_per_class
from kerasrun.report.plots.pictures import draw_predictions, draw_samples
from kerasrun.report.plots.predicted import draw_predicted
from kerasrun.report.plots.reliability import draw_reliability
from kerasrun.report.plots.residuals import draw_residuals
from kerasrun.report.plots.signs import drawable
from kerasrun.report.plots.values import draw_values
from kerasrun.report.results import Classes, Labels, Output, Results, Values
from kerasrun.report.scores import calibrate, score_classes, score_labels
from kerasrun.runs.collecting import NUM_MISTAKES, NUM_SAMPLES, most_confident_mistakes
from kerasrun.runs.store.files import write_whole

NO_MARKS = Marks()


def draw_run(
    history: History,
    results: Results | None,
    formats: list[str],
    validation_name: str = "validation",
    marks: Marks = NO_MARKS,
) -> dict[str, bytes]:
    """All pictures of a run, by file name; none of a history whose values are not finite.

    Args:
        results: None where they are not known; then there are the curves alone.
        formats: of "png", "svg" and "pdf".
        validation_name: what the columns val_… were measured on.
        marks: what the curves are marked with.
    """
    curves = draw_curves(history, formats, validation_name, marks=marks) if has_curves(history) else {}
    return curves | (draw_results(results, formats, validation_name) if results else {})


def draw_results(results: Results, formats: list[str], validation_name: str = "validation") -> dict[str, bytes]:
    """The pictures of what a model made of rows, by file name; those of one output among several bear its name."""
    pictures: dict[str, bytes] = {}
    if results.fit:
        fit = results.fit
        pictures |= draw_fit(
            fit.x, fit.y, fit.y_pred, formats, fit.held_out, fit.true_curve, validation_label=validation_name
        )
    part, endings = drawable(results.part, "data"), list[str]()
    for name, output in results.outputs.items():
        endings.append("" if len(results.outputs) == 1 else f"_{safe_name(name, (taken[1:] for taken in endings))}")
        if output.y is not None:
            pictures |= _draw_output(output, formats, part, endings[-1])
        elif isinstance(output, Values):
            pictures |= draw_values(output, formats, part, f"values{endings[-1]}")
    classes = next((output for output in results.outputs.values() if isinstance(output, Classes)), None)
    if results.images and classes is not None:
        draw = _draw_images if classes.y is not None else _draw_unlabelled
        pictures |= draw(results, classes, formats)
    return pictures | (draw_filters(results.filters, formats) if results.filters else {})


def _draw_output(output: Output, formats: list[str], part: str, ending: str) -> dict[str, bytes]:
    """The pictures of the figures of one output, of which the truth is known."""
    if isinstance(output, Labels):
        return draw_per_class(score_labels(output), formats, part, f"per_label{ending}", "label")
    if not isinstance(output, Classes):
        predicted = draw_predicted(output, formats, part, f"predicted{ending}")
        return predicted | draw_residuals(output, formats, part, f"residuals{ending}")
    confusion = score_classes(output)
    pictures = draw_confusion(confusion, formats, part, f"confusion{ending}")
    pictures |= draw_per_class(confusion.scores, formats, part, f"per_class{ending}")
    if output.is_probability:
        pictures |= draw_reliability(calibrate(output), formats, part, f"reliability{ending}")
    return pictures


def _draw_images(results: Results, output: Classes, formats: list[str]) -> dict[str, bytes]:
    """Some rows, what the model made of them, and its most confident mistakes."""
    assert results.images is not None and output.y is not None
    images, names = results.images, output.names
    first = np.arange(min(NUM_SAMPLES, len(images.rows)))
    wrong = most_confident_mistakes(output)[:NUM_MISTAKES]
    mistakes = np.flatnonzero(np.isin(images.rows, wrong))
    mistakes = mistakes[np.argsort(-output.confidence[images.rows[mistakes]], kind="stable")]
    pictures = draw_samples(images.pixels[first], output.y[images.rows[first]], formats, names)
    for name, chosen in (("predictions", first), ("mistakes", mistakes)):
        if chosen.size:
            rows = images.rows[chosen]
            parts = images.pixels[chosen], output.y[rows], output.predicted[rows], np.asarray(output.confidence[rows])
            pictures |= draw_predictions(*parts, formats, names, name=name)
    return pictures


def _draw_unlabelled(results: Results, output: Classes, formats: list[str]) -> dict[str, bytes]:
    """Some rows and what the model made of them, where it is not known what they are."""
    assert results.images is not None
    rows, pixels = results.images.rows[:NUM_SAMPLES], results.images.pixels[:NUM_SAMPLES]
    return draw_predictions(
        pixels, None, output.predicted[rows], np.asarray(output.confidence[rows]), formats, output.names
    )


def write_pictures(pictures: dict[str, bytes], folder: Path) -> list[Path]:
    """Write pictures into a folder, each whole or not at all."""
    if pictures:
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in pictures.items():
        write_whole(folder / name, content)
    return [folder / name for name in pictures]


def write_asked_for(pictures: dict[str, bytes], folder: str | Path) -> list[Path]:
    """Write pictures into a folder that the user has named.

    Raises:
        InputError: it cannot be written.
    """
    target = Path(folder).expanduser()
    try:
        target.mkdir(parents=True, exist_ok=True)
        return write_pictures(pictures, target)
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror}") from None

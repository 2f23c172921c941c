"""The pictures of a run: its curves, and what the model makes of some rows."""

from pathlib import Path

import numpy as np

from kerasrun.report.history import History
from kerasrun.report.plots.curves import draw_curves
from kerasrun.report.plots.fit import draw_fit
from kerasrun.report.plots.pictures import draw_predictions, draw_samples
from kerasrun.report.results import Classes, Results
from kerasrun.runs.collecting import NUM_SAMPLES
from kerasrun.runs.store.files import write_whole


def draw_run(
    history: History, results: Results | None, formats: list[str], validation_name: str = "validation"
) -> dict[str, bytes]:
    """All pictures of a run, by file name.

    Args:
        results: None where they are not known; then there are the curves alone.
        formats: of "png", "svg" and "pdf".
        validation_name: what the columns val_… were measured on.
    """
    curves = {} if history.is_empty else draw_curves(history, formats, validation_name)
    return curves | (draw_results(results, formats, validation_name) if results else {})


def draw_results(results: Results, formats: list[str], validation_name: str = "validation") -> dict[str, bytes]:
    """The pictures of what a model made of rows, by file name."""
    pictures: dict[str, bytes] = {}
    if results.fit:
        fit = results.fit
        pictures |= draw_fit(
            fit.x, fit.y, fit.y_pred, formats, fit.held_out, fit.true_curve, validation_label=validation_name
        )
    output = next((output for output in results.outputs.values() if isinstance(output, Classes)), None)
    if results.images and output is not None and output.y is not None:
        pictures |= _draw_samples(results, output, formats)
    return pictures


def _draw_samples(results: Results, output: Classes, formats: list[str]) -> dict[str, bytes]:
    assert results.images is not None and output.y is not None
    rows, pixels = results.images.rows[:NUM_SAMPLES], results.images.pixels[:NUM_SAMPLES]
    labels = [output.names[index] for index in output.y[rows]]
    told = [output.names[index] for index in output.told[rows]]
    pictures = draw_samples(pixels, labels, formats)
    return pictures | draw_predictions(pixels, labels, told, np.asarray(output.confidence[rows]), formats)


def write_pictures(pictures: dict[str, bytes], folder: Path) -> list[Path]:
    """Write pictures into a folder, each whole or not at all."""
    if pictures:
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in pictures.items():
        write_whole(folder / name, content)
    return [folder / name for name in pictures]

"""What the commands do, from Python: for a notebook or a script."""

import json
import warnings
from collections import deque
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from kerasrun.config import load_config
from kerasrun.config.reading import with_text_keys
from kerasrun.errors import InputError
from kerasrun.runs.events import Finished, Reproduced
from kerasrun.runs.models.evaluate import Evaluated, draw_evaluation, evaluate_model
from kerasrun.runs.models.predict import Predicted, draw_predicted_rows, predict_rows
from kerasrun.runs.models.rows import PictureOptions
from kerasrun.runs.models.serving import Loading
from kerasrun.runs.past.choosing import choose_runs
from kerasrun.runs.past.compared import ComparedRuns, compare_several
from kerasrun.runs.past.listing import Listed
from kerasrun.runs.past.overlay import plot_histories
from kerasrun.runs.past.report import report_runs
from kerasrun.runs.reproduce import reproduce_run
from kerasrun.runs.resumable import find_resumable
from kerasrun.runs.train import resume_run, train_run

T = TypeVar("T")


def train(
    config: str | Path | dict[str, Any],
    *,
    overrides: dict[str, Any] | Sequence[str] = (),
    backend: str | None = None,
    name: str | None = None,
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    verbose: bool = False,
    progress: bool | None = None,
) -> Finished:
    """Train a config; the same as `kerasrun train`.

    Args:
        config: the path of a YAML file, the name of a shipped one (`@sine`), or the same as a dict.
        overrides: settings that replace those of the config: `{"training.epochs": 5}` or `["training.epochs=5"]`.
        backend: `tensorflow` or `jax`; by default the config's, else TensorFlow.
        name: the run's name; by default the time.
        output: the folder for runs; by default $KERASRUN_OUTPUT_DIR, else `outputs`.
        imports: Python files with your own Keras classes. They are run.
        progress: whether plan, epochs and figures are shown on standard output as `kerasrun train` shows them; None to
            show them in a notebook and at Python's prompt, and not in a script.

    Returns:
        The finished run: its folder, the trained keras.Model, its history and figures.

    Raises:
        kerasrun.errors.KerasrunError: see that module.
    """
    flags = _as_flags(overrides) + ((f"backend={backend}",) if backend else ())
    checked = load_config(config, flags, _paths(imports))
    for text in checked.warnings:
        warnings.warn(text, stacklevel=2)
    return _last(train_run(checked, name, output, verbose), Finished, progress)


def resume(
    run: str | Path,
    *,
    overrides: dict[str, Any] | Sequence[str] = (),
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    verbose: bool = False,
    progress: bool | None = None,
) -> Finished:
    """Go on with a run that was broken off, or train a finished one longer; the same as `kerasrun resume`.

    Args:
        run: its folder, its name, or `latest`.
        overrides: more epochs or steps: `{"training.epochs": 20}`.
        progress: whether it is shown; see `train`.

    Raises:
        kerasrun.errors.InputError: it cannot go on, or it is finished and no more is asked for.
    """
    resumable = find_resumable(str(run), None, _as_flags(overrides), _paths(imports), output)
    if resumable.is_finished:
        raise InputError(f"{resumable.run.path}: this run is finished; ask for more epochs or steps with overrides")
    return _last(resume_run(resumable, verbose), Finished, progress)


def reproduce(
    run: str | Path,
    *,
    name: str | None = None,
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    verbose: bool = False,
    progress: bool | None = None,
) -> Reproduced:
    """Train a run again and compare, to the bit; the same as `kerasrun reproduce`. For `progress` see `train`.

    Raises:
        kerasrun.errors.UnsoundError: the results are not the same.
    """
    return _last(reproduce_run(str(run), name, output, _paths(imports), verbose), Reproduced, progress)


def evaluate(
    model: str | Path,
    *,
    data: str | Path | None = None,
    plots: str | Path | None = None,
    formats: Sequence[str] = ("png",),
    pixel_max: float | None = None,
    invert: bool = False,
    backend: str | None = None,
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    trust_model: bool = False,
) -> Evaluated:
    """Loss, metrics and what a saved model makes of each row; the same as `kerasrun evaluate`.

    Args:
        plots: the folder that pictures go to; nothing is drawn without it.
        pixel_max, invert: see `predict`.
        trust_model: load the model whatever it holds, Python code included; only for files from people you trust.
    """
    loading = Loading(output, _paths(imports), backend, trust_model=trust_model)
    found = evaluate_model(model, _listed(data), loading, PictureOptions(pixel_max, invert))
    if plots is not None:
        draw_evaluation(found, plots, formats)
    return found


def predict(
    model: str | Path,
    *,
    data: str | Path | Sequence[str | Path] | None = None,
    plots: str | Path | None = None,
    formats: Sequence[str] = ("png",),
    pixel_max: float | None = None,
    invert: bool = False,
    backend: str | None = None,
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    trust_model: bool = False,
) -> Predicted:
    """Predictions of a saved model; the same as `kerasrun predict`.

    Args:
        data: pictures and folders of them, or one file with rows, or a config; None for the model's own test rows.
        plots: the folder that pictures go to; nothing is drawn without it.
        pixel_max: which value white has in the model's data; None for what its record says.
        invert: whether dark and light of pictures change places.
        trust_model: see `evaluate`.
    """
    loading = Loading(output, _paths(imports), backend, trust_model=trust_model)
    found = predict_rows(model, _listed(data), loading, PictureOptions(pixel_max, invert))
    if plots is not None:
        draw_predicted_rows(found, plots, formats)
    return found


def plot(
    history: str | Path | Sequence[str | Path],
    *,
    folder: str | Path | None = None,
    formats: Sequence[str] = ("png",),
    output: str | Path | None = None,
) -> list[Path]:
    """Draw a history, or several over one another; the same as `kerasrun plot`. Returns the pictures written."""
    histories = [history] if isinstance(history, str | Path) else history
    return plot_histories(histories, folder, tuple(formats), output)


def write_report(
    runs: str | Path | Sequence[str | Path], *, file: str | Path | None = None, output: str | Path | None = None
) -> Path:
    """Write a run, or several, as one page of HTML; the same as `kerasrun report`. Returns the file written.

    Args:
        file: where the page goes; by default report.html in the run, or compared.html here for several.
    """
    return report_runs([str(run) for run in ([runs] if isinstance(runs, (str, Path)) else runs)], file, output)


def list_runs(
    pattern: str = "",
    *,
    where: Sequence[str] = (),
    sort: str | None = None,
    output: str | Path | None = None,
) -> list[Listed]:
    """The runs that there are, the newest first; the same as `kerasrun runs`.

    Args:
        pattern: what their names begin with, or a pattern of them: `digits/*`.
        where: conditions: `["val_accuracy>0.97", "training.batch_size=32"]`.
        sort: a column, a figure or a setting; figures the best first.
    """
    return choose_runs(output, pattern, where, sort).runs


def compare(*runs: str | Path, output: str | Path | None = None, imports: Sequence[str | Path] = ()) -> ComparedRuns:
    """What differs between two or more runs, and the figures of each; the same as `kerasrun compare`.

    Args:
        runs: each a run's folder, its name, `latest`, or a pattern such as `digits/*`.
    """
    return compare_several([str(run) for run in runs], output, _paths(imports))


def _last(events: Generator[Any, None, None], kind: type[T], progress: bool | None) -> T:
    """The last event of a run, which is what came of it; all of them are shown where that is asked for."""
    from kerasrun.cli.screen import is_interactive

    if is_interactive() if progress is None else progress:
        from kerasrun.cli.console import show_training

        event = show_training(events)
    else:
        [event] = deque(events, maxlen=1)
    assert isinstance(event, kind)
    return event


def _listed(data: str | Path | Sequence[str | Path] | None) -> tuple[str | Path, ...]:
    return () if data is None else (data,) if isinstance(data, (str, Path)) else tuple(data)


def _paths(imports: Sequence[str | Path]) -> tuple[Path, ...]:
    return tuple(Path(path).expanduser() for path in imports)


def _as_flags(overrides: dict[str, Any] | Sequence[str]) -> tuple[str, ...]:
    if isinstance(overrides, str):
        return (overrides,)
    if not isinstance(overrides, dict):
        return tuple(overrides)
    return tuple(f"{key}={json.dumps(with_text_keys(value))}" for key, value in overrides.items())

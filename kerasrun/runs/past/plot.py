"""Draw a run, or a saved history, again. Loads no TensorFlow."""

from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.report.history import load_history
from kerasrun.report.marks import marks_of
from kerasrun.report.plots.names import FORMATS
from kerasrun.runs.marks import read_marks
from kerasrun.runs.pictures import draw_run, write_pictures
from kerasrun.runs.store.finding import find_file
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.noting import note_files
from kerasrun.runs.store.results import read_results

# Formats of pictures that are not written, but that a file's name may ask for.
OTHER_FORMATS = ("jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "eps", "ps")


def plot_history(
    history: str | Path,
    folder: str | Path | None = None,
    formats: tuple[str, ...] = ("png",),
    output: str | Path | None = None,
) -> list[Path]:
    """Draw loss and metrics of a history file; of a run all that its end drew.

    A run that goes on, broke off, or is from before results were kept has its curves alone.

    Args:
        history: a history file, a run's folder, its name, or `latest`.
        folder: where the pictures go; None for `plots` beside the history of a run, else beside the file.

    Returns:
        The pictures written.

    Raises:
        InputError: there is no such history, it is not one, it has nothing to draw, or the folder cannot be written.
    """
    path = find_file(history, "history.json", output)
    table = load_history(path)
    if table.is_empty:
        raise InputError(f"{path}: this history has no rows yet, so there is nothing to draw")
    run = RunFolder(path.parent)
    is_run = path.name == "history.json" and run.manifest.is_file()
    target = Path(folder).expanduser() if folder else run.plots if is_run else path.parent
    if is_named_as_picture(target):
        raise InputError(f"-o {target}: is named like a file, and one history makes several pictures; name a folder")
    results = read_results(run) if is_run else None
    try:
        marks = read_marks(run, table) if is_run else marks_of(table)
        pictures = draw_run(table, results, list(formats), _validation_name(run), marks)
        if not pictures:
            raise InputError("the history has no finite value of a loss or a metric: there is nothing to draw.")
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    try:
        written = write_pictures(pictures, target)
        if target == run.plots:
            note_files(run, written)
        return written
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror}; choose another folder with -o") from None


def is_named_as_picture(path: Path) -> bool:
    """Whether a path, which is no folder yet, has the name of a picture, of whatever kind."""
    return path.suffix.removeprefix(".").lower() in (*FORMATS, *OTHER_FORMATS) and not path.is_dir()


def _validation_name(run: RunFolder) -> str:
    """What the run's config calls its validation rows."""
    from kerasrun.config.yaml_text import read_yaml
    from kerasrun.errors import ConfigError

    try:
        tree, _ = read_yaml(run.config.read_text(encoding="utf-8"), str(run.config))
        return "test" if tree["data"]["validation"] == "test" else "validation"
    except (OSError, ConfigError, UnicodeDecodeError, KeyError, TypeError):
        return "validation"

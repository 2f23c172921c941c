"""The curves of several histories in one picture. Loads no TensorFlow."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.report.history import History, load_history
from kerasrun.runs.past.plot import is_named_as_picture, plot_history
from kerasrun.runs.past.several import matching_runs, short_names
from kerasrun.runs.store.files import write_whole
from kerasrun.runs.store.finding import find_file


def plot_histories(
    histories: Sequence[str | Path],
    folder: str | Path | None = None,
    formats: tuple[str, ...] = ("png",),
    output: str | Path | None = None,
) -> list[Path]:
    """Draw a history as `plot_history` does, or several over one another.

    Args:
        histories: each a history file, a run's folder, its name, `latest`, or a pattern of runs' names.
        folder: where the picture of several goes, or the picture itself by a name that ends in .png, .svg or .pdf;
            None for the working directory.

    Returns:
        The pictures written.

    Raises:
        InputError: as in `plot_history`, or they are all the same.
    """
    paths = list(dict.fromkeys(path for history in histories for path in _find(history, output)))
    if len(paths) == 1:
        if len(histories) > 1:
            raise InputError(f"{paths[0]}: is the same history more than once; give another to compare it with")
        return plot_history(paths[0], folder, formats, output)
    names = short_names([path.parent if path.name == "history.json" else path for path in paths])
    tables = {name: load_history(path) for name, path in zip(names, paths, strict=True)}
    target = Path(folder or ".").expanduser()
    is_file = is_named_as_picture(target)
    return write_overlay(tables, target) if is_file else _write(_draw(tables, formats), target)


def write_overlay(histories: Mapping[str, History], target: str | Path) -> list[Path]:
    """Draw several histories over one another into a file, or as `compared.png` into a folder.

    Args:
        histories: by the names that tell them apart.

    Returns:
        The picture written.

    Raises:
        InputError: there is nothing to draw, the file's ending is no picture's, or it cannot be written.
    """
    path = Path(target).expanduser()
    form = path.suffix.removeprefix(".").lower()
    if path.is_dir() or not form:
        return _write(_draw(histories, ("png",)), path)
    [content] = _draw(histories, (form,)).values()
    return _write({path.name: content}, path.parent)


def _find(history: str | Path, output: str | Path | None) -> list[Path]:
    runs = matching_runs(str(history), output)
    return [find_file(run.path, "history.json") for run in runs] or [find_file(history, "history.json", output)]


def _draw(histories: Mapping[str, History], formats: Sequence[str]) -> dict[str, bytes]:
    # Not before it is needed: it loads matplotlib.
    from kerasrun.report.plots.overlay import draw_overlay

    return draw_overlay(histories, formats)


def _write(pictures: Mapping[str, bytes], folder: Path) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in pictures.items():
            write_whole(folder / name, content)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}; choose another folder with -o") from None
    return [folder / name for name in pictures]

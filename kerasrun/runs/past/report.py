"""The page of a run that lies on the disk, written again, or somewhere else. Loads no backend."""

from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.report.page.page import run_page
from kerasrun.runs.pages import run_facts
from kerasrun.runs.store.files import write_whole
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.noting import note_files


def report_run(reference: str, file: str | Path | None = None, output: str | Path | None = None) -> Path:
    """Write the page of a run, in whatever state it is: it shows what there is, and says what is missing.

    Args:
        reference: the run's folder, `experiment/run`, its name, or `latest`.
        file: where the page goes; None for `report.html` in the run.

    Returns:
        The file written.

    Raises:
        InputError: there is no such run, or the file cannot be written.
    """
    run = find_run(reference, output)
    page = run_page(run_facts(run, run.read_manifest()))
    path = write_report(page, Path(file).expanduser() if file else run.report)
    if path == run.report:
        note_files(run, [path])
    return path


def write_report(page: str, path: Path) -> Path:
    """Write a page.

    Raises:
        InputError: it cannot be written there.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file in it: -o {path / 'report.html'}")
    try:
        write_whole(path, page)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}; choose another file with -o") from None
    return path

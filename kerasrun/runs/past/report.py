"""Pages of runs that lie on the disk: of one, written again or somewhere else, or of several. Loads no backend."""

from collections.abc import Sequence
from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.report.page.page import run_page
from kerasrun.runs.pages import run_facts
from kerasrun.runs.past.several import find_runs
from kerasrun.runs.store.files import write_whole
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.noting import check_not_recorded, note_files

SEVERAL = "compared.html"


def report_runs(references: Sequence[str], file: str | Path | None = None, output: str | Path | None = None) -> Path:
    """Write the page of a run, in whatever state it is, or one page of several.

    Args:
        references: each a run's folder, `experiment/run`, its name, `latest`, or a pattern such as `digits/*`.
        file: where the page goes; None for `report.html` in the run, or `compared.html` in the working directory.

    Returns:
        The file written.

    Raises:
        InputError: there is no such run, the file cannot be written, or of several runs one is damaged.
    """
    target = Path(file).expanduser() if file else None
    runs = find_runs(references, output)
    if len(references) == len(runs) == 1:
        return _report(runs[0], target)
    from kerasrun.runs.past.compared_page import page_of_several

    return _write(page_of_several(references, output), target or Path(SEVERAL))


def _report(run: RunFolder, target: Path | None) -> Path:
    page = run_page(run_facts(run, run.read_manifest()))
    path = _write(page, target or run.report, run.report)
    if path.resolve() == run.report.resolve():
        note_files(run, [run.report])
    return path


def _write(page: str, path: Path, own: Path | None = None) -> Path:
    """Write a page.

    Args:
        own: the file that a run has for it, which is replaced; no other one of a run is.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file in it: -o {path / 'report.html'}")
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{path}: a page is written as HTML; let its name end in .html")
    if own is None or path.resolve() != own.resolve():
        check_not_recorded(path)
    try:
        write_whole(path, page)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}; choose another file with -o") from None
    return path

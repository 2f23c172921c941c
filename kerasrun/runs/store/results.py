"""The results of a run on the disk: results.npz, and the filters that its first layer began with."""

from typing import Any

import numpy as np

from kerasrun.errors import InputError
from kerasrun.report.results import Results, results_from_tree
from kerasrun.runs.store.files import whole_file
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.packed import read_packed, write_packed


def write_results(run: RunFolder, results: Results) -> None:
    """Write what the run's model made of the rows that it is judged by."""
    with whole_file(run.results) as aside:
        write_packed(aside, results.to_tree())


def read_results(run: RunFolder) -> Results | None:
    """What `write_results` wrote; None where there is no such file: the run has not ended, or is an older one's.

    Raises:
        InputError: it is damaged.
    """
    if not run.results.is_file():
        return None
    try:
        return results_from_tree(read_packed(run.results))
    except ValueError as error:
        raise InputError(f"{run.results}: is damaged: {error}; move it away to draw the curves alone") from None


def write_initial_filters(run: RunFolder, filters: np.ndarray) -> None:
    """Keep what the first layer looks for before training."""
    with whole_file(run.initial_filters) as aside:
        write_packed(aside, filters)


def read_initial_filters(run: RunFolder) -> Any:
    """What `write_initial_filters` wrote, or None."""
    try:
        return read_packed(run.initial_filters)
    except (FileNotFoundError, ValueError):
        return None

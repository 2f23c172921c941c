"""What is drawn of several histories at once: a panel a metric, in it the curves of all that have it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kerasrun.errors import InputError
from kerasrun.report.history import History
from kerasrun.report.plots.names import human_name, safe_name
from kerasrun.report.plots.panels import Curve, Panel, metric_curves, metric_names

# A curve of more points is thinned to the least and the greatest of each of so many stretches: no eye sees more.
MAX_STRETCHES = 1000

# So many runs are told apart; of more, those with the lowest loss are, and the others are thin and grey.
MAX_RUNS = 8


def overlay_panels(histories: Mapping[str, History]) -> list[Panel]:
    """The panels of several histories: the loss first, then each metric that one of them has.

    Against epochs; a history counted in steps has its evaluations there, between whole epochs. Where all are counted
    in steps, against these. A history that has no row yet has no curve.

    Args:
        histories: by the names that tell them apart.

    Returns:
        Panels whose curves bear the names as labels, and the role `training` or `validation`.

    Raises:
        InputError: there is no finite value of a loss or a metric in any of them.
    """
    filled = {name: history for name, history in histories.items() if not history.is_empty}
    in_steps = all(history.evaluations for history in filled.values())
    index, x_label = ("step", "iteration") if in_steps else ("epoch", "epoch")
    tables = {name: history.epochs or history.evaluations for name, history in filled.items()}
    tables = {name: table for name, table in tables.items() if table}
    metrics = dict.fromkeys(metric for table in tables.values() for metric in metric_names(table))
    panels: list[Panel] = []
    for metric in sorted(metrics, key=lambda name: name != "loss"):
        curves = [
            _thinned(curve)
            for name, table in tables.items()
            for curve in metric_curves(table, index, metric, (name, name))
        ]
        if curves:
            file_name = safe_name(metric, [panel.name for panel in panels])
            panels.append(Panel(file_name, x_label, human_name(metric), tuple(curves)))
    if not panels:
        raise InputError("the histories have no finite value of a loss or a metric: there is nothing to draw.")
    return panels


def told_apart(histories: Mapping[str, History]) -> list[str]:
    """The names of the histories that get colours: all, or of too many those with the lowest loss."""
    if len(histories) <= MAX_RUNS:
        return list(histories)
    lowest = {name: _lowest_loss(history) for name, history in histories.items()}
    kept = sorted(lowest, key=lowest.__getitem__)[:MAX_RUNS]
    return [name for name in histories if name in kept]


def _lowest_loss(history: History) -> float:
    table = history.epochs or history.evaluations
    values = [value for value in table.get("val_loss") or table.get("loss", []) if np.isfinite(value)]
    return min(values, default=np.inf)


def _thinned(curve: Curve) -> Curve:
    if curve.x.size <= 4 * MAX_STRETCHES:
        return curve
    low, high = (np.where(np.isfinite(curve.y), curve.y, far) for far in (np.inf, -np.inf))
    stretches = np.array_split(np.arange(curve.x.size), MAX_STRETCHES)
    # The first of each keeps a gap that is longer than a stretch.
    rows = sorted(
        {int(row) for part in stretches for row in (part[0], part[low[part].argmin()], part[high[part].argmax()])}
    )
    return replace(curve, x=curve.x[rows], y=curve.y[rows])

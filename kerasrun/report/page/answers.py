"""What a model made of the rows that it is judged by, as figures of the page."""

from collections.abc import Iterator

import numpy as np

from kerasrun.report.page.axis import Axis, span
from kerasrun.report.page.chart import Chart, Series
from kerasrun.report.page.chart_figure import chart_figure
from kerasrun.report.page.classes import classes_figure
from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.matrix import confusion_figure
from kerasrun.report.page.tables import table
from kerasrun.report.page.words import count, figure
from kerasrun.report.results import Array, Classes, Fit, Labels, Output, Results, Values
from kerasrun.report.scores import calibrate, score_classes, score_labels, score_values, shown

# So many points are drawn of more; of so many columns there are charts; of fewer errors no spread can be seen.
MAX_POINTS, MAX_COLUMNS, MIN_SPREAD = 1500, 3, 20
# So many bars a histogram has, about the square root of how many values it is of.
BARS = (8, 40)


def answer_figures(results: Results, validation_name: str) -> list[Markup]:
    """The figures of every output whose true values are known, and the fitted curve."""
    figures = [_fit(results.fit, validation_name)] if results.fit else []
    for number, (name, output) in enumerate(results.outputs.items(), 1):
        found = list(_figures(f"output-{number}", output)) if output.y is not None and len(output.y) else []
        heading = tag("p", "output ", tag("strong", name), class_="wide note") if len(results.outputs) > 1 else None
        figures += [heading, *found] if heading and found else found
    return figures


def _figures(name: str, output: Output) -> Iterator[Markup]:
    if isinstance(output, Classes):
        confusion = score_classes(output)
        yield confusion_figure(f"{name}-confusion", confusion)
        yield classes_figure(f"{name}-classes", confusion.scores)
        if output.is_probability:
            yield _reliability(f"{name}-reliability", output)
    elif isinstance(output, Labels):
        yield classes_figure(f"{name}-labels", score_labels(output), "label")
    else:
        yield _value_table(output)
        for column in range(min(MAX_COLUMNS, len(output.names))):
            yield from _value_charts(f"{name}-{column}", output, column)


def _reliability(name: str, output: Classes) -> Markup:
    found = calibrate(output)
    held = found.counts > 0
    notes = tuple(count(int(number), "row") for number in found.counts[held])
    ends, told = np.array([0.0, 1.0]), (found.confidence[held], found.accuracy[held])
    series = (
        Series("perfectly calibrated", "ideal", ends, ends),
        Series("share that is right", "training", *told, marker="dot", notes=notes),
    )
    axes = (Axis(0.0, 1.0, "probability of the predicted class"), Axis(0.0, 1.0))
    error = shown(found.expected_error)
    text = f"Below the diagonal the model is too sure, above it too careful. Expected calibration error {error}."
    return chart_figure(Chart(name, "Reliability", *axes, series, text, note=text))


def _value_table(output: Values) -> Markup:
    rows = [
        [row.name, *map(figure, (row.r2, row.mean_absolute_error, row.root_mean_squared_error, row.bias))]
        for row in score_values(output)
    ]
    columns = ["column", "R²", "mean absolute error", "root mean squared error", "bias"]
    return tag("div", table("Errors by column", columns, rows), class_="wide")


def _value_charts(name: str, output: Values, column: int) -> Iterator[Markup]:
    """Predicted against true, and how the errors are spread."""
    assert output.y is not None
    y, y_pred = (np.asarray(part[:, column], np.float64) for part in (output.y, output.y_pred))
    known = np.flatnonzero(np.isfinite(y) & np.isfinite(y_pred))
    if not known.size:
        return
    of = f" of {output.names[column]}" if len(output.names) > 1 else ""
    rows = known[_spread(known.size)]
    both = span(np.concatenate([y[known], y_pred[known]]))
    ends = np.array([both.low, both.high])
    series = (
        Series("where both are the same", "ideal", ends, ends),
        Series("rows", "training", y[rows], y_pred[rows], "points", "dot"),
    )
    axes = (Axis(both.low, both.high, "true"), Axis(both.low, both.high, "predicted"))
    text = f"{count(known.size, 'row')}; on the diagonal predicted and true are the same."
    yield chart_figure(Chart(f"{name}-predicted", f"Predicted against true{of}", *axes, series, text, by="point"))
    if known.size >= MIN_SPREAD:
        yield _residuals(f"{name}-residuals", f"Residuals{of}", y_pred[known] - y[known])


def _residuals(name: str, title: str, errors: Array) -> Markup:
    number = int(np.clip(np.sqrt(errors.size), *BARS))
    counts, edges = np.histogram(errors, number)
    middles = (edges[1:] + edges[:-1]) / 2
    series = (Series("rows", "training", middles, counts.astype(np.float64), "bars"),)
    axes = (span(edges, "predicted − true"), Axis(0.0, float(counts.max()), "rows", whole=True))
    text = f"From {figure(errors.min())} to {figure(errors.max())}, {figure(float(errors.mean()))} on average."
    return chart_figure(Chart(name, title, *axes, series, text, note=text))


def _fit(fit: Fit, validation_name: str) -> Markup:
    order = np.argsort(fit.x, kind="stable")
    line = order[_spread(order.size)]
    trained, held_out = ((fit.x[rows], fit.y[rows]) for rows in (~fit.held_out, fit.held_out))
    points = [
        Series("training data", "training", *trained, "points", "dot"),
        Series(f"{validation_name} data", "validation", *held_out, "points", "square"),
    ]
    true = [Series("true curve", "ideal", *fit.true_curve)] if fit.true_curve else []
    fitted = Series("fitted curve", "fitted", fit.x[line], fit.y_pred[line])
    series = (*true, *(item for item in points if item.x.size), fitted)
    values = np.concatenate([item.y for item in series])
    text = "The fitted curve over the data that the model was trained on, and over those held out."
    x = span(np.concatenate([item.x for item in series]), "x")
    return chart_figure(Chart("fit", "Fitted curve", x, span(values, "y"), series, text))


def _spread(number: int) -> Array:
    return np.unique(np.linspace(0, number - 1, min(number, MAX_POINTS)).round().astype(np.int64))

"""Rows as pictures: samples with predicted classes, the most confident mistakes, and first-layer filters."""

import numpy as np

from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.pixels import filter_sheet, picture
from kerasrun.report.results import Classes, Filters, Images, Results

NUM_SAMPLES, NUM_MISTAKES = 30, 30


def image_groups(results: Results) -> list[Markup]:
    """Samples, and the most confident mistakes where the pictures' classes are known."""
    images = results.images
    if images is None:
        return []
    output = next((output for output in results.outputs.values() if isinstance(output, Classes)), None)
    if output is None:
        shown = [tag("li", picture(one, f"sample {place}")) for place, one in enumerate(images.pixels[:NUM_SAMPLES], 1)]
        return [_group("Samples", "", shown)]
    groups = [_of_rows("Samples and what the model tells", images, output, np.arange(len(images.rows))[:NUM_SAMPLES])]
    if output.y is not None:
        wrong = np.flatnonzero(output.predicted[images.rows] != output.y[images.rows])
        order = np.argsort(-output.confidence[images.rows[wrong]], kind="stable")
        groups.append(_of_rows("The most confident mistakes", images, output, wrong[order][:NUM_MISTAKES]))
    return groups


def _of_rows(title: str, images: Images, output: Classes, places: np.ndarray) -> Markup:
    note = "the predicted class and its probability" if output.is_probability else "the predicted class and its score"
    if not len(places):
        return _group(title, "There are none among these rows.", [])
    return _group(title, f"{note}; ✗ where wrong", [_captioned(images, output, int(place)) for place in places])


def _captioned(images: Images, output: Classes, place: int) -> Markup:
    row = images.rows[place]
    told, score = output.names[output.predicted[row]], float(output.confidence[row])
    true = output.names[output.y[row]] if output.y is not None and 0 <= output.y[row] < len(output.names) else None
    wrong = true is not None and true != told
    text = f"predicted {told}, is {true}" if wrong else f"predicted {told}"
    caption = [
        tag("span", f"✗ {told}" if wrong else told, class_="predicted"),
        tag("span", f"is {true}", class_="predicted") if wrong else None,
        tag("span", f"{score:.3f}" if output.is_probability else f"{score:.3g}", class_="score"),
    ]
    return tag("li", picture(images.pixels[place], text), caption, class_="wrong" if wrong else None)


def _group(title: str, note: str, items: list[Markup]) -> Markup:
    noted = tag("p", note, class_="note") if note else None
    return tag("div", tag("h3", title), noted, tag("ul", items, class_="pictures") if items else None)


def filter_figures(filters: Filters) -> list[Markup]:
    """The first layer's filters before training, where they are known, and after."""
    number = len(filters.after)
    parts = {"before training": filters.before, "after training": filters.after}
    return [
        tag(
            "figure",
            filter_sheet(sheet, f"{number} filters of the layer {filters.layer} {when}"),
            tag("figcaption", when),
        )
        for when, sheet in parts.items()
        if sheet is not None and len(sheet)
    ]

"""The model as a graph: a box for each application of a layer, and lines from what it reads."""

from collections.abc import Sequence

from kerasrun.report.page.facts import Layer
from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.layout import Way, lay_out
from kerasrun.report.page.words import count

# In pixels: a box, what lies between two layers of them, and the letters that fit on a line of a box.
WIDTH, HEIGHT, GAP = 190, 46, 26
EDGE, MAX_LETTERS = 4, 24

# Beyond, the graph is too long to stand open.
MANY = 30


def graph_figure(layers: Sequence[Layer]) -> Markup:
    """The graph; with its description for those who do not see it."""
    uses = [(layer, use) for layer in layers for use in range(max(1, len(layer.reads)))]
    number = {(layer.name, use): index for index, (layer, use) in enumerate(uses)}
    lines = list(
        dict.fromkeys(
            (number[source], index)
            for index, (layer, use) in enumerate(uses)
            for source in (layer.reads[use] if layer.reads else ())
            if source in number
        )
    )
    layout = lay_out(len(uses), lines)
    width, height = layout.width * WIDTH + 2 * EDGE, layout.depth * (HEIGHT + GAP) - GAP + 2 * EDGE
    picture = tag(
        "svg",
        tag("title", "The model as a graph", id="graph-title"),
        tag("desc", f"{count(len(layers), 'layer')} from top to bottom; the table tells the same.", id="graph-text"),
        [tag("path", d=_curve(way), class_="edge") for way in layout.ways],
        [_box(layer, use, place) for (layer, use), place in zip(uses, layout.places, strict=True)],
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        viewBox=f"0 0 {width:.1f} {height:.1f}",
        role="img",
        aria_labelledby="graph-title",
        aria_describedby="graph-text",
    )
    scrolled = tag("div", picture, class_="scroll graph", tabindex="0", role="group", aria_label="The model as a graph")
    if layout.depth <= MANY:
        return scrolled
    return tag("details", tag("summary", f"The graph of {count(len(layers), 'layer')}"), scrolled)


def _top(layer: int) -> float:
    return EDGE + layer * (HEIGHT + GAP)


def _middle(across: float) -> float:
    return EDGE + across * WIDTH + WIDTH / 2


def _curve(way: Way) -> str:
    """From the lower edge of the first box to the upper edge of the last, straight past the layers in between."""
    (across, layer), *rest = way
    y = _top(layer) + HEIGHT
    path = f"M{_middle(across):.1f} {y:.1f}"
    for index, (across, layer) in enumerate(rest):
        x, top = _middle(across), _top(layer)
        path += f"C{_middle(way[index][0]):.1f} {y + GAP / 2:.1f} {x:.1f} {top - GAP / 2:.1f} {x:.1f} {top:.1f}"
        y = top
        if index < len(rest) - 1:
            y = top + HEIGHT
            path += f"V{y:.1f}"
    return path


def _box(layer: Layer, use: int, place: tuple[float, int]) -> Markup:
    left, top = EDGE + place[0] * WIDTH, _top(place[1])
    again = f" (use {use + 1})" if len(layer.reads) > 1 else ""
    look = (
        "input"
        if layer.kind == "InputLayer"
        else "model"
        if layer.inside
        else "weighted"
        if layer.num_parameters
        else ""
    )
    inside = f" of {count(len(layer.inside), 'layer')}" if layer.inside else ""
    x = f"{left + WIDTH / 2:.1f}"
    return tag(
        "g",
        tag("title", f"{layer.name}{again}: {layer.kind}, {layer.output}, {count(layer.num_parameters, 'parameter')}"),
        tag("rect", x=f"{left:.1f}", y=f"{top:.1f}", width=WIDTH, height=HEIGHT, rx="7"),
        tag("text", _short(f"{layer.kind}{inside}{again}"), x=x, y=f"{top + 19:.1f}", class_="kind"),
        tag("text", _short(f"{layer.name}  {layer.output}"), x=x, y=f"{top + 35:.1f}"),
        class_=f"box {look}".rstrip(),
    )


def _short(text: str) -> str:
    return text if len(text) <= MAX_LETTERS else text[: MAX_LETTERS - 1] + "…"

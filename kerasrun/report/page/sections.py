"""The sections of a run's page, in the order in which a person reads them. One that has nothing to show is None."""

from collections.abc import Iterator, Sequence

from kerasrun.report.numbers import size
from kerasrun.report.page.answers import answer_figures
from kerasrun.report.page.chart_figure import chart_figure
from kerasrun.report.page.curves import curve_charts
from kerasrun.report.page.facts import Layer, RunFacts, Setting
from kerasrun.report.page.graph import graph_figure
from kerasrun.report.page.headline import figure_table
from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.images import filter_figures, image_groups
from kerasrun.report.page.tables import pairs, table
from kerasrun.report.page.words import count, sentence

# A run of more files shows them folded.
MANY_FILES = 12


def sections(facts: RunFacts) -> Iterator[tuple[str, str, list[Markup]]]:
    """Each section's id, heading and content."""
    parts = (
        ("reading", "What the curves tell", _reading),
        ("curves", "Curves", _curves),
        ("results", "Results", _results),
        ("pictures", "Samples", _pictures),
        ("filters", "First layer", _filters),
        ("model", "Model", _model),
        ("config", "What was asked", _config),
        ("warnings", "Warnings", _warnings),
        ("data", "Data and environment", _data),
        ("repeat", "How to repeat it", _commands),
        ("files", "Files", _files),
    )
    for name, heading, make in parts:
        content = [part for part in make(facts) if part is not None]
        if content:
            yield name, heading, content


def _reading(facts: RunFacts) -> Iterator[Markup | None]:
    found = [
        tag(
            "li",
            tag("h3", finding.title),
            tag("p", f"{sentence(finding.sentence)}."),
            tag("p", tag("b", "To try: "), f"{finding.advice}.", class_="advice") if finding.advice else None,
        )
        for finding in facts.reading.findings
    ]
    if found:
        yield tag("ul", found, class_="findings")


def _curves(facts: RunFacts) -> Iterator[Markup | None]:
    charts = curve_charts(facts.history, facts.validation_name, facts.marks)
    if charts:
        yield tag("div", [chart_figure(chart) for chart in charts], class_="charts")


def _results(facts: RunFacts) -> Iterator[Markup | None]:
    yield figure_table(facts)
    results = facts.results
    figures = answer_figures(results, facts.validation_name) if results else []
    if results and figures:
        kept = len(results.rows)
        some = "" if kept == results.num_rows else f", {kept:,} of them, evenly spread"
        yield tag("p", f"From the {count(results.num_rows, f'{results.part} row')}{some}.", class_="note")
        yield tag("div", figures, class_="charts")


def _pictures(facts: RunFacts) -> Iterator[Markup | None]:
    if facts.results:
        yield from image_groups(facts.results)


def _filters(facts: RunFacts) -> Iterator[Markup | None]:
    found = facts.results.filters if facts.results else None
    if found:
        number = count(found.num_filters, "filter")
        some = f"the first {len(found.after)} of " if len(found.after) < found.num_filters else ""
        signs = (
            "" if found.after.ndim == 4 else "; orange weights are positive, blue ones negative, pale ones near zero"
        )
        yield tag("p", f"What the layer {found.layer} looks for: {some}{number}{signs}.", class_="note")
        yield tag("div", filter_figures(found), class_="filters")


def _model(facts: RunFacts) -> Iterator[Markup | None]:
    if facts.layers:
        yield graph_figure(facts.layers)
        columns = ["layer", "class", "output shape", "parameters", "arguments", "reads"]
        rows = list(_layer_rows(facts.layers))
        whole = table(f"The layers; {count(facts.num_parameters or 0, 'parameter')} in all", columns, rows, "layers")
        yield whole if len(rows) <= 30 else tag("details", tag("summary", f"All {count(len(rows), 'layer')}"), whole)


def _layer_rows(layers: Sequence[Layer], depth: int = 0) -> Iterator[list[str | Markup]]:
    for layer in layers:
        name = "\N{EN SPACE}" * 2 * depth + layer.name
        reads = "; ".join(", ".join(_use(*use) for use in uses) for uses in layer.reads)
        number = f"{layer.num_parameters:,}" + ("" if layer.trainable or not layer.num_parameters else " (frozen)")
        yield [name, layer.kind, layer.output, number, tag("code", layer.arguments), reads]
        yield from _layer_rows(layer.inside, depth + 1)


def _use(name: str, use: int) -> str:
    return name if use == 0 else f"{name} (use {use + 1})"


def _config(facts: RunFacts) -> Iterator[Markup | None]:
    if not facts.settings:
        return
    yield tag("p", "What differs from the defaults, or has none:", class_="note")
    yield tag("pre", tag("code", facts.own_settings), tabindex="0", aria_label="settings that differ from the defaults")
    lines = [_setting(setting) for setting in facts.settings]
    code = tag("pre", tag("code", lines), class_="whole", tabindex="0", aria_label="the whole config")
    note = tag("p", "Lines with ", tag("b", "●"), " differ from the defaults, or have none.", class_="note")
    yield tag("details", tag("summary", f"The whole config, {count(len(lines), 'line')}"), note, code)


def _setting(setting: Setting) -> Markup:
    return tag("span", "● " if setting.is_own else "  ", f"{setting.text}\n", class_="own" if setting.is_own else None)


def _warnings(facts: RunFacts) -> Iterator[Markup | None]:
    if facts.warnings:
        yield tag("ul", [tag("li", line) for line in facts.warnings], class_="warnings")


def _data(facts: RunFacts) -> Iterator[Markup | None]:
    rows = [(part, count(number, "row")) for part, number in facts.rows.items()]
    source = [("source", facts.source)] if facts.source else []
    digest = (
        [("fingerprint", tag("code", facts.data_sha256[:16], title=facts.data_sha256))] if facts.data_sha256 else []
    )
    if rows:
        yield tag("div", tag("h3", "Data"), pairs([*source, *rows, *digest]))
    environment = [(str(name), str(value)) for name, value in facts.environment.items() if value not in ("", None)]
    program = [("program", f"{facts.program}: {facts.program_reason}")] if facts.program else []
    if environment:
        yield tag("div", tag("h3", "Environment"), pairs([*program, *environment]))


def _commands(facts: RunFacts) -> Iterator[Markup | None]:
    for what, command in facts.commands:
        yield tag("p", what, class_="note")
        yield tag("pre", tag("code", command), tabindex="0", aria_label=what)


def _files(facts: RunFacts) -> Iterator[Markup | None]:
    if facts.files:
        total = sum(size_bytes for _, size_bytes in facts.files)
        rows = [[tag("code", name), size(size_bytes)] for name, size_bytes in facts.files]
        caption = f"{count(len(rows), 'file')} beside this page and the manifest, {size(total)}"
        whole = table(caption, ["file", "size"], rows)
        yield whole if len(rows) <= MANY_FILES else tag("details", tag("summary", caption), whole)

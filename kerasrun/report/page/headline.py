"""The head of the page: which run it is, how it stands, and its best figures."""

from collections.abc import Iterator, Mapping

from kerasrun.report.history import NO_FIGURES
from kerasrun.report.numbers import duration
from kerasrun.report.page.facts import RunFacts
from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.tables import table
from kerasrun.report.page.words import count, figure, moment, place, sentence

# A sign beside each state's word.
SIGNS = {"finished": "✓", "running": "…", "interrupted": "‖", "failed": "✕", "broken off": "✕", "damaged": "✕"}
MAX_FIGURES = 6


def headline(facts: RunFacts) -> Markup:
    """Name, state, when and how long; the best epoch's figures; what went otherwise than it should."""
    return tag(
        "header",
        tag("p", "kerasrun", class_="brand"),
        tag("h1", facts.experiment, tag("span", f"/{facts.run}", class_="run")),
        tag("p", state(facts), " ", tag("span", " · ".join(_circumstances(facts))), class_="circumstances"),
        tag("p", sentence(facts.why), class_="why") if facts.why else None,
        _best(facts),
        _test(facts),
        _notices(facts),
    )


def state(facts: RunFacts) -> Markup:
    """The run's state as a sign and a word."""
    sign = tag("span", SIGNS.get(facts.state, ""), aria_hidden="true")
    return tag("span", sign, f" {facts.state}", class_=f"state {facts.state.replace(' ', '-')}")


def _circumstances(facts: RunFacts) -> Iterator[str]:
    if facts.started:
        yield moment(facts.started)
    if facts.time_s is not None:
        yield f"took {duration(facts.time_s)}"
    if facts.num_parameters is not None:
        yield count(facts.num_parameters, "parameter")


def best_figures(facts: RunFacts) -> dict[str, float | None]:
    """The figures of the best epoch, those of the validation first where there are any."""
    best = {name: value for name, value in facts.figures.get("best", {}).items() if name not in NO_FIGURES}
    return dict(sorted(best.items(), key=lambda item: not item[0].startswith("val_")))


def _best(facts: RunFacts) -> Markup | None:
    figures = {_named(name, facts.validation_name): value for name, value in best_figures(facts).items()}
    return _tiles(_best_place(facts), figures) if figures else None


def _test(facts: RunFacts) -> Markup | None:
    """What the model came to on rows that no epoch was judged by: the figures to expect of it."""
    test = facts.figures.get("test", {}) if facts.validation_name != "test" else {}
    return _tiles("In the end, on test rows", {_named(f"val_{name}", "test"): test[name] for name in test})


def _tiles(title: str, figures: Mapping[str, float | None]) -> Markup | None:
    if not figures:
        return None
    shown = list(figures.items())[:MAX_FIGURES]
    tiles = [tag("div", tag("dt", name), tag("dd", figure(value))) for name, value in shown]
    return tag("section", tag("h2", title, class_="small"), tag("dl", tiles, class_="tiles"))


def _best_place(facts: RunFacts) -> str:
    best = facts.figures["best"]
    step, epoch = best.get("step"), best.get("epoch")
    found = f"step {place(step)}" if step is not None else f"epoch {place(epoch)}" if epoch is not None else ""
    so_far = "" if facts.state == "finished" else " so far"
    return f"Best{so_far}, at {found}" if found else f"Best{so_far}"


def _named(column: str, validation_name: str) -> str:
    """A column in words: `val_accuracy` is `validation accuracy`."""
    metric = column.removeprefix("val_")
    words = metric.replace("_", " ")
    return f"{validation_name} {words}" if metric != column else f"training {words}"


def _notices(facts: RunFacts) -> Markup | None:
    lines = [tag("li", line) for line in facts.missing]
    if facts.warnings:
        told = count(len(facts.warnings), "warning")
        lines.append(tag("li", tag("a", told, href="#warnings")))
    return tag("ul", lines, class_="notices") if lines else None


def figure_table(facts: RunFacts) -> Markup | None:
    """The model's figures in the end: a row a part of the data."""
    parts = {part: row for part, row in facts.figures.items() if part != "best"}
    names = list(dict.fromkeys(name for row in parts.values() for name in row))
    if not parts:
        return None
    rows = [[part, *(figure(row.get(name)) for name in names)] for part, row in parts.items()]
    return table("The model as it was in the end", ["part", *(name.replace("_", " ") for name in names)], rows)

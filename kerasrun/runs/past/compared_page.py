"""From several runs that lie on the disk to one page of them."""

from collections.abc import Sequence
from pathlib import Path

from kerasrun.report.page.compared import ComparedFacts, compared_page
from kerasrun.runs.past.compare_table import compared_tables
from kerasrun.runs.past.compared import ComparedRuns, compare_several
from kerasrun.runs.past.several import run_names
from kerasrun.runs.past.words import told


def page_of_several(references: Sequence[str], output: str | Path | None = None) -> str:
    """The page of several runs; arguments and errors are those of `compare_several`."""
    return compared_page(_facts(compare_several(references, output)))


def _facts(compared: ComparedRuns) -> ComparedFacts:
    what = [told(run.read_manifest()) for run in compared.runs]
    tables = {
        title: [(line.name, line.cells, [at for at, sign in enumerate(line.signs) if sign == "*"]) for line in lines]
        for title, lines in compared_tables(compared).items()
    }
    return ComparedFacts(
        compared.names,
        tuple(run_names(compared.runs)),
        tuple(zip(compared.states, what, strict=True)),
        {title: tables[title] for title in compared.figures},
        {title: tables[title] for title in compared.differences},
        compared.curves,
        compared.notes,
    )

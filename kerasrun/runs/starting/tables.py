"""The starter for a table."""

from collections.abc import Sequence
from pathlib import Path

from kerasrun.config.sources import MISSING_VALUES
from kerasrun.data.starting.columns import Column
from kerasrun.data.starting.tables import FoundTable
from kerasrun.data.starting.targets import Classes
from kerasrun.runs.starting.lines import item, named, remark, setting
from kerasrun.runs.starting.nets import dense_net, target_comment
from kerasrun.runs.starting.parting import part_rows, suggest_splits
from kerasrun.runs.starting.sections import Sections
from kerasrun.runs.starting.sizes import sizes_of

# So many columns are listed by name; of more the reader finds the kinds by itself.
MAX_LISTED = 100

# Columns with so many different whole numbers may be codes of categories.
CODES = range(3, 11)


def table_sections(path: Path, shown: str, found: FoundTable) -> Sections:
    """The sections for a table whose columns are learned from."""
    what = "the class" if isinstance(found.target, Classes) else "the number"
    title = f"A table: {what} in the column '{found.target_name}' of {path.name}, from its other columns."
    parting = part_rows(found.target, found.num_rows, not sizes_of(found.num_rows).epochs_unstopped)
    data = [
        "data:",
        "  source: csv",
        *setting("path", shown, "from this file's folder"),
        *setting("target", found.target_name),
        *setting(
            "target_type", "classes" if isinstance(found.target, Classes) else "numbers", target_comment(found.target)
        ),
        *_inputs(found),
        *_ignored(found),
        *_missing(found),
        *suggest_splits(found.columns),
        *parting.lines,
    ]
    net = dense_net(found.target, found.num_rows, found.target_name, parting.has_parts)
    return Sections(title, _summary(found), data, net)


def _summary(found: FoundTable) -> str:
    counts = {kind: len(found.of_kind(kind)) for kind in ("numeric", "categorical", "ignored")}
    words = {"numeric": "of numbers", "categorical": "of categories", "ignored": "left out"}
    columns = [f"{count:,} {words[kind]}" for kind, count in counts.items() if count]
    rows = f"{found.num_rows:,} row{'s' * (found.num_rows != 1)}"
    return f"{rows}; beside the target {_count(len(found.columns))}: {', '.join(columns)}"


def _count(columns: int) -> str:
    return f"{columns:,} column{'s' * (columns != 1)}"


def _inputs(found: FoundTable) -> list[str]:
    lines: list[str] = []
    numeric, categorical = found.of_kind("numeric"), found.of_kind("categorical")
    if len(numeric) > MAX_LISTED:
        lines += remark(f"numeric: {len(numeric):,} columns, found by their cells", 2)
    elif numeric:
        lines += setting("numeric", [column.name for column in numeric], "brought to mean 0 and variance 1")
    codes = [column.name for column in numeric if column.num_whole in CODES]
    if codes:
        lines += remark(f"few whole numbers each; move to categorical what are codes: {named(codes)}", 2)
    if categorical:
        lines += setting(
            "categorical", [column.name for column in categorical], "each word becomes an input of its own"
        )
    return lines


def ignored_remarks(columns: Sequence[Column]) -> list[str]:
    """Columns that are left out, with the reasons."""
    return [line for column in columns for line in remark(f"left out: {column.name}: {column.why}", 2)]


def _ignored(found: FoundTable) -> list[str]:
    ignored = found.of_kind("ignored")
    if not ignored:
        return []
    return ["  ignore:", *(line for column in ignored for line in item(column.name, column.why, 4))]


def _missing(found: FoundTable) -> list[str]:
    lines = []
    gaps = {
        column.name: column.num_missing for column in found.columns if column.num_missing and column.kind != "ignored"
    }
    if found.gaps:
        words = named((f"'{word}'" for word in found.gaps), 20)
        lines += setting("missing_values", [*MISSING_VALUES, *found.gaps], f"{words}: words among numbers")
    if gaps:
        told = named(f"{name} in {count:,} row{'s' * (count != 1)}" for name, count in gaps.items())
        fill = "the training rows' median stands in for numbers, a category of its own for words"
        comment = f"no value: {told}; {fill}"
        lines += setting("missing", "median", comment)
    if found.encoding != "utf-8":
        lines += setting("encoding", found.encoding, "the file is no UTF-8")
    return lines

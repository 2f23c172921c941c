"""A look at data as plain lines of text, at 80 columns."""

from typing import Any

from kerasrun.data.summary import Numbers, Summary, Words
from kerasrun.report.numbers import number
from kerasrun.runs.class_counts import aligned, class_lines, cut
from kerasrun.runs.looking.look import Look

# So many columns are told one by one; a name takes so much room at most.
MAX_COLUMNS, LONGEST_NAME = 40, 30


def look_lines(look: Look) -> list[str]:
    """What the data of a config is."""
    lines: list[str] = []
    for part, (count, shapes) in look.parts.items():
        lines.append(f"{'data' if not lines else '':10}{part:12}{count:>9,} rows   {shapes}")
    lines += [line for counted in look.classes for line in class_lines(counted)]
    lines += _table("inputs", look.inputs)
    lines += _table("targets", look.targets)
    if look.num_repeated:
        whole = f"{len(look.data.train):,} training rows"
        are, them = ("is", "it") if look.num_repeated == 1 else ("are", "them")
        lines.append(f"{'repeated':10}{look.num_repeated:,} of {whole} {are} the same as one before {them}")
    lines += [f"{'note':10}{note}" for note in look.notes]
    return lines


def _table(title: str, summaries: list[Summary]) -> list[str]:
    """A line a column: numbers with their ranges, then words with how many there are."""
    told = summaries[:MAX_COLUMNS]
    numbers = [item for item in told if isinstance(item, Numbers)]
    words = [item for item in told if isinstance(item, Words)]
    lines = []
    if numbers:
        rows = [["", "least", "mean", "most", "deviation", ""], *(_of_numbers(item) for item in numbers)]
        lines += aligned(rows)
    lines += aligned([_of_words(item) for item in words], left=4) if words else []
    if len(told) < len(summaries):
        lines.append(f"and {len(summaries) - len(told):,} columns more")
    return [f"{title if index == 0 else '':10}{line}".rstrip() for index, line in enumerate(lines)]


def _of_numbers(item: Numbers) -> list[str]:
    ranges = (item.least, item.mean, item.most, item.deviation)
    return [cut(item.name, LONGEST_NAME), *map(number, ranges), _remark(item)]


def _of_words(item: Words) -> list[str]:
    word, count = item.common
    shown = cut(" ".join(word.split()) or "(nothing)", 24)
    distinct = f"{item.num_distinct:,} different"
    return [cut(item.name, LONGEST_NAME), distinct, f"most often {shown} ({count:,})", _remark(item)]


def _remark(item: Summary) -> str:
    return "constant" if item.is_constant else ""


def look_to_dict(look: Look) -> dict[str, Any]:
    """The same for machines."""
    return {
        "source": look.config.data.source,  # type: ignore[attr-defined]
        "parts": {part: {"rows": count, "shapes": shapes} for part, (count, shapes) in look.parts.items()},
        "classes": {
            part: dict(zip(counted.names, counts, strict=True))
            for counted in look.classes
            for part, counts in counted.counts.items()
        },
        "inputs": [_summary(item) for item in look.inputs],
        "targets": [_summary(item) for item in look.targets],
        "repeated": look.num_repeated,
        "notes": look.notes,
        "warnings": look.config.located_warnings,
    }


def _summary(item: Summary) -> dict[str, Any]:
    about: dict[str, Any] = {"name": item.name, "constant": item.is_constant}
    if isinstance(item, Numbers):
        return about | {
            "least": item.least,
            "mean": item.mean,
            "most": item.most,
            "deviation": item.deviation,
        }
    return about | {"distinct": item.num_distinct, "most_common": list(item.common), "longest": item.longest}

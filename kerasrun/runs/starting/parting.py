"""Which rows of a starter's data train, validate and test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasrun.config.sources import SplitSection
from kerasrun.data.splits import split_rows
from kerasrun.data.starting.columns import Column
from kerasrun.data.starting.targets import MIN_ROWS, Classes, Target
from kerasrun.runs.starting.lines import named, remark, setting, value

# How many seeds are tried for a random split that leaves each class a training row.
SEEDS = 100

FRACTIONS = {"test": 0.2, "validation": 0.2}


@dataclass(frozen=True)
class Parting:
    """The settings that part rows, and whether there are validation rows."""

    lines: list[str]
    has_parts: bool = True


def part_rows(target: Target, num_rows: int, to_stop_by: bool = True) -> Parting:
    """A fifth to test on and a fifth of the others to stop by, each class with its share, as far as rows suffice.

    Args:
        to_stop_by: whether rows are kept to stop by.
    """
    if num_rows < MIN_ROWS:
        return Parting(remark(f"fewer than {MIN_ROWS} rows: none is kept apart; with more, write test: 0.2", 2), False)
    fractions = setting("test", 0.2, "a fifth of the rows, to measure on in the end")
    if to_stop_by:
        fractions += setting("validation", 0.2, "a fifth of the others, to stop by")
    else:
        comment = "few rows: all others train, none is kept to stop by; dropout and weight_decay restrain the net"
        fractions += remark(comment, 2)
    sections = FRACTIONS if to_stop_by else {"test": FRACTIONS["test"]}
    if not isinstance(target, Classes):
        return Parting(fractions, to_stop_by)
    if _trains_all(target.labels, sections | {"split": "stratified"}):
        chosen = setting("split", "stratified", "each class has its share of each part")
        return Parting(fractions + chosen, to_stop_by)
    seeds = (seed for seed in range(SEEDS) if _trains_all(target.labels, sections | {"seed": seed}))
    seed = next(seeds, None)
    rare = named(f"{name} {count}" for name, count in target.counts.items() if count < MIN_ROWS)
    if seed is None:
        return Parting(remark(f"too few rows of some classes to keep any apart: {rare}", 2), False)
    comment = f"chosen so that each class has a training row; few rows have: {rare}"
    return Parting(fractions + setting("seed", seed, comment), to_stop_by)


def suggest_splits(columns: Sequence[Column]) -> list[str]:
    """Comments on columns by which rows may have to be parted: only the user knows."""
    lines = []
    for column in columns:
        if column.parts == "grouped":
            rule = value({"grouped": column.name})
            lines += remark(f"should all rows of one {column.name} lie in one part: split: {rule}", 2)
        if column.parts == "time":
            rule = value({"time": column.name})
            lines += remark(f"should later rows be predicted from earlier ones: split: {rule}", 2)
    return lines


def _trains_all(labels: np.ndarray, settings: Mapping[str, Any]) -> bool:
    """Whether each class has a training row."""
    section = SplitSection.model_validate(settings)
    return set(labels[split_rows(len(labels), section, labels).train]) == set(labels)

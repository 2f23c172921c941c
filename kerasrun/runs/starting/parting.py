"""Which rows of a starter's data train, validate and test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kerasrun.config.sources import SplitSection
from kerasrun.data.splits import split_rows
from kerasrun.data.starting.columns import Column
from kerasrun.data.starting.targets import Classes, Target
from kerasrun.runs.starting.lines import named, remark, setting, value
from kerasrun.runs.starting.sizes import MIN_ROWS

# How many seeds are tried for a random split that leaves each class a training row.
SEEDS = 100

FRACTIONS = {"test": 0.2, "validation": 0.2}


@dataclass(frozen=True)
class Parting:
    """The settings that part rows, and whether there are validation rows."""

    lines: list[str]
    has_parts: bool = True


def part_rows(target: Target, num_rows: int) -> Parting:
    """A fifth to test on and a fifth of the others to stop by, each class with its share, as far as rows suffice."""
    if num_rows < MIN_ROWS:
        return Parting(remark(f"fewer than {MIN_ROWS} rows: none is kept apart; with more, write test: 0.2", 2), False)
    fractions = [
        *setting("test", 0.2, "a fifth of the rows, to measure on in the end"),
        *setting("validation", 0.2, "a fifth of the others, to stop by"),
    ]
    if not isinstance(target, Classes):
        return Parting(fractions)
    if _trains_all(target.labels, "stratified", 0):
        return Parting(fractions + setting("split", "stratified", "each class has its share of each part"))
    seed = next((seed for seed in range(SEEDS) if _trains_all(target.labels, "random", seed)), None)
    rare = named(f"{name} {count}" for name, count in target.counts.items() if count < MIN_ROWS)
    if seed is None:
        return Parting(remark(f"too few rows of some classes to keep any apart: {rare}", 2), False)
    comment = f"chosen so that each class has a training row; few rows have: {rare}"
    return Parting(fractions + setting("seed", seed, comment))


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


def _trains_all(labels: np.ndarray, split: str, seed: int) -> bool:
    """Whether each class has a training row."""
    section = SplitSection.model_validate(FRACTIONS | {"split": split, "seed": seed})
    return set(labels[split_rows(len(labels), section, labels).train]) == set(labels)

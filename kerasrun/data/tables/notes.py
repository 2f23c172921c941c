"""What the user should know of a table."""

import numpy as np

from kerasrun.data.tables.columns import Columns
from kerasrun.data.tables.layout import NO_VALUE, Layout

# Whole numbers above this are not all numbers of float32.
MAX_WHOLE = 2**24


def notes_of_rows(part: str, columns: Columns, layout: Layout) -> list[str]:
    """Gaps that are filled, and words that no training row has; before the gaps are filled.

    Args:
        part: what the rows are called.
    """
    notes = []
    gaps = {name: int(np.isnan(columns.numbers(name)).sum()) for name in layout.fills}
    filled = [f"'{name}' {count:,} times by {layout.fills[name]:.6g}" for name, count in gaps.items() if count]
    if filled:
        notes.append(f"{part}: values that are missing are filled in: {', '.join(filled)}")
    for name, column in layout.categories.items():
        words, known = columns.counts(name), set(layout.words[name])
        unknown = {word: count for word, count in words.items() if word not in known}
        if NO_VALUE in words and NO_VALUE in known:
            notes.append(f"{part}: '{column}' has no value in {_rows(words[NO_VALUE])}, a category of their own")
        if unknown:
            most = max(unknown, key=unknown.__getitem__)
            notes.append(
                f"{part}: '{column}' has in {_rows(sum(unknown.values()))} a word that no training row has, such as "
                f"'{most}'; it is read as unknown"
            )
    return notes


def notes_of_columns(train: Columns, layout: Layout, encode: str) -> list[str]:
    """Columns that tell nothing, numbers too long for single precision, and inputs that go by other names."""
    ranges = {name: _range(train.numbers(name), layout.fills.get(name)) for name in layout.numeric}
    rounded = [name for name, (least, most) in ranges.items() if max(-least, most) > MAX_WHOLE]
    notes = [f"numbers above {MAX_WHOLE:,} are kept to 7 digits: {', '.join(rounded)}"] if rounded else []
    constant = [name for name, (least, most) in ranges.items() if least == most]
    constant += [layout.categories[name] for name, words in layout.words.items() if len(words) == 1]
    if constant:
        notes.append(f"the same in all training rows, so nothing can be learned from it: {', '.join(constant)}")
    if encode == "integer":
        notes += [
            f"the column '{column}' is the input '{name}'"
            for name, column in layout.categories.items()
            if name != column
        ]
    return notes


def _range(column: np.ndarray, fill: float | None) -> tuple[float, float]:
    """The least and the largest number of a column, with what fills its gaps."""
    least, most = float(np.nanmin(column)), float(np.nanmax(column))
    if fill is not None and np.isnan(column).any():
        single = float(np.float32(fill))
        least, most = min(least, single), max(most, single)
    return least, most


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"

"""What the user should know of a table."""

from collections import Counter

import numpy as np

from kerasrun.data.rows import Arrays
from kerasrun.data.tables.layout import NO_VALUE, Layout, numbers_of

# Whole numbers above this are not all numbers of float32.
MAX_WHOLE = 2**24


def notes_of_rows(part: str, x: Arrays, layout: Layout) -> list[str]:
    """Gaps that are filled, and words that no training row has; before the gaps are filled.

    Args:
        part: what the rows are called.
    """
    notes, numbers = [], numbers_of(x)
    gaps = np.isnan(numbers).sum(axis=0) if numbers is not None else []
    filled = [
        f"'{name}' {count:,} times by {layout.fills[name]:.6g}"
        for name, count in zip(layout.numeric, gaps, strict=False)
        if count
    ]
    if filled:
        notes.append(f"{part}: values that are missing are filled in: {', '.join(filled)}")
    for name, column in layout.categories.items():
        words = Counter(x[name])
        known = set(layout.words[name])
        unknown = {word: count for word, count in words.items() if word not in known}
        if words[NO_VALUE] and NO_VALUE in known:
            notes.append(f"{part}: '{column}' has no value in {_rows(words[NO_VALUE])}, a category of their own")
        if unknown:
            most = max(unknown, key=unknown.__getitem__)
            notes.append(
                f"{part}: '{column}' has in {_rows(sum(unknown.values()))} a word that no training row has, such as "
                f"'{most}'; it is read as unknown"
            )
    return notes


def notes_of_columns(train: Arrays, layout: Layout, encode: str) -> list[str]:
    """Columns that tell nothing, numbers too long for single precision, and inputs that go by other names."""
    notes, numbers = [], numbers_of(train)
    if numbers is not None:
        constant = [name for name, same in zip(layout.numeric, np.ptp(numbers, axis=0) == 0, strict=False) if same]
        rounded = [
            name for name, most in zip(layout.numeric, np.abs(numbers).max(axis=0), strict=False) if most > MAX_WHOLE
        ]
        if rounded:
            notes.append(f"numbers above {MAX_WHOLE:,} are kept to 7 digits: {', '.join(rounded)}")
    else:
        constant = []
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


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"

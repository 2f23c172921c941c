"""What in a table is to be learned from: its columns of numbers and categories, pictures that it lists, or texts."""

from pathlib import Path
from typing import Literal

from kerasrun.config.sources import TABLES
from kerasrun.data.files.folders import is_table
from kerasrun.data.starting.tables import MAX_TOLD, FoundTable
from kerasrun.data.starting.targets import Numbers
from kerasrun.errors import InputError

# Beside no more columns of use than these, a column of texts is taken for what is to be learned from.
MAX_BESIDE_TEXTS = 2

# The source that a starter's data comes from, where the user says it.
WantedSource = Literal["auto", "csv", "images", "text", "series"]


def choose_source(found: FoundTable, path: Path) -> Literal["csv", "images", "text"]:
    """Pictures where the table lists some that are there; texts where hardly anything else is of use; else columns.

    Raises:
        InputError: there is nothing to learn from.
    """
    is_listing = not listing_fault(path, found.encoding)
    if found.pictures is not None and (is_listing or not found.used):
        return "images"
    texts = found.texts
    is_text = texts is not None and texts.holds == "texts" and len(found.used) <= MAX_BESIDE_TEXTS
    if is_text and (is_listing or not found.used):
        return "text"
    if not found.used:
        told = "".join(f"\n{column.name}: {column.why}" for column in found.columns[:MAX_TOLD])
        hint = "\nif each row follows in time on the one before it, give --source series"
        raise InputError(
            f"{path}: beside the target there is no column to learn from{told}"
            f"{hint if isinstance(found.target, Numbers) else ''}"
        )
    return "csv"


def listing_fault(path: Path, encoding: str) -> str:
    """Why pictures and texts are not read from a table in this form; "" where they are."""
    if not is_table(path):
        return f"pictures and texts are listed in {', '.join(TABLES)} alone; save it as one"
    return (
        "" if encoding == "utf-8" else f"pictures and texts are read from UTF-8, and this is {encoding}; save it anew"
    )

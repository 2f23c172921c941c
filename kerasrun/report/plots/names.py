"""Names of columns in words and as files. Without matplotlib."""

import re
import unicodedata
from collections.abc import Iterable

# What pictures can be: endings of files.
FORMATS = ("png", "svg", "pdf")

NAMES = {
    "acc": "accuracy",
    "mse": "mean squared error",
    "rmse": "root mean squared error",
    "mae": "mean absolute error",
    "mape": "mean absolute percentage error",
    "msle": "mean squared logarithmic error",
    "auc": "AUC",
    "iou": "IoU",
    "lr": "learning rate",
}


def human_name(column: str) -> str:
    """A column's name in words: val_mse → mean squared error."""
    name = column.removeprefix("val_")
    return printable(NAMES.get(name.lower(), name.replace("_", " ")))


def safe_name(column: str, taken: Iterable[str]) -> str:
    """A file name, without its ending, for a column: unlike those taken on any file system."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "_", column).strip("._")[:80] or "metric"
    used = {other.lower() for other in taken}
    candidates = (name, *(f"{name}_{count}" for count in range(2, len(used) + 3)))
    return next(candidate for candidate in candidates if candidate.lower() not in used)


def printable(text: object) -> str:
    """The text with a space for each sign that cannot be drawn: line ends, control signs, lone surrogates."""
    return "".join(sign if sign.isprintable() else " " for sign in str(text))


def text_width(text: str) -> int:
    """The number of columns a text takes, where a Chinese, Japanese or Korean sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)

"""From the text of a history to its tables, with a word on everything that can be wrong with it."""

import hashlib
import json
import math
import re
from itertools import pairwise
from typing import Any

FORMAT = "kerasrun-history-1"
TABLE_NAMES = ("epochs", "steps", "evaluations")

# The names that Keras has given up, and that its older histories still carry.
OLD_NAMES = {"acc": "accuracy", "val_acc": "val_accuracy", "lr": "learning_rate"}

# The columns without which a table cannot be drawn, and those of them that count the rows.
NEEDED = {"epochs": ("epoch",), "steps": ("step", "loss"), "evaluations": ("step", "epoch")}
COUNTERS = ("epoch", "step")

EXPECTED = "Give the history.json of a run, or what Keras users save with json.dump(history.history, file)."

ALTERED = "is not as it was written: damaged, or altered. Take its line sha256 out to read it all the same."

# The line at the end of a history that bears the hash of the rest.
SEAL = re.compile(r',\n  "sha256": "([0-9a-f]{64})"\n}\n\Z')

Tables = dict[str, dict[str, list[float]]]


class FaultError(Exception):
    """What is wrong with the file, without the path."""


def parse_tables(text: str) -> Tables:
    """The tables of a history, from its JSON: kerasrun's own or a history of Keras.

    Raises:
        FaultError: the text is no history.
    """
    seal = SEAL.search(text)
    if seal:
        rest = text[: seal.start()] + "\n}\n"
        if _digest(rest) != seal[1]:
            raise FaultError(ALTERED)
        text = rest
    document = _parse_json(text)
    if not isinstance(document, dict):
        raise FaultError(f"holds {_kind(document)} where a mapping of lists was expected. {EXPECTED}")
    form = document.pop("format", None) if isinstance(document.get("format"), str) else None
    if form == FORMAT:
        return _own_tables(document)
    if form is not None:
        raise FaultError(_foreign(form))
    if not document:
        raise FaultError(f"the history has no column; was no epoch completed? {EXPECTED}")
    return {"epochs": _table(_renamed(document), "epochs", prefix="")}


def sealed(text: str) -> str:
    """The text of a history with its hash, as JSON still."""
    return f'{text.removesuffix(chr(10) + "}" + chr(10))},\n  "sha256": "{_digest(text)}"\n}}\n'


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FaultError(f"not valid JSON at {place}: {error.msg}. Was it cut off or edited by hand?") from None
    except RecursionError:
        raise FaultError(f"not a history: the JSON is nested too deeply. {EXPECTED}") from None
    except ValueError as error:  # a number of thousands of digits
        raise FaultError(f"not a history: {error}. {EXPECTED}") from None


def _foreign(form: str) -> str:
    if form.startswith("kerasrun-history-"):
        return f"has the format {form!r}; this kerasrun reads {FORMAT!r}. Use the kerasrun that wrote it."
    if form.startswith("kerasrun-"):
        return f"is a kerasrun file of the format {form!r}, not a history. Give the history.json of its run."
    return f"has the unknown format {form!r}. {EXPECTED}"


def _own_tables(document: dict[str, Any]) -> Tables:
    if "sha256" in document:
        raise FaultError(ALTERED)
    unknown = [repr(name) for name in document if name not in TABLE_NAMES]
    if unknown:
        raise FaultError(f"has unknown tables: {', '.join(unknown)}. A history has: {', '.join(TABLE_NAMES)}.")
    if not document:
        raise FaultError(f"has no table. A history has: {', '.join(TABLE_NAMES)}.")
    for name, table in document.items():
        if not isinstance(table, dict):
            raise FaultError(f"the table {name!r} is {_kind(table)}; it must be a mapping of lists of numbers.")
    return {name: _table(table, name, prefix=f"{name}: ") for name, table in document.items()}


def _renamed(document: dict[str, Any]) -> dict[str, Any]:
    new = {name: OLD_NAMES.get(name, name) for name in document}
    return {name if new[name] in document else new[name]: column for name, column in document.items()}


def _table(columns: dict[str, Any], name: str, prefix: str) -> dict[str, list[float]]:
    table = {column: _numbers(values, f"{prefix}{column}") for column, values in columns.items()}
    lengths = {column: len(values) for column, values in table.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{prefix}{column} has {length}" for column, length in lengths.items())
        raise FaultError(f"the lists differ in length: {told}. Each must have one number a row.")
    if name == "epochs" and table and "epoch" not in table:
        table = {"epoch": list(range(1, 1 + next(iter(lengths.values())))), **table}
    if table:
        _check_index(table, name, prefix)
    return table


def _check_index(table: dict[str, list[float]], name: str, prefix: str) -> None:
    lacking = [repr(column) for column in NEEDED[name] if column not in table]
    if lacking:
        raise FaultError(f"the table {name!r} lacks its column {' and '.join(lacking)}.")
    for index in (column for column in NEEDED[name] if column in COUNTERS):
        values = table[index]
        if not all(map(math.isfinite, values)) or any(later <= sooner for sooner, later in pairwise(values)):
            raise FaultError(f"the list {f'{prefix}{index}'!r} must count upwards from row to row.")
        if all(float(value).is_integer() for value in values) and (name, index) != ("evaluations", "epoch"):
            table[index] = [int(value) for value in values]


def _numbers(values: Any, label: str) -> list[float]:
    if not isinstance(values, list):
        raise FaultError(f"{label!r} is {_kind(values)}; it must be a list of numbers. {EXPECTED}")
    for row, value in enumerate(values):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise FaultError(f"{label!r} has {_kind(value)} at position {row + 1}; it must be a number or null.")
    return [_number(value) for value in values]


def _number(value: float | None) -> float:
    try:
        number = math.nan if value is None else float(value)
    except OverflowError:  # an int beyond the floats
        return math.nan
    return number if math.isfinite(number) else math.nan


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a mapping", list: "a list", str: "a text", int: "a number", float: "a number"}
    return names[type(value)]

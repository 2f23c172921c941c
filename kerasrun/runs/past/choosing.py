"""Which runs of a list are shown, and in which order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError
from kerasrun.report.direction import better
from kerasrun.runs.past.keys import OTHER_NAMES, check_key, value_of
from kerasrun.runs.past.listing import Listed, list_runs

FIRST = "kerasrun train @sine"

CONDITION = re.compile(r"\s*([^<>=!]+?)\s*(>=|<=|!=|==|=|>|<)\s*(.*?)\s*")

TIME = re.compile(r"\d{4}-\d\d-\d\dT")


@dataclass(frozen=True)
class Chosen:
    """Runs, what was asked of them by key, and what a person should know of those that are missing."""

    runs: list[Listed]
    keys: list[str]
    notes: list[str]


def choose_runs(
    output: str | Path | None = None,
    pattern: str = "",
    conditions: Sequence[str] = (),
    key: str | None = None,
    reverse: bool = False,
    limit: int | None = None,
) -> Chosen:
    """List the runs that are asked for, in the order that is asked for; else the newest first.

    Args:
        pattern: see `list_runs`.
        conditions: each `KEY=VALUE`, or with `!=`, `>`, `>=`, `<`, `<=`; a word on the right may be a pattern. A run
            that does not have the key does not meet it.
        key: to sort by: figures the best first, times of beginning the newest first, all else rising. Runs that do
            not have it come last.

    Raises:
        InputError: a condition is none, or compares words where numbers are needed; no run has a key.
    """
    runs = found = list_runs(output, pattern)
    parsed = [_parsed(condition) for condition in conditions]
    keys = list(dict.fromkeys([*([key] if key else []), *(name for name, _, _ in parsed)]))
    for name in keys if runs else ():
        check_key(name, runs)
    for condition in parsed:
        found = [run for run in found if _meets(run, *condition)]
    if key:
        found = _ordered(found, key)
    found = found[::-1] if reverse else found
    return Chosen(found[:limit], keys, list(_notes(runs, found, keys, pattern)))


def _notes(runs: list[Listed], found: list[Listed], keys: list[str], pattern: str) -> Iterator[str]:
    if not runs:
        yield f"no run's name is like '{pattern}'" if pattern else f"there are no runs yet; make one with: {FIRST}"
    elif not found:
        yield f"none of {len(runs):,} runs is so"
    silent = sum(run.settings_json == "{}" and run.state != "damaged" for run in runs)
    if silent and any("." in key for key in keys):
        yield (
            "1 older run does not tell its settings"
            if silent == 1
            else f"{silent:,} older runs do not tell their settings"
        )


def _ordered(runs: list[Listed], key: str) -> list[Listed]:
    values = [(value_of(run, key), run) for run in runs]
    known = [(value, run) for value, run in values if value is not None]
    is_figure = any(key in run.figures for run in runs)
    falls = OTHER_NAMES.get(key, key) == "started" or (is_figure and better(key) == "max")
    known.sort(key=lambda pair: _rank(pair[0]), reverse=falls)
    return [run for _, run in known] + [run for value, run in values if value is None]


def _rank(value: Any) -> tuple[bool, Any]:
    """Numbers before words."""
    return (True, str(value)) if isinstance(value, str) else (False, float(value))


def _parsed(condition: str) -> tuple[str, str, str]:
    match = CONDITION.fullmatch(condition)
    if match is None:
        raise InputError(f"--where {condition!r}: write a key, a sign and a value, such as val_accuracy>0.97")
    return match[1], match[2], match[3]


def _meets(run: Listed, key: str, sign: str, wanted: str) -> bool:
    value = value_of(run, key)
    if value is None:
        return False
    if sign in ("=", "==", "!="):
        return _equals(value, wanted) != (sign == "!=")
    if isinstance(value, str) and TIME.match(value):  # times sort as text
        return _compare(value, sign, wanted)
    number, is_word = _number(wanted), isinstance(value, str | bool)
    if number is None or is_word:
        told = f"'{value}' is met by = or !=" if is_word else f"'{wanted}' is none"
        raise InputError(f"--where '{key}{sign}{wanted}': {sign} compares numbers; {told}")
    return _compare(float(value), sign, number)


def _equals(value: Any, wanted: str) -> bool:
    if isinstance(value, str | bool):
        return fnmatchcase(str(value).lower(), wanted.lower())
    return float(value) == _number(wanted)


def _compare(a: Any, sign: str, b: Any) -> bool:
    return bool({">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b}[sign])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

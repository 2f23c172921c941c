"""What a list of runs can be sorted and filtered by: its columns, figures, and settings by their dotted paths."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from kerasrun.config.faults import closest
from kerasrun.errors import InputError
from kerasrun.runs.past.listing import Listed

COLUMNS: dict[str, Callable[[Listed], Any]] = {
    "name": lambda run: run.full_name,
    "experiment": lambda run: run.experiment,
    "state": lambda run: run.state,
    "started": lambda run: run.started or None,
    "time_s": lambda run: run.time_s,
    "why": lambda run: run.why,
    "model": lambda run: run.model or None,
    "optimizer": lambda run: run.optimizer or None,
    "num_parameters": lambda run: run.num_parameters,
}

DECODER = json.JSONDecoder()

# As the headings of a list call them.
OTHER_NAMES = {"run": "name", "when": "started", "time": "time_s", "parameters": "num_parameters"}


def value_of(run: Listed, key: str) -> Any:
    """The value of a key, None where the run does not have it.

    Args:
        key: a column, a figure (`val_accuracy`), or a setting: `training.batch_size`, or its end where that is
            unmistakable: `batch_size`.

    Raises:
        InputError: the end stands for several settings of the run.
    """
    key = OTHER_NAMES.get(key, key)
    if key in COLUMNS:
        return COLUMNS[key](run)
    if key in run.figures:
        return run.figures[key]
    is_alone, value = _standing_once(run.settings_json, key)
    if is_alone:
        return value
    settings = run.settings_by_path
    if key in settings:
        return settings[key]
    found = [setting for setting in settings if setting.endswith(f".{key}")]
    if len(found) > 1:
        raise InputError(
            f"'{key}' stands for {' and '.join(found)} of {run.full_name}; write out the one that is meant"
        )
    return settings[found[0]] if found else None


def _standing_once(written: str, key: str) -> tuple[bool, Any]:
    """Whether a name stands once at most among settings in JSON, and its value, None where there is none.

    Reading all settings of thousands of runs would take longer than all else.
    """
    if not (key.isascii() and key.isidentifier()):
        return False, None
    name = f'"{key}":'
    first = written.find(name)
    if first < 0:
        return True, None
    if written[first - 1] == "\\" or name in written[first + 1 :]:
        return False, None
    begin = first + len(name)
    value = DECODER.raw_decode(written, begin + (written[begin] == " "))[0]
    return not isinstance(value, dict | list), value


def check_key(key: str, runs: Sequence[Listed]) -> None:
    """Whether a key is one.

    Raises:
        InputError: no run has it.
    """
    if OTHER_NAMES.get(key, key) in COLUMNS or any(value_of(run, key) is not None for run in runs):
        return
    figures = {name for run in runs for name in run.figures}
    settings = {setting for run in runs for setting in run.settings_by_path}
    hint = closest(key, [*COLUMNS, *figures, *settings]) or closest(key, {name.rpartition(".")[2] for name in settings})
    raise InputError(f"no run here has '{key}'; {hint or 'kerasrun runs --json shows what they have'}")

"""The runs in an output folder, and how each stands."""

import json
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from kerasrun.runs.past.words import length
from kerasrun.runs.store.folder import RunFolder, check_output_folder
from kerasrun.runs.store.index import read_manifests
from kerasrun.runs.store.owner import state_of


@dataclass(frozen=True)
class Listed:
    """A run in a list.

    Args:
        state: `running`, `finished`, `interrupted`, `failed`; `broken off` where its process died without a word;
            `damaged` where its manifest cannot be read.
        started: in UTC, `2026-01-31T23:59:59.999Z`, or "".
        figures: those of its best epoch; up to its last checkpoint where it has not ended.
        time_s: how long it took; None where that is not known.
        why: why it ended before its time, or "".
        model: in words; "" of an older run, as are the next two.
        optimizer: its class.
        length: how far it came: `12/50 epochs`.
        num_parameters: None where the run is damaged.
        settings_json: all but the model's, nested as in its config; those of an older run are not known.
    """

    path: Path
    experiment: str
    name: str
    state: str
    started: str
    figures: dict[str, float]
    time_s: float | None
    why: str
    model: str
    optimizer: str
    length: str
    num_parameters: int | None
    settings_json: str

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings, but for the model's."""
        return dict(json.loads(self.settings_json))

    @cached_property
    def settings_by_path(self) -> dict[str, Any]:
        """The same by dotted paths; the place of an object has the name of its class."""
        found: dict[str, Any] = {}
        _flatten(self.settings, "", found)
        return found

    @property
    def full_name(self) -> str:
        """As commands take it: `experiment/run`."""
        return f"{self.experiment}/{self.name}"

    @property
    def what(self) -> str:
        """What it was, in a line."""
        return ", ".join(words for words in (self.model, self.optimizer, self.length) if words)


def listed_tree(run: Listed) -> dict[str, Any]:
    """A run of a list as values of JSON."""
    values = {field.name: getattr(run, field.name) for field in fields(run) if field.name != "settings_json"}
    return {**values, "path": str(run.path), "settings": run.settings}


def list_runs(output: str | Path | None = None, pattern: str = "") -> list[Listed]:
    """All runs under the output folder, the newest first.

    Args:
        pattern: what their names begin with, or a pattern of them: `digits`, `digits/*-wide`, `20261128-*`.

    Raises:
        InputError: the folder cannot be read, or is not there though it was named.
    """
    check_output_folder(output)
    named = ((run, run.path.parent.name, run.path.name, manifest) for run, manifest in read_manifests(output))
    runs = [
        _listed(run, experiment, name, manifest)
        for run, experiment, name, manifest in named
        if not pattern or _fits(pattern, name) or _fits(pattern, f"{experiment}/{name}")
    ]
    return sorted(runs, key=lambda run: (run.started, run.name), reverse=True)


def _fits(pattern: str, name: str) -> bool:
    return name.startswith(pattern) or fnmatchcase(name, pattern)


def _listed(run: RunFolder, experiment: str, name: str, manifest: dict[str, Any]) -> Listed:
    summary = manifest.get("summary", {})
    return Listed(
        run.path,
        experiment,
        name,
        state_of(run, manifest),
        manifest.get("started", ""),
        manifest.get("figures", {}),
        manifest.get("time_s"),
        manifest.get("stopped") or manifest.get("error") or "",
        summary.get("model", ""),
        summary.get("optimizer", ""),
        length(manifest),
        manifest.get("num_parameters"),
        summary.get("settings", "{}"),
    )


def _flatten(settings: dict[str, Any] | list[Any], start: str, found: dict[str, Any]) -> None:
    """Put every setting into `found` by its dotted path, which begins with `start`."""
    is_list = isinstance(settings, list)
    for key, value in enumerate(settings) if isinstance(settings, list) else settings.items():
        place = f"{start}[{key}]" if is_list else f"{start}.{key}" if start else str(key)
        if isinstance(value, dict):
            if len(value) == 1 and (name := next(iter(value)))[:1].isupper():
                found[place] = name
            _flatten(value, place, found)
        elif isinstance(value, list):
            if any(isinstance(item, dict) for item in value):
                _flatten(value, place, found)
            else:
                found[place] = ", ".join(map(str, value))
        else:
            found[place] = value

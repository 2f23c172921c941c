"""A run that can go on: what it was, and what may be otherwise now."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.config import Config, load_config
from kerasrun.errors import InputError
from kerasrun.runs.lines import place_words
from kerasrun.runs.outcome import environment_differences
from kerasrun.runs.store.checkpoints import read_newest, state_of
from kerasrun.runs.store.files import sha256
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.folder import RunFolder

# Settings that may change; the length may only grow.
FREE, LENGTHS = ("output.", "name"), ("training.epochs", "training.steps")


@dataclass(frozen=True)
class Resumable:
    """A run and the config to go on with.

    Args:
        is_finished: whether there is nothing left to do.
    """

    run: RunFolder
    config: Config
    manifest: dict[str, Any]
    is_finished: bool

    def take_up(self, prepared: Any) -> dict[str, Any] | None:
        """Give the loop the state of the newest sound checkpoint; returns what lies in it, None where there is none.

        Raises:
            InputError: the data is not what it was, or the model is not built as it was.
        """
        if self.run.sound_manifest() != self.manifest:
            raise InputError(f"{self.run.path}: another process has gone on with this run in the meantime")
        if prepared.data.fingerprint() != self.manifest["data"]["sha256"]:
            raise InputError(f"{self.run.path}: the data is not what this run began with, so it cannot go on")
        differences = environment_differences(self.manifest, {"environment": prepared.environment})
        prepared.notes.extend(_told(*difference) for difference in differences)
        known = self.manifest.get("checkpoints", [])
        saved, damaged = read_newest(self.run, known)
        self.manifest["checkpoints"] = [entry for entry in known if entry["file"] not in damaged]
        prepared.notes.extend(f"checkpoint {name} is damaged and is not used" for name in damaged)
        if saved is None:
            prepared.notes.append("this run has no checkpoint yet, so it begins anew")
            return None
        prepared.loop.resumed = self._fitting_state(saved, prepared, differences)
        if saved["growing"]:
            from kerasrun.model.callbacks import go_on_writing

            go_on_writing(prepared.callbacks)
        prepared.notes.append(f"goes on after {place_words(prepared.loop.resumed.place, prepared.config)}")
        return saved

    def _fitting_state(self, saved: dict[str, Any], prepared: Any, differences: list[tuple[str, Any, Any]]) -> Any:
        from kerasrun.training.state import fits

        state = state_of(saved)
        if not fits(prepared.model, state.variables, prepared.loop.random_states):
            reason = "".join(f"; {name} is {now} and was {then}" for name, then, now in differences)
            raise InputError(
                f"{self.run.path}: its checkpoint does not fit the model that is built from its config here{reason}"
            )
        return state


def find_resumable(
    reference: str,
    config: Config | None = None,
    overrides: tuple[str, ...] = (),
    imports: tuple[Path, ...] = (),
    output: str | Path | None = None,
) -> Resumable:
    """Find a run that is to go on.

    Args:
        reference: its folder, name, or `latest`.
        config: the config to go on with; None for the run's own.
        overrides: settings `a.b=value` that replace those of the run's own.

    Raises:
        InputError: there is no such run, its files are not as they were, or a setting is not what it was.
    """
    run = find_run(reference, output)
    manifest = run.sound_manifest()
    check_imports(run, manifest, imports)
    if not run.holds_own_config():
        fault = "is not as kerasrun wrote it" if run.config.exists() else "is missing"
        raise InputError(f"{run.config}: {fault}, so the run cannot go on")
    before = load_config(run.config, imports=imports)
    after = config or load_config(run.config, overrides, imports)
    _check_changes(run, before, after)
    is_longer = any(_value(after, key) != _value(before, key) for key in LENGTHS)
    return Resumable(run, after, manifest, manifest["status"] == "finished" and not is_longer)


def check_imports(run: RunFolder, manifest: dict[str, Any], imports: tuple[Path, ...]) -> None:
    """Own classes are never run because a run's folder says so: they are named anew, and must be the same.

    Raises:
        InputError: one is missing, or not the same.
    """
    given = {path.name: path for path in imports}
    for name, digest in manifest.get("imports", {}).items():
        if name not in given:
            raise InputError(
                f"{run.path}: this run has classes of its own; name them with --import {run.path / 'imports' / name}"
            )
        if sha256(given[name]) != digest:
            raise InputError(f"{given[name]}: is not the file that this run began with; see {run.path / 'imports'}")


def _check_changes(run: RunFolder, before: Config, after: Config) -> None:
    old, new = (dict(_flat(config.to_dict())) for config in (before, after))
    lines = [
        f"  {key}: {old.get(key, 'not set')} → {new.get(key, 'not set')}"
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key) and not _may_change(key, old.get(key), new.get(key))
    ]
    if lines:
        told = "\n".join(lines)
        raise InputError(
            f"{run.path}: a run goes on with the settings it began with, but these differ:\n{told}\n"
            "Only training.epochs or training.steps may grow, and output may change; train anew for other settings"
        )


def _may_change(key: str, old: Any, new: Any) -> bool:
    if key in LENGTHS:
        return old is not None and new is not None and new > old
    return key.startswith(FREE)


def _flat(tree: Any, path: str = "") -> Any:
    """A tree's leaves, each with its path: `training.optimizer.Adam.learning_rate`."""
    items: Any = ()
    if isinstance(tree, dict):
        items = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    if not items:
        yield path, tree
    for key, value in items:
        yield from _flat(value, f"{path}.{key}" if path else str(key))


def _value(config: Config, key: str) -> Any:
    return getattr(config.training, key.split(".")[1])


def _told(name: str, then: Any, now: Any) -> str:
    missing = "not there"
    return (
        f"{name} is {missing if now is None else now} and was {missing if then is None else then}: the bits may differ"
    )

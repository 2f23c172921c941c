"""What differs between configs or runs, two or several: settings, and of runs all that their results depend on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kerasrun.config import Config, load_config
from kerasrun.config.compare import Difference, config_differences, differences
from kerasrun.config.specs import ObjectSpec
from kerasrun.errors import InputError
from kerasrun.runs.outcome import TIMES
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.folder import RunFolder

# So many characters of a hash tell it from another.
HASH_LENGTH = 12


@dataclass(frozen=True)
class Side:
    """One of those compared: a config, or a run with its config.

    Args:
        label: its path or name, as messages call it.
        facts: what is known of a run beside its config, by group; empty for a config.
    """

    label: str
    config: Config
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """The sides and what differs, by group: `settings`, `seeds`; of runs also `data`, `environment`, `results`."""

    sides: tuple[Side, ...]
    groups: dict[str, list[Difference]]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not any(self.groups.values())


def compare(references: Sequence[str], output: str | Path | None = None, imports: tuple[Path, ...] = ()) -> Comparison:
    """Compare configs or runs.

    Args:
        references: each the path of a YAML file, the name of a shipped config (`@sine`), a run's folder, its name, or
            `latest`.
        imports: files of the user's own classes, which are read and not run; a run's own are found in its folder.

    Raises:
        InputError: there is no such config or run, or it is at fault.
    """
    return compare_sides([_open(reference, output, imports) for reference in references])


def compare_sides(sides: Sequence[Side]) -> Comparison:
    """Compare what is open already."""
    found = config_differences([_tree(side.config) for side in sides])
    groups = {
        "settings": [difference for difference in found if difference.path[-1:] != ("seed",)],
        "seeds": [difference for difference in found if difference.path[-1:] == ("seed",)],
    }
    for group in sides[0].facts if all(side.facts for side in sides) else ():
        groups[group] = list(differences([side.facts[group] for side in sides]))
    return Comparison(tuple(sides), groups)


def _tree(config: Config) -> dict[str, Any]:
    """The complete written form, where a loss goes by the name of its class: `mse` is no other loss."""
    loss = config.loss
    named = {name: _by_class(item) for name, item in loss.items()} if isinstance(loss, dict) else _by_class(loss)
    return replace(config, loss=named).to_dict()


def _by_class(loss: Any) -> Any:
    return replace(loss, name=loss.class_name) if isinstance(loss, ObjectSpec) and loss.class_name else loss


def _open(reference: str, output: str | Path | None, imports: tuple[Path, ...]) -> Side:
    try:
        path = Path(reference).expanduser()
        if reference.startswith("@") or path.is_file() or path.suffix in (".yaml", ".yml"):
            return Side(reference, load_config(reference, imports=imports))
        run = find_run(reference, output)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{reference[:80]!r}: is no path: {reason}") from None
    return open_run(run, imports)


def open_run(run: RunFolder, imports: tuple[Path, ...] = ()) -> Side:
    """A run with its config and what its results depend on.

    Raises:
        InputError: its manifest or its config is not as kerasrun wrote it.
    """
    manifest = run.sound_manifest()
    if run.config.is_file() and not run.holds_own_config():
        raise InputError(f"{run.config}: is not as kerasrun wrote it")
    own = tuple(run.path / "imports" / name for name in manifest.get("imports", {}))
    return Side(str(run.path), load_config(run.config, imports=imports or own), _facts(run, manifest))


def _facts(run: RunFolder, manifest: dict[str, Any]) -> dict[str, Any]:
    """What a run's results depend on beside its settings, and the results."""
    results = {f"{name} hash": digest[:HASH_LENGTH] for name, digest in manifest.get("results", {}).items()}
    figures = {
        f"{part}.{name}": value
        for part, row in read_figures(run.metrics).items()
        for name, value in row.items()
        if name not in TIMES
    }
    versions = {"kerasrun": manifest["kerasrun"], "program": manifest["program"], **manifest["environment"]}
    return {
        "data": {"sha256": manifest["data"]["sha256"][:HASH_LENGTH], "rows": manifest["data"]["rows"]},
        "environment": versions | {name: digest[:HASH_LENGTH] for name, digest in manifest.get("imports", {}).items()},
        "results": {
            "status": manifest["status"],
            "stopped": manifest.get("stopped") or manifest.get("error") or None,
            "num_parameters": manifest["num_parameters"],
            **figures,
            **results,
        },
    }


def read_figures(path: Path) -> dict[str, dict[str, Any]]:
    """The figures of a run; none of one that has not come to its end."""
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
        return {str(part): dict(row) for part, row in figures.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        raise InputError(f"{path}: is damaged; kerasrun verify tells of all files") from None

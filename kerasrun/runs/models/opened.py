"""Open a saved model together with what it was trained from: its config, its data, its preparation."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kerasrun.config import Config, load_config
from kerasrun.config.sources import SOURCES, DigitsSection, MnistSection
from kerasrun.data.steps import Steps
from kerasrun.data.streamed import AnyRows
from kerasrun.errors import ConfigError, InputError
from kerasrun.runs.store.files import sha256
from kerasrun.runs.store.finding import find_file
from kerasrun.runs.store.folder import RunFolder

# A record that speaks of rows of more numbers is none that a picture or a line of a table can be made into.
MAX_ROW_SIZE = 50_000_000


@dataclass(frozen=True)
class ModelFile:
    """A model file, before Keras has loaded it.

    Args:
        config: the config that the file carries, or None in a model from elsewhere.
        classes: the names of the classes, or None.
        steps: what is done to its inputs, in a file of an earlier version; later ones carry it as a Keras model.
        reading: what it takes to read rows for it from files, as kerasrun.data.Dataset has it.
        pixel_max: the value of white where its inputs are pictures, or None.
        row_shape: the shape of a row of its only input as it comes, before the preparation; None where not known.
        trust_model: load it whatever it holds, as long as it is whole.
    """

    path: Path
    config: Config | None
    classes: tuple[str, ...] | None
    steps: Steps = field(default_factory=Steps)
    reading: Mapping[str, Any] = field(default_factory=dict)
    pixel_max: float | None = None
    row_shape: tuple[int, ...] | None = None
    imports: tuple[Path, ...] = ()
    trust_model: bool = False

    def load(self, backend_name: str | None = None, verbose: bool = False) -> Any:
        """The Keras model, judged first; starts the backend: the one named, else that of the model's config.

        Raises:
            InputError: it holds what is not allowed, or Keras cannot load it.
        """
        from kerasrun.model import backend
        from kerasrun.model.judging.file import judge_model_file
        from kerasrun.model.saved import load_judged_model, registered_names

        if not self.imports:  # without classes of the user's own it is known before the backend loads
            judged = judge_model_file(self.path, registered_names(), trust_model=self.trust_model)
        threads, name = (self.config.threads, self.config.backend) if self.config else (None, "tensorflow")
        backend.start_backend(threads, verbose, backend_name or name)
        from kerasrun.model.objects import import_own_module  # imports Keras, so only now

        for path in self.imports:
            import_own_module(path)
        if self.imports:
            judged = judge_model_file(self.path, registered_names(), trust_model=self.trust_model)
        return load_judged_model(self.path, judged)

    def rows_at_once(self, model: Any, prepare: Any, rows: AnyRows, wanted: int, keep_outputs: bool = False) -> int:
        """How many rows the loaded model is given at once: so many as wanted, fewer where each asks for much memory.

        Args:
            prepare: what comes before it, as `preparation` gives it.
            keep_outputs: whether the outputs for all rows are kept.

        Raises:
            InputError: it asks for more memory than a model that is not trusted is given.
        """
        from kerasrun.model.judging.file import TRUST
        from kerasrun.model.judging.names import Refusal
        from kerasrun.model.judging.sizes import rows_at_once

        if self.trust_model:
            return wanted
        prepared = prepare.output_shape(rows.head().x)
        named = prepared if isinstance(prepared, dict) else {None: prepared}
        shapes, num_kept = {name: shape for name, (shape, _) in named.items()}, len(rows) if keep_outputs else 0
        try:
            return rows_at_once(model, shapes, min(wanted, len(rows)), num_kept)
        except Refusal as refusal:
            raise InputError(f"{self.path}: {refusal}; {TRUST}") from None

    def preparation(self, rows: AnyRows) -> Any:
        """What comes before the net, for rows as they came; the backend must have started.

        Raises:
            InputError: what the file carries for it is damaged, or not allowed.
        """
        from kerasrun.model.preparation import Preparation, build_preparation
        from kerasrun.model.saved import load_preparation

        model = load_preparation(self.path, trust_model=self.trust_model)
        return build_preparation(self.steps, rows.head().x) if model is None else Preparation(model)


def open_model(
    reference: str | Path,
    output: str | Path | None = None,
    imports: tuple[Path, ...] = (),
    trust_model: bool = False,
) -> ModelFile:
    """Find a model file and read what it carries, without loading TensorFlow.

    Args:
        reference: a `.keras` file, a run's folder, its name, or `latest`.
        trust_model: load it whatever it holds, as long as it is whole.

    Raises:
        InputError: there is no such file, it is no model, or its config is damaged.
    """
    from kerasrun.model.saved import read_record

    path = find_file(reference, "model.keras", output)
    _check_as_written(path)
    record = read_record(path)
    if record is None:
        return ModelFile(path, None, None, imports=imports, trust_model=trust_model)
    config = _own_config(path, record, imports)
    try:
        known = _recorded(record)
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: what it carries beside the model is damaged") from None
    return ModelFile(path, config, **(_of_source(config) | known), imports=imports, trust_model=trust_model)


def _recorded(record: dict[str, Any]) -> dict[str, Any]:
    """What a record says of classes and of the rows; older ones say how inputs are divided and flattened too.

    Raises:
        KeyError, TypeError, ValueError: it is none that kerasrun wrote.
    """
    classes, reading = record.get("classes"), dict(record["reading"] if "reading" in record else record["preparation"])
    divisor, flatten = reading.pop("divisor", None), reading.pop("flatten", False)
    pixel_max, row_shape = reading.pop("pixel_max", None), reading.pop("row_shape", None)
    sound = (
        classes is None or (isinstance(classes, list) and all(isinstance(name, str) for name in classes)),
        all(value is None or (isinstance(value, float) and 0 < value < math.inf) for value in (divisor, pixel_max)),
        isinstance(flatten, bool),
        row_shape is None
        or (all(isinstance(size, int) and size > 0 for size in row_shape) and math.prod(row_shape) <= MAX_ROW_SIZE),
    )
    if not all(sound):
        raise ValueError("not as it was written")
    steps = Steps(divisor=divisor, flatten=flatten)
    known = {"classes": tuple(classes) if classes else None, "steps": steps, "reading": reading}
    later = {"pixel_max": pixel_max, "row_shape": row_shape and tuple(row_shape)}
    return known | {name: value for name, value in later.items() if value is not None}


def _of_source(config: Config | None) -> dict[str, Any]:
    """What is known of the inputs by where they come from."""
    data = config.data if config else None
    if isinstance(data, MnistSection):
        return {"pixel_max": 255.0, "row_shape": (28, 28)}
    return {"pixel_max": 16.0, "row_shape": (8, 8)} if isinstance(data, DigitsSection) else {}


def _needs_path(source: Any) -> bool:
    section = SOURCES.get(source) if isinstance(source, str) else None
    return section is not None and "path" in section.model_fields and section.model_fields["path"].is_required()


def _check_as_written(path: Path) -> None:
    """Whether a model that lies in its run is the one that the run wrote."""
    digest = RunFolder(path.parent).read_manifest().get("files", {}).get(path.name)
    if digest is not None and sha256(path) != digest:
        raise InputError(f"{path}: is not as its run wrote it: damaged, or altered; kerasrun verify tells of all files")


def _own_config(path: Path, record: dict[str, Any], imports: tuple[Path, ...]) -> Config | None:
    """The config in the model file. Paths in it count only where the run's own folder lies around the model."""
    beside = RunFolder(path.parent)
    try:
        if beside.holds_own_config():
            return load_config(beside.config, imports=imports)
        tree = dict(record["config"])
        data = dict(tree["data"])
        if _needs_path(data.get("source")):
            return None
        data.pop("path", None)
        return load_config(tree | {"data": data}, imports=imports)
    except ConfigError as error:
        hint = "\nname the model's own classes with --import" if "unknown" in str(error) else ""
        raise InputError(f"{path}: the config that it carries is not read:\n{error}{hint}") from None
    except (KeyError, TypeError, ValueError, RecursionError):
        raise InputError(f"{path}: the config that it carries is damaged") from None

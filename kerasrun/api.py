"""What the commands do, from Python: for a notebook or a script."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kerasrun.config import load_config
from kerasrun.config.config import with_text_keys
from kerasrun.runs.evaluate import Evaluated, evaluate_model
from kerasrun.runs.events import Finished
from kerasrun.runs.plot import plot_history
from kerasrun.runs.predict import Predicted, predict_rows
from kerasrun.runs.train import train_run


def train(
    config: str | Path | dict[str, Any],
    *,
    overrides: dict[str, Any] | Sequence[str] = (),
    backend: str | None = None,
    name: str | None = None,
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    verbose: bool = False,
) -> Finished:
    """Train a config; the same as `kerasrun train`.

    Args:
        config: the path of a YAML file, the name of a shipped one (`@sine`), or the same as a dict.
        overrides: settings that replace those of the config: `{"training.epochs": 5}` or `["training.epochs=5"]`.
        backend: `tensorflow` or `jax`; by default the config's, else TensorFlow.
        name: the run's name; by default the time.
        output: the folder for runs; by default $KERASRUN_OUTPUT_DIR, else `outputs`.
        imports: Python files with your own Keras classes. They are run.

    Returns:
        The finished run: its folder, the trained keras.Model, its history and figures.

    Raises:
        kerasrun.errors.KerasrunError: see that module.
    """
    finished = None
    flags = _as_flags(overrides) + ((f"backend={backend}",) if backend else ())
    for event in train_run(load_config(config, flags, _paths(imports)), name, output, verbose):
        finished = event
    assert isinstance(finished, Finished)
    return finished


def evaluate(
    model: str | Path,
    *,
    data: str | Path | None = None,
    backend: str | None = None,
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
) -> Evaluated:
    """Loss and metrics of a saved model; the same as `kerasrun evaluate`."""
    return evaluate_model(model, data, output, _paths(imports), backend)


def predict(
    model: str | Path,
    *,
    data: str | Path | None = None,
    backend: str | None = None,
    output: str | Path | None = None,
    imports: Sequence[str | Path] = (),
) -> Predicted:
    """Predictions of a saved model; the same as `kerasrun predict`."""
    return predict_rows(model, data, output, _paths(imports), backend)


def plot(
    history: str | Path,
    *,
    folder: str | Path | None = None,
    formats: Sequence[str] = ("png",),
    output: str | Path | None = None,
) -> list[Path]:
    """Draw a history; the same as `kerasrun plot`. Returns the pictures written."""
    return plot_history(history, folder, tuple(formats), output)


def _paths(imports: Sequence[str | Path]) -> tuple[Path, ...]:
    return tuple(Path(path).expanduser() for path in imports)


def _as_flags(overrides: dict[str, Any] | Sequence[str]) -> tuple[str, ...]:
    if isinstance(overrides, str):
        return (overrides,)
    if not isinstance(overrides, dict):
        return tuple(overrides)
    return tuple(f"{key}={json.dumps(with_text_keys(value))}" for key, value in overrides.items())

"""Model files: a `.keras` file that also carries the config it was trained from."""

import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError

# A member of the zip that Keras does not know and leaves alone.
RECORD = "kerasrun.json"


def check_model_file(path: Path) -> None:
    """Whether a path is a `.keras` file, before Keras sees it.

    Raises:
        InputError: it is not.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if path.is_dir():
        raise InputError(f"{path}: is a folder without a model.keras in it")
    if path.suffix in (".h5", ".hdf5"):
        raise InputError(f"{path}: HDF5 models are not read; save it from Keras 3 as .keras")
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        raise InputError(f"{path}: not a .keras model file, or a damaged one") from None
    if "config.json" not in names or "model.weights.h5" not in names:
        raise InputError(f"{path}: a zip, and not a .keras model: it lacks config.json or model.weights.h5")


def read_record(path: Path) -> dict[str, Any] | None:
    """What kerasrun put into the model file (config, classes, preparation), or None in a model from elsewhere.

    Raises:
        InputError: the path is not a `.keras` file.
    """
    check_model_file(path)
    with zipfile.ZipFile(path) as archive:
        if RECORD not in archive.namelist():
            return None
        try:
            record = json.loads(archive.read(RECORD))
        except (ValueError, zipfile.BadZipFile):
            raise InputError(f"{path}: its {RECORD} is damaged") from None
    return record if isinstance(record, dict) else None


def load_keras_model(path: Path) -> Any:
    """The Keras model of a `.keras` file, compiled if it was.

    Raises:
        InputError: the file is not a model, or needs code that is not here.
    """
    import keras

    check_model_file(path)
    try:
        with warnings.catch_warnings():
            # A model that was compiled and never trained has an optimizer without state.
            warnings.filterwarnings("ignore", "Skipping variable loading for optimizer", UserWarning)
            return keras.saving.load_model(path, safe_mode=True)
    except Exception as error:
        reason = str(error).strip().splitlines()
        hint = "; name its own classes with --import" if "Could not locate class" in str(error) else ""
        raise InputError(
            f"{path}: Keras cannot load this model: {reason[0] if reason else type(error).__name__}{hint}"
        ) from error


def save_keras_model(model: Any, path: Path, record: dict[str, Any]) -> None:
    """Write a model and its record to a new file, which the caller then moves into place."""
    model.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(RECORD, json.dumps(record))


def save_inference_model(model: Any, path: Path, record: dict[str, Any]) -> None:
    """Write a model for predictions alone: no optimizer, no loss, no metrics in the file.

    Keras's own `include_optimizer=False` keeps the optimizer in a `.keras` file, so a copy that was never
    compiled is saved.
    """
    copy = type(model).from_config(model.get_config())
    copy.set_weights(model.get_weights())
    save_keras_model(copy, path, record)

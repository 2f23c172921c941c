"""Model files: a `.keras` file that also carries the config it was trained from."""

import json
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

from kerasrun.config.faults import similar_file
from kerasrun.data.files.arrays import ZIP_ERRORS, open_archive
from kerasrun.errors import InputError
from kerasrun.model.judging.file import CONFIG, PREPARATION, RECORD, TRUST, WEIGHTS, judge_model_file, read_json
from kerasrun.model.judging.names import Refusal


def check_model_file(path: Path) -> None:
    """Whether a path is a `.keras` file, before Keras sees it.

    Raises:
        InputError: it is not.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file{similar_file(path)}")
    if path.is_dir():
        raise InputError(f"{path}: is a folder without a model.keras in it")
    if not path.is_file():
        raise InputError(f"{path}: is a device or a pipe, and not a .keras model file")
    if path.suffix in (".h5", ".hdf5"):
        raise InputError(f"{path}: HDF5 models are not read; save it from Keras 3 as .keras")
    try:
        with open_archive(path) as archive:
            names = archive.namelist()
    except ZIP_ERRORS:
        raise InputError(f"{path}: not a .keras model file, or a damaged one") from None
    if CONFIG not in names or WEIGHTS not in names:
        raise InputError(f"{path}: a zip, and not a .keras model: it lacks config.json or model.weights.h5")


def read_record(path: Path) -> dict[str, Any] | None:
    """What kerasrun put into the model file (config, classes, preparation), or None in a model from elsewhere.

    Raises:
        InputError: the path is not a `.keras` file.
    """
    check_model_file(path)
    try:
        with open_archive(path) as archive:
            record = read_json(archive, RECORD) if RECORD in archive.namelist() else None
    except (Refusal, *ZIP_ERRORS):
        raise InputError(f"{path}: its {RECORD} is damaged") from None
    return record if isinstance(record, dict) else None


def registered_names() -> frozenset[str]:
    """The names of the user's own classes and functions that Keras knows by now; none before it is loaded."""
    keras = sys.modules.get("keras")
    return frozenset(keras.saving.get_custom_objects()) if keras else frozenset()


def load_keras_model(path: Path, hint: str = TRUST) -> Any:
    """The Keras model of a `.keras` file, compiled if it was. The file is judged before Keras opens it.

    Args:
        hint: what a message ends with where the file is not taken.

    Raises:
        InputError: the file is not a model, holds what is not allowed, or needs code that is not here.
    """
    check_model_file(path)
    return load_judged_model(path, judge_model_file(path, registered_names(), hint=hint), hint)


def load_judged_model(path: Path, num_weights: int | None, hint: str = TRUST) -> Any:
    """The Keras model of a file that has been judged.

    Args:
        num_weights: what `judge_model_file` gave: how many numbers the weights are, or None for a file that is trusted.

    Raises:
        InputError: it asks for far more weights than the file holds, or needs code that is not here.
    """
    import keras

    from kerasrun.model.judging.sizes import limited_variables

    try:
        with warnings.catch_warnings(), limited_variables(num_weights):
            # A model that was compiled and never trained has an optimizer without state.
            warnings.filterwarnings("ignore", "Skipping variable loading for optimizer", UserWarning)
            model = keras.saving.load_model(path, safe_mode=num_weights is not None)
    except Refusal as refusal:
        raise InputError(f"{path}: {refusal}; {hint}") from None
    except Exception as error:
        reason = str(error).strip().splitlines()
        own = "; name its own classes with --import" if "Could not locate class" in str(error) else ""
        told = "".join(sign for sign in reason[0][:500] if sign.isprintable()) if reason else type(error).__name__
        raise InputError(f"{path}: Keras cannot load this model: {told}{own}") from error
    if num_weights is not None and not model.built:
        raise InputError(f"{path}: this model was saved before it was built, so it has no weights")
    return model


def load_preparation(path: Path, *, trust_model: bool = False) -> Any:
    """The Keras model that a model file has for its inputs, judged like any other; None where it has none.

    Raises:
        InputError: it is damaged, or holds what is not allowed.
    """
    with tempfile.TemporaryDirectory(prefix="kerasrun-") as folder, open_archive(path) as archive:
        if PREPARATION not in archive.namelist():
            return None
        inner = Path(archive.extract(PREPARATION, folder))
        try:
            return load_judged_model(inner, judge_model_file(inner, registered_names(), trust_model=trust_model))
        except InputError as error:
            raise InputError(f"{path}: {str(error).replace(str(inner), PREPARATION)}") from None


def save_keras_model(model: Any, path: Path, record: dict[str, Any], preparation: Any = None) -> None:
    """Write a model, its record and what prepares its inputs to a new file, which the caller then moves into place.

    Args:
        preparation: a keras.Model, or None.
    """
    model.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(RECORD, json.dumps(record))
        if preparation is not None:
            with tempfile.TemporaryDirectory(prefix="kerasrun-") as folder:
                preparation.save(Path(folder) / PREPARATION)
                archive.write(Path(folder) / PREPARATION, PREPARATION)


def save_inference_model(model: Any, path: Path, record: dict[str, Any], preparation: Any = None) -> None:
    """Write a model for predictions alone: no optimizer, no loss, no metrics in the file.

    Keras's own `include_optimizer=False` keeps the optimizer in a `.keras` file, so a copy that was never
    compiled is saved.
    """
    copy = type(model).from_config(model.get_config())
    copy.set_weights(model.get_weights())
    save_keras_model(copy, path, record, preparation)

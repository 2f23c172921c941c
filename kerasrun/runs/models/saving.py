"""The model files of a run, in each form that its config asks for."""

from typing import Any

import numpy as np

import kerasrun
from kerasrun.data.streamed import in_memory
from kerasrun.runs.collecting import is_picture
from kerasrun.runs.prepared import Prepared
from kerasrun.runs.store.files import whole_file
from kerasrun.runs.store.folder import RunFolder


def save_models(prepared: Prepared, run: RunFolder) -> None:
    """Write the model in each form that the config asks for, together with what it was trained from."""
    from kerasrun.model.saved import save_inference_model, save_keras_model

    model, data, config, preparation = prepared.model, prepared.data, prepared.config, prepared.prepare.model
    x = in_memory(data.train)[1].x
    carried = {
        "kerasrun": kerasrun.__version__,
        "config": config.to_dict(),
        "classes": data.classes,
        "reading": {
            **data.reading,
            "pixel_max": data.pixel_max or white_of(x),
            "row_shape": list(x.shape[1:]) if isinstance(x, np.ndarray) else None,
        },
    }
    if "model" in config.output.save:
        with whole_file(run.model) as aside:
            save_keras_model(model, aside, carried, preparation)
    if "inference_model" in config.output.save:
        with whole_file(run.path / "inference_model.keras") as aside:
            save_inference_model(model, aside, carried, preparation)
    if "weights" in config.output.save:
        with whole_file(run.path / "model.weights.h5") as aside:
            model.save_weights(aside)


def white_of(x: Any) -> float | None:
    """The value of white in rows that are pictures, as far as their type and their values tell; else None."""
    if not isinstance(x, np.ndarray) or not is_picture(x, None):
        return None
    if x.dtype == np.uint8:
        return 255.0
    low, high = float(x.min()), float(x.max())
    return None if low < 0 or high > 255 else 1.0 if high <= 1 else 255.0

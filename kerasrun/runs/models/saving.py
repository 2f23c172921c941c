"""The model files of a run, in each form that its config asks for."""

import kerasrun
from kerasrun.runs.prepared import Prepared
from kerasrun.runs.store.files import whole_file
from kerasrun.runs.store.folder import RunFolder


def save_models(prepared: Prepared, run: RunFolder) -> None:
    """Write the model in each form that the config asks for, together with what it was trained from."""
    from kerasrun.model.saved import save_inference_model, save_keras_model

    model, data, config = prepared.model, prepared.data, prepared.config
    carried = {
        "kerasrun": kerasrun.__version__,
        "config": config.to_dict(),
        "classes": data.classes,
        "preparation": {"divisor": data.divisor, "flatten": data.flatten},
    }
    if "model" in config.output.save:
        with whole_file(run.model) as aside:
            save_keras_model(model, aside, carried)
    if "inference_model" in config.output.save:
        with whole_file(run.path / "inference_model.keras") as aside:
            save_inference_model(model, aside, carried)
    if "weights" in config.output.save:
        with whole_file(run.path / "model.weights.h5") as aside:
            model.save_weights(aside)

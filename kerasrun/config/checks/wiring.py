"""Whether every layer leads to an output, and what is said of outputs names one that there is."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.faults import Faults, closest
from kerasrun.config.specs import LayerSpec, ModelSpec


def check_all_used(model: ModelSpec, faults: Faults) -> None:
    """Refuse layers and inputs that lead to no output: Keras would drop them in silence."""
    if not model.layers:
        return
    numbers = {spec.name: number for number, spec in enumerate(model.layers) if spec.name}
    waiting: list[Any] = [name.partition(".")[0] for name in model.outputs] or [len(model.layers) - 1]
    used: set[Any] = set()
    while waiting:
        place = waiting.pop()
        place = numbers.get(place, place)
        if place not in used:
            used.add(place)
            waiting += _places_read(model, place) if isinstance(place, int) else []
    for number, spec in enumerate(model.layers):
        if number not in used:
            name = spec.layer.name if spec.layer else f"reuse: {spec.reuse}"
            message = f"layer {number + 1}, {name}, leads to no output, so it would have no effect"
            faults.add(spec.path, message, "name it in a layer's `from` or among the outputs")
    for name in {spec.name for spec in model.inputs} - used:
        if len(model.inputs) > 1:
            faults.add(("model", "inputs", name), f"no layer reads the input '{name}'", at_key=True)


def _places_read(model: ModelSpec, number: int) -> list[Any]:
    """What a layer reads: names, or the number of the layer before it."""
    spec: LayerSpec = model.layers[number]
    if spec.reads is None:
        return [number - 1] if number else [spec.name for spec in model.inputs][:1]
    return [name.partition(".")[0] for name in spec.references]


def output_names(model: ModelSpec) -> list[str] | None:
    """The names of the outputs; None where only Keras knows them."""
    if model.outputs:
        return model.outputs
    last = model.layers[-1] if model.layers else None
    return [last.name] if last and last.name else None


def check_output_names(model: ModelSpec, catalogue: Catalogue, faults: Faults) -> None:
    """A key of `loss:` is an output's name or a loss's, so no output may be named like a loss."""
    for name in model.outputs:
        if catalogue.kinds["losses"].find(name):
            message = f"an output cannot be named '{name}', which is a loss"
            faults.add(("model", "outputs"), message, "give its layer another name")


def check_per_output(outputs: list[str], settings: dict[str, Any], faults: Faults) -> None:
    """Check that settings per output go by the outputs' names.

    Args:
        settings: by their keys in the section `training`: loss, metrics, weighted_metrics, loss_weights.
    """
    for key, value in settings.items():
        if isinstance(value, list) and len(outputs) > 1:
            hint = f"write a mapping: {key}: {{{', '.join(f'{name}: …' for name in outputs)}}}"
            message = f"which of {len(outputs)} outputs a list means is not said"
            faults.add(("training", key), message, hint, at_key=True)
        for name in value if isinstance(value, dict) else ():
            if name not in outputs:
                hint = closest(name, outputs) or f"the output{'s are' if len(outputs) > 1 else ' is'} " + ", ".join(
                    outputs
                )
                faults.add(("training", key, name), f"no output is named '{name}'", hint, at_key=True)
    loss = settings.get("loss")
    if isinstance(loss, dict) and set(loss) <= set(outputs) and (missing := [n for n in outputs if n not in loss]):
        faults.add(("training", "loss"), f"no loss is given for the output {', '.join(missing)}", at_key=True)

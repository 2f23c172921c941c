"""The `model` section: a list of layers, or a graph with inputs, layers and outputs, or a saved model."""

from typing import Any

from kerasrun.config.faults import Faults, Path, closest
from kerasrun.config.layers import parse_layers
from kerasrun.config.objects import ObjectParser
from kerasrun.config.specs import DTYPES, MODEL_KEYS, NAME, InputSpec, ModelSpec
from kerasrun.config.validation import word, words
from kerasrun.config.wording import it_takes, show


def parse_model(written: Any, parser: ObjectParser, faults: Faults) -> ModelSpec:
    """Parse the `model` section; what is at fault is noted in `faults`."""
    if isinstance(written, list):
        return ModelSpec(layers=parse_layers(written, ("model",), parser, faults, ["input"]), as_list=True)
    if not isinstance(written, dict):
        faults.add(
            ("model",),
            f"expected a list of layers, got {show(written)}",
            "write `model:` and a layer a line below it",
        )
        return ModelSpec()
    if any(parser.catalogue.kinds["layers"].find(key) for key in written):
        faults.found = [fault for fault in faults.found if fault.path[:1] != ("model",)]  # as a key that is there twice
        faults.add(("model",), "expected a list of layers, got a mapping", "begin each layer with '- '")
        return ModelSpec()
    for key in written:
        if key not in MODEL_KEYS:
            hint = closest(key, MODEL_KEYS) or it_takes(MODEL_KEYS)
            faults.add(("model", key), f"unknown key '{key}' in model", hint, at_key=True)
    if written.get("load") and not faults.found:
        for key in ("layers", "inputs", "outputs"):
            if key in written:
                faults.add(
                    ("model", key),
                    f"'{key}' cannot stand beside 'load': the saved model has its own",
                    at_key=True,
                )
    elif not written.get("load") and "layers" not in written and not faults.found:
        faults.add(("model",), "model needs 'layers' or 'load'", at_key=True)
    inputs = _parse_inputs(written.get("inputs"), faults)
    names = [spec.name for spec in inputs] or ["input"]
    layers = written.get("layers")
    specs = parse_layers(layers, ("model", "layers"), parser, faults, names) if "layers" in written else []
    outputs = words(written.get("outputs"), ("model", "outputs"), faults)
    if "layers" in written:
        _check_outputs(
            outputs,
            [*names, *(spec.name for spec in specs if spec.name)],
            isinstance(written.get("outputs"), list),
            faults,
        )
    return ModelSpec(
        layers=specs,
        inputs=inputs,
        outputs=outputs,
        load=_parse_load(written.get("load"), parser, faults),
        weights=_parse_weights(written.get("weights"), parser, faults),
        freeze=words(written.get("freeze"), ("model", "freeze"), faults),
    )


def _check_outputs(outputs: list[str], known: list[str], in_list: bool, faults: Faults) -> None:
    for index, output in enumerate(outputs):
        name = output.partition(".")[0]
        place: Path = ("model", "outputs", index) if in_list else ("model", "outputs")
        if name not in known:
            faults.add(place, f"no layer is named '{name}'", closest(name, known) or "give it a name: beside its class")
        elif len(outputs) > 1 and (name == "val" or name.startswith("val_")):
            told = "the history has columns of such names for the validation rows"
            faults.add(place, f"an output cannot be named '{name}'", told)


def _parse_inputs(written: Any, faults: Faults) -> list[InputSpec]:
    if written is None:
        return []
    if not isinstance(written, dict) or not written:
        faults.add(
            ("model", "inputs"),
            f"expected a mapping from names to shapes, got {show(written)}",
            "write inputs: {image: [28, 28, 1]}",
        )
        return []
    return [spec for name, value in written.items() if (spec := _parse_input(name, value, faults))]


def _parse_input(name: str, written: Any, faults: Faults) -> InputSpec | None:
    path: Path = ("model", "inputs", name)
    if not NAME.fullmatch(name):
        faults.add(
            path, f"an input's name is made of letters a to z, digits, '_' and '-', got {show(name)}", at_key=True
        )
    shape, dtype = written, None
    if isinstance(written, dict):
        for key in written:
            if key not in ("shape", "dtype"):
                faults.add(
                    (*path, key),
                    f"unknown key '{key}' in an input",
                    closest(key, ("shape", "dtype")),
                    at_key=True,
                )
        shape, dtype = written.get("shape"), word(written.get("dtype"), (*path, "dtype"), faults)
        if "shape" not in written and not set(written) <= {"dtype"}:
            return None  # it is misspelt
    valid = isinstance(shape, list) and all(
        size is None or (isinstance(size, int) and not isinstance(size, bool) and size > 0) for size in shape
    )
    if not valid:
        faults.add(
            path,
            f"expected a shape without the batch, got {show(shape)}",
            "write a list of sizes: [28, 28, 1]; null where free",
        )
        return None
    if dtype is not None and dtype not in DTYPES:
        faults.add(
            (*path, "dtype"), f"unknown dtype '{dtype}'", closest(dtype, DTYPES) or f"one of {', '.join(DTYPES)}"
        )
    return InputSpec(name, tuple(shape or ()), dtype)


def _parse_load(written: Any, parser: ObjectParser, faults: Faults) -> str | None:
    path = word(written, ("model", "load"), faults)
    return parser.absolute(path, ("model", "load")) if path else None


def _parse_weights(written: Any, parser: ObjectParser, faults: Faults) -> str | dict[str, Any] | None:
    if written is None:
        return None
    if isinstance(written, str):
        return parser.absolute(written, ("model", "weights"))
    if isinstance(written, dict) and written:
        for name, value in written.items():
            if not isinstance(value, (str, list)):
                faults.add(
                    ("model", "weights", name),
                    f"expected a list of arrays or a file's path, got {show(value)}",
                )
        return {
            name: parser.absolute(value, ("model", "weights", name)) if isinstance(value, str) else value
            for name, value in written.items()
        }
    faults.add(
        ("model", "weights"),
        f"expected a path, or a mapping from layers' names to arrays, got {show(written)}",
    )
    return None

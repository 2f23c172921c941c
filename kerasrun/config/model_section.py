"""The `model` section: a list of layers, or a graph with inputs, layers and outputs, or a saved model."""

import re
from dataclasses import dataclass, field
from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.faults import Faults, Path, closest
from kerasrun.config.objects import ObjectParser, ObjectSpec, show, write_object

NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
WIRING_KEYS = ("name", "from", "reuse")
DTYPES = (
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "bool",
    "string",
)
MODEL_KEYS = ("inputs", "layers", "outputs", "load", "weights", "freeze")


Reads = str | list[str] | dict[str, str | list[str]] | None


@dataclass(frozen=True)
class LayerSpec:
    """One layer and what it reads.

    `reads` is None (the layer before it), a reference (`a`, or `a.1` for an output of several), a list of
    references, or a mapping from the layer's call arguments to references or lists of them. `reuse` names a
    layer to share.
    """

    path: Path
    layer: ObjectSpec | None = None
    name: str | None = None
    reads: Reads = None
    reuse: str | None = None

    @property
    def references(self) -> list[str]:
        """Every reference in `reads`."""
        values = self.reads.values() if isinstance(self.reads, dict) else [self.reads]
        return [name for value in values for name in ([value] if isinstance(value, str) else value or [])]


@dataclass(frozen=True)
class InputSpec:
    """An input of the graph: its shape without the batch, None where a size is free."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str | None = None


@dataclass(frozen=True)
class ModelSpec:
    """The model of a config.

    `weights` gives initial weights: a path, or a mapping from layers' names to a path or to a list of arrays.
    `freeze` lists layers whose weights do not train. `load` goes on from a saved model.
    """

    layers: list[LayerSpec] = field(default_factory=list)
    inputs: list[InputSpec] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    load: str | None = None
    weights: str | dict[str, Any] | None = None
    freeze: list[str] = field(default_factory=list)
    as_list: bool = False

    @property
    def is_sequential(self) -> bool:
        """Whether each layer reads just the one before it."""
        plain = all(spec.reads is None and spec.reuse is None for spec in self.layers)
        return plain and not self.inputs and len(self.outputs) == 0


def parse_model(written: Any, parser: ObjectParser, faults: Faults) -> ModelSpec:
    """Parse the `model` section; what is at fault is noted in `faults`."""
    if isinstance(written, list):
        return ModelSpec(layers=_parse_layers(written, ("model",), parser, faults, ["input"]), as_list=True)
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
            hint = closest(key, MODEL_KEYS) or f"it takes {', '.join(MODEL_KEYS)}"
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
    specs = _parse_layers(layers, ("model", "layers"), parser, faults, names) if "layers" in written else []
    outputs = _strings(written.get("outputs"), ("model", "outputs"), faults)
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
        freeze=_strings(written.get("freeze"), ("model", "freeze"), faults),
    )


def _parse_layers(written: Any, path: Path, parser: ObjectParser, faults: Faults, names: list[str]) -> list[LayerSpec]:
    if not isinstance(written, list):
        faults.add(path, f"expected a list of layers, got {show(written)}", "begin each layer with '- '")
        return []
    if not written:
        faults.add(path, "the model has no layers")
    layers: list[LayerSpec] = []
    known = list(names)
    for index, item in enumerate(written):
        spec = _parse_layer(item, (*path, index), parser, faults)
        if spec.name in known:
            faults.add(
                (*path, index, "name"),
                f"the name '{spec.name}' is given twice",
                "names are unique in a model",
            )
        _check_references(spec, known, names, faults)
        if spec.name:
            known.append(spec.name)
        layers.append(spec)
    return layers


def _parse_layer(written: Any, path: Path, parser: ObjectParser, faults: Faults) -> LayerSpec:
    if isinstance(written, str):
        return LayerSpec(path, parser.parse("layers", written, path))
    if not isinstance(written, dict):
        faults.add(
            path,
            f"expected a layer, got {show(written)}",
            "a layer is a name, or a name with its arguments: Dense: 10",
        )
        return LayerSpec(path)
    wiring = {key: written[key] for key in WIRING_KEYS if key in written}
    objects = {key: value for key, value in written.items() if key not in WIRING_KEYS}
    name = _string(wiring.get("name"), (*path, "name"), faults)
    if name is not None and not NAME.fullmatch(name):
        faults.add((*path, "name"), f"a layer's name is made of letters a to z, digits, '_' and '-', got {show(name)}")
    reuse = _string(wiring.get("reuse"), (*path, "reuse"), faults)
    reads = _parse_reads(wiring.get("from"), (*path, "from"), faults)
    if reuse:
        for key in objects:
            faults.add((*path, key), f"'{key}' cannot stand beside 'reuse: {reuse}'", at_key=True)
        return LayerSpec(path, None, name, reads, reuse)
    by_type = next((key for key in ("type", "class_name", "class") if isinstance(objects.get(key), str)), None)
    if by_type and parser.catalogue.kinds["layers"].find(objects[by_type]):
        faults.add((*path, by_type), f"unknown layer '{by_type}'", f"write {objects[by_type]}: {{…}}", at_key=True)
        return LayerSpec(path, None, name, reads)
    if len(objects) > 1:
        _blame_extra_keys(objects, path, parser, faults)
        return LayerSpec(path, None, name, reads)
    layer = parser.parse("layers", objects, path) if objects else None
    if not objects:
        faults.add(path, "this layer has no class", "write the layer's class with its arguments: Dense: 10")
    return LayerSpec(path, layer, name, reads)


def _blame_extra_keys(objects: dict[str, Any], path: Path, parser: ObjectParser, faults: Faults) -> None:
    """A layer with several object keys: usually arguments that stand one level too high."""
    kind = parser.catalogue.kinds["layers"]
    classes = [key for key in objects if kind.find(key) or key in kind.refused] or list(objects)[:1]
    entry = kind.find(classes[0])
    for key in objects:
        if key == classes[0]:
            continue
        if entry and key in entry.arguments:
            hint = f"it is an argument of {classes[0]}: write {classes[0]}: {{…, {key}: …}}"
        elif key in classes:
            hint = "begin each layer with '- ' on a line of its own"
        else:
            hint = closest(key, [*WIRING_KEYS, *(entry.arguments if entry else [])])
        faults.add((*path, key), f"'{key}' cannot stand beside '{classes[0]}'", hint, at_key=True)


def _parse_reads(written: Any, path: Path, faults: Faults) -> Reads:
    if written is None or isinstance(written, str) or _are_names(written):
        return written
    if isinstance(written, dict) and written and all(isinstance(v, str) or _are_names(v) for v in written.values()):
        return written
    faults.add(path, f"expected a name, a list of names, or a mapping of names, got {show(written)}")
    return None


def _are_names(written: Any) -> bool:
    return isinstance(written, list) and bool(written) and all(isinstance(item, str) for item in written)


def _check_references(spec: LayerSpec, known: list[str], inputs: list[str], faults: Faults) -> None:
    for reference in spec.references:
        name, _, output = reference.partition(".")
        if name in known and output and not output.isdigit():
            faults.add((*spec.path, "from"), f"'{reference}': an output goes by its number, from 0", f"write {name}.0")
        elif name not in known:
            hint = closest(name, known) or "a layer reads inputs and layers that are named above it"
            faults.add((*spec.path, "from"), f"no input or layer above is named '{reference}'", hint)
    if spec.reuse in inputs:
        faults.add((*spec.path, "reuse"), f"'{spec.reuse}' is an input, not a layer")
    elif spec.reuse is not None and spec.reuse not in known:
        faults.add((*spec.path, "reuse"), f"no layer above is named '{spec.reuse}'", closest(spec.reuse, known))


def _check_outputs(outputs: list[str], known: list[str], in_list: bool, faults: Faults) -> None:
    for index, output in enumerate(outputs):
        name = output.partition(".")[0]
        if name not in known:
            place: Path = ("model", "outputs", index) if in_list else ("model", "outputs")
            faults.add(place, f"no layer is named '{name}'", closest(name, known) or "give it a name: beside its class")


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
        shape, dtype = written.get("shape"), _string(written.get("dtype"), (*path, "dtype"), faults)
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
    path = _string(written, ("model", "load"), faults)
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


def _string(written: Any, path: Path, faults: Faults) -> str | None:
    if written is not None and not isinstance(written, str):
        faults.add(path, f"expected a word, got {show(written)}")
        return None
    return written


def _strings(written: Any, path: Path, faults: Faults) -> list[str]:
    if written is None:
        return []
    if isinstance(written, str):
        return [written]
    if isinstance(written, list) and all(isinstance(item, str) for item in written):
        return list(written)
    faults.add(path, f"expected a list of names, got {show(written)}")
    return []


def write_model(spec: ModelSpec, catalogue: Catalogue) -> Any:
    """The complete written form of the section."""
    layers = [_write_layer(layer, catalogue) for layer in spec.layers]
    if spec.as_list:
        return layers
    whole = {
        "inputs": {
            i.name: {"shape": list(i.shape), "dtype": i.dtype} if i.dtype else list(i.shape) for i in spec.inputs
        },
        "layers": layers,
        "outputs": spec.outputs,
        "load": spec.load,
        "weights": spec.weights,
        "freeze": spec.freeze,
    }
    return {key: value for key, value in whole.items() if value}


def _write_layer(spec: LayerSpec, catalogue: Catalogue) -> Any:
    wiring = {"reuse": spec.reuse, "name": spec.name, "from": spec.reads}
    written = {key: value for key, value in wiring.items() if value is not None}
    if spec.layer is None:
        return written
    layer = write_object(spec.layer, catalogue)
    if not written:
        return layer
    return ({layer: None} if isinstance(layer, str) else layer) | written

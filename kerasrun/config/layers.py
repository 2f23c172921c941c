"""The list of layers of a model: each with its class, its name, and what it reads."""

from typing import Any

from kerasrun.config.faults import Faults, Path, closest
from kerasrun.config.objects import ObjectParser
from kerasrun.config.specs import NAME, WIRING_KEYS, LayerSpec, Reads
from kerasrun.config.validation import word
from kerasrun.config.wording import show


def parse_layers(written: Any, path: Path, parser: ObjectParser, faults: Faults, names: list[str]) -> list[LayerSpec]:
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
    name = word(wiring.get("name"), (*path, "name"), faults)
    if name is not None and not NAME.fullmatch(name):
        faults.add((*path, "name"), f"a layer's name is made of letters a to z, digits, '_' and '-', got {show(name)}")
    reuse = word(wiring.get("reuse"), (*path, "reuse"), faults)
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

"""The complete written form of objects, layers and models: every argument with its value or default."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.kinds import kind_of_argument
from kerasrun.config.specs import LayerSpec, ModelSpec, ObjectSpec


def write_object(spec: ObjectSpec, catalogue: Catalogue) -> Any:
    """The complete written form of an object: its name, and every argument with its value or default."""
    if not spec.class_name:
        return spec.name
    entry = catalogue.kinds[spec.kind].entries[spec.class_name]
    arguments = {name: _plain(value, catalogue) for name, value in spec.arguments.items()}
    for name, about in entry.arguments.items():
        if name not in arguments and "default" in about:
            arguments[name] = _default(spec.kind, name, about["default"], catalogue)
    ordered = {name: arguments[name] for name in entry.arguments if name in arguments}
    # Keras gives a bare name for a loss or metric its own name in the logs (`mse`), so it stays bare.
    if spec.kind in ("losses", "metrics") and not spec.arguments and spec.name != spec.class_name:
        return spec.name
    return {spec.class_name: ordered | spec.extra} if ordered or spec.extra else spec.class_name


def _default(kind: str, argument: str, default: Any, catalogue: Catalogue) -> Any:
    """A default as it is written: one that names an object, such as `glorot_uniform`, with that one's defaults."""
    its_kind = kind_of_argument(kind, argument)
    entry = catalogue.kinds[its_kind].find(default) if its_kind and isinstance(default, str) else None
    if its_kind is None or entry is None:
        return default
    return write_object(ObjectSpec(its_kind, default, entry.name), catalogue)


def _plain(value: Any, catalogue: Catalogue) -> Any:
    if isinstance(value, ObjectSpec):
        return write_object(value, catalogue)
    if isinstance(value, list):
        return [_plain(item, catalogue) for item in value]
    return value


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

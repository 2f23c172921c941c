"""From a config's model section to a keras.Model: a Sequential, a graph, or one that was saved."""

from pathlib import Path
from typing import Any

import keras

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.config.model_section import LayerSpec
from kerasrun.model.objects import ObjectBuilder, first_lines
from kerasrun.model.saved import load_keras_model
from kerasrun.model.weights import freeze_layers, set_initial_weights

# (shape without the batch, dtype) of one input
Shape = tuple[tuple[int | None, ...], str]

# Layers that hand on the very tensor they read, so that a graph would lose them (Keras 3.15). A Pipeline keeps them.
LOST_IN_GRAPHS = (keras.layers.Equalization,)


def build_model(config: Config, shapes: Shape | dict[str, Shape], builder: ObjectBuilder) -> keras.Model:
    """Build the model with its initial weights; it is not compiled yet.

    Args:
        shapes: shape and dtype of the prepared inputs: one pair, or one a name.

    Raises:
        ConfigError: a layer does not fit what it reads; the message names the layer's place and the shapes.
    """
    spec = config.model
    if spec.load:
        model = load_keras_model(Path(spec.load))
        check_input_shapes(model, shapes, config)
    elif spec.is_sequential and not isinstance(shapes, dict):
        model = _build_sequential(config, shapes, builder)
    else:
        model = _GraphBuilder(config, builder).build(shapes)
    if spec.weights is not None:
        set_initial_weights(model, spec.weights, config)
    freeze_layers(model, spec.freeze, config)
    return model


def _build_layer(spec: LayerSpec, builder: ObjectBuilder, shape: Any) -> Any:
    more: dict[str, Any] = {"name": spec.name} if spec.name else {}
    assert spec.layer is not None
    if spec.layer.application and spec.layer.arguments.get("input_shape") is None and isinstance(shape, tuple):
        more["input_shape"] = shape[1:]
    layer = builder.build(spec.layer, **more)
    return keras.layers.Pipeline([layer], name=layer.name) if isinstance(layer, LOST_IN_GRAPHS) else layer


def _build_sequential(config: Config, shape: Shape, builder: ObjectBuilder) -> keras.Model:
    source = tensor = keras.Input(shape[0], dtype=shape[1])
    layers = []
    for spec in config.model.layers:
        layer = _build_layer(spec, builder, tensor.shape)
        try:
            tensor = layer(tensor)  # builds the layer, so that one that does not fit is known by its place
        except Exception as error:
            raise _misfit(config, spec, tuple(tensor.shape), error) from error
        layers.append(layer)
    return keras.Sequential([source, *layers])


def _misfit(config: Config, spec: LayerSpec, shape: Any, error: Exception) -> Exception:
    number, name = spec.path[-1], spec.layer.name if spec.layer else f"reuse: {spec.reuse}"
    read = f"it reads the shape {_show_shape(shape)}"
    path = (*spec.path, spec.layer.name) if spec.layer else spec.path
    return config.fault(
        path, f"layer {int(number) + 1}, {name}, does not fit: {read}. {first_lines(error, 2)}", at_key=True
    )


def _show_shape(shape: Any) -> str:
    if isinstance(shape, tuple):
        return (
            "("
            + ", ".join("rows" if i == 0 and n is None else "any" if n is None else str(n) for i, n in enumerate(shape))
            + ")"
        )
    return str(shape)


class _GraphBuilder:
    """Builds a Functional model: each layer reads the one before it, or what `from` names."""

    def __init__(self, config: Config, builder: ObjectBuilder) -> None:
        self.config, self.builder = config, builder
        self.tensors: dict[str, Any] = {}
        self.layers: dict[str, Any] = {}

    def build(self, shapes: Shape | dict[str, Shape]) -> keras.Model:
        """The model; several inputs or outputs go by their names."""
        inputs = self._inputs(shapes)
        last: Any = next(iter(inputs.values())) if len(inputs) == 1 else None
        for spec in self.config.model.layers:
            last = self._apply(spec, last)
        names = self.config.model.outputs
        outputs = {name: self._tensor(name, ("model", "outputs")) for name in names}
        chosen: Any = last if not names else outputs[names[0]] if len(names) == 1 else outputs
        self._check_all_used(names)
        return keras.Model(
            inputs if len(inputs) > 1 or isinstance(shapes, dict) else next(iter(inputs.values())), chosen
        )

    def _check_all_used(self, outputs: list[str]) -> None:
        """Refuse layers and inputs that lead to no output: Keras would drop them in silence."""
        layers = self.config.model.layers
        numbers = {spec.name: number for number, spec in enumerate(layers) if spec.name}
        waiting: list[Any] = [name.partition(".")[0] for name in outputs] or [len(layers) - 1]
        used: set[Any] = set()
        while waiting:
            place = waiting.pop()
            place = numbers.get(place, place)
            if place not in used:
                used.add(place)
                waiting += self._places_read(layers[place], place) if isinstance(place, int) and place >= 0 else []
        for number, spec in enumerate(layers):
            if number not in used:
                name = spec.layer.name if spec.layer else f"reuse: {spec.reuse}"
                message = f"layer {number + 1}, {name}, leads to no output, so it would have no effect"
                raise self.config.fault(spec.path, message, "name it in a layer's `from` or among the outputs")
        for spec_name in {spec.name for spec in self.config.model.inputs} - used:
            if len(self.config.model.inputs) > 1:
                raise self.config.fault(
                    ("model", "inputs", spec_name), f"no layer reads the input '{spec_name}'", at_key=True
                )

    def _places_read(self, spec: LayerSpec, number: int) -> list[Any]:
        """What a layer reads: names, or the number of the layer before it."""
        if spec.reads is None:
            return [number - 1] if number else list(self.tensors)[:1]
        reads = [spec.reads] if isinstance(spec.reads, str) else spec.reads
        names = reads.values() if isinstance(reads, dict) else reads
        return [name.partition(".")[0] for name in names]

    def _inputs(self, shapes: Shape | dict[str, Shape]) -> dict[str, Any]:
        declared = {spec.name: spec for spec in self.config.model.inputs}
        if not isinstance(shapes, dict):
            if len(declared) > 1:
                raise self.config.fault(
                    ("model", "inputs"), f"{len(declared)} inputs, and the data has one", at_key=True
                )
            shapes = {next(iter(declared), "input"): shapes}
        elif declared and set(declared) != set(shapes):
            raise self.config.fault(("model", "inputs"), f"the data has the inputs {', '.join(shapes)}", at_key=True)
        inputs = {}
        for name, (shape, dtype) in shapes.items():
            spec = declared.get(name)
            if spec and not _compatible(spec.shape, shape):
                message = f"the data's rows have the shape {list(shape)}, not {list(spec.shape)}"
                raise self.config.fault(("model", "inputs", name), message)
            inputs[name] = keras.Input(spec.shape if spec else shape, dtype=(spec and spec.dtype) or dtype, name=name)
        self.tensors |= inputs
        return inputs

    def _apply(self, spec: LayerSpec, last: Any) -> Any:
        read = self._read(spec, last)
        if spec.reuse:
            layer = self.layers.get(spec.reuse)
            if layer is None:
                raise self.config.fault((*spec.path, "reuse"), f"'{spec.reuse}' is an input, not a layer")
        else:
            layer = _build_layer(spec, self.builder, getattr(read, "shape", None))
        try:
            output = layer(**read) if isinstance(read, dict) else layer(read)
        except Exception as error:
            shape = keras.tree.map_structure(lambda tensor: tuple(tensor.shape), read)
            raise _misfit(self.config, spec, shape, error) from error
        if spec.name:
            self.tensors[spec.name], self.layers[spec.name] = output, layer
        return output

    def _read(self, spec: LayerSpec, last: Any) -> Any:
        path = (*spec.path, "from")
        if spec.reads is None:
            if last is None:
                names = ", ".join(self.tensors)
                raise self.config.fault(
                    spec.path,
                    f"this layer must name what it reads, since there are several inputs: {names}",
                    "write from: …",
                )
            return last
        if isinstance(spec.reads, str):
            return self._tensor(spec.reads, path)
        if isinstance(spec.reads, dict):
            return {key: self._tensor(name, path) for key, name in spec.reads.items()}
        return [self._tensor(name, path) for name in spec.reads]

    def _tensor(self, reference: str, path: Any) -> Any:
        name, _, index = reference.partition(".")
        if name not in self.tensors:
            raise self.config.fault(path, f"no layer is named '{name}'", closest(name, self.tensors))
        tensor = self.tensors[name]
        if not index:
            return tensor
        outputs = list(tensor.values()) if isinstance(tensor, dict) else tensor
        if not isinstance(outputs, (list, tuple)) or int(index) >= len(outputs):
            count = len(outputs) if isinstance(outputs, (list, tuple)) else 1
            raise self.config.fault(path, f"'{name}' has {count} output{'s' * (count != 1)}, counted from 0")
        return outputs[int(index)]


def _compatible(declared: tuple[int | None, ...], given: tuple[int | None, ...]) -> bool:
    return len(declared) == len(given) and all(a is None or a == b for a, b in zip(declared, given, strict=True))


def check_input_shapes(model: keras.Model, shapes: Shape | dict[str, Shape], config: Config) -> None:
    """Whether a saved model reads inputs of these shapes.

    Raises:
        ConfigError: it does not.
    """
    given = {None: shapes} if not isinstance(shapes, dict) else dict(shapes)
    if len(model.inputs) != len(given):
        raise config.fault(
            ("model", "load"), f"the saved model has {len(model.inputs)} inputs, and the data {len(given)}"
        )
    for tensor, (shape, _) in zip(model.inputs, given.values(), strict=True):
        if not _compatible(tuple(tensor.shape[1:]), shape):
            message = f"the saved model reads rows of shape {list(tensor.shape[1:])}, and the data's have {list(shape)}"
            raise config.fault(("model", "load"), message, "see data.flatten")

"""Build a graph of layers: a Functional model with named inputs and outputs."""

from typing import Any

import keras

from kerasrun.config import Config
from kerasrun.config.faults import closest
from kerasrun.config.specs import LayerSpec
from kerasrun.model.layers import Shape, build_layer, check_trainable, compatible, misfit
from kerasrun.model.objects import ObjectBuilder


class GraphBuilder:
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
        return keras.Model(
            inputs if len(inputs) > 1 or isinstance(shapes, dict) else next(iter(inputs.values())), chosen
        )

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
            if spec and not compatible(spec.shape, shape):
                written = ["null" if size is None else size for size in spec.shape]
                message = f"the data's rows have the shape {list(shape)}, not [{', '.join(map(str, written))}]"
                hint = "leave out the batch" if compatible(spec.shape[1:], shape) else ""
                raise self.config.fault(("model", "inputs", name), message, hint)
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
            layer = build_layer(spec, self.builder, getattr(read, "shape", None))
        try:
            output = layer(**read) if isinstance(read, dict) else layer(read)
        except Exception as error:
            shape = keras.tree.map_structure(lambda tensor: tuple(tensor.shape), read)
            raise misfit(self.config, spec, shape, error) from error
        check_trainable(self.config, spec, layer)
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
        if isinstance(spec.reads, dict):
            return {key: self._tensors(names, path) for key, names in spec.reads.items()}
        return self._tensors(spec.reads, path)

    def _tensors(self, names: str | list[str], path: Any) -> Any:
        return self._tensor(names, path) if isinstance(names, str) else [self._tensor(name, path) for name in names]

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

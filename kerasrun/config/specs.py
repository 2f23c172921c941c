"""What a config says of objects of Keras, of layers, and of the model, checked."""

import re
from dataclasses import dataclass, field
from typing import Any

from kerasrun.config.faults import Path

# What names of layers, inputs and outputs are made of.
NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")

# The keys of the section `model`, and those beside a layer's class.
MODEL_KEYS = ("inputs", "layers", "outputs", "load", "weights", "freeze")
WIRING_KEYS = ("name", "from", "reuse")

# What inputs can hold.
DTYPES = (
    *("float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "uint16"),
    *("int32", "uint32", "int64", "bool", "string"),
)


@dataclass(frozen=True)
class ObjectSpec:
    """One object: its kind, the name written, and its arguments (scalars, lists, or specs themselves).

    `class_name` is the class that `name` stands for; empty for names that only Keras can resolve (`accuracy`).
    `extra` holds kerasrun's own keys that stand beside the arguments (`every_epochs`).
    """

    kind: str
    name: str
    class_name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    own: bool = False
    application: bool = False
    path: Path = ()


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

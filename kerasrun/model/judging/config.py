"""Judge the config.json of a model file before Keras reads it: classes by exact name, sizes within budgets.

Keras makes an object of every mapping that has a `class_name`, wherever it stands; so every one is judged.
"""

from typing import Any

from kerasrun.model.judging.arguments import check_argument, check_compiled, check_value
from kerasrun.model.judging.names import (
    FUNCTION_MODULES,
    MODELS,
    Refusal,
    allowed,
    calculating,
    functions,
    reason,
    shown,
)

MAX_DEPTH = 100

# Calls of layers, with those that a model makes of models within it. NASNetLarge has a thousand.
MAX_CALLS = 10_000

# Keras builds a Sequential anew with each layer that it adds: with three hundred, so many calls and ten seconds.
MAX_REBUILDS = 45_000

# Values that are of no class.
PLAIN = ("__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__slice__", "__ellipsis__")


def judge_config(tree: Any, own_names: frozenset[str], num_weights: int) -> None:
    """Whether Keras may build the model that a config.json describes.

    Args:
        own_names: the registered names of classes and functions of the user's own.
        num_weights: how many numbers the weights file holds.

    Raises:
        Refusal: it names what is not allowed, or asks for too much.
    """
    if not isinstance(tree, dict) or not isinstance(tree.get("class_name"), str):
        raise Refusal("its config.json describes no model")
    judge = _Judge(own_names, num_weights)
    judge.walk(tree, "the model", 0)
    if tree["class_name"] not in MODELS.get(str(tree.get("module")), "").split() and not judge.is_own(tree):
        raise Refusal(f"its config.json describes {_class_of(tree)}, which is no model")


class _Judge:
    """Walks through a config.json, depth first, as Keras does."""

    def __init__(self, own_names: frozenset[str], num_weights: int) -> None:
        self.own_names, self.num_weights = own_names, num_weights
        self._shared: dict[Any, int] = {}
        self._rebuilds = 0

    def walk(self, value: Any, place: str, depth: int) -> int:
        """Judge a value and all within it; how many calls of layers it stands for."""
        if depth > MAX_DEPTH:
            raise Refusal(f"it is nested more than {MAX_DEPTH} levels deep")
        if isinstance(value, list):
            return sum(self.walk(item, place, depth + 1) for item in value if isinstance(item, (dict, list)))
        if not isinstance(value, dict):
            return 0
        if "class_name" in value:
            return self._judge_object(value, place, depth)
        return self._walk_items(value, place, depth)

    def _walk_items(self, mapping: dict[str, Any], place: str, depth: int) -> int:
        inner = {key: item for key, item in mapping.items() if isinstance(item, (dict, list))}
        return sum(self.walk(item, _inside(key, place), depth + 1) for key, item in inner.items())

    def _judge_object(self, value: dict[str, Any], place: str, depth: int) -> int:
        if not isinstance(value["class_name"], str):
            raise Refusal(f"{place} holds a class_name that is no text")
        place = _place_of(value, place)
        self._check_class(value, place)
        calls = self._count_calls(value, self._walk_items(value, place, depth), place)
        config, compiled = value.get("config"), value.get("compile_config")
        if isinstance(config, dict):
            for key, argument in config.items():
                check_argument(key, argument, place, self.own_names, self.num_weights)
        if isinstance(compiled, dict):
            check_compiled(compiled, place, self.own_names)
        return calls

    def _count_calls(self, value: dict[str, Any], within: int, place: str) -> int:
        """Calls of an object: once for each node that it has; what is shared counts wherever it stands."""
        calls = within + (_calculates(value) or self.is_own(value))
        nodes, shared = value.get("inbound_nodes"), value.get("shared_object_id")
        if isinstance(shared, (int, str)):
            calls = self._shared[shared] = max(calls, self._shared.get(shared, 0))
        calls *= max(1, len(nodes)) if isinstance(nodes, list) else 1
        if calls > MAX_CALLS:
            raise Refusal(f"{place} calls {calls:,} layers, counting those within; at most {MAX_CALLS:,} are taken")
        if value["class_name"] == "Sequential":
            self._count_rebuilds(value, place)
        return calls

    def _count_rebuilds(self, value: dict[str, Any], place: str) -> None:
        config = value.get("config")
        layers = config.get("layers") if isinstance(config, dict) else None
        num_layers = len(layers) if isinstance(layers, list) else 0
        self._rebuilds += num_layers**2 // 2
        if self._rebuilds > MAX_REBUILDS:
            raise Refusal(f"{place} stacks {num_layers:,} layers, which Keras takes hours to build where they are many")

    def is_own(self, value: dict[str, Any]) -> bool:
        """Whether Keras takes an object for one of the user's own, which it looks up first."""
        is_function = value["class_name"] == "function"
        name = value.get("config") if is_function else value.get("registered_name", value["class_name"])
        return isinstance(name, str) and name in self.own_names

    def _check_class(self, value: dict[str, Any], place: str) -> None:
        name = value["class_name"]
        if name in PLAIN:
            check_value(value, place)
            return
        # What has no module Keras reads in an older and looser way.
        has_module = "module" in value and not name.startswith("__")
        if has_module and (self.is_own(value) or _is_known(value)):
            return
        if name == "function":
            raise Refusal(f"{place} is the function {_class_of(value)}, which is none of Keras's own")
        raise Refusal(f"{place} is {_class_of(value)}: {reason(name)}")


def _is_known(value: dict[str, Any]) -> bool:
    """Whether an object is of a class, or is a function, of Keras that is allowed, and bears no other name."""
    name, module, registered = value["class_name"], str(value["module"]), value.get("registered_name")
    if name != "function":
        return name in allowed().get(module, ()) and registered in (None, name)
    function = value.get("config")
    is_named = isinstance(function, str) and function in functions()
    return is_named and module in FUNCTION_MODULES and registered in (None, name, function)


def _calculates(value: dict[str, Any]) -> bool:
    """Whether an object is a layer, a model or an operation."""
    return value["class_name"] in calculating().get(str(value.get("module")), ())


def _inside(key: str, place: str) -> str:
    """A place for people: what stands in the `config` of a layer is the layer's."""
    return place if key in ("config", "layers") else f"{shown(key)} of {place}"


def _place_of(value: dict[str, Any], place: str) -> str:
    """The name of a layer or a model, where an object may be one and has one."""
    config, module = value.get("config"), str(value.get("module"))
    name = config.get("name") if isinstance(config, dict) else None
    is_part = value["class_name"] in allowed().get(module, ()) and not _calculates(value)
    if not isinstance(name, str) or is_part or "'compile_config'" in place:
        return place
    return f"the {'model' if value['class_name'] in MODELS.get(module, '').split() else 'layer'} {shown(name)}"


def _class_of(value: dict[str, Any]) -> str:
    """The class of an object, or a function, as the file names it."""
    name, module, registered = value["class_name"], value.get("module"), value.get("registered_name")
    named = value.get("config") if name == "function" else name
    text = shown(f"{module}.{named}" if isinstance(module, str) else str(named))
    return text if registered in (None, name, named) else f"{text} registered as {shown(str(registered))}"

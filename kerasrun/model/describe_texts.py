"""Describe the installed Keras in words: a line for each argument of each class, taken from its docstrings.

`python -m kerasrun.model.describe_texts` prints them as JSON. They stand apart from the catalogue, since only
`kerasrun show` and `kerasrun schema` read them, and a config is checked faster without.
"""

import importlib
import json
import sys
from typing import Any

from kerasrun.config.docstrings import argument_texts, one_line
from kerasrun.model.describe_keras import describe_keras, first_line
from kerasrun.model.own_texts import INSTEAD, SILENT

# Folders of Keras whose names say little to someone who looks for a layer.
GROUPED = ("layers", "metrics", "initializers")
GROUPS = {"rnn": "recurrent", "regularization": "dropout and noise"}


def describe_arguments(kind: str, name: str, thing: Any, arguments: list[str]) -> dict[str, str]:
    """A line for each argument: ours, the docstring's of the class, or of those that it derives from."""
    texts: dict[str, str] = {}
    for cls in (thing, *getattr(thing, "__mro__", ())):
        texts = argument_texts(cls.__doc__ or "") | argument_texts(cls.__init__.__doc__ or "") | texts
    described = {}
    for argument in arguments:
        ours = [INSTEAD.get(f"{name}.{argument}"), INSTEAD.get(f"{kind}.{argument}"), INSTEAD.get(argument)]
        found = next(filter(None, ours), None) or one_line(texts.get(argument, ""))
        described[argument] = found or SILENT.get(argument, "")
    return described


def group_of(kind: str, thing: Any) -> str:
    """The group of a class, by its folder in Keras: `keras.src.layers.rnn.lstm` → recurrent."""
    if kind not in GROUPED:
        return ""
    parts = thing.__module__.split(".")[3:] or [kind]
    group = parts[1] if parts[0] == "preprocessing" and len(parts) > 2 else parts[0]
    return GROUPS.get(group, group.replace("_", " ").removesuffix(f" {kind}"))


def describe_texts() -> dict[str, Any]:
    """The lines of every class of the catalogue, and one for each activation."""
    catalogue = describe_keras()
    texts: dict[str, Any] = {"keras": catalogue.pop("keras")}
    for kind, listed in catalogue.items():
        place = "optimizers.schedules" if kind == "schedules" else kind
        module = importlib.import_module(f"keras.{place}")
        applications = importlib.import_module("keras.applications")
        texts[kind] = {}
        for name, about in listed["classes"].items():
            thing = getattr(module, name, None) or getattr(applications, name)
            group = "networks of keras.applications" if about.get("application") else group_of(kind, thing)
            arguments = describe_arguments(kind, name, thing, list(about["arguments"]))
            texts[kind][name] = {"group": group, "arguments": arguments}
    module = importlib.import_module("keras.activations")
    functions = catalogue["activations"]["functions"]
    texts["activations"] = {name: {"doc": first_line(module.get(name))} for name in functions}
    return texts


if __name__ == "__main__":
    json.dump(describe_texts(), sys.stdout, indent=1, ensure_ascii=False)

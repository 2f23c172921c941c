"""Objects of Keras: a name, or a mapping from one name to its arguments."""

from typing import Any

from kerasrun.config.catalogue import Catalogue, Entry, Kind
from kerasrun.config.kinds import KIND_NAMES, kind_of_argument
from kerasrun.config.schema.arguments import allowed_values, describe_argument
from kerasrun.config.schema.fragments import NULL, TEXT, Fragment, either, mapping, one_of, refer, whole
from kerasrun.config.texts import Texts

# What a message shows of a kind some of whose classes need arguments.
EXAMPLES = {
    "layers": "Dense: 10",
    "optimizers": "Adam: {learning_rate: 0.001}",
    "metrics": "MeanIoU: {num_classes: 3}",
    "callbacks": "CSVLogger: log.csv",
}
EVERY_EPOCHS = {"description": "Acts at every so many epochs alone.", **one_of(whole(minimum=1))}


def define_objects(catalogue: Catalogue, texts: Texts) -> dict[str, Fragment]:
    """Definitions of every class (`layers.Dense`) and of every kind (`layers`)."""
    definitions: dict[str, Fragment] = {}
    for kind, listed in catalogue.kinds.items():
        for entry in listed.entries.values():
            definitions[f"{kind}.{entry.name}"] = define_class(kind, entry, texts)
        if kind == "activations":
            definitions[kind] = one_of({"enum": sorted({*listed.functions, *listed.entries})}, title="activation")
        else:
            definitions[kind] = define_kind(kind, listed)
    return definitions


def define_kind(kind: str, listed: Kind, beside: dict[str, Fragment] | None = None) -> Fragment:
    """Any object of a kind.

    Args:
        beside: keys that may stand beside the object's own, which makes the caller count them.
    """
    count: Fragment = {} if beside else {"allOf": [{"minProperties": 1, "maxProperties": 1}]}
    return {
        "title": KIND_NAMES[kind],
        "type": ["object", "string"],
        **class_keys(kind, listed, beside),
        "additionalProperties": False,
        **count,
        **one_of(*bare_names(kind, listed), {"type": "object"}),
    }


def class_keys(kind: str, listed: Kind, beside: dict[str, Fragment] | None = None) -> Fragment:
    """A key for each class. Other names of a class are known, and not suggested, which a pattern does."""
    aliases = {f"^{alias}$": refer(f"{kind}.{name}") for alias, name in listed.aliases.items()}
    aliases |= {f"^{name}$": NULL for name in listed.functions}  # `accuracy:` with nothing behind it
    patterns = {"patternProperties": aliases} if aliases else {}
    return {"properties": {name: refer(f"{kind}.{name}") for name in listed.entries} | (beside or {}), **patterns}


def bare_names(kind: str, listed: Kind) -> list[Fragment]:
    """The names that may stand alone, as one alternative, or as none where there are no such names."""
    free = [name for name, entry in listed.entries.items() if not entry.required]
    names = [*free, *(name for name, target in listed.aliases.items() if target in free), *listed.functions]
    message = f"no {KIND_NAMES[kind]} of this name"
    if len(free) < len(listed.entries):
        message += f", or one that needs arguments, such as {EXAMPLES.get(kind, 'Name: {argument: value}')}"
    return [{"type": "string", "enum": names, "errorMessage": message}] if names else []


def define_class(kind: str, entry: Entry, texts: Texts) -> Fragment:
    """The arguments of a class, or in their place the first argument, or nothing where none is required."""
    arguments = {name: describe_argument(kind, entry, name, texts) for name in entry.arguments}
    if kind == "callbacks" and entry.name == "ModelCheckpoint":
        arguments["every_epochs"] = EVERY_EPOCHS
    about: dict[str, Any] = {"title": entry.name, "description": entry.doc or f"{entry.name}, of your own."}
    required = ["weights"] if entry.application else entry.required
    own = mapping(arguments, required)
    alone = [] if required else [NULL]
    first = entry.first_argument
    if first is None:
        return about | ({**own, "type": ["object", "null"]} if alone else own)
    if kind_of_argument(kind, first) in ("layers", "optimizers"):
        return about | one_of(own, *allowed_values(kind, entry, first), *alone)
    values = allowed_values(kind, entry, first) or [{"type": kind} for kind in ("number", "boolean", "array")] + [TEXT]
    hint = f"expected {first}, or the arguments by name: {entry.name}: {{{first}: …}}"
    # The keys stand beside the alternatives, not among them, so that a wrong one is underlined itself.
    keys = {key: value for key, value in own.items() if key != "type"}
    return about | keys | either(*values, *alone, {"type": "object"}) | {"patternErrorMessage": hint}

"""What may be written for a setting or an argument, in words, from its piece of the schema."""

from typing import Any

from kerasrun.config.kinds import KIND_NAMES
from kerasrun.config.reference.yaml_lines import inline
from kerasrun.config.schema.fragments import Fragment

TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a word",
    "boolean": "true or false",
    "null": "null",
}
LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
}

# Settings whose pieces of the schema are shaped for editors more than for readers.
SPLIT = "random, ordered or stratified; or {grouped: COLUMN}, {time: COLUMN} or {column: COLUMN}"
FILED = ("images", "text")
PART = "a number (more than 0, less than 1), a path, or none"
TAKES = {
    ("training", "optimizer"): "an optimizer",
    ("training", "loss"): "a loss, or a mapping from outputs' names to losses",
    ("training", "metrics"): "a list of metrics, or a mapping from outputs' names to such lists",
    ("training", "weighted_metrics"): "a list of metrics, or a mapping from outputs' names to such lists",
    ("training", "class_weight"): "balanced, a mapping from classes to numbers of at least 0, or null",
    ("training", "loss_weights"): "a mapping from outputs' names to numbers, or null",
    ("data", "augment"): "a list of layers",
    ("model", "inputs"): "a mapping from names to shapes, or to {shape: …, dtype: …}",
    ("model", "layers"): "a list of layers",
    ("model", "outputs"): "a name or a list of names",
    ("model", "load"): "a path",
    ("model", "weights"): "a path, or a mapping from layers' names to a path or to lists of numbers",
    ("model", "freeze"): "a name or a list of names",
    ("model.layers", "name"): "letters a to z, digits, '_' and '-'",
    ("model.layers", "from"): "a name, a list of names, or a mapping from call arguments to those",
    ("model.layers", "reuse"): "the name of a layer above",
    ("model.inputs", "shape"): "a list of whole numbers and nulls",
    ("", "name"): "a word that can name a folder",
    ("", "data"): "the section data",
    ("", "model"): "a list of layers, or the section model",
    ("", "training"): "the section training",
    ("", "callbacks"): "a list of callbacks",
    ("", "output"): "the section output",
    ("", "extends"): "a path or a list of paths",
    ("", "silence"): "a list of names: kerasrun show warnings",
    ("model.inputs", "dtype"): "a type, such as float32 or int32",
    ("data", "path"): "a path",
    **{
        (f"data.{source}", "path"): "a path, or null"
        for source in ("mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "california_housing")
    },
    ("data.npz", "path"): "a path",
    ("data.images", "path"): "a path",
    **{
        (f"data.{source}", part): "a number (more than 0, less than 1), a path, or none"
        for source in ("images", "csv")
        for part in ("test", "validation")
    },
    ("data.images", "split"): SPLIT,
    ("data.csv", "path"): "a path or a list of paths",
    ("data.csv", "target"): "a column or a list of columns",
    **{("data.csv", key): "a list of columns" for key in ("numeric", "categorical", "ignore")},
    ("data.csv", "sample_weight"): "a column, or null",
    ("data.csv", "separator"): "a sign, such as ';', or auto",
    ("data.csv", "encoding"): "the name of an encoding",
    ("data.csv", "split"): SPLIT,
    ("data.series", "path"): "a path",
}


def an(word: str) -> str:
    """`an optimizer`, `a layer`."""
    return f"{'an' if word[0] in 'aio' else 'a'} {word}"


def words_of(fragment: Fragment) -> str:
    """`a whole number (at least 1), or null`."""
    alternatives = [words for item in fragment.get("anyOf", [fragment]) if (words := _words(item))]
    return ", or ".join(dict.fromkeys(alternatives))


def _words(item: Fragment) -> str:
    if "$ref" in item:
        kind = item["$ref"].rpartition("/")[2]
        return an(KIND_NAMES[kind]) if kind in KIND_NAMES else ""
    if "enum" in item:
        values = [inline(value) for value in item["enum"]]
        return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
    kind = item.get("type")
    if kind == "array":
        return f"a list of {_several(item.get('items', {}))}"
    limits = " and ".join(words.format(inline(item[key])) for key, words in LIMITS.items() if key in item)
    return TYPES.get(str(kind), "") + (f" ({limits})" if limits else "")


def _several(item: Any) -> str:
    if "enum" in item:
        return ", ".join(map(inline, item["enum"]))
    return {"integer": "whole numbers", "number": "numbers", "string": "words"}.get(item.get("type", ""), "values")

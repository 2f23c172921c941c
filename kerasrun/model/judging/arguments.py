"""Judge what the objects of a model file are made with: sizes within budgets, names of Keras's own, no files."""

import math
import re
from typing import Any

from kerasrun.model.judging.names import Refusal, shown, strings

# Numbers in one tensor of one row: a gigabyte is four times as many.
MAX_NUMBERS = 2**26

# Where counting ends.
MOST = 10**12

# Arguments that ask for weights. The file has to hold these, but for some that were never built.
OF_WEIGHTS = frozenset({"units", "filters", "input_dim", "output_dim", "projection_dim", "key_dim", "value_dim"})
FREE_WEIGHTS = 2**20

# The most that is taken of arguments by which a tensor grows, and of those that Python counts through.
LIMITS = {
    name: limit
    for limit, names in {
        MAX_NUMBERS: (
            "batch_shape batch_input_shape input_shape shape newshape target_shape n size height width padding "
            "pad_width repeats kernel_size pool_size output_size num_tokens max_tokens vocabulary_size num_bins "
            "output_sequence_length amax_history_length"
        ),
        2**20: "num_classes num_thresholds num_heads depth_multiplier",
        2**14: "fft_length num_mel_bins sequence_length frame_length",
        2**13: "indices_or_sections",
        2**10: "ngrams bins num_ops num_chains chain_depth power_iterations",
    }.items()
    for name in names.split()
}

# Arguments that Keras opens as files where they are text.
FILES = ("vocabulary", "idf_weights")

# Arguments that name an object of Keras where they are text, by how they end.
NAMED = {
    "activation": "activations",
    "_initializer": "initializers",
    "_regularizer": "regularizers",
    "_constraint": "constraints",
}
COMPILED = {"optimizer": "optimizers", "loss": "losses", "metrics": "metrics", "weighted_metrics": "metrics"}

DTYPE = re.compile(r"bool|string|bfloat16|u?int(4|8|16|32|64)|float(16|32|64|8_e4m3fn|8_e5m2)|complex(64|128)")


def check_argument(key: str, value: Any, place: str, own_names: frozenset[str], num_weights: int) -> None:
    """Whether Keras may have an argument.

    Raises:
        Refusal: it names a file, names what is none of Keras's own, or asks for too much.
    """
    if isinstance(value, str):
        if key in FILES:
            raise Refusal(f"{place} reads the file {shown(value)}")
        kind = next((kind for ending, kind in NAMED.items() if key.endswith(ending)), None)
        if kind:
            check_strings(value, kind, f"{shown(key)} of {place}", own_names)
    elif key in LIMITS or key in OF_WEIGHTS:
        asked, limit = _product(value), LIMITS.get(key, math.inf)
        if key in OF_WEIGHTS and asked > max(num_weights, FREE_WEIGHTS):
            raise Refusal(f"{place} asks for {key} {asked:,}, and the file holds {num_weights:,} weights in all")
        if asked > limit:
            raise Refusal(f"{place} asks for {key} {asked:,}; at most {limit:,} is taken")


def check_compiled(compiled: dict[str, Any], place: str, own_names: frozenset[str]) -> None:
    """Whether all that a model was compiled with by name is Keras's own; see `check_argument`."""
    for key, kind in COMPILED.items():
        check_strings(compiled.get(key), kind, f"{shown(key)} of {place}", own_names)


def check_strings(value: Any, kind: str, place: str, own_names: frozenset[str]) -> None:
    """Whether every name of an object is one of Keras's; in `compile` they stand in lists and mappings."""
    if isinstance(value, dict) and "class_name" not in value:
        value = list(value.values())
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            check_strings(item, kind, place, own_names)
        elif isinstance(item, str) and item not in strings(kind) and item not in own_names:
            raise Refusal(f"{place} is {shown(item)}, which is none of Keras's own")


def check_value(value: dict[str, Any], place: str) -> None:
    """Whether a tensor, an array or another plain value is of a type and a size that Keras's own have.

    Raises:
        Refusal: it is not.
    """
    config = value.get("config")
    if not isinstance(config, dict):
        raise Refusal(f"{place} holds a {value['class_name']} without its config")
    dtype = config.get("dtype", "float32")
    if not isinstance(dtype, str) or not DTYPE.fullmatch(dtype):
        raise Refusal(f"{place} holds values of the type {shown(str(dtype))}, which is none of Keras's")
    if _product(config.get("shape")) > MAX_NUMBERS:
        raise Refusal(f"{place} holds a tensor of shape {shown(str(config['shape']))}; too large for one row")


def _product(value: Any) -> int:
    """The product of a number or of all in a list, up to a trillion; 1 for what is neither."""
    if isinstance(value, list):
        return min(math.prod(_product(item) for item in value[:100]), MOST)
    if isinstance(value, (int, float)) and abs(value) > 1:
        return int(min(abs(value), MOST))
    return 1

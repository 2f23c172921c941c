"""Arguments of Keras that act only beside others: Keras takes them without a word when those are missing."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True)
class Need:
    """What an argument needs beside it.

    Args:
        words: how a config says it.
        met: whether arguments, defaults included, have it.
    """

    words: str
    met: Callable[[dict[str, Any]], Any]


def given(argument: str, words: str = "") -> Need:
    """Another argument that is neither false, nor 0, nor null."""
    return Need(words or f"{argument}: true", lambda arguments: arguments.get(argument))


def equal(argument: str, *values: Any) -> Need:
    """Another argument that has one of these values."""
    words = f"{argument}: {' or '.join(values)}"
    return Need(words, lambda arguments: arguments.get(argument) in values)


def one_of(words: str, *names: str) -> Need:
    """At least one of several arguments that is neither false, nor 0, nor null."""
    return Need(words, lambda arguments: any(arguments.get(name) for name in names))


def has_several_oov(arguments: dict[str, Any]) -> bool:
    """Whether unknown words share several numbers; a value that is no number is told elsewhere."""
    number = arguments.get("num_oov_indices")
    return isinstance(number, int) and number > 1


DROPOUT = one_of("dropout", "dropout", "recurrent_dropout")
PADDED = Need(
    "pad_to_max_tokens: true and an output_mode other than int",
    lambda arguments: arguments.get("pad_to_max_tokens") and arguments.get("output_mode") != "int",
)
SEVERAL_OOV = Need("num_oov_indices: 2 or more", has_several_oov)
FARMHASH = Need(
    "oov_method: farmhash and num_oov_indices: 2 or more",
    lambda arguments: has_several_oov(arguments) and arguments.get("oov_method") == "farmhash",
)

# By kind: patterns of `Class.argument`, and what they need.
NEEDS: dict[str, dict[str, Need]] = {
    "layers": {
        "*Attention.seed LSTM*.seed GRU*.seed SimpleRNN*.seed ConvLSTM*.seed": DROPOUT,
        "Solarization.seed": one_of("addition_factor or threshold_factor", "addition_factor", "threshold_factor"),
        "*.zero_output_for_mask": given("return_sequences"),
        "BatchNormalization.renorm_clipping BatchNormalization.renorm_momentum": given("renorm"),
        "Resizing.fill_value Resizing.fill_mode": given("pad_to_aspect_ratio"),
        "RandomRotation.fill_value RandomTranslation.fill_value RandomZoom.fill_value RandomShear.fill_value "
        "RandomElasticTransform.fill_value": equal("fill_mode", "constant"),
        "*Lookup.pad_to_max_tokens TextVectorization.pad_to_max_tokens": given("max_tokens", "max_tokens"),
        "*Lookup.max_tokens TextVectorization.max_tokens": PADDED,
        "*Lookup.idf_weights TextVectorization.idf_weights": equal("output_mode", "tf_idf"),
        "StringLookup.salt IntegerLookup.oov_method": SEVERAL_OOV,
        "IntegerLookup.salt": FARMHASH,
        "*Lookup.oov_token": given("invert"),
        "Discretization.dtype": equal("output_mode", "one_hot", "multi_hot", "count"),
        "HashedCrossing.sparse": equal("output_mode", "one_hot"),
        "EinsumDense.lora_alpha": given("lora_rank", "lora_rank"),
        # Networks of keras.applications.
        "*.pooling": Need("include_top: false", lambda arguments: not arguments.get("include_top")),
    },
    "optimizers": {
        "*.ema_momentum *.ema_overwrite_frequency": given("use_ema"),
        "SGD.nesterov": given("momentum", "momentum"),
    },
    "schedules": {
        "CosineDecay.warmup_steps": given("warmup_target", "warmup_target"),
        "CosineDecay.warmup_target": given("warmup_steps", "warmup_steps"),
    },
    "initializers": {
        "*.input_axes": given("output_axes", "output_axes"),
        "*.output_axes": given("input_axes", "input_axes"),
    },
    "losses": {
        "BinaryFocalCrossentropy.alpha": given("apply_class_balancing"),
        "Dice.reduction Tversky.reduction": given("axis", "axis"),
    },
    "metrics": {
        "AUC.num_labels AUC.label_weights": given("multi_label"),
        "AUC.dtype": given("label_weights", "label_weights"),
    },
    "callbacks": {
        "*Checkpoint.monitor *Checkpoint.mode *Checkpoint.initial_value_threshold": given("save_best_only"),
        "TensorBoard.write_images": given("histogram_freq", "histogram_freq"),
        "TensorBoard.embeddings_metadata": given("embeddings_freq", "embeddings_freq"),
    },
}


def missing_need(kind: str, class_name: str, argument: str, arguments: dict[str, Any]) -> str:
    """How a config says what an argument lacks beside it to act, or nothing.

    Args:
        arguments: all of the class, defaults included.
    """
    place = f"{class_name}.{argument}"
    for patterns, need in NEEDS.get(kind, {}).items():
        if any(fnmatchcase(place, pattern) for pattern in patterns.split()):
            return "" if need.met(arguments) else need.words
    return ""

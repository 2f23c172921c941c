"""Which values an argument of Keras can have where it makes sense at all; Keras itself checks few of them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kerasrun.config.wording import is_number


@dataclass(frozen=True)
class Range:
    """The numbers that an argument may have.

    Args:
        least, most: the bounds that it may reach; above, below: those that it may not.
        several: whether it may be a list of them, one for each axis, say.
        rising: whether each item of the list must be larger than the one before it.
    """

    words: str
    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    below: float = math.inf
    whole: bool = False
    several: bool = False
    rising: bool = False

    def holds(self, value: Any) -> bool:
        """Whether a number lies in the range."""
        if self.whole and not isinstance(value, int):
            return False
        return self.least <= value <= self.most and self.above < value < self.below


POSITIVE = Range("greater than 0", above=0, below=math.inf)
NOT_NEGATIVE = Range("at least 0", least=0, below=math.inf)
SHARE = Range("at least 0 and less than 1", least=0, below=1)
FRACTION = Range("between 0 and 1", least=0, most=1)
INSIDE = Range("greater than 0 and less than 1", above=0, below=1)
COUNT = Range("a whole number of at least 1", least=1, whole=True)
COUNT_OR_0 = Range("a whole number of at least 0", least=0, whole=True)
TWO = Range("a whole number of at least 2", least=2, whole=True)
SIZE = Range("a whole number of at least 1, or a list of such", least=1, whole=True, several=True)
MARGIN = Range("a whole number of at least 0, or a list of such", least=0, whole=True, several=True)
RATES = Range("at least 0, or a list of such", least=0, several=True)
RISING = Range("a list of rising numbers", several=True, rising=True)
SHARES = Range("between 0 and 1, or a list of such", least=0, most=1, several=True)

MARGINS = {"ZeroPadding": "padding", "Cropping": "cropping"}

# By kind and argument; `Class.argument` where the name means something else there.
RANGES: dict[str, dict[str, Range]] = {
    "optimizers": {
        **dict.fromkeys(("learning_rate", "epsilon", "clipnorm", "clipvalue", "global_clipnorm"), POSITIVE),
        **dict.fromkeys(("loss_scale_factor", "clip_threshold", "epsilon_1", "epsilon_2", "initial_scale"), POSITIVE),
        **dict.fromkeys(("momentum", "beta_1", "beta_2", "rho", "ema_momentum", "adam_beta_1", "adam_beta_2"), SHARE),
        **dict.fromkeys(("weight_decay", "adam_weight_decay", "initial_accumulator_value"), NOT_NEGATIVE),
        **dict.fromkeys(("l1_regularization_strength", "l2_regularization_strength"), NOT_NEGATIVE),
        **dict.fromkeys(("ema_overwrite_frequency", "dynamic_growth_steps", "ns_steps"), COUNT),
        "warmup_steps": COUNT_OR_0,
        "gradient_accumulation_steps": TWO,
        "learning_rate_power": Range("at most 0", most=0),
        "Ftrl.beta": NOT_NEGATIVE,
    },
    "schedules": {
        **dict.fromkeys(("initial_learning_rate", "warmup_target", "alpha", "end_learning_rate"), NOT_NEGATIVE),
        **dict.fromkeys(("decay_steps", "first_decay_steps", "decay_rate", "power", "t_mul", "m_mul"), POSITIVE),
        "warmup_steps": NOT_NEGATIVE,
        "values": RATES,
        "boundaries": Range("a list of rising numbers of at least 0", least=0, several=True, rising=True),
    },
    "layers": {
        **dict.fromkeys(("rate", "dropout", "recurrent_dropout", "dropout_rate"), SHARE),
        **dict.fromkeys(
            ("units", "filters", "input_dim", "output_dim", "n", "num_heads", "key_dim", "value_dim"), COUNT
        ),
        **dict.fromkeys(("head_dim", "num_query_heads", "num_key_value_heads", "groups", "depth_multiplier"), COUNT),
        **dict.fromkeys(("num_bins", "num_tokens", "max_tokens", "lora_rank", "sequence_length"), COUNT),
        **dict.fromkeys(("kernel_size", "strides", "pool_size", "dilation_rate", "size", "output_size"), SIZE),
        **dict.fromkeys(("height", "width", "fft_length", "sequence_stride", "num_mel_bins"), COUNT),
        **dict.fromkeys(("l1", "l2", "stddev", "negative_slope", "max_value"), NOT_NEGATIVE),
        **{f"{kind}{n}D.{argument}": MARGIN for kind, argument in MARGINS.items() for n in (1, 2, 3)},
        "target_shape": Range("a list of whole numbers", least=-1, whole=True, several=True),
        "GroupNormalization.groups": Range(
            "a whole number of at least 1, or -1 for one a channel", least=-1, whole=True
        ),
        "momentum": FRACTION,
        "epsilon": POSITIVE,
        "bin_boundaries": RISING,
        "num_oov_indices": COUNT_OR_0,
    },
    "losses": {
        "label_smoothing": FRACTION,
        "delta": POSITIVE,
        "gamma": NOT_NEGATIVE,
        "q": Range("greater than 0 and at most 1", above=0, most=1),
        **dict.fromkeys(("BinaryFocalCrossentropy.alpha", "Tversky.alpha", "Tversky.beta"), NOT_NEGATIVE),
    },
    "metrics": {
        **dict.fromkeys(("recall", "precision", "specificity", "sensitivity", "label_smoothing"), FRACTION),
        **dict.fromkeys(("k", "top_k", "num_thresholds"), COUNT),
        "num_classes": TWO,
        "thresholds": SHARES,
        "beta": POSITIVE,
        "class_id": COUNT_OR_0,
    },
    "initializers": {
        **dict.fromkeys(("stddev", "scale"), NOT_NEGATIVE),
    },
    "regularizers": dict.fromkeys(("l1", "l2", "factor"), NOT_NEGATIVE),
    "constraints": {"max_value": POSITIVE, "min_value": NOT_NEGATIVE, "rate": FRACTION},
    "callbacks": {
        **dict.fromkeys(("patience", "cooldown", "start_from_epoch", "histogram_freq"), COUNT_OR_0),
        **dict.fromkeys(("min_delta", "min_lr"), NOT_NEGATIVE),
        "embeddings_freq": COUNT_OR_0,
        "factor": INSIDE,
        "save_freq": COUNT,
        "update_freq": COUNT,
        "max_to_keep": COUNT,
    },
}

FORMATS = ("channels_last", "channels_first")
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "layers": {
        "padding": ("valid", "same"),
        **dict.fromkeys((f"ZeroPadding{n}D.padding" for n in (1, 2, 3)), ()),
        "Conv1D.padding": ("valid", "same", "causal"),
        "SeparableConv1D.padding": ("valid", "same", "causal"),
        "data_format": FORMATS,
        "merge_mode": ("sum", "mul", "concat", "ave"),
        "RandomFlip.mode": ("horizontal", "vertical", "horizontal_and_vertical"),
        "score_mode": ("dot", "concat"),
        "interpolation": ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"),
        "fill_mode": ("constant", "reflect", "wrap", "nearest"),
    },
    "losses": {"reduction": ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none")},
    "metrics": {
        "AUC.curve": ("ROC", "PR", "PRGAIN"),
        "summation_method": ("interpolation", "minoring", "majoring"),
        "average": ("micro", "macro", "weighted"),
    },
    "initializers": {
        "VarianceScaling.mode": ("fan_in", "fan_out", "fan_avg"),
        "distribution": ("normal", "truncated_normal", "untruncated_normal", "uniform"),
    },
    "regularizers": {"OrthogonalRegularizer.mode": ("rows", "columns")},
    "callbacks": {
        "mode": ("auto", "min", "max"),
        "save_freq": ("epoch",),
        "update_freq": ("epoch", "batch"),
    },
}


def range_of(kind: str, class_name: str, argument: str) -> Range | None:
    """The range of an argument, where one is known."""
    found: Range | None = _of(RANGES, kind, class_name, argument)
    return found


def choices_of(kind: str, class_name: str, argument: str) -> tuple[str, ...]:
    """The words that an argument may be, where they are known."""
    return tuple(_of(CHOICES, kind, class_name, argument) or ())


def check_value(kind: str, class_name: str, argument: str, value: Any) -> str:
    """What an argument must be where its value is none of that; nothing where it is, or nothing is known of it."""
    known, choices = range_of(kind, class_name, argument), choices_of(kind, class_name, argument)
    if value is None or (known is None and not choices):
        return ""
    if isinstance(value, str):
        fits = value in choices
    else:
        numbers = list(_numbers(value)) if known and known.several else [value]
        fits = known is not None and all(is_number(n) and known.holds(n) for n in numbers)
        fits = fits and not (known and known.rising and any(a >= b for a, b in pairwise(numbers)))
    return "" if fits else " or ".join(filter(None, [known.words if known else "", _one_of(choices)]))


def _of(table: dict[str, dict[str, Any]], kind: str, class_name: str, argument: str) -> Any:
    by_argument = table.get(kind, {})
    return by_argument.get(f"{class_name}.{argument}", by_argument.get(argument))


def _one_of(choices: tuple[str, ...]) -> str:
    if len(choices) < 2:
        return "".join(choices)
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def _numbers(value: Any) -> Iterator[Any]:
    """The value itself, or the items of a list, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    else:
        yield value

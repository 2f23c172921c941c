"""What values arguments of Keras may have, where their defaults do not tell it and Keras is sure to refuse others."""

from kerasrun.config.schema.fragments import TEXT, Fragment, choice, list_of, number, whole
from kerasrun.config.training_objects import TAKEN_NAMES

COUNT = whole(minimum=1)
SIZES = [COUNT, list_of(COUNT)]
COLUMN: Fragment = {
    "type": "string",
    "pattern": rf"^(?!val_)(?!({'|'.join(TAKEN_NAMES)})$).",
    "patternErrorMessage": "the history has a column of that name already",
}
DECAY = number(minimum=0, exclusiveMaximum=1)

# By `Class.argument` or `kind.argument`: the alternatives; null is added to those that are not required.
RANGES: dict[str, list[Fragment]] = {
    **{
        f"layers.{name}": [COUNT]
        for name in (
            *("units", "filters", "num_heads", "key_dim", "value_dim", "head_dim", "num_query_heads", "input_dim"),
            *("num_key_value_heads", "output_dim", "n", "max_number", "num_tokens", "max_tokens", "lora_rank"),
        )
    },
    **{f"layers.{name}": SIZES for name in ("kernel_size", "pool_size", "strides", "dilation_rate", "size")},
    **{f"layers.{name}": [number(minimum=0, maximum=1)] for name in ("dropout", "recurrent_dropout")},
    "layers.rate": [DECAY],
    "layers.momentum": [number(minimum=0, maximum=1)],
    "layers.stddev": [number(minimum=0)],
    "layers.data_format": [choice("channels_last", "channels_first")],
    "layers.fill_mode": [choice("constant", "reflect", "wrap", "nearest")],
    "layers.pooling": [choice("avg", "max")],
    "Bidirectional.merge_mode": [choice("sum", "mul", "concat", "ave")],
    "RandomFlip.mode": [choice("horizontal", "vertical", "horizontal_and_vertical")],
    "Attention.score_mode": [choice("dot", "concat")],
    "optimizers.learning_rate": [number(exclusiveMinimum=0)],
    **{f"optimizers.{name}": [DECAY] for name in ("beta_1", "beta_2", "rho")},
    "optimizers.momentum": [number(minimum=0, maximum=1)],
    "optimizers.ema_momentum": [number(minimum=0, maximum=1)],
    **{f"optimizers.{name}": [number(exclusiveMinimum=0)] for name in ("clipnorm", "clipvalue", "global_clipnorm")},
    "optimizers.gradient_accumulation_steps": [whole(minimum=2)],
    **{f"schedules.{name}": [number(exclusiveMinimum=0)] for name in ("decay_steps", "first_decay_steps")},
    "schedules.initial_learning_rate": [number(minimum=0)],
    "schedules.decay_rate": [number(minimum=0)],
    "schedules.boundaries": [list_of(number(), minItems=1)],
    "schedules.values": [list_of(number(), minItems=2)],
    "losses.label_smoothing": [number(minimum=0, maximum=1)],
    "losses.reduction": [choice("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none")],
    "metrics.num_classes": [COUNT],
    "metrics.name": [COLUMN],
    "AUC.curve": [choice("ROC", "PR")],
    "regularizers.l1": [number(minimum=0)],
    "regularizers.l2": [number(minimum=0)],
    "VarianceScaling.mode": [choice("fan_in", "fan_out", "fan_avg")],
    "VarianceScaling.distribution": [choice("normal", "truncated_normal", "untruncated_normal", "uniform")],
    "callbacks.mode": [choice("auto", "min", "max")],
    "callbacks.monitor": [TEXT],
    "callbacks.save_freq": [choice("epoch", False), COUNT],
    "callbacks.patience": [whole(minimum=0)],
    "callbacks.cooldown": [whole(minimum=0)],
    "callbacks.start_from_epoch": [whole(minimum=0)],
    "ReduceLROnPlateau.factor": [number(minimum=0, exclusiveMaximum=1)],
    "callbacks.min_lr": [number(minimum=0)],
    "callbacks.update_freq": [choice("epoch", "batch"), COUNT],
}


def padding(class_name: str) -> list[Fragment]:
    """What `padding` may be where it is a word."""
    causal = ("causal",) if class_name.endswith("Conv1D") else ()
    return [choice("valid", "same", *causal)]

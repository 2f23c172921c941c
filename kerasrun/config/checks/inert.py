"""Arguments that Keras takes and that then change nothing, so that a config which sets them is refused.

The tests walk every argument of Keras and fail where one of these acts after all, or another one does not.
"""

from fnmatch import fnmatchcase

BY_ITSELF = "the layer casts by itself"
NOT_HANDED_ON = "Keras does not hand it on to the layer's base class"

# By kind: patterns of `Class.argument`, and the reason. Seen with Keras 3.15; of 3.12 too they hold, but for
# GroupNormalization.autocast.
INERT: dict[str, dict[str, str]] = {
    "layers": {
        "*.quantization_config EinsumDense.gptq_unpacked_column_size": "it is for layers quantized in Python",
        "Dense.lora_alpha Embedding.lora_alpha": "Keras sets it to lora_rank",
        "Embedding.weights Bidirectional.weights": "initial weights go under model.weights",
        "SimpleRNN.activity_regularizer": NOT_HANDED_ON,
        "HashedCrossing.activity_regularizer HashedCrossing.autocast": NOT_HANDED_ON,
        "IntegerLookup.dtype StringLookup.dtype TextVectorization.dtype": NOT_HANDED_ON,
        "StackedRNNCells.dtype": "Keras does not hand it on to the cells: give it to each of them",
        "RandomColorJitter.data_format": "Keras does not hand it on to the layers that change the colours",
        "MixUp.data_format RandomInvert.data_format RandomPosterization.data_format": "each number is treated alike",
        "*.stateful": "it needs batches of one fixed size in a fixed order",
        "BatchNormalization.synchronized": "it averages over several devices, and there is one",
        "ReversibleEmbedding.reverse_dtype ReversibleEmbedding.logit_soft_cap": "it acts where the layer is called "
        "in reverse, which takes Python",
        "Discretization.num_bins Discretization.epsilon": "it acts where the boundaries are found from data; "
        "write bin_boundaries",
        "StringLookup.encoding": "it acts where the vocabulary is asked for in Python",
        "TextVectorization.encoding": "it acts beside a Python function as `standardize`",
        "Bidirectional.autocast *RNN.autocast StackedRNNCells.autocast": BY_ITSELF,
        "LSTM.autocast GRU.autocast ConvLSTM*.autocast": BY_ITSELF,
        "MultiHeadAttention.autocast GroupQueryAttention.autocast": BY_ITSELF,
        "Embedding.autocast ReversibleEmbedding.autocast": BY_ITSELF,
        "GroupNormalization.autocast LayerNormalization.autocast Normalization.autocast": BY_ITSELF,
        "RandomCrop.autocast RandomE*.autocast RandomFlip.autocast RandomGaussianBlur.autocast": BY_ITSELF,
        "RandomPersp*.autocast RandomRotation.autocast RandomSh*.autocast RandomTranslation.autocast": BY_ITSELF,
        "RandomZoom.autocast RandAugment.autocast AugMix.autocast CutMix.autocast": BY_ITSELF,
        "Solarization.autocast AutoContrast.autocast CenterCrop.autocast Rescaling.autocast": BY_ITSELF,
        "CategoryEncoding.autocast Hashing.autocast TextVectorization.autocast": "the layer reads no fractions",
    },
    "optimizers": {"Adafactor.relative_step": "Keras keeps the step below 1/√t whatever it says"},
    "metrics": {
        "False*.dtype True*.dtype Precision*.dtype Recall*.dtype S*At*.dtype": "it counts in the default type",
    },
    "callbacks": {
        "CSVLogger.append": "each run writes a file of its own, and one that is resumed adds to it",
        "OrbaxCheckpoint.verbose": "Keras never looks at it",
    },
}

# What Keras would find from data by `adapt`, and a config must say; without it the layer changes nothing, or fails.
REQUIRED = {
    "Normalization": ("mean", "variance"),
    "Discretization": ("bin_boundaries",),
    **dict.fromkeys(("IntegerLookup", "StringLookup", "TextVectorization"), ("vocabulary",)),
}


def inert_arguments(kind: str, class_name: str) -> dict[str, str]:
    """The arguments of a class that never change anything, and why; it need not have them all."""
    found = {}
    for patterns, reason in INERT.get(kind, {}).items():
        for pattern in patterns.split():
            classes, _, argument = pattern.partition(".")
            # Most patterns name one class: every command that reads a config comes here for every class of Keras.
            if classes == class_name or ("*" in classes and fnmatchcase(class_name, classes)):
                found[argument] = reason
    return found


def is_required(kind: str, class_name: str, argument: str) -> bool:
    """Whether a config must give an argument that Keras does not ask for."""
    return kind == "layers" and argument in REQUIRED.get(class_name, ())

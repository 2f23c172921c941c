"""The net of a starter for texts."""

from kerasrun.data.starting.targets import Target
from kerasrun.runs.starting.lines import item
from kerasrun.runs.starting.nets import callbacks, head, training
from kerasrun.runs.starting.sizes import texts_sizes_of

# As many words as the source knows, and what stands for one that it does not and for none.
MAX_TOKENS, UNITS = 20_000, 32


def text_net(target: Target, num_rows: int, has_validation: bool, name: str = "the class") -> list[str]:
    """The sections of a net that takes the mean of its words' embeddings: order counts for nothing."""
    sizes = texts_sizes_of(num_rows)
    embedding = {"input_dim": MAX_TOKENS, "output_dim": UNITS, "mask_zero": True}
    layers = [
        "model:",
        *item({"Embedding": embedding}, "a vector for each word"),
        *item("GlobalAveragePooling1D", "the mean over a text's words; for their order an LSTM in its place"),
        *item({"Dropout": sizes.dropout}, "leaves out so many at random, in training alone"),
        *head(target, name),
        "",
    ]
    return [*layers, *training(target, sizes, has_validation), *callbacks(sizes, has_validation)]

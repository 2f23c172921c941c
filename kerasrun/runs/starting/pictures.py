"""The net of a starter for pictures."""

from collections.abc import Sequence

from kerasrun.data.starting.targets import Target
from kerasrun.runs.starting.lines import item
from kerasrun.runs.starting.nets import callbacks, head, training
from kerasrun.runs.starting.sizes import pictures_sizes_of

# Filters of one convolution after another, each behind a pooling, until a side is no longer than the last.
FILTERS, MIN_SIDE = (16, 32, 64, 128), 4


def conv_net(
    target: Target, num_rows: int, name: str, has_validation: bool, shape: Sequence[int], is_one_hot: bool = False
) -> list[str]:
    """The sections of a net of convolutions.

    Args:
        shape: of a picture: (height, width), or with channels last.
    """
    sizes = pictures_sizes_of(num_rows)
    layers = ["model:"]
    if len(shape) == 2:
        layers += item({"Reshape": {"target_shape": [*shape, 1]}}, "height, width and one channel")
    if len(shape) == 3 and shape[2] == 3 and sizes.augments:
        layers += item({"RandomFlip": "horizontal"}, "in training alone; leave it out where left and right matter")
        layers += item({"RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1}}, "shifts by up to a tenth")
    side = min(shape[:2])
    for number, filters in enumerate(FILTERS):
        comment = "each convolution finds larger things than the one before it" if number == 0 else ""
        convolution = {"filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu"}
        layers += item({"Conv2D": convolution}, comment)
        if side < 2 * MIN_SIDE:
            break
        side //= 2
        layers += item({"MaxPooling2D": 2}, "halves height and width" if number == 0 else "")
    layers += item("GlobalAveragePooling2D" if side > 2 * MIN_SIDE else "Flatten")
    layers += item({"Dropout": sizes.dropout}, "leaves out so many at random, in training alone")
    layers += [*head(target, name), ""]
    return [*layers, *training(target, sizes, has_validation, is_one_hot), *callbacks(sizes, has_validation)]

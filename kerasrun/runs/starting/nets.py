"""The model, training and callbacks sections of a starter for rows of numbers."""

from kerasrun.data.starting.targets import MAX_WHOLE, Classes, Numbers, Target
from kerasrun.runs.starting.lines import item, named, setting, with_comment
from kerasrun.runs.starting.sizes import Sizes, sizes_of

# From this ratio of the largest class to the smallest on classes are weighed.
UNEVEN = 5


def dense_net(target: Target, num_rows: int, name: str, has_validation: bool, is_one_hot: bool = False) -> list[str]:
    """The sections of a net of dense layers."""
    sizes = sizes_of(num_rows)
    indent = 4 if sizes.is_straight else 2
    layers = ["model:", *(["  layers:"] if sizes.is_straight else [])]
    for number, units in enumerate(sizes.units):
        comment = f"{sizes.amount}: {_shape(sizes)}" if number == 0 else ""
        layers += item({"Dense": {"units": units, "activation": "relu"}}, comment, indent)
        if sizes.dropout:
            comment = "leaves out so many at random, in training alone" if number == 0 else ""
            layers += item({"Dropout": sizes.dropout}, comment, indent)
    if sizes.is_straight:
        comment = "what was put in goes straight on as well, as in a linear model"
        layers += ["      name: hidden", *with_comment("    - Concatenate:", comment, 4), "      from: [input, hidden]"]
    return [
        *layers,
        *head(target, name, indent),
        "",
        *training(target, sizes, has_validation, is_one_hot),
        *callbacks(sizes, has_validation),
    ]


def head(target: Target, name: str, indent: int = 2) -> list[str]:
    """The last layers."""
    if isinstance(target, Classes):
        layer = {"Dense": {"units": len(target.counts), "activation": "softmax"}}
        return item(layer, "a probability for each class", indent)
    # The loss then starts near the spread of the targets, whatever their unit is.
    scale, offset = float(f"{target.deviation:.3g}"), float(f"{target.mean:.3g}")
    return [
        *item({"Dense": target.num_targets}, f"predicts {name} in units of its spread", indent),
        *item(
            {"Rescaling": {"scale": plain(scale), "offset": plain(offset)}},
            f"brings it to its range: times {scale:g}, plus {offset:g}",
            indent,
        ),
    ]


def plain(number: float) -> float | int:
    """A number of three digits without a point where it is whole."""
    return int(number) if number == int(number) else number


def training(target: Target, sizes: Sizes, has_validation: bool, is_one_hot: bool = False) -> list[str]:
    """The training section."""
    epochs = sizes.epochs if has_validation else sizes.epochs_unstopped or sizes.epochs
    lines = [
        "training:",
        *setting("epochs", epochs, "at most; EarlyStopping ends it before" if has_validation else ""),
        *setting("batch_size", sizes.batch_size, "rows a step"),
        *setting("optimizer", sizes.optimizer, "weight_decay keeps the weights small" if sizes.weight_decay else ""),
    ]
    if isinstance(target, Numbers):
        lines += setting("loss", "mean_squared_error", "mean_absolute_error minds outliers less")
        return [
            *lines,
            *setting("metrics", ["mean_absolute_error", "R2Score"], "in the target's unit; 1 is perfect"),
            "",
        ]
    if is_one_hot:
        lines += setting("loss", "categorical_crossentropy", "for classes as one-hot vectors")
    else:
        lines += setting("loss", "sparse_categorical_crossentropy", "for classes by their numbers")
    lines += setting("metrics", ["accuracy"])
    if target.ratio >= UNEVEN:
        comment = f"the largest class has {target.ratio:.0f} times the rows of the smallest: rare ones count more"
        lines += setting("class_weight", "balanced", comment)
    return [*lines, ""]


def callbacks(sizes: Sizes, has_validation: bool) -> list[str]:
    """The callbacks: early stopping, where rows are kept apart to stop by."""
    if not has_validation:
        return []
    stopping = {"monitor": "val_loss", "patience": sizes.patience, "restore_best_weights": True}
    comment = f"ends when {sizes.patience} epochs brought nothing, and goes back to the best"
    return ["callbacks:", *item({"EarlyStopping": stopping}, comment)]


def counts_of(target: Classes) -> str:
    """The classes, each with its rows."""
    return named((f"{name} {count:,}" for name, count in target.counts.items()), 10)


def target_comment(target: Target) -> str:
    """What the target is, and by which rule that was decided where it could be doubted."""
    if isinstance(target, Classes):
        start = f"{len(target.counts):,} classes: {counts_of(target)}"
        if not target.are_whole:
            return start
        return (
            f"{start}. Whole numbers, at most {MAX_WHOLE} different ones, are taken for classes; if their size is what "
            "counts, make this config again with --target-type numbers"
        )
    start = f"from {target.least:g} to {target.most:g}, mean {target.mean:.5g}"
    if not target.num_whole:
        return start
    return f"{start}. If its {target.num_whole} whole numbers are classes, use --target-type classes"


def _shape(sizes: Sizes) -> str:
    return "one small hidden layer" if len(sizes.units) == 1 else f"{len(sizes.units)} hidden layers"

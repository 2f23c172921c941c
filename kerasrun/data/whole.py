"""Data that comes with training rows, and perhaps test rows, as its file or its maker has them."""

from dataclasses import replace
from typing import Any

from kerasrun.config import Config
from kerasrun.data.augmentation import check_value_ranges
from kerasrun.data.dataset import Dataset, check_finite
from kerasrun.data.labels import prepare_labels
from kerasrun.data.steps import Steps, spreads_of
from kerasrun.data.streamed import AnyRows


def as_dataset(
    train: AnyRows,
    test: AnyRows | None,
    pixel_max: float | None,
    config: Config,
    names: tuple[str, ...] | None = None,
) -> Dataset:
    """Arrays with the labels and the steps that the config asks for, cut into parts.

    Args:
        pixel_max: the largest value of a pixel where rows are pictures of classes.
        names: what the classes are called unless the config says it.

    Raises:
        InputError: a value is not finite, or a label lies outside the classes.
        ConfigError: there are fewer rows than are asked for, or a part would be empty.
    """
    data: Any = config.data
    check_value_ranges(config, pixel_max)
    if data.num_samples is not None:
        train = first_rows(train, data.num_samples, config)
    check_finite({"train": train, "test": test})
    if names is not None and data.num_classes not in (None, len(names)):
        names = None  # there are others
    train, test, classes = prepare_labels(
        train, test, data.one_hot, data.num_classes, pixel_max is not None, data.class_names or names
    )
    divisor = pixel_max if data.scale is True else float(data.scale) if data.scale else None
    whole = Dataset(train, None, test, classes=classes, pixel_max=pixel_max)
    parted = cut_validation(whole, config)
    spreads = spreads_of(parted.train) if getattr(data, "normalize", False) else {}
    steps = Steps(tuple(config.augment), divisor, spreads=spreads, flatten=data.flatten)
    return replace(parted, steps=steps)


def first_rows(rows: AnyRows, num_samples: int, config: Config) -> AnyRows:
    """So many rows from the beginning.

    Raises:
        ConfigError: there are fewer.
    """
    if num_samples > len(rows):
        message = f"num_samples is {num_samples:,}, and there are {len(rows):,} training rows"
        raise config.fault(("data", "num_samples"), message, "leave it out for all rows")
    return rows.slice(0, num_samples)


def cut_validation(whole: Dataset, config: Config) -> Dataset:
    """Cut the validation rows off the end of the training rows, as Keras's validation_split does."""
    validation, place = config.data.validation, ("data", "validation")
    train, kept, name = whole.train, None, "validation"
    if validation == "test":
        if whole.test is None:
            raise config.fault(place, "this data has no test rows to validate on", "give a fraction, such as 0.2")
        kept, name = whole.test, "test"
    elif validation is not None:
        split = int(len(train) * (1 - float(validation)))
        if split in (0, len(train)):
            raise config.fault(place, f"{validation} of {len(train)} rows leaves a part without rows")
        train, kept = train.slice(0, split), train.slice(split, None)
    return replace(whole, train=train, validation=kept, validation_name=name)

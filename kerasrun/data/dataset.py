"""A dataset: the rows for training, validation and test, and what is known of them."""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sections import DigitsSection, MnistSection, NpzSection, SineSection
from kerasrun.data.digits import load_digits
from kerasrun.data.labels import prepare_labels
from kerasrun.data.mnist import fetch_mnist, load_mnist
from kerasrun.data.npz import check_file, load_npz
from kerasrun.data.rows import Rows, array_items
from kerasrun.data.sine import load_sine, true_sine
from kerasrun.errors import ConfigError, InputError


@dataclass(frozen=True)
class Dataset:
    """The rows of an experiment.

    Args:
        train, validation, test: the rows of each part; None where there is no such part.
        validation_name: what the validation rows are called in pictures: `validation`, or `test`.
        divisor: what inputs are divided by in the model's preparation, or None.
        flatten: whether the preparation makes each row of inputs one vector.
        classes: the names of the classes, or None where targets are not classes.
        true_curve: x and y of the curve behind the targets, each of shape (points,), where it is known.
        pixel_max: the largest value that a pixel may have, where a row of inputs is one picture, of shape
            (height, width) or with channels; None where it is not.
    """

    train: Rows
    validation: Rows | None
    test: Rows | None
    validation_name: str = "validation"
    divisor: float | None = None
    flatten: bool = False
    classes: tuple[str, ...] | None = None
    pixel_max: float | None = None
    true_curve: tuple[np.ndarray, np.ndarray] | None = None

    def parts(self) -> dict[str, Rows]:
        """The parts that there are, by name; test rows that serve for validation count once, as `test`."""
        validation = None if self.validation is self.test else self.validation
        parts = {"train": self.train, "validation": validation, "test": self.test}
        return {name: rows for name, rows in parts.items() if rows is not None}

    @property
    def judging_part(self) -> str:
        """The part that the model is judged by: `test`; where there is none `validation`, else `train`."""
        return next(part for part in ("test", "validation", "train") if part in self.parts())

    @property
    def validation_part(self) -> str | None:
        """The part that is validated on: `validation`, `test`, or None."""
        return None if self.validation is None else self.validation_name

    def fingerprint(self) -> str:
        """A SHA-256 over every array: its part, name, dtype, shape and bytes."""
        digest = hashlib.sha256()
        for part, rows in self.parts().items():
            for single, arrays in (("x", rows.x), ("y", rows.y), ("sample_weight", rows.sample_weight)):
                for name, array in array_items(arrays, single) if arrays is not None else []:
                    digest.update(f"{part}/{single}/{name}/{array.dtype.str}/{array.shape}\n".encode())
                    digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


def fetch_data(config: Config) -> None:
    """Download what is not on this machine yet.

    Raises:
        InputError: it cannot be had.
    """
    if isinstance(config.data, MnistSection):
        with _at_its_place(config):
            fetch_mnist(Path(config.data.path) if config.data.path else None)


def check_source(config: Config) -> None:
    """Whether the file of the data is there; it is not read.

    Raises:
        ConfigError: it is not.
    """
    if isinstance(config.data, NpzSection):
        with _at_its_place(config):
            check_file(Path(config.data.path), "an .npz file")


def load_data(config: Config) -> Dataset:
    """Load, check and split the data of a config.

    Raises:
        ConfigError: a file is missing or not what it should be, a label lies outside the classes, a value is
            not finite, or a part of the split would be empty.
    """
    with _at_its_place(config):
        return _load(config)


@contextlib.contextmanager
def _at_its_place(config: Config) -> Iterator[None]:
    """Data that is at fault is told at the line that names it."""
    try:
        yield
    except ConfigError:
        raise
    except InputError as error:
        message, _, hint = str(error).partition("\n")
        key = "path" if getattr(config.data, "path", None) else "source"
        raise config.fault(("data", key), message, hint) from None


def _load(config: Config) -> Dataset:
    data = config.data
    test: Rows | None
    pixel_max: float | None
    if isinstance(data, SineSection):
        return _split(Dataset(load_sine(data), None, None, true_curve=true_sine(data)), config)
    if isinstance(data, MnistSection):
        (train, test), pixel_max = load_mnist(Path(data.path) if data.path else None), 255.0
    elif isinstance(data, DigitsSection):
        (train, test), pixel_max = load_digits(data.test), 16.0
    else:
        assert isinstance(data, NpzSection)
        (train, test), pixel_max = load_npz(Path(data.path), data), None
    if data.num_samples is not None:
        train = _first_rows(train, data.num_samples, config)
    check_finite({"train": train, "test": test})
    train, test, classes = prepare_labels(
        train, test, data.one_hot, data.num_classes, pixel_max is not None, data.class_names
    )
    divisor = pixel_max if data.scale is True else float(data.scale) if data.scale else None
    dataset = Dataset(train, None, test, divisor=divisor, flatten=data.flatten, classes=classes, pixel_max=pixel_max)
    return _split(dataset, config)


def _first_rows(rows: Rows, num_samples: int, config: Config) -> Rows:
    if num_samples > len(rows):
        message = f"num_samples is {num_samples:,}, and there are {len(rows):,} training rows"
        raise config.fault(("data", "num_samples"), message, "leave it out for all rows")
    return rows.slice(0, num_samples)


def _split(whole: Dataset, config: Config) -> Dataset:
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


def check_finite(parts: dict[str, Rows | None]) -> None:
    """Refuse a NaN or an infinity, naming its row (from 0) and column.

    Raises:
        InputError: there is one.
    """
    for part, rows in parts.items():
        for single, arrays in (("x", rows.x), ("y", rows.y)) if rows else ():
            for name, array in array_items(arrays, single) if arrays is not None else []:
                if array.dtype.kind == "f" and not np.isfinite(array).all():
                    first = np.argwhere(~np.isfinite(array))[0].tolist()
                    place = f"row {first[0]}" + (f", column {first[1:]}" if len(first) > 1 else "")
                    raise InputError(
                        f"{part} data: {name} holds {array[tuple(first)]} in {place}; remove or fill it in first"
                    )

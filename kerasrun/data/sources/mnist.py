"""MNIST, as Keras publishes it."""

from pathlib import Path

from kerasrun.config import Config
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.arrays import check_lengths, check_numbers, read_npz
from kerasrun.data.files.published import KERAS, Download, Published, check_given, find_or_download
from kerasrun.data.rows import Rows
from kerasrun.data.whole import as_dataset
from kerasrun.errors import InputError

SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
MNIST = Published("MNIST", ("mnist.npz",), (Download("mnist.npz", f"{KERAS}mnist.npz", SHA256),))
SHAPES = {"x_train": (28, 28), "y_train": (), "x_test": (28, 28), "y_test": ()}


def load(config: Config) -> Dataset:
    """MNIST as the config wants it."""
    return as_dataset(*load_mnist(find_or_download(MNIST, config)), 255.0, config)


def check(config: Config) -> None:
    """Whether the file is there, where one is given."""
    check_given(MNIST, config)


def fetch(config: Config) -> None:
    """Download it where it is not on this machine yet."""
    find_or_download(MNIST, config)


def load_mnist(file: Path) -> tuple[Rows, Rows]:
    """Training and test rows: images of shape (rows, 28, 28) uint8 in 0…255, labels (rows,) uint8 in 0…9.

    Raises:
        InputError: the file is not MNIST.
    """
    arrays = read_npz(file)
    for name, shape in SHAPES.items():
        if name not in arrays or arrays[name].shape[1:] != shape:
            raise InputError(
                f"{file}: not MNIST: expected an array {name} of shape (rows{''.join(f', {n}' for n in shape)})"
            )
        check_numbers(name, arrays[name], file)
    for part in ("train", "test"):
        check_lengths([(name, arrays[name]) for name in (f"x_{part}", f"y_{part}")], file)
    return Rows(arrays["x_train"], arrays["y_train"]), Rows(arrays["x_test"], arrays["y_test"])

"""Fashion-MNIST, as Keras publishes it: four packed files in the format of the first MNIST."""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np

from kerasrun.config import Config
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.published import KERAS, Download, Published, check_given, find_or_download
from kerasrun.data.rows import Rows
from kerasrun.data.whole import as_dataset
from kerasrun.errors import InputError

# Keras checks none of them; these are the checksums of the files that Zalando Research published.
SHA256 = {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
FASHION = Published(
    "Fashion-MNIST",
    ("fashion-mnist",),
    tuple(Download(f"fashion-mnist/{name}", f"{KERAS}{name}", digest) for name, digest in SHA256.items()),
    tuple(SHA256),
)
CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)

# An image has so many pixels a side; a file may hold so many.
SIDE, MAX_IMAGES = 28, 1_000_000


def load(config: Config) -> Dataset:
    """Fashion-MNIST as the config wants it: images (rows, 28, 28) uint8 in 0…255, labels of 10 classes."""
    folder = find_or_download(FASHION, config)
    train, test = (_rows(folder, part) for part in ("train", "t10k"))
    return as_dataset(train, test, 255.0, config, CLASSES)


def check(config: Config) -> None:
    """Whether the folder is there, where one is given."""
    check_given(FASHION, config)


def fetch(config: Config) -> None:
    """Download it where it is not on this machine yet."""
    find_or_download(FASHION, config)


def _rows(folder: Path, part: str) -> Rows:
    images = folder / f"{part}-images-idx3-ubyte.gz"
    x, y = _read(images, 3), _read(folder / f"{part}-labels-idx1-ubyte.gz", 1)
    if x.shape != (len(y), SIDE, SIDE) or not len(y):
        raise InputError(f"{images}: holds images of shape {x.shape}; expected ({len(y)}, {SIDE}, {SIDE}), one a label")
    return Rows(x, y)


def _read(path: Path, num_axes: int) -> np.ndarray:
    """An array of unsigned bytes: a magic number with the number of axes, the sizes of these, and the bytes."""
    try:
        with gzip.open(path) as file:
            magic, *shape = struct.unpack(f">{1 + num_axes}I", file.read(4 + 4 * num_axes))
            num_bytes = int(np.prod(shape, dtype=object))
            if magic != 0x0800 + num_axes or num_bytes > MAX_IMAGES * SIDE * SIDE:
                raise InputError(f"{path}: not a file of Fashion-MNIST: its first bytes are others")
            content = file.read(num_bytes + 1)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read as a file of Fashion-MNIST: {reason}") from None
    if len(content) != num_bytes:
        raise InputError(f"{path}: does not hold the {num_bytes:,} bytes that it says it has")
    return np.frombuffer(content, np.uint8).reshape(shape)

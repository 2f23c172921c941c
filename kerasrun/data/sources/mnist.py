"""MNIST: from a given file, the data folder, Keras's cache, or a download with its checksum."""

import hashlib
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from kerasrun.config import Config
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.arrays import read_npz
from kerasrun.data.rows import Rows
from kerasrun.data.whole import as_dataset
from kerasrun.errors import InputError

# The file and checksum of Keras's own `keras.datasets.mnist`.
URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
SHAPES = {"x_train": (28, 28), "y_train": (), "x_test": (28, 28), "y_test": ()}


def load(config: Config) -> Dataset:
    """MNIST as the config wants it."""
    return as_dataset(*load_mnist(_path(config)), 255.0, config)


def fetch(config: Config) -> None:
    """Download it where it is not on this machine yet."""
    fetch_mnist(_path(config))


def _path(config: Config) -> Path | None:
    path: str | None = config.data.path  # type: ignore[attr-defined]
    return Path(path) if path else None


def load_mnist(path: Path | None) -> tuple[Rows, Rows]:
    """Training and test rows: images of shape (rows, 28, 28) uint8 in 0…255, labels (rows,) uint8 in 0…9.

    Args:
        path: the file; None to look where MNIST usually is.

    Raises:
        InputError: it is nowhere to be found, or the file is not MNIST.
    """
    file = fetch_mnist(path)
    arrays = read_npz(file)
    for name, shape in SHAPES.items():
        if name not in arrays or arrays[name].shape[1:] != shape or len(arrays[name]) == 0:
            raise InputError(
                f"{file}: not MNIST: expected an array {name} of shape (rows{''.join(f', {n}' for n in shape)})"
            )
    return Rows(arrays["x_train"], arrays["y_train"]), Rows(arrays["x_test"], arrays["y_test"])


def fetch_mnist(path: Path | None) -> Path:
    """The file given, or that where MNIST usually is, or a download.

    Raises:
        InputError: it is nowhere to be found.
    """
    return path or find_mnist() or download_mnist()


def keras_cache() -> Path:
    """Where Keras keeps its own copy."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    return home / "datasets" / "mnist.npz"


def find_mnist() -> Path | None:
    """The file in $KERASRUN_DATA_DIR or in Keras's cache, or None."""
    folder = os.environ.get("KERASRUN_DATA_DIR")
    candidates = ([Path(folder) / "mnist.npz"] if folder else []) + [keras_cache()]
    return next((file for file in candidates if file.is_file()), None)


def download_mnist() -> Path:
    """Download MNIST into Keras's cache, checked against its SHA-256.

    Raises:
        InputError: the download failed, or what came is not the file expected.
    """
    target = keras_cache()
    try:
        content = _fetch()
        if hashlib.sha256(content).hexdigest() != SHA256:
            raise InputError(f"{URL}: what was downloaded is not MNIST (its checksum differs); nothing was kept")
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}.tmp")
        partial.write_bytes(content)
        partial.replace(target)
    except OSError as error:
        reason = getattr(error, "reason", error)
        folder = os.environ.get("KERASRUN_DATA_DIR")
        raise InputError(
            "MNIST is nowhere to be found\n"
            "data.path in the config        not given\n"
            f"$KERASRUN_DATA_DIR/mnist.npz   {f'no such file in {folder}' if folder else 'not set'}\n"
            f"Keras's cache                  no such file: {target}\n"
            f"a download                     failed: {reason}\n"
            "give one of the first three the file mnist.npz, or go online once"
        ) from None
    return target


def _fetch() -> bytes:
    """The file's bytes, with a progress bar where someone watches."""
    with urllib.request.urlopen(URL, timeout=30) as response:
        if not sys.stderr.isatty():
            return bytes(response.read())
        from rich.console import Console
        from rich.progress import wrap_file

        size = int(response.headers.get("Content-Length", 0))
        console = Console(stderr=True)
        with wrap_file(response, size, description="Downloading MNIST", console=console, transient=True) as reader:
            return bytes(reader.read())

"""CIFAR-10 and CIFAR-100, as Keras publishes them: pickles of Python 2, in a packed archive or unpacked."""

import io
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import Cifar100Section
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.pickled import read_pickle
from kerasrun.data.files.published import Download, Published, check_given, find_or_download
from kerasrun.data.rows import Rows
from kerasrun.data.sources.cifar_classes import CIFAR10, COARSE, FINE
from kerasrun.data.whole import as_dataset
from kerasrun.errors import InputError

TORONTO = "https://www.cs.toronto.edu/~kriz/"
BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))


def _published(title: str, name: str, archive: str, sha256: str, files: tuple[str, ...]) -> Published:
    """Keras unpacks the archive beside itself; earlier versions did so without the folder around."""
    packed = f"{name}-target_archive"
    places = (name, f"{name}-target/{name}", archive, packed)
    return Published(title, places, (Download(packed, TORONTO + archive, sha256),), files)


PUBLISHED = {
    "cifar10": _published(
        "CIFAR-10",
        "cifar-10-batches-py",
        "cifar-10-python.tar.gz",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        (*BATCHES, "test_batch"),
    ),
    "cifar100": _published(
        "CIFAR-100",
        "cifar-100-python",
        "cifar-100-python.tar.gz",
        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
        ("train", "test"),
    ),
}

# A batch takes 31 MB, and the training rows of CIFAR-100 in one 156 MB; an archive has ten members or fewer.
MAX_FILE_BYTES, MAX_MEMBERS = 200_000_000, 50


def load(config: Config) -> Dataset:
    """CIFAR as the config wants it: images (rows, 32, 32, 3) uint8 in 0…255, labels of 10, 100 or 20 classes."""
    data: Any = config.data
    published = PUBLISHED[data.source]
    path = find_or_download(published, config)
    names, key = CIFAR10, b"labels"
    if isinstance(data, Cifar100Section):
        names, key = (FINE, b"fine_labels") if data.labels == "fine" else (COARSE, b"coarse_labels")
    contents = _unpacked(path, published) if path.is_dir() else _packed(path, published)
    parts = [_rows(contents[name], key, f"{path}: {name}") for name in published.files]
    *train, test = parts
    x, y = (np.concatenate([getattr(rows, single) for rows in train]) for single in ("x", "y"))
    return as_dataset(Rows(x, y), test, 255.0, config, names)


def check(config: Config) -> None:
    """Whether the file or folder is there, where one is given."""
    check_given(PUBLISHED[config.data.source], config)  # type: ignore[attr-defined]


def fetch(config: Config) -> None:
    """Download it where it is not on this machine yet."""
    find_or_download(PUBLISHED[config.data.source], config)  # type: ignore[attr-defined]


def _unpacked(folder: Path, published: Published) -> Mapping[str, bytes]:
    """The files of a folder."""
    contents = {}
    for name in published.files:
        try:
            size = (folder / name).stat().st_size
            if size > MAX_FILE_BYTES:
                raise InputError(f"{folder / name}: not of {published.title}: it has {size:,} bytes")
            contents[name] = (folder / name).read_bytes()
        except OSError as error:
            raise InputError(f"{folder / name}: cannot be read: {error.strerror}") from None
    return contents


def _packed(archive: Path, published: Published) -> Mapping[str, bytes]:
    """The files in an archive, by their names alone; nothing is unpacked onto the disk."""
    contents = {}
    try:
        with tarfile.open(archive) as members:
            for number, member in enumerate(members):
                if number >= MAX_MEMBERS or member.size > MAX_FILE_BYTES:
                    raise InputError(f"{archive}: not {published.title}: it holds other files, or larger ones")
                file = members.extractfile(member) if member.isfile() else None
                if file is not None and Path(member.name).name in published.files:
                    contents[Path(member.name).name] = file.read()
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise InputError(f"{archive}: cannot be read as the archive of {published.title}: {error}") from None
    missing = [name for name in published.files if name not in contents]
    if missing:
        raise InputError(f"{archive}: not {published.title}: it has no file {missing[0]}")
    return contents


def _rows(content: bytes, key: bytes, what: str) -> Rows:
    """Rows of a batch: pixels lie by colour, then row, then column."""
    batch = read_pickle(io.BytesIO(content), what)
    pixels, labels = (batch.get(name) if isinstance(batch, dict) else None for name in (b"data", key))
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.shape[1] != 3072 or pixels.dtype != np.uint8:
        raise InputError(f"{what}: not a batch of CIFAR: it has no array 'data' of shape (rows, 3072)")
    if not isinstance(labels, list) or len(labels) != len(pixels) or not all(type(label) is int for label in labels):
        raise InputError(f"{what}: not a batch of CIFAR: it has no list '{key.decode()}' with a number for each row")
    x = np.ascontiguousarray(pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
    return Rows(x, np.array(labels, np.int64))

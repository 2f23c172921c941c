"""Small files of the formats of the sets that Keras publishes."""

import gzip
import io
import pickle
import struct
import tarfile

import numpy as np

CHANCE = np.random.default_rng(4)


def write_fashion(folder, num_train=7, num_test=4):
    folder.mkdir(parents=True)
    for part, count in (("train", num_train), ("t10k", num_test)):
        images = CHANCE.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        header = struct.pack(">4I", 2051, count, 28, 28)
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(header + images.tobytes()))
        labels = struct.pack(">2I", 2049, count) + bytes(i % 10 for i in range(count))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))


def batch(count, keys, num_classes):
    """A batch whose texts are bytes, as those that Python 2 pickled are."""
    pixels = CHANCE.integers(0, 256, (count, 3072), dtype=np.uint8)
    labels = {key: [(i + shift) % num_classes for i in range(count)] for shift, key in enumerate(keys)}
    return pickle.dumps({b"data": pixels, b"filenames": [b"a.png"] * count, **labels}, protocol=3)


def pack(path, folder, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def write_cifar(folder, keys, names):
    """A folder of batches of 2 rows and more, with labels of 10 classes under each key."""
    folder.mkdir(parents=True)
    for number, name in enumerate(names):
        (folder / name).write_bytes(batch(2 + number, keys, 10))


def write_imdb(path, num_reviews=9):
    reviews = [CHANCE.integers(1, 60, CHANCE.integers(1, 30)).tolist() for _ in range(2 * num_reviews)]
    x = np.empty(2 * num_reviews, object)
    x[:] = reviews
    y = np.arange(2 * num_reviews) % 2
    half = num_reviews
    np.savez(path, x_train=x[:half], y_train=y[:half], x_test=x[half:], y_test=y[half:])

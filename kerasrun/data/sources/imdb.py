"""IMDB's film reviews, as Keras publishes them: words as numbers, the most frequent first."""

from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import ImdbSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.files.arrays import read_npz
from kerasrun.data.files.pickled import read_pickle
from kerasrun.data.files.published import KERAS, Download, Published, check_given, find_or_download
from kerasrun.data.labels import prepare_labels
from kerasrun.data.rows import Rows
from kerasrun.data.whole import cut_validation, first_rows
from kerasrun.errors import InputError

SHA256 = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
IMDB = Published("IMDB", ("imdb.npz",), (Download("imdb.npz", f"{KERAS}imdb.npz", SHA256),))
CLASSES = ("negative", "positive")

# What Keras's load_data does by default: the seed of its order, the number that begins a review, the one that stands
# for a word that is not kept, and what is added to the others.
SEED, START, UNKNOWN, SHIFT = 113, 1, 2, 3


def load(config: Config) -> Dataset:
    """The reviews as the config wants them: numbers of words (rows, max_length) int32, labels 0 and 1."""
    data = config.data
    assert isinstance(data, ImdbSection)
    rows, test = load_imdb(find_or_download(IMDB, config), data.num_words, data.max_length)
    chosen = rows if data.num_samples is None else first_rows(rows, data.num_samples, config)
    parts = prepare_labels(chosen, test, data.one_hot, None, True, data.class_names or CLASSES)
    return cut_validation(Dataset(parts[0], None, parts[1], classes=parts[2]), config)


def check(config: Config) -> None:
    """Whether the file is there, where one is given."""
    check_given(IMDB, config)


def fetch(config: Config) -> None:
    """Download it where it is not on this machine yet."""
    find_or_download(IMDB, config)


def load_imdb(path: Path, num_words: int, max_length: int) -> tuple[Rows, Rows]:
    """Training and test rows, in the order of Keras's load_data.

    Args:
        num_words: numbers from this one on become 2, which stands for all rarer words.
        max_length: of longer reviews the end is kept; shorter ones have zeros before them, as by pad_sequences.

    Raises:
        InputError: the file is not IMDB's.
    """
    arrays, draw = read_npz(path, read_pickle), np.random.RandomState(SEED)
    parts = []
    for part in ("train", "test"):
        what = f"{path}: x_{part}"
        reviews, labels = _checked(arrays.get(f"x_{part}"), arrays.get(f"y_{part}"), what)
        order = np.arange(len(labels))
        draw.shuffle(order)
        parts.append(Rows(_padded(reviews, order, num_words, max_length, what), labels[order]))
    return parts[0], parts[1]


def _checked(reviews: Any, labels: Any, what: str) -> tuple[list[Any], np.ndarray]:
    is_list = isinstance(reviews, list) and reviews and all(isinstance(review, list) for review in reviews)
    is_array = isinstance(labels, np.ndarray) and labels.dtype.kind in "biuf"
    if not is_list or not is_array or labels.shape != (len(reviews),):
        raise InputError(f"{what}: not IMDB's: expected a list of words for each label, a number")
    return reviews, labels


def _padded(reviews: list[Any], order: np.ndarray, num_words: int, max_length: int, what: str) -> np.ndarray:
    x = np.zeros((len(order), max_length), np.int32)
    for row, review in enumerate(order.tolist()):
        words = _numbers(reviews[review], num_words, max_length, what, review)
        x[row, max_length - len(words) :] = words
    return x


def _numbers(review: list[Any], num_words: int, max_length: int, what: str, number: int) -> np.ndarray:
    """The last words of a review."""
    last = review[-max_length:]
    if not all(type(word) is int and 0 <= word < 2**31 - SHIFT for word in last):
        raise InputError(f"{what}: row {number} holds what is no number of a word")
    words = np.array(last, np.int64) + SHIFT
    words = words if len(words) == max_length else np.concatenate([[START], words])
    return np.where(words < num_words, words, UNKNOWN)

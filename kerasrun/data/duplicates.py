"""Rows that are the same: found by hashes of 64 bits, at which two different rows meet once in 10^19 pairs."""

import hashlib

import numpy as np

from kerasrun.data.rows import Arrays, array_items
from kerasrun.data.streamed import AnyRows

ROWS_AT_ONCE = 65_536


def hash_rows(rows: AnyRows) -> np.ndarray:
    """A hash of each row's inputs, streamed or not: (rows,) uint64."""
    return np.concatenate([row_hashes(block.x) for _, block in rows.blocks()])


def row_hashes(x: Arrays) -> np.ndarray:
    """A hash of each row, over all inputs: (rows,) uint64."""
    hashes: np.ndarray | None = None
    for _, array in array_items(x, "x"):
        hashes = with_more(hashes, _of_texts(array) if array.dtype == object else _of_numbers(array))
    assert hashes is not None
    return hashes


def hash_text(text: str) -> int:
    """A hash of a text, of 64 bits."""
    return int.from_bytes(hashlib.blake2b(str(text).encode(), digest_size=8).digest(), "little")


def with_more(hashes: np.ndarray | None, more: np.ndarray) -> np.ndarray:
    """The hashes of rows that have more inputs than those hashed so far: (rows,) uint64."""
    return more if hashes is None else hashes * np.uint64(0x9E3779B97F4A7C15) + more


def _of_texts(array: np.ndarray) -> np.ndarray:
    return np.array([hash_text(text) for text in array], np.uint64)


def _of_numbers(array: np.ndarray) -> np.ndarray:
    """The words of a row, each with a factor of its own, added up and stirred; all modulo 2^64."""
    num_bytes = array.dtype.itemsize * int(np.prod(array.shape[1:]))
    num_words = -(-num_bytes // 8)
    factors = np.random.Generator(np.random.Philox(0)).integers(0, 2**64, num_words, np.uint64) | np.uint64(1)
    parts = []
    for start in range(0, len(array), ROWS_AT_ONCE):
        part = np.ascontiguousarray(array[start : start + ROWS_AT_ONCE])
        padded = np.zeros((len(part), num_words * 8), np.uint8)
        padded[:, :num_bytes] = part.reshape(len(part), -1).view(np.uint8)
        parts.append(_stirred(_stirred(padded.view(np.uint64)) * factors).sum(axis=1, dtype=np.uint64))
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


def _stirred(words: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64: https://doi.org/10.1145/2714064.2660195"""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))

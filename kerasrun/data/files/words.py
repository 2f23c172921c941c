"""Text files in UTF-8."""

import string
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from kerasrun.config.sources import TokensSection
from kerasrun.data.duplicates import hash_text
from kerasrun.errors import InputError

# How the names of text files end.
TEXTS = (".txt",)


def read_words(path: Path) -> str:
    """The text of a file, without the mark that some editors put before it.

    Raises:
        InputError: it cannot be read, or is no text in UTF-8; the first wrong byte is named.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        byte = f"0x{content[error.start]:02x}"
        raise InputError(
            f"{path}: is no text in UTF-8: the byte {byte} in line {line}, byte {column}; save it again as UTF-8"
        ) from None


class Seen:
    """What is noticed of texts while they go by.

    Args:
        lengths: how many words each has, parted by blanks, or signs: (rows,) int64.
        hashes: of each, (rows,) uint64.
        blank: the numbers of those without a word.
    """

    def __init__(self, tokens: TokensSection) -> None:
        self.split, self.blank = tokens.split, list[int]()
        is_stripped = "strip_punctuation" in (tokens.standardize or "")
        self._signs = str.maketrans("", "", string.punctuation if is_stripped else "")
        self._lengths, self._hashes = array("q"), array("Q")

    def each(self, texts: Iterable[str]) -> Iterator[str]:
        """The texts as they come."""
        for row, text in enumerate(texts):
            self._lengths.append(len(text if self.split == "character" else text.split()))
            self._hashes.append(hash_text(text))
            if not text.translate(self._signs).strip():
                self.blank.append(row)
            yield text

    @property
    def lengths(self) -> np.ndarray:
        return np.array(self._lengths, np.int64)

    @property
    def hashes(self) -> np.ndarray:
        return np.array(self._hashes, np.uint64)

"""Texts of one's own: a folder of .txt files for each class, or a table with a column of texts."""

from dataclasses import replace
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import TextSection, TokensSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.filed import Listed, check_places, list_rows, note_others
from kerasrun.data.files.folders import told
from kerasrun.data.files.words import TEXTS, read_words
from kerasrun.data.pool import as_parts
from kerasrun.data.rows import Rows
from kerasrun.data.steps import Steps

# Where the config does not say how many words of a text are read: as many as this share of the training texts has at
# most, and never more than so many.
SHARE, MOST = 0.95, 1_000


def check(config: Config) -> None:
    """Whether the folders and tables are there."""
    check_places(config, "texts")


def load(config: Config) -> Dataset:
    """The texts as rows of dtype object, parted as the config wants; their words become numbers later."""
    data = config.data
    assert isinstance(data, TextSection)
    listed = list_rows(config, TEXTS, "texts")
    texts = {name: _read(part, data.text) for name, part in listed.items()}
    pools = {name: part.pool(texts[name]) for name, part in listed.items()}
    parts = as_parts(pools.pop("path"), pools, config, listed["path"].classes)
    assert isinstance(parts.train, Rows)
    arguments, length_notes = _arguments(data.tokens, np.asarray(parts.train.x))
    notes = (*note_others(listed, "texts"), *_blank(listed, texts), *length_notes, *parts.notes)
    columns = {"text": data.text, "target": data.target} if data.target else {}
    reading = {"kind": "text", "columns": columns, "one_hot": data.one_hot}
    return replace(parts, steps=Steps(text=arguments), reading=reading, notes=notes)


def _read(listed: Listed, column: str | None) -> np.ndarray:
    if listed.table is not None:
        from kerasrun.data.tables.cells import read_filled

        return read_filled(listed.table, str(column))
    return np.array([read_words(path) for path in listed.paths], object)


def _blank(listed: dict[str, Listed], texts: dict[str, np.ndarray]) -> list[str]:
    """A word on texts without a word."""
    rows = [
        part.where(row) for name, part in listed.items() for row, text in enumerate(texts[name]) if not text.strip()
    ]
    return [f"texts without a word: {told(rows)}"] if rows else []


def _arguments(tokens: TokensSection, train: np.ndarray) -> tuple[dict[str, Any], list[str]]:
    """What TextVectorization is made with, and a word on the length of texts where the config leaves it open."""
    written = {name: value for name, value in tokens.model_dump().items() if name != "vocabulary" or value is not None}
    if tokens.output_mode != "int" or tokens.output_sequence_length is not None:
        return written, []
    lengths = _lengths(train, tokens.split)
    length = max(1, min(MOST, int(np.quantile(lengths, SHARE, method="inverted_cdf"))))
    unit = "signs" if tokens.split == "character" else "words"
    longer = int((lengths > length).sum())
    told_longer = f"{longer:,} of {len(lengths):,} training texts are longer, and lose their end"
    note = f"tokens.output_sequence_length: each text is read as {length:,} {unit}; {told_longer}"
    return written | {"output_sequence_length": length}, [note]


def _lengths(texts: np.ndarray, split: str | None) -> np.ndarray:
    """How many words each text has, parted by blanks, or signs; a text that is not split is one."""
    if split is None:
        return np.ones(len(texts), np.int64)
    return np.array([len(text) if split == "character" else len(text.split()) for text in texts])

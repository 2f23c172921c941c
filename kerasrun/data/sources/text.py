"""Texts of one's own: a folder of .txt files for each class, or a table with a column of texts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import TextSection, TokensSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.filed import Listed, check_places, list_rows, note_others, places_of
from kerasrun.data.files.folders import MAX_TOLD, is_table, told, walk_files
from kerasrun.data.files.temporary import TemporaryTexts
from kerasrun.data.files.words import TEXTS, Seen, read_words
from kerasrun.data.pool import as_parts
from kerasrun.data.rows import Rows
from kerasrun.data.steps import Steps
from kerasrun.data.streamed import AnyRows, Stored
from kerasrun.errors import InputError

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
    check(config)
    is_streamed = data.streams(lambda: sum(map(_size_bytes, places_of(config).values())))
    listed = list_rows(config, TEXTS, "texts", is_streamed)
    seen = Seen(data.tokens)
    texts = seen.each(text for part in listed.values() for text in _texts(part, data.text))
    kept = TemporaryTexts(texts) if is_streamed else np.array([*texts, None], object)[:-1]
    parts = _parted(listed, seen, config)
    numbers = np.asarray(parts.train.x)  # type: ignore[union-attr]
    arguments, length_notes = _arguments(data.tokens, seen.lengths[numbers])
    if isinstance(kept, TemporaryTexts):
        parts = parts.each(Stored(kept.read, kept.row_bytes, data.shuffle_window).of)
    else:
        parts = parts.each(lambda rows: _with_texts(rows, kept))
    notes = (*note_others(listed, "texts"), *_blank(listed, seen, data.tokens), *length_notes, *parts.notes)
    columns = {"text": data.text, "target": data.target} if data.target else {}
    reading = {"kind": "text", "columns": columns, "one_hot": data.one_hot}
    return replace(parts, steps=Steps(text=arguments), reading=reading, notes=notes)


def _size_bytes(path: Path) -> int:
    """What the files of a place hold, unpacked."""
    if not is_table(path):
        return sum(file.stat().st_size for file in walk_files(path) if file.suffix.lower() in TEXTS)
    from kerasrun.data.tables.table import text_bytes

    return text_bytes(path)


def _texts(listed: Listed, column: str | None) -> Iterator[str]:
    """The texts of a place, one after the other."""
    if listed.table is None:
        yield from map(read_words, listed.paths)
        return
    row = 0
    for block in listed.table.blocks(str(column)):
        for text in block.to_pylist():
            if text is None:
                told = f"the column '{column}' has no value; fill it in, or leave such rows out"
                raise InputError(f"{listed.where(row)}: {told}")
            yield str(text)
            row += 1


def _with_texts(rows: AnyRows, texts: np.ndarray) -> Rows:
    """Rows that are numbers of texts so far, with the texts."""
    assert isinstance(rows, Rows)
    return replace(rows, x=texts[np.asarray(rows.x)])


def _parted(listed: dict[str, Listed], seen: Seen, config: Config) -> Dataset:
    """The parts, in which texts are numbers so far."""
    pools, start, hashes = {}, 0, seen.hashes
    for name, part in listed.items():
        stop = start + len(part.y)
        pools[name] = part.pool(np.arange(start, stop), hashes[start:stop])
        start = stop
    return as_parts(pools.pop("path"), pools, config, listed["path"].classes)


def _blank(listed: dict[str, Listed], seen: Seen, tokens: TokensSection) -> list[str]:
    """A word on texts without a word."""
    starts = np.cumsum([0, *(len(part.y) for part in listed.values())])
    parts = list(listed.values())
    places = [(row, int(np.searchsorted(starts, row, "right")) - 1) for row in seen.blank[:MAX_TOLD]]
    rows = [parts[place].where(int(row - starts[place])) for row, place in places]
    become = ", read as one unknown word" if tokens.output_mode == "int" else ""
    return [f"texts without a word{become}: {told(rows, len(seen.blank))}"] if rows else []


def _arguments(tokens: TokensSection, lengths: np.ndarray) -> tuple[dict[str, Any], list[str]]:
    """What TextVectorization is made with, and a word on the length of texts where the config leaves it open."""
    written = {name: value for name, value in tokens.model_dump().items() if name != "vocabulary" or value is not None}
    if tokens.output_mode != "int" or tokens.output_sequence_length is not None:
        return written, []
    length = max(1, min(MOST, int(np.quantile(lengths, SHARE, method="inverted_cdf"))))
    unit = "signs" if tokens.split == "character" else "words"
    longer = int((lengths > length).sum())
    told_longer = f"{longer:,} of {len(lengths):,} training texts are longer, and lose their end"
    note = f"tokens.output_sequence_length: each text is read as {length:,} {unit}; {told_longer}"
    return written | {"output_sequence_length": length}, [note]

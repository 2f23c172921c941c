"""Tables of the user's own: CSV, TSV and Parquet, with columns by name."""

from dataclasses import replace
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import CsvSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.pool import Pool, as_parts
from kerasrun.data.rows import Rows
from kerasrun.data.steps import Steps, spreads_of
from kerasrun.data.streamed import Stored
from kerasrun.data.tables.columns import ColumnsInMemory, StoredColumns
from kerasrun.data.tables.finding import find_layout
from kerasrun.data.tables.layout import Layout, fill_in, read_inputs
from kerasrun.data.tables.learned import with_learned
from kerasrun.data.tables.lines import Dialect
from kerasrun.data.tables.notes import notes_of_columns, notes_of_rows
from kerasrun.data.tables.splitting import split_column
from kerasrun.data.tables.table import Table, find_tables, read_table, text_bytes
from kerasrun.data.tables.targets import order_of, read_targets, read_weights
from kerasrun.data.targets import wants_classes


def load(config: Config) -> Dataset:
    """The rows of a table as the config wants them.

    Inputs are the columns of numbers, (rows, columns) float32. Where there are categories they are one array a name:
    `numeric`, and of each category its words. Targets are the numbers of classes, or numbers of shape (rows, targets).
    """
    data: Any = config.data
    is_streamed = data.streams(lambda: _size_bytes(data))
    table = _read(data, data.path, is_streamed)
    if data.num_samples is not None:
        table = _first_rows(table, data.num_samples, config)
    layout = find_layout(table, data, wants_classes(config))
    tables = {"train": table} | {part: _read(data, path, is_streamed) for part, path in _other_files(data).items()}
    stored = StoredColumns(tables.values(), layout) if is_streamed else None
    pools, start = {}, 0
    for part, own in tables.items():
        pools[part] = _pool(own, layout, data, stored, start)
        start += len(own)
    pool = pools.pop("train")
    classes = tuple(data.class_names or order_of(pool.y)) if layout.of_classes else None
    parts = as_parts(pool, pools, config, classes)
    return _prepared(parts, stored, layout, data)


def check(config: Config) -> None:
    """Whether the files are there."""
    data: Any = config.data
    for path in (data.path, *_other_files(data).values()):
        find_tables(path)


def _other_files(data: CsvSection) -> dict[str, str]:
    """The paths of test and validation rows, where these lie in files of their own."""
    named = {"validation": data.validation, "test": data.test}
    return {part: path for part, path in named.items() if isinstance(path, str) and path != "test"}


def _size_bytes(data: CsvSection) -> int:
    """What all files hold, unpacked: to be parted, a table is read as a whole."""
    return sum(text_bytes(path) for place in (data.path, *_other_files(data).values()) for path in find_tables(place))


def _read(data: CsvSection, path: str | list[str], is_kept: bool) -> Table:
    return read_table(find_tables(path), Dialect(data.separator, data.encoding), data.missing_values, is_kept)


def _first_rows(table: Table, num_samples: int, config: Config) -> Table:
    if num_samples > len(table):
        message = f"num_samples is {num_samples:,}, and there are {len(table):,} rows"
        raise config.fault(("data", "num_samples"), message, "leave it out for all rows")
    return table.head(num_samples)


def _pool(table: Table, layout: Layout, data: CsvSection, stored: StoredColumns | None, start: int) -> Pool:
    """The rows of a table; where columns are stored, their inputs are the numbers of rows from `start` on."""
    numbers = np.arange(start, start + len(table))
    return Pool(
        read_inputs(table, layout) if stored is None else numbers,
        read_targets(table, layout),
        table.where,
        lambda name: split_column(table, name, data.split),
        read_weights(table, layout.weight) if layout.weight else None,
        None if stored is None else stored.hashes[numbers],
    )


def _prepared(parts: Dataset, stored: StoredColumns | None, layout: Layout, data: CsvSection) -> Dataset:
    """The parts with what is learned of the training rows: what fills gaps, the words of categories, means."""
    inputs = {part: rows.x for part, rows in parts.parts().items() if isinstance(rows, Rows)}
    columns = {
        part: ColumnsInMemory(x, layout) if stored is None else stored.of(np.asarray(x)) for part, x in inputs.items()
    }
    layout = with_learned(layout, columns["train"])
    notes = [note for part, own in columns.items() for note in notes_of_rows(part, own, layout)]
    notes += notes_of_columns(columns["train"], layout, data.encode)
    if stored is None:
        for x in inputs.values():
            fill_in(x, layout)
    else:
        parts = parts.each(Stored(stored.by_row(layout).read, stored.row_bytes, data.shuffle_window).of)
    steps = Steps(
        spreads=spreads_of(parts.train) if data.normalize else {},
        vocabularies={name: tuple(words) for name, words in layout.words.items()},
        encode=data.encode,
        join=bool(layout.categories) and data.encode == "one_hot",
    )
    return replace(parts, steps=steps, reading=layout.to_reading(), notes=(*parts.notes, *notes))

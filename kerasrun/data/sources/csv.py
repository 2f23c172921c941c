"""Tables of the user's own: CSV, TSV and Parquet, with columns by name."""

from dataclasses import replace
from typing import Any

from kerasrun.config import Config
from kerasrun.config.sources import CsvSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.pool import Pool, as_parts
from kerasrun.data.rows import Rows
from kerasrun.data.steps import Steps, spreads_of
from kerasrun.data.tables.finding import find_layout
from kerasrun.data.tables.layout import Layout, fill_in, read_inputs, with_learned
from kerasrun.data.tables.lines import Dialect
from kerasrun.data.tables.notes import notes_of_columns, notes_of_rows
from kerasrun.data.tables.splitting import split_column
from kerasrun.data.tables.table import Table, find_tables, read_table
from kerasrun.data.tables.targets import order_of, read_targets, read_weights
from kerasrun.data.targets import wants_classes


def load(config: Config) -> Dataset:
    """The rows of a table as the config wants them.

    Inputs are the columns of numbers, (rows, columns) float32. Where there are categories they are one array a name:
    `numeric`, and of each category its words. Targets are the numbers of classes, or numbers of shape (rows, targets).
    """
    data: Any = config.data
    table = _read(data, data.path)
    if data.num_samples is not None:
        table = _first_rows(table, data.num_samples, config)
    layout = find_layout(table, data, wants_classes(config))
    pool = _pool(table, layout, data)
    more = {part: _pool(_read(data, path), layout, data) for part, path in _other_files(data).items()}
    classes = tuple(data.class_names or order_of(pool.y)) if layout.of_classes else None
    return _prepared(as_parts(pool, more, config, classes), layout, data)


def check(config: Config) -> None:
    """Whether the files are there."""
    data: Any = config.data
    for path in (data.path, *_other_files(data).values()):
        find_tables(path)


def _other_files(data: CsvSection) -> dict[str, str]:
    """The paths of test and validation rows, where these lie in files of their own."""
    named = {"validation": data.validation, "test": data.test}
    return {part: path for part, path in named.items() if isinstance(path, str) and path != "test"}


def _read(data: CsvSection, path: str | list[str]) -> Table:
    return read_table(find_tables(path), Dialect(data.separator, data.encoding), data.missing_values)


def _first_rows(table: Table, num_samples: int, config: Config) -> Table:
    if num_samples > len(table):
        message = f"num_samples is {num_samples:,}, and there are {len(table):,} rows"
        raise config.fault(("data", "num_samples"), message, "leave it out for all rows")
    return table.head(num_samples)


def _pool(table: Table, layout: Layout, data: CsvSection) -> Pool:
    return Pool(
        read_inputs(table, layout),
        read_targets(table, layout),
        table.where,
        lambda name: split_column(table, name, data.split),
        read_weights(table, layout.weight) if layout.weight else None,
    )


def _prepared(parts: Dataset, layout: Layout, data: CsvSection) -> Dataset:
    """The parts with what is learned of the training rows: what fills gaps, the words of categories, means."""
    inputs = {part: rows.x for part, rows in parts.parts().items() if isinstance(rows, Rows)}
    layout = with_learned(layout, inputs["train"])
    notes = []
    for part, x in inputs.items():
        notes += notes_of_rows(part, x, layout)
        fill_in(x, layout)
    steps = Steps(
        spreads=spreads_of(parts.train) if data.normalize else {},
        vocabularies={name: tuple(words) for name, words in layout.words.items()},
        encode=data.encode,
        join=bool(layout.categories) and data.encode == "one_hot",
    )
    notes += notes_of_columns(inputs["train"], layout, data.encode)
    return replace(parts, steps=steps, reading=layout.to_reading(), notes=(*parts.notes, *notes))

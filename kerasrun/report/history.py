"""The numbers of a run, as tables of equally long columns.

A run counted in epochs has one table:

    epochs       epoch (1, 2, 3, …), loss, the metrics, val_loss, val_<metric>, learning_rate, epoch_time_s

A run counted in steps has two:

    steps        step (0 … N) and loss. Row 0 is the loss over the whole training set before training, row i
                 the loss of step i's batch before its update.
    evaluations  step, epoch (a float: step / steps per epoch), loss, the metrics, val_loss, val_<metric>,
                 over the whole training and validation sets.

In memory a value that is not finite, or was not measured, is nan; in the file it is null.
"""

import json
import math
from dataclasses import dataclass, field
from numbers import Integral
from pathlib import Path
from typing import Literal, SupportsFloat

from kerasrun.report.parsing import FORMAT, TABLE_NAMES, sealed
from kerasrun.report.reading import read_tables

# Columns that are no figures of the model.
NO_FIGURES = ("epoch", "step", "learning_rate", "epoch_time_s")

Table = dict[str, list[float]]
"""Columns by name, all equally long."""


@dataclass
class History:
    """The tables of one run. A table that the run does not have is an empty dict."""

    epochs: Table = field(default_factory=dict)
    steps: Table = field(default_factory=dict)
    evaluations: Table = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True if no table has a row."""
        return not any(row_count(table) for table in self._tables().values())

    def append(self, table_name: str, row: dict[str, float]) -> None:
        """Add one row to a table.

        A column that the row lacks gets nan; a column that is new is filled up with nan in the rows before.

        Args:
            table_name: "epochs", "steps" or "evaluations".
            row: a number for each column; NumPy scalars will do. Whole numbers stay ints.

        Raises:
            ValueError: there is no such table.
        """
        if table_name not in TABLE_NAMES:
            raise ValueError(f"there is no table {table_name!r}; there are: {', '.join(TABLE_NAMES)}")
        table = self._tables()[table_name]
        count = row_count(table)
        for name in row:
            table.setdefault(name, [math.nan] * count)
        for name, column in table.items():
            column.append(_plain(row.get(name, math.nan)))

    def best(self, monitor: str | None = None, mode: Literal["min", "max"] = "min") -> tuple[float, str] | None:
        """The epoch at which a monitored column is best, the first one if several are.

        Args:
            monitor: the column to look at. By default val_loss, or loss where nothing was validated.
            mode: whether low ("min") or high ("max") is good.

        Returns:
            (epoch, the column looked at), or None if that column is absent or has no finite value. In a run
            counted in steps the epoch is that of an evaluation and may be a fraction.
        """
        table = self.epochs or self.evaluations
        for name in (monitor,) if monitor else ("val_loss", "loss"):
            found = _best_row(table.get(name, []), mode)
            if found is not None and "epoch" in table:
                return table["epoch"][found], name
        return None

    def to_json(self) -> str:
        """The history as strict JSON, one column a line; what is not finite is null. Ends with a newline.

        A hash at the end shows whether the text is as it was written.
        """
        parts = [f'  "format": {json.dumps(FORMAT)}']
        parts += [f"  {json.dumps(name)}: {_table_json(table)}" for name, table in self._tables().items() if table]
        if len(parts) == 1:
            parts.append('  "epochs": {}')
        return sealed("{\n" + ",\n".join(parts) + "\n}\n")

    def _tables(self) -> dict[str, Table]:
        return {"epochs": self.epochs, "steps": self.steps, "evaluations": self.evaluations}


def load_history(path: Path | str) -> History:
    """Read a history from a file.

    Reads what kerasrun writes, and what Keras users write with json.dump(history.history, file): a mapping of
    equally long lists, one number an epoch. There `acc` and `val_acc` become accuracy and val_accuracy, `lr`
    becomes learning_rate, and the epochs are counted from 1 if no column `epoch` counts them. null and
    Python's NaN and Infinity are read as nan.

    Raises:
        InputError: the file cannot be read, or it is no history. The message tells the path, what is wrong
            and what to do.
    """
    return History(**read_tables(Path(path)))


def row_count(table: Table) -> int:
    """The number of rows of a table; 0 if it has no column."""
    return len(next(iter(table.values()), []))


def _plain(value: SupportsFloat) -> float:
    return int(value) if isinstance(value, Integral) else float(value)


def _best_row(column: list[float], mode: str) -> int | None:
    rows = [row for row, value in enumerate(column) if math.isfinite(value)]
    choose = min if mode == "min" else max
    return choose(rows, key=column.__getitem__, default=None)


def _table_json(table: Table) -> str:
    lines = [f"    {json.dumps(name)}: {_column_json(column)}" for name, column in table.items()]
    return "{\n" + ",\n".join(lines) + "\n  }"


def _column_json(column: list[float]) -> str:
    values = (_plain(value) if math.isfinite(value) else None for value in column)
    return json.dumps(list(values), allow_nan=False)

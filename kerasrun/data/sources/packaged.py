"""scikit-learn's small tables: real data that needs no download."""

from dataclasses import replace
from typing import Any

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import MISSING_VALUES, DiabetesSection
from kerasrun.data.dataset import Dataset
from kerasrun.data.pool import Pool, as_parts
from kerasrun.data.steps import Steps, spreads_of
from kerasrun.data.tables.layout import Layout


def load(config: Config) -> Dataset:
    """The table that the config names, parted as it wants: inputs (rows, columns) float32.

    Targets are classes, numbered as scikit-learn has them; of `diabetes`, numbers of shape (rows, 1) float32.
    """
    data: Any = config.data
    table = _table(data)
    x, names = table.data.astype(np.float32), getattr(data, "class_names", None)
    classes = None if isinstance(data, DiabetesSection) else tuple(names or map(str, table.target_names))
    y = table.target.astype(np.float32)[:, None] if classes is None else np.array(classes, object)[table.target]
    parts = as_parts(Pool(x, y, lambda row: f"{data.source}, row {row + 1}"), {}, config, classes)
    steps = Steps(spreads=spreads_of(parts.train) if data.normalize else {})
    layout = Layout(
        list(map(str, table.feature_names)), {}, ["target"], classes is not None, missing_values=MISSING_VALUES
    )
    return replace(parts, steps=steps, reading=layout.to_reading())


def _table(data: Any) -> Any:
    """As scikit-learn has it, in the units in which it was measured."""
    from sklearn import datasets

    if isinstance(data, DiabetesSection):
        return datasets.load_diabetes(scaled=False)
    return getattr(datasets, f"load_{data.source}")()

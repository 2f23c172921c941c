"""Houses in California by districts, as Keras publishes them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from kerasrun.config import Config
from kerasrun.config.sources import MISSING_VALUES, CaliforniaHousingSection
from kerasrun.data.dataset import Dataset, check_finite
from kerasrun.data.files.arrays import check_numbers, read_npz
from kerasrun.data.files.published import KERAS, Download, Published, check_given, find_or_download
from kerasrun.data.rows import Rows
from kerasrun.data.steps import Steps, spreads_of
from kerasrun.data.tables.layout import Layout
from kerasrun.data.whole import cut_validation, first_rows
from kerasrun.errors import InputError

SHA256 = "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"
FILE = "california_housing.npz"
HOUSING = Published("California housing", (FILE,), (Download(FILE, KERAS + FILE, SHA256),))
COLUMNS = ("MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude")
TARGET = "MedHouseVal"

# Of Keras's load_data: the seed of the order, and the fraction at its end that is the test set.
SEED, TEST = 113, 0.2


def load(config: Config) -> Dataset:
    """The districts as the config wants them: inputs (rows, 8) float32, targets (rows, 1) float32 in dollars."""
    data = config.data
    assert isinstance(data, CaliforniaHousingSection)
    rows, test = load_housing(find_or_download(HOUSING, config))
    train = rows if data.num_samples is None else first_rows(rows, data.num_samples, config)
    layout = Layout(COLUMNS, {}, [TARGET], False, missing_values=MISSING_VALUES)
    parts = cut_validation(Dataset(train, None, test, reading=layout.to_reading()), config)
    return replace(parts, steps=Steps(spreads=spreads_of(parts.train) if data.normalize else {}))


def check(config: Config) -> None:
    """Whether the file is there, where one is given."""
    check_given(HOUSING, config)


def fetch(config: Config) -> None:
    """Download it where it is not on this machine yet."""
    find_or_download(HOUSING, config)


def load_housing(path: Path) -> tuple[Rows, Rows]:
    """Training and test rows, parted as by Keras's load_data.

    Raises:
        InputError: the file is not what it should be.
    """
    arrays = read_npz(path)
    x, y = arrays.get("x"), arrays.get("y")
    if x is None or y is None or x.shape[1:] != (len(COLUMNS),) or y.shape != x.shape[:1] or len(x) < 2:
        raise InputError(f"{path}: not California housing: expected an array x of shape (rows, 8) and y, one a row")
    for name in ("x", "y"):
        check_numbers(name, arrays[name], path)
    order = np.arange(len(x))
    np.random.RandomState(SEED).shuffle(order)
    rows = Rows(x[order].astype(np.float32), y[order].astype(np.float32)[:, None])
    check_finite({"given": rows})
    split = int(len(x) * (1 - TEST))
    return rows.slice(0, split), rows.slice(split, None)

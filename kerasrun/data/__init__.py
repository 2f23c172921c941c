"""From a config's `data` section to arrays, in numpy alone."""

from kerasrun.data.dataset import Dataset
from kerasrun.data.loading import fetch_data, load_data
from kerasrun.data.other import load_rows
from kerasrun.data.rows import Rows

__all__ = ["Dataset", "Rows", "fetch_data", "load_data", "load_rows"]

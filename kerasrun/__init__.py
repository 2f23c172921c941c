"""kerasrun: a YAML file describes an experiment; one command trains it.

The functions here do from Python what the commands do. Nothing loads TensorFlow until one is called.
"""

import importlib.metadata
from typing import Any

try:
    __version__ = importlib.metadata.version("kerasrun")
except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0+unknown"

__all__ = ["__version__", "evaluate", "plot", "predict", "reproduce", "resume", "train", "write_report"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from kerasrun import api

        return getattr(api, name)
    raise AttributeError(f"module 'kerasrun' has no attribute {name!r}")

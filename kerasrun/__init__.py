"""kerasrun: a YAML file describes an experiment; one command trains it.

The functions here do from Python what the commands do. Nothing loads TensorFlow until one is called.
"""

from typing import Any

__all__ = [
    *("__version__", "compare", "evaluate", "list_runs", "plot", "predict", "reproduce", "resume", "train"),
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name in __all__:
        from kerasrun import api

        return getattr(api, name)
    raise AttributeError(f"module 'kerasrun' has no attribute {name!r}")


def _version() -> str:
    import importlib.metadata  # half of the time that `kerasrun --help` takes

    try:
        return importlib.metadata.version("kerasrun")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "0+unknown"

"""From the `data` section of a config to its rows, by the source that it names.

A source is a module of `kerasrun.data.sources` with `load(config) → Dataset`. One that has something to look for or
to download before that has `check(config)` and `fetch(config)` too. It is imported only where it is asked for.
"""

import contextlib
import importlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kerasrun.config import Config
from kerasrun.data.dataset import Dataset
from kerasrun.data.streamed import Streamed
from kerasrun.errors import ConfigError, InputError

# Sources that share a module; any other has one of its own name.
MODULES = dict.fromkeys(("iris", "wine", "breast_cancer", "diabetes"), "packaged")
MODULES |= dict.fromkeys(("cifar10", "cifar100"), "cifar")


def fetch_data(config: Config) -> None:
    """Download what is not on this machine yet.

    Raises:
        InputError: it cannot be had.
    """
    _ask(config, "fetch")


def check_source(config: Config) -> None:
    """Whether the files of the data are there; they are not read.

    Raises:
        ConfigError: one is not.
    """
    _ask(config, "check")


def load_data(config: Config) -> Dataset:
    """Load, check and split the data of a config.

    Raises:
        ConfigError: a file is missing or not what it should be, a label lies outside the classes, a value is
            not finite, or a part of the split would be empty.
    """
    with _at_its_place(config):
        dataset: Dataset = _source(config).load(config)
        return replace(dataset, notes=(*dataset.notes, *_unused_window(dataset, config)))


def _unused_window(dataset: Dataset, config: Config) -> list[str]:
    """A word on a window of rows that fit in memory, all of which are shuffled together."""
    data: Any = config.data
    if getattr(data, "shuffle_window", None) is None or isinstance(dataset.train, Streamed):
        return []
    return [
        f"shuffle_window does nothing: the rows take no more than memory_gb: {data.memory_gb:g}, so all are in memory "
        "and shuffled together"
    ]


def _source(config: Config) -> Any:
    source: str = config.data.source  # type: ignore[attr-defined]
    return importlib.import_module(f"kerasrun.data.sources.{MODULES.get(source, source)}")


def _ask(config: Config, question: str) -> None:
    function = getattr(_source(config), question, None)
    if function is not None:
        with _at_its_place(config):
            function(config)


@contextlib.contextmanager
def _at_its_place(config: Config) -> Iterator[None]:
    """Data that is at fault is told at the line that names it."""
    try:
        yield
    except ConfigError:
        raise
    except InputError as error:
        message, _, hint = str(error).partition("\n")
        key = "path" if getattr(config.data, "path", None) else "source"
        raise config.fault(("data", key), message, hint) from None

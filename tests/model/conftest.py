"""Models from the text of a config."""

from typing import Any

import pytest
from tiny_models import compiled

from kerasrun.config import load_config


@pytest.fixture
def read(write):
    """Check the text of a config; the sections that it leaves out are filled in."""

    def read_text(text: str) -> Any:
        for section, default in (
            ("data", "{source: npz, path: rows.npz}"),
            ("training", "{epochs: 1, optimizer: SGD, loss: mse}"),
        ):
            if f"\n{section}:" not in f"\n{text}":
                text += f"\n{section}: {default}\n"
        return load_config(write(text))

    return read_text


@pytest.fixture
def build(read):
    """A compiled model from the text of a config."""
    return lambda text, x: compiled(read(text), x)

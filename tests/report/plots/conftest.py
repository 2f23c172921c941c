"""Fixtures: the figures that drawing functions build, and made-up answers of models."""

import numpy as np
import pytest

from kerasrun.report.plots import style
from kerasrun.report.results import Classes


@pytest.fixture
def drawn(monkeypatch):
    """Catches the figures that a drawing function builds."""
    figures = {}

    def render(builders, formats):
        figures.update({name: build() for name, build in builders.items()})
        return {}

    monkeypatch.setattr(style, "render", render)
    return figures


@pytest.fixture
def answers():
    """Rows for which these classes were told, and what is true of them."""

    def make(told, true, names):
        scores = np.full((len(told), len(names)), 0.1, np.float32)
        scores[np.arange(len(told)), told] = 1 - 0.1 * (len(names) - 1)
        return Classes(np.array(true), scores, tuple(names))

    return make


def all_texts(figure):
    """Everything that is written in a figure, beside its axes' ticks and labels."""
    return [text.get_text() for part in (figure, *figure.axes) for text in part.texts]


@pytest.fixture
def texts():
    """What is written in a figure."""
    return all_texts

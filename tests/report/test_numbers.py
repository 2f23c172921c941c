"""Figures as people read them."""

import pytest

from kerasrun.report.numbers import duration, number, size


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.98123, "0.9812"),
        (0.0000231, "2.31e-05"),
        (0.0, "0.0000"),
        (-1234.5678, "-1234.568"),
        (250_000.0, "2.5e+05"),
        (float("nan"), "-"),
    ],
)
def test_a_figure(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0006, "0.6 ms"), (3.21, "3.2 s"), (99.94, "99.9 s"), (242, "4 min 2 s"), (12_000, "3 h 20 min")],
)
def test_a_duration(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"), [(940, "940 B"), (1_240, "1.2 kB"), (47_300_000, "47 MB"), (2_500_000_000, "2.5 GB")]
)
def test_a_size(size_bytes, text):
    assert size(size_bytes) == text

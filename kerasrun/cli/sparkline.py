"""Curves in one line of characters each."""

import itertools
import math

BLOCKS, ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-~=+*#"

# Positive values that lie further apart than this are drawn by their logarithms: a tail is not squashed flat.
MAX_RATIO = 3.0


def sparklines(curves: list[list[float]], width: int, in_ascii: bool = False) -> list[str]:
    """Curves over one another, all on the scale of all: a character a point, or several points' mean.

    Args:
        width: how many characters at most.

    Returns:
        A line each. A blank stands where a value is not finite.
    """
    blocks = ASCII_BLOCKS if in_ascii else BLOCKS
    thinned = [_thinned(curve, width) for curve in curves]
    finite = [value for curve in thinned for value in curve if math.isfinite(value)]
    if not finite:
        return ["" for _ in curves]
    low, high = min(finite), max(finite)
    scale = math.log if low > 0 and high / low > MAX_RATIO else float
    bottom, span = scale(low), scale(high) - scale(low)

    def block(value: float) -> str:
        if not math.isfinite(value):
            return " "
        share = (scale(value) - bottom) / span if span > 0 else 0.0
        return blocks[min(int(share * len(blocks)), len(blocks) - 1)]

    return ["".join(map(block, curve)) for curve in thinned]


def _thinned(curve: list[float], width: int) -> list[float]:
    """At most so many values: means of neighbours."""
    if len(curve) <= width or width < 1:
        return curve[: max(width, 0)]
    edges = [round(index * len(curve) / width) for index in range(width + 1)]
    return [sum(curve[start:stop]) / (stop - start) for start, stop in itertools.pairwise(edges)]

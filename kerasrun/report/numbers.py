"""Figures as people read them."""


def number(value: float) -> str:
    """A figure in few characters: `0.9812`, `2.31e-05`, `-` for one that was not measured."""
    if value != value:
        return "-"
    if value and (abs(value) < 1e-3 or abs(value) >= 1e5):
        return f"{value:.3g}"
    if abs(value) >= 1e3:
        return f"{value:.{7 - len(str(int(abs(value))))}f}"
    return f"{value:.4f}"

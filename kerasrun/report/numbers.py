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


def duration(seconds: float) -> str:
    """`0.6 ms`, `3.2 s`, `4 min 2 s`, `3 h 20 min`."""
    if seconds < 0.1:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    if seconds < 6000:
        return f"{int(seconds) // 60} min {int(seconds) % 60} s"
    return f"{int(seconds) // 3600} h {int(seconds) % 3600 // 60} min"


def size(size_bytes: int) -> str:
    """`940 B`, `1.2 kB`, `47 MB`."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.{0 if size_bytes >= 10 * factor else 1}f} {unit}"
    return f"{size_bytes} B"

"""Whether what is to be read fits in memory."""

from pathlib import Path

from kerasrun.errors import InputError


def check_memory(wanted: int, what: str, hint: str = "make them smaller, or take fewer") -> None:
    """Refuse what would not fit, before it is read.

    Args:
        wanted: bytes.
        what: what takes them, in words.

    Raises:
        InputError: fewer bytes are free.
    """
    free = free_bytes()
    if free is not None and wanted > free:
        raise InputError(
            f"{what} take {wanted / 1e9:,.1f} GB while they are read, and {free / 1e9:,.1f} GB are free\n{hint}"
        )


def free_bytes() -> int | None:
    """The bytes that Linux says can be had without swapping; None elsewhere."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        [kilobytes] = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
        return int(kilobytes) * 1024
    except (OSError, ValueError):
        return None

"""From a file to the text of a history, with a word on everything that can be wrong with the file."""

from pathlib import Path

from kerasrun.errors import InputError
from kerasrun.report.parsing import EXPECTED, FaultError, Tables, parse_tables

MAX_BYTES = 200_000_000

# A .keras file is a zip archive, a .h5 file begins with the second of these.
MODEL_SIGNATURES = (b"PK\x03\x04", b"\x89HDF\r\n\x1a\n")


def read_tables(path: Path) -> Tables:
    """Read the tables of a history from a file; see `kerasrun.report.history.load_history`."""
    try:
        return parse_tables(_read_text(path))
    except FaultError as fault:
        raise InputError(f"{path}: {fault}") from None


def _read_text(path: Path) -> str:
    content = _read_bytes(path)
    if content.startswith(MODEL_SIGNATURES):
        raise FaultError("this is a saved model, not a history. Give the history.json of the run that made it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise FaultError(f"this is not a text file in UTF-8. {EXPECTED}")
    if not text.strip():
        raise FaultError(f"the file is empty. {EXPECTED}")
    return text


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            inside = path / "history.json"
            raise FaultError(f"this is a folder. {f'Give {inside}.' if inside.is_file() else EXPECTED}")
        if not path.exists():
            raise FaultError(f"there is no such file. {EXPECTED}")
        if not path.is_file():
            raise FaultError(f"this is not a regular file. {EXPECTED}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FaultError(f"the file has {size:,} bytes; a history has at most {MAX_BYTES:,}. {EXPECTED}")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultError(f"cannot be read ({reason}). Check the path and its permissions.") from None

"""Text files in UTF-8."""

from pathlib import Path

from kerasrun.errors import InputError

# How the names of text files end.
TEXTS = (".txt",)


def read_words(path: Path) -> str:
    """The text of a file, without the mark that some editors put before it.

    Raises:
        InputError: it cannot be read, or is no text in UTF-8; the first wrong byte is named.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        byte = f"0x{content[error.start]:02x}"
        raise InputError(
            f"{path}: is no text in UTF-8: the byte {byte} in line {line}, byte {column}; save it again as UTF-8"
        ) from None

"""Write the schema where an editor finds it, and never over anything else."""

from pathlib import Path

from kerasrun.errors import InputError

# What a schema that was written before begins with.
BEGINNING = '{\n "$schema"'


def write_schema(text: str, target: str) -> None:
    """Write the schema to a file, which may hold an older one.

    Raises:
        InputError: the file holds something else, or cannot be written.
    """
    if not target.strip():
        raise InputError("-o is empty; name a file, such as kerasrun.schema.json")
    try:
        path = Path(target).expanduser()
        if path.is_file() and path.stat().st_size:
            with path.open(encoding="utf-8", errors="replace") as file:
                if file.read(len(BEGINNING)) != BEGINNING:
                    raise InputError(f"{target}: holds something else than a schema; choose another name")
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}") from None

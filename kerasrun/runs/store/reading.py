"""The reading of a run's curves on the disk: reading.json."""

import json

from kerasrun.errors import InputError
from kerasrun.report.diagnosis.findings import Reading
from kerasrun.runs.store.files import write_json
from kerasrun.runs.store.folder import RunFolder


def write_reading(run: RunFolder, reading: Reading) -> None:
    """Keep what the run's curves tell."""
    write_json(run.reading, reading.to_dict())


def read_reading(run: RunFolder) -> Reading | None:
    """What `write_reading` wrote; None where there is no such file: the run has not ended, or is an older one's.

    Raises:
        InputError: it is damaged.
    """
    try:
        return Reading.from_dict(json.loads(run.reading.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{run.reading}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{run.reading}: is damaged: {error}") from None

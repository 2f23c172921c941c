"""Models that callbacks save while a training runs: whole or not at all, and never older ones over newer ones."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kerasrun.runs.store.files import whole_file, write_json
from kerasrun.runs.store.folder import RunFolder

Place = tuple[int, int]


@contextlib.contextmanager
def careful_saves(model: Any, run: RunFolder, place: Callable[[], Place]) -> Iterator[None]:
    """Within, what callbacks let a Keras model save appears whole or not at all.

    A run that goes on from a checkpoint comes by its last saves again. There a file from a later place stays, so that
    a best model never becomes a worse one, however often the run is broken off.

    Args:
        place: where the training stands, as (epoch, step).
    """
    known = _read(run.saves)

    def careful(save: Any) -> Any:
        def save_carefully(filepath: Any, *args: Any, **kwargs: Any) -> None:
            path, now = Path(filepath), place()
            name = os.path.relpath(path, run.path)
            if path.exists() and known.get(name, (-1, 0)) > now:
                return
            with whole_file(path) as aside:
                save(str(aside), *args, **kwargs)
                known[name] = now
                run.checkpoints.mkdir(exist_ok=True)
                write_json(run.saves, known)  # first, so that a kill in between leaves the file that is there alone

        return save_carefully

    own = vars(model)  # past Keras's __setattr__, which tracks what it is given
    own.update(save=careful(model.save), save_weights=careful(model.save_weights))
    try:
        yield
    finally:
        del own["save"], own["save_weights"]


def _read(path: Path) -> dict[str, Place]:
    """From where each file was saved, by its path from the run."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: (int(epoch), int(step)) for name, (epoch, step) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}

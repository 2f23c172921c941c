"""Models that callbacks save while a training runs: whole or not at all, and never older ones over newer ones."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kerasrun.runs.store.files import whole_file, write_whole
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
    known = read_saves(run)

    def careful(save: Any) -> Any:
        def save_carefully(filepath: Any, *args: Any, **kwargs: Any) -> None:
            path, now = Path(filepath), place()
            name = os.path.relpath(path, run.path)
            places = known.get(name, [])
            if path.exists() and places and places[-1] > now:
                return
            with whole_file(path) as aside:
                save(str(aside), *args, **kwargs)
                # Those after it will be come by again, and the last one is that of the file.
                known[name] = [*(before for before in places if before < now), now]
                run.checkpoints.mkdir(exist_ok=True)
                _write(run, known)  # first, so that a kill in between leaves the file that is there alone

        return save_carefully

    own = vars(model)  # past Keras's __setattr__, which tracks what it is given
    own.update(save=careful(model.save), save_weights=careful(model.save_weights))
    try:
        yield
    finally:
        del own["save"], own["save_weights"]


def read_saves(run: RunFolder) -> dict[str, list[Place]]:
    """From where each file was saved, by its path from the run; the last place is that of the file as it is."""
    try:
        found = json.loads(run.saves.read_text(encoding="utf-8"))
        return {name: _places(value) for name, value in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _places(value: Any) -> list[Place]:
    pairs = value if isinstance(value[0], list) else [value]  # older runs know the last place alone
    return [(int(epoch), int(step)) for epoch, step in pairs]


def _write(run: RunFolder, known: dict[str, list[Place]]) -> None:
    """One file a line: a best model may be saved in each of thousands of epochs."""
    lines = [f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(places)}" for name, places in known.items()]
    write_whole(run.saves, "{\n" + ",\n".join(lines) + "\n}\n")

"""The `callbacks` section: a list of Keras's callbacks, whose paths stay inside the run's folder."""

from pathlib import Path
from typing import Any

from kerasrun.config.faults import Faults
from kerasrun.config.faults import Path as Place
from kerasrun.config.objects import ObjectParser
from kerasrun.config.specs import ObjectSpec
from kerasrun.config.wording import show

# Arguments that are paths; they start from the run's folder.
PATH_ARGUMENTS = ("filepath", "filename", "log_dir", "backup_dir", "directory")

# What the run itself writes there.
RECORD = ("config.yaml", "manifest.json", "history.json", "metrics.json", "log.txt")
OWN_FILES = (*RECORD, "model.keras", "plots", "imports")


def parse_callbacks(written: Any, parser: ObjectParser, faults: Faults) -> list[ObjectSpec]:
    """Parse the section; what is at fault is noted in `faults`."""
    if written is None:
        return []
    if not isinstance(written, list):
        faults.add(("callbacks",), f"expected a list of callbacks, got {show(written)}", "begin each with '- '")
        return []
    parsed = [parser.parse("callbacks", item, ("callbacks", index)) for index, item in enumerate(written)]
    specs = [spec for spec in parsed if spec]
    for spec in specs:
        _check_frequency(spec, faults)
        for name in PATH_ARGUMENTS:
            if name in spec.arguments:
                _check_path(spec.arguments[name], (*spec.path, spec.name, name), faults)
    return specs


def _check_frequency(spec: ObjectSpec, faults: Faults) -> None:
    if "every_epochs" in spec.extra and spec.arguments.get("save_freq", "epoch") != "epoch":
        place = (*spec.path, spec.name, "every_epochs")
        faults.add(place, "every_epochs counts epochs, and save_freq counts batches", "keep one of them", at_key=True)


def _check_path(path: Any, place: Place, faults: Faults) -> None:
    """Refuse a path that is none, leads out of the run's folder, or is one of the run's own files."""
    parts = Path(path).parts if isinstance(path, str) and "\0" not in path else ()
    hint = "write a path inside the run's folder, such as weights/best.keras"
    if not parts:
        faults.add(place, f"expected a path, got {show(path)}", hint)
    elif Path(path).is_absolute() or ".." in parts:
        faults.add(place, f"'{path}' leaves the run's folder", hint)
    elif parts[0] in OWN_FILES:
        faults.add(place, f"'{path}' is a file of the run itself", hint)

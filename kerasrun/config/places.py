"""Where in a written config objects stand, and of which kind they are."""

from typing import Any

from kerasrun.config.faults import Path
from kerasrun.config.kinds import kind_of_argument
from kerasrun.config.specs import WIRING_KEYS

# Without the indices of lists.
KINDS: dict[Path, str] = {
    ("model",): "layers",
    ("model", "layers"): "layers",
    ("data", "augment"): "layers",
    ("training", "optimizer"): "optimizers",
    ("training", "loss"): "losses",
    ("training", "metrics"): "metrics",
    ("training", "weighted_metrics"): "metrics",
    ("callbacks",): "callbacks",
}


def kind_of(path: Path) -> str:
    """The kind of object that a place holds: `activations` for `model[2].Dense.activation`; "" for a plain value."""
    parts = tuple(part for part in path if not isinstance(part, int))
    return KINDS.get(parts) or (parts and kind_of_argument(_kind_around(parts), str(parts[-1]))) or ""


def kind_at(path: Path) -> str:
    """The kind of object that a place holds or that lies around it: `layers` for `model[2].Dense.units`; else ""."""
    return kind_of(path) or _kind_around(tuple(part for part in path if not isinstance(part, int)))


def _kind_around(parts: Path) -> str:
    return next((KINDS[parts[:length]] for length in (2, 1) if parts[:length] in KINDS), "")


def class_of(item: Any) -> str:
    """The class that a written object names: `Dense` of `{Dense: …, name: a}`."""
    if isinstance(item, dict):
        return next((key for key in item if key not in WIRING_KEYS), "")
    return str(item)

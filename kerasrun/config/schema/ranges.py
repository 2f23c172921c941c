"""What values arguments of Keras may have, as the checks of a config know it, and where their defaults do not tell."""

import math

from kerasrun.config.checks.ranges import Range, choices_of, range_of
from kerasrun.config.schema.fragments import TEXT, Fragment, choice, list_of, number, whole
from kerasrun.config.training_objects import TAKEN_NAMES

COLUMN: Fragment = {
    "type": "string",
    "pattern": rf"^(?!val_)(?!({'|'.join(TAKEN_NAMES)})$).",
    "patternErrorMessage": "the history has a column of that name already",
}

# By `Class.argument` or `kind.argument`: what the checks know nothing of.
MORE: dict[str, list[Fragment]] = {
    "schedules.boundaries": [list_of(number(), minItems=1)],
    "schedules.values": [list_of(number(), minItems=2)],
    "layers.pooling": [choice("avg", "max")],
    "metrics.name": [COLUMN],
    "callbacks.monitor": [TEXT],
}


def known_values(kind: str, class_name: str, argument: str) -> list[Fragment]:
    """The alternatives for a value; null is not among them."""
    more = MORE.get(f"{class_name}.{argument}") or MORE.get(f"{kind}.{argument}")
    if more:
        return more
    known, choices = range_of(kind, class_name, argument), choices_of(kind, class_name, argument)
    return ([choice(*choices)] if choices else []) + (_numbers(known) if known else [])


def _numbers(known: Range) -> list[Fragment]:
    limits = {"minimum": known.least, "maximum": known.most}
    limits |= {"exclusiveMinimum": known.above, "exclusiveMaximum": known.below}
    finite = {name: int(limit) for name, limit in limits.items() if math.isfinite(limit)}
    one = whole(**finite) if known.whole else number(**finite)
    return [one, {"type": "array"}] if known.several else [one]

"""The parts of a starter that depend on the data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sections:
    """The parts of a starter that depend on the data, as lines of YAML.

    Args:
        title: what the net does, in a sentence.
        summary: what the data is, in a line.
        data: the data section.
        net: model, training and callbacks.
    """

    title: str
    summary: str
    data: list[str]
    net: list[str]

"""Bad configs with what is to be told of them, written below the line at fault.

A file holds many cases, each after a line `### title`. Below a line at fault stands `^` under the column at fault, then
the message; lines that are indented deeper than that are its hints. An empty line ends them:

    ### a misspelt layer
    model:
      - Dens: 10
        ^ unknown layer 'Dens'
          did you mean 'Dense'?

`<sources>` stands for the names of all sources of data.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from kerasrun.config.sources import SOURCES

# What a case has that does not write these sections itself.
SECTIONS = {
    "data": "{source: digits}",
    "model": "[Flatten, {Dense: {units: 10, activation: softmax}}]",
    "training": "{epochs: 1, loss: sparse_categorical_crossentropy}",
}
ANNOTATION = re.compile(r"( *)\^ (.*)")


@dataclass(frozen=True)
class Case:
    """A config, and the whole of what is to be told of it."""

    title: str
    text: str
    message: str


def read_cases(folder: Path) -> list[Case]:
    """All cases of a folder; a title begins with its file's name."""
    cases = []
    for path in sorted(folder.glob("*.yaml")):
        written = path.read_text(encoding="utf-8").replace("<sources>", ", ".join(SOURCES))
        _, *parts = re.split(r"^### ", written, flags=re.MULTILINE)
        cases += [read_case(path.stem, part) for part in parts]
    return cases


def read_case(topic: str, part: str) -> Case:
    """One case: what is annotated is taken out, and the sections that it leaves out are put in at the end."""
    title, *lines = part.rstrip("\n").split("\n")
    text: list[str] = []
    told: list[str] = []
    indent: int | None = None  # of the annotation whose hints may follow
    for line in lines:
        found = ANNOTATION.fullmatch(line)
        if found:
            indent = len(found[1])
            told += marked(text, indent, found[2])
        elif indent is not None and line.startswith(" " * (indent + 1)):
            told.append(f"  {line.strip()}")
        else:
            indent = None
            text.append(line)
    text += [f"{name}: {value}" for name, value in SECTIONS.items() if not any(x.startswith(f"{name}:") for x in text)]
    return Case(f"{topic}: {title}", "\n".join(text) + "\n", "\n".join(told))


def marked(text: list[str], column: int, message: str) -> list[str]:
    """A message about a column, from 0, of the last line of a text, as it is told."""
    shown = text[-1].replace("\t", "→")
    return [
        f"config.yaml:{len(text)}:{column + 1}: {message}",
        f"  {len(text):4d} | {shown}",
        f"       | {' ' * column}^",
    ]

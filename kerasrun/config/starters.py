"""The commented configs that `kerasrun init` writes, and the one line that tells what each is."""

import re
from dataclasses import dataclass
from pathlib import Path

from kerasrun.config.faults import closest
from kerasrun.errors import InputError

FOLDER = Path(__file__).parents[1] / "starters"

# In the order in which someone new would read them.
NAMES = ("mlp", "conv", "sine", "table", "images", "text", "graph")


@dataclass(frozen=True)
class Starter:
    """A starter config as text, comments and all."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """What it is, in one line: the first line of the comment after the editor's."""
        return self.text.split("\n\n# ", 1)[1].split("\n", 1)[0].rstrip(".")

    @property
    def own_data(self) -> str:
        """The file that the user makes before training, or "" where none is needed."""
        found = re.search(r"^  path: (\S+)", self.text, re.MULTILINE)
        return found[1] if found else ""


def load_starters() -> list[Starter]:
    """All starters."""
    return [load_starter(name) for name in NAMES]


def load_starter(name: str) -> Starter:
    """The starter of that name.

    Raises:
        InputError: there is none.
    """
    if name not in NAMES:
        raise InputError(f"no starter is called '{name}'; {closest(name, NAMES) or 'there are ' + ', '.join(NAMES)}")
    return Starter(name, (FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))

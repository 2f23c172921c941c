"""The words for a reader on what a config can name: a line for each class, argument and setting."""

import functools
import json
from typing import Any

from kerasrun.config.catalogue import Entry, describe_installed


class Texts:
    """What the installed Keras says of its classes, and a user's own file of those in it."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.described = described

    def argument(self, kind: str, entry: Entry, name: str) -> str:
        """The line for an argument, empty where nothing is known."""
        if entry.texts.get(name):
            return entry.texts[name]
        listed = self.described.get(kind, {})
        found: str = listed.get(entry.name, {}).get("arguments", {}).get(name, "")
        # What a layer of one's own inherits is what every layer has.
        return found or (listed["Dense"]["arguments"].get(name, "") if entry.own and kind == "layers" else "")

    def group(self, kind: str, entry: Entry) -> str:
        """The group within its kind that a class is listed in, empty where the kind has none."""
        if entry.own:
            return "your own"
        return str(self.described.get(kind, {}).get(entry.name, {}).get("group", ""))

    def function(self, kind: str, name: str) -> str:
        """The line for a name that is no class: an activation."""
        return str(self.described.get(kind, {}).get(name, {}).get("doc", ""))


@functools.cache
def load_texts() -> Texts:
    """The texts of the installed Keras: the shipped ones if they fit, else made anew and cached."""
    return Texts(json.loads(describe_installed("catalogue_texts")))

"""What a config can name and set, told to a reader: `kerasrun show`."""

from kerasrun.config.reference.lines import tell
from kerasrun.config.reference.topics import Reference

__all__ = ["Reference", "tell"]

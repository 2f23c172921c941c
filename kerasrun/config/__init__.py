"""From the text of a config to a checked value. Nothing here loads Keras or TensorFlow.

What checks a config loads when it is asked for: lists of runs, and messages, do without.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kerasrun.config.config import Config, load_config

__all__ = ["Config", "load_config"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from kerasrun.config import config

        return getattr(config, name)
    raise AttributeError(f"module 'kerasrun.config' has no attribute {name!r}")

"""From the text of a config to a checked value. Nothing here loads Keras or TensorFlow."""

from kerasrun.config.config import Config, load_config

__all__ = ["Config", "load_config"]

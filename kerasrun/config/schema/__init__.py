"""The config language as a JSON Schema, for editors: every section, class and argument, with words for each.

The shapes are chosen for the YAML language server as much as for validators: what stands in an `anyOf` is flat,
and properties stand outside of it, so that a wrong key is underlined where it is and completion knows the place.
"""

from kerasrun.config.schema.whole import make_schema

__all__ = ["make_schema"]

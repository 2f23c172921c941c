"""The keys of every section, and what may have been meant by one that a section does not have."""

from collections.abc import Sequence

from kerasrun.config.checks.bygone import bygone_setting
from kerasrun.config.faults import closest
from kerasrun.config.sections import OutputSection, TopSection, TrainingSection
from kerasrun.config.sources import SOURCES, TokensSection
from kerasrun.config.specs import MODEL_KEYS
from kerasrun.config.training_objects import TRAINING_OBJECTS
from kerasrun.config.wording import it_takes

SECTIONS = ("data", "model", "training", "callbacks", "output")
TOP_KEYS = ("extends", *TopSection.model_fields, *SECTIONS, "silence")

# By section; a key of the top belongs to none.
KEYS = {
    "data": tuple(dict.fromkeys(key for section in SOURCES.values() for key in section.model_fields)),
    "data.tokens": tuple(TokensSection.model_fields),
    "model": MODEL_KEYS,
    "training": (*TrainingSection.model_fields, *TRAINING_OBJECTS),
    "output": tuple(OutputSection.model_fields),
}


def keys_of(section: str, source: object = None) -> Sequence[str]:
    """The keys of a section; of `data` those that its source has, where that is known."""
    if section == "data" and isinstance(source, str) and source in SOURCES:
        return list(SOURCES[source].model_fields)
    return KEYS.get(section, TOP_KEYS)


def hint_for_key(key: str, known: Sequence[str]) -> str:
    """What to write in place of a key that is not known where it stands: where it belongs, or what is near."""
    if now := bygone_setting(key):
        return now
    if key in TOP_KEYS:
        return "it belongs at the top, as a section of its own" if key in SECTIONS else "it belongs at the top"
    for section, keys in KEYS.items():
        if key in keys and not set(known) <= set(keys):
            return f"it belongs under {section}"
    return closest(key, known) or it_takes(known)

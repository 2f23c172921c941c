"""Sections and settings as topics."""

from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.checks.pairs import WARNINGS
from kerasrun.config.descriptions import SECTIONS, SETTINGS
from kerasrun.config.descriptions import describe_setting as line_of
from kerasrun.config.reference.examples import SECTIONS as EXAMPLES
from kerasrun.config.reference.words import TAKES, words_of
from kerasrun.config.reference.yaml_lines import inline, write_lines
from kerasrun.config.schema.fragments import Fragment
from kerasrun.config.schema.sections import settings_of
from kerasrun.config.sections import OutputSection, TopSection, TrainingSection
from kerasrun.config.sources import SOURCES

REQUIRED = {
    "": ("data", "model", "training"),
    "training": ("loss",),
    **{f"data.{source}": ("path",) for source in ("npz", "images", "text")},
    "data.csv": ("path", "target"),
    "data.series": ("path", "target", "lag"),
    "model.inputs": ("shape",),
}


def settings_by_section(catalogue: Catalogue) -> dict[str, dict[str, Fragment]]:
    """Every setting with its piece of the schema, by section; a source of data has those of all sources too."""
    plain = {
        "": settings_of("", TopSection),
        **{f"data.{source}": settings_of(f"data.{source}", model) for source, model in SOURCES.items()},
        "training": settings_of("training", TrainingSection),
        "output": settings_of("output", OutputSection),
    }
    order = {
        section: SETTINGS.get(section, {}) for section in ("", "model", "model.inputs", "model.layers", "training")
    }
    for section, keys in order.items():
        known = plain.get(section, {})
        plain[section] = {key: known.get(key, {}) for key in (*keys, *(name for name in known if name not in keys))}
    return plain


def describe_sources() -> dict[str, Any]:
    """What `data.source` may be."""
    members = [{"name": source, "text": SECTIONS[f"data.{source}"]} for source in SOURCES]
    return {"topic": "sources", "name": "sources", "members": members, "example": write_lines(EXAMPLES["data"])}


def describe_warnings() -> dict[str, Any]:
    """What a config may be warned of."""
    members = [{"name": name, "text": text} for name, text in WARNINGS.items()]
    return {"topic": "warnings", "name": "warnings", "members": members, "example": ["silence: [unscaled_pixels]"]}


def describe_section(section: str, settings: dict[str, dict[str, Fragment]]) -> dict[str, Any]:
    """A section: its settings, and an example. `data` has what several sources have."""
    if section == "data":
        shared = SETTINGS["data"]
        sources = [settings[f"data.{source}"] for source in SOURCES]
        found = {key: next(known[key] for known in sources if key in known) for key in shared}
    else:
        found = settings.get(section, {})
    topics = [describe_setting(section, key, fragment) for key, fragment in found.items()]
    topics.sort(key=lambda topic: not topic["required"])
    listed = [{key: topic[key] for key in ("name", "required", "default", "text", "takes")} for topic in topics]
    return {
        "topic": "section",
        "name": section,
        "text": SECTIONS[section],
        "sources": list(SOURCES) if section == "data" else [],
        "settings": listed,
        "example": write_lines(EXAMPLES[section]),
    }


def describe_setting(section: str, key: str, fragment: Fragment) -> dict[str, Any]:
    """A setting: what it is for, what it takes, its default."""
    takes = TAKES.get((section.partition(".")[0] if key == "augment" else section, key)) or words_of(fragment)
    if key == "source":
        takes = words_of({"enum": list(SOURCES)})
    return {
        "topic": "setting",
        "section": section,
        "name": key,
        "required": key == "source" or key in REQUIRED.get(section, ()),
        "default": _default(section, key, fragment),
        "text": line_of(section, key),
        "takes": takes,
    }


def _default(section: str, key: str, fragment: Fragment) -> str:
    if (section, key) == ("training", "optimizer"):
        return "RMSprop"
    return inline(fragment["default"]) if "default" in fragment else ""

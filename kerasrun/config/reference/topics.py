"""Find what a word means in a config: a class, a kind of classes, a section, a setting."""

from collections.abc import Callable, Iterator
from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.descriptions import SECTIONS, SETTINGS
from kerasrun.config.faults import closest
from kerasrun.config.kinds import KIND_NAMES
from kerasrun.config.reference.classes import describe_class, describe_kind, describe_name, describe_refused
from kerasrun.config.reference.examples import WHOLE
from kerasrun.config.reference.settings import (
    describe_section,
    describe_setting,
    describe_sources,
    describe_warnings,
    settings_by_section,
)
from kerasrun.config.reference.yaml_lines import write_lines
from kerasrun.config.texts import Texts
from kerasrun.config.wording import show
from kerasrun.errors import InputError

Topic = dict[str, Any]
Way = Callable[[str], Iterator[Topic]]


class Reference:
    """All that can be asked about. A topic is a dict as JSON holds it; `topic` says of what sort it is."""

    def __init__(self, catalogue: Catalogue, texts: Texts) -> None:
        self.catalogue, self.texts = catalogue, texts
        self.settings = settings_by_section(catalogue)

    def overview(self) -> Topic:
        """Every kind with its count and an example, and every section."""
        kinds = [describe_kind(kind, self.catalogue, self.texts) for kind in self.catalogue.kinds]
        sections = [name for name in SECTIONS if name and "." not in name]
        return {
            "topic": "overview",
            "keras": self.catalogue.keras_version,
            "kinds": [{key: kind[key] for key in ("name", "count", "favourites")} for kind in kinds],
            "sections": [{"name": name, "text": SECTIONS[name]} for name in sections],
            "settings": [{"name": name, "text": text} for name, text in SETTINGS[""].items() if name not in sections],
            "example": write_lines(WHOLE),
        }

    def find(self, what: str) -> list[Topic]:
        """Everything that bears this name, by the first way of looking that finds something.

        Raises:
            InputError: nothing does; the message has the nearest names.
        """
        exact: list[Way] = [self._kinds, self._classes, self._sections, self._settings, self._arguments]
        for way in (*exact, self._kinds_by_word, lambda name: self._classes(name, str.lower)):
            if found := list(way(what)):
                return found
        owner = what.rpartition(".")[0]
        arguments = [f"{owner}.{item['name']}" for topic in self._classes(owner) for item in topic.get("arguments", ())]
        hint = closest(what, arguments or self._names()) or "`kerasrun show` lists what there is"
        raise InputError(f"nothing is called {show(what)}; {hint}")

    def _kinds(self, what: str) -> Iterator[Topic]:
        if what in self.catalogue.kinds:
            yield describe_kind(what, self.catalogue, self.texts)
        elif what == "sources":
            yield describe_sources()
        elif what == "warnings":
            yield describe_warnings()

    def _kinds_by_word(self, what: str) -> Iterator[Topic]:
        """`layer` for layers."""
        return (topic for kind, word in KIND_NAMES.items() if word == what.lower() for topic in self._kinds(kind))

    def _classes(self, what: str, form: Callable[[str], str] = str) -> Iterator[Topic]:
        """Classes, their other names, and what is refused; `losses.Hinge` is one of that kind alone."""
        wanted, _, name = what.rpartition(".")
        for kind, listed in self.catalogue.kinds.items():
            if wanted not in ("", kind):
                continue
            names = {form(other): target for other, target in listed.aliases.items()}
            names |= {form(own): own for own in listed.entries}
            if form(name) in names:
                yield describe_class(kind, listed.entries[names[form(name)]], self.catalogue, self.texts)
            for function in listed.functions:
                if form(function) == form(name):
                    yield describe_name(kind, function, self.texts)
            for refused, reason in listed.refused.items():
                if form(refused) == form(name):
                    yield describe_refused(kind, refused, reason)

    def _sections(self, what: str) -> Iterator[Topic]:
        for name in (what, f"data.{what}"):
            if name in SECTIONS and name:
                yield describe_section(name, self.settings)
                return

    def _settings(self, what: str) -> Iterator[Topic]:
        """`training.batch_size`, `data.mnist.path`, `data.path`, or the key alone; what sources share is told once."""
        section, _, key = what.rpartition(".")
        found: list[Topic] = []
        for name, settings in self.settings.items():
            if key in settings and (name == section or not section or name.startswith(f"{section}.")):
                topic = describe_setting(name, key, settings[key])
                same = next((other for other in found if other == topic | {"section": other["section"]}), topic)
                if same is topic:
                    found.append(topic)
                else:
                    same["section"] = "data"
        yield from found

    def _arguments(self, what: str) -> Iterator[Topic]:
        """`Adam.learning_rate`."""
        owner, _, name = what.rpartition(".")
        for topic in self._classes(owner) if owner else ():
            for argument in topic.get("arguments", ()):
                if argument["name"] == name:
                    yield argument | {"topic": "setting", "section": topic["name"]}

    def _names(self) -> list[str]:
        """Every name that there is, for suggestions."""
        kinds = self.catalogue.kinds
        objects = [name for listed in kinds.values() for name in (*listed.names, *listed.refused)]
        settings = [name for settings in self.settings.values() for name in settings]
        dotted = [f"{section}.{key}" for section, keys in self.settings.items() if section for key in keys]
        return [*KIND_NAMES, "sources", "warnings", *filter(None, SECTIONS), *objects, *settings, *dotted]

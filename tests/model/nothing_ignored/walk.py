"""Walk the arguments of a class: each must change what is observed when it has another value than its default."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from unittest import mock

import numpy as np

from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.checks import inert
from kerasrun.config.faults import Faults
from kerasrun.model.objects import MODULES

# What TensorFlow says on processors for which it has no such kernel, as those without AVX-512: nothing was ignored.
NO_KERNEL = (
    *("only supports the NHWC", "only supports NHWC", "only supports NDHWC"),
    *("do not yet support dilation rates larger than 1", "does not yet support dilation rates larger than 1"),
)

# Arguments that a config may not set, since they never act. The walk lets them through, to see that they do not.
INERT = inert.INERT
LET_THROUGH: dict[str, dict[str, Any]] = {"INERT": {}, "REQUIRED": {}}

with mock.patch.multiple(inert, **LET_THROUGH):
    KINDS = load_catalogue().kinds


@dataclass(frozen=True)
class Other:
    """A value other than the default, and what must stand around it for it to act, with the default as well.

    `beside` are arguments of the same class; `around` is whatever else the kind's configs can have. Where the value
    can only make Keras refuse, `fails` is a part of what it says. `acts_alone` says that `beside` only makes it seen.
    """

    value: Any
    beside: dict[str, Any] = field(default_factory=dict)
    around: dict[str, Any] = field(default_factory=dict)
    fails: str = ""
    acts_alone: bool = False


def beside(value: Any, **arguments: Any) -> Other:
    """A value that acts only beside others: `nesterov` needs a momentum."""
    return Other(value, arguments)


def shown(value: Any, **arguments: Any) -> Other:
    """A value that acts by itself too, but that is seen here only beside others."""
    return Other(value, arguments, acts_alone=True)


def around(value: Any, **settings: Any) -> Other:
    """A value that acts only on certain inputs, or behind certain layers."""
    return Other(value, {}, settings)


def fails(value: Any, words: str, **arguments: Any) -> Other:
    """A value that Keras refuses here, when it is used: then it is not ignored."""
    return Other(value, arguments, fails=words)


# What is observed: named stages, in the order in which they happen. Later ones cost more.
Stages = Iterator[tuple[str, Any]]


class Observed:
    """The stages of one config, computed only as far as they are asked for."""

    def __init__(self, stages: Stages) -> None:
        self.stages, self.known = stages, list[tuple[str, Any]]()

    def __iter__(self) -> Stages:
        number = 0
        while True:
            if number == len(self.known):
                found = next(self.stages, None)
                if found is None:
                    return
                self.known.append(found)
            yield self.known[number]
            number += 1


class Walk:
    """The walk through one kind of objects.

    Args:
        kind: its name in the catalogue.
        others: for each argument another value; the first pattern counts that `Class.argument`, or `argument`
            alone, fits.
        unseen: for each argument that nothing here can show the reason. Those that a config may not set
            have theirs.
        observe: from a class, its arguments and what stands around them to the stages.
        bases: what a class is given where an argument is not looked at.
    """

    def __init__(
        self,
        kind: str,
        others: dict[str, Any],
        unseen: dict[str, str],
        observe: Callable[..., Stages],
        bases: dict[str, dict[str, Any]],
    ) -> None:
        self.kind, self.others = kind, others
        self.excuses = unseen | INERT.get(kind, {})
        self.observe, self.bases = observe, bases
        self.cache: dict[str, Observed] = {}

    def faults(self, name: str, arguments: Iterable[str] | None = None) -> list[str]:
        """What is wrong with the arguments of a class, by default with all: nothing where each acts."""
        self.cache.clear()
        chosen = KINDS[self.kind].entries[name].arguments if arguments is None else arguments
        found = [fault for argument in chosen if (fault := self.fault(name, argument))]
        stage = self.unrepeatable(name)
        return [*found, f"{name}: the very same config gives other {stage}"] if stage else found

    def unused_rows(self) -> list[str]:
        """The patterns of the tables that decide about no argument."""
        return [pattern for table in (self.others, self.excuses) for pattern in unused(table, self.places())]

    def places(self) -> list[str]:
        """Every `Class.argument` of the kind."""
        return [f"{name}.{a}" for name, entry in KINDS[self.kind].entries.items() for a in entry.arguments]

    def fault(self, name: str, argument: str) -> str:
        """What is wrong with an argument, or nothing."""
        place = f"{name}.{argument}"
        other = find(self.others, place)
        if other is None:
            return f"no value other than the default is known for {place}"
        if not isinstance(other, Other):
            other = Other(other)
        usual = fitting_base(self.bases, name) | other.beside
        described = KINDS[self.kind].entries[name].arguments[argument]
        if other.value == usual.get(argument, described.get("default", described)):
            return f"{place}: {other.value} is its default"
        try:
            seen = self.difference(name, usual, usual | {argument: other.value}, other)
        except Exception as error:
            return f"{place}: {other.value} cannot be tried: {type(error).__name__}: {error}"
        excuse = find(self.excuses, place)
        if seen and excuse and not other.fails:
            return f"{place} acts, seen in {seen}: take it off the list of those without effect"
        if not seen and not excuse:
            return f"{place}: {other.value} changes nothing"
        if (
            seen
            and other.beside
            and not (other.fails or other.acts_alone)
            and self.is_lost_alone(name, argument, other)
        ):
            return f"{place}: {other.value} changes nothing but beside {', '.join(other.beside)}, and no one is told"
        return "" if seen else self.lost(name, argument, usual | {argument: other.value}, other.around)

    def difference(self, name: str, usual: dict[str, Any], changed: dict[str, Any], other: Other) -> str:
        """The first stage in which two configs differ."""
        seen = self.observe(name, changed, **other.around)
        try:
            if not other.fails:
                return first_difference(self.base(name, usual, other.around), seen)
            list(seen)
        except Exception as error:
            if any(words in str(error) for words in ([other.fails] if other.fails else NO_KERNEL)):
                return "an error"
            raise
        return ""

    def is_lost_alone(self, name: str, argument: str, other: Other) -> bool:
        """Whether a value changes nothing where what it needs is missing, and the config is not warned of it."""
        usual = fitting_base(self.bases, name)
        told: list[str] = []

        def listen(_: Any, warning: str, *args: Any, **kwargs: Any) -> None:
            told.append(warning)

        with mock.patch.object(Faults, "warn", listen):
            changed = Observed(self.observe(name, usual | {argument: other.value}, **other.around))
            try:
                next(iter(changed))
                return "setting_without_effect" not in told and not first_difference(
                    self.base(name, usual, other.around), changed
                )
            except Exception:
                return False  # it is refused

    def base(self, name: str, usual: dict[str, Any], around: dict[str, Any]) -> Observed:
        """What is seen of a config where an argument has its default: the same for many arguments."""
        key = repr((name, usual, around))
        if key not in self.cache:
            self.cache[key] = Observed(self.observe(name, usual, **around))
        return self.cache[key]

    def lost(self, name: str, argument: str, arguments: dict[str, Any], around: dict[str, Any]) -> str:
        """What is wrong with how Keras receives an argument that nothing here can show."""
        received: list[dict[str, Any]] = []
        keras_class = getattr(MODULES[self.kind], name)
        build = keras_class.__init__

        def record(it: Any, *args: Any, **kwargs: Any) -> None:
            received.append(kwargs)
            build(it, *args, **kwargs)

        with mock.patch.object(keras_class, "__init__", record):
            next(self.observe(name, arguments, **around))
        if received and all(argument in kwargs for kwargs in received):
            return ""
        return f"{name}.{argument} does not reach Keras"

    def unrepeatable(self, name: str) -> str:
        """The stage in which a config differs from itself, of those that were looked at: none, or nothing is proved."""
        usual = fitting_base(self.bases, name)
        known = self.base(name, usual, {}).known
        return first_difference(known, itertools.islice(self.observe(name, usual), len(known)))


def first_difference(one: Any, two: Any) -> str:
    """The first stage that two have not in common."""
    for (stage, a), (_, b) in zip(one, two, strict=True):
        if not same(a, b):
            return stage
    return ""


def same(a: Any, b: Any) -> bool:
    """Whether two observations are equal, fractions but for rounding."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.dtype != b.dtype or a.shape != b.shape:
            return False
        if a.dtype.kind == "f":
            return np.allclose(a, b, rtol=1e-5, atol=1e-7, equal_nan=True)
        return a.tolist() == b.tolist()
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, float):
        return same(np.array(a), np.array(b))
    return type(a) is type(b) and a == b


def find(table: dict[str, Any], place: str) -> Any:
    """What a table says of `Class.argument`: the value of the first pattern that this or `argument` fits."""
    found = (value for patterns, value in table.items() if any(fits(place, p) for p in patterns.split()))
    return next(found, None)


def unused(table: dict[str, Any], places: Iterable[str]) -> list[str]:
    """The patterns of a table that decide about none of these places."""
    patterns = [pattern for patterns in table for pattern in patterns.split()]
    deciding = {next((p for p in patterns if fits(place, p)), "") for place in places}
    return [pattern for pattern in patterns if pattern not in deciding]


def fits(place: str, pattern: str) -> bool:
    """Whether a pattern is one of `Class.argument`, or of `argument` alone."""
    return fnmatchcase(place, pattern) or fnmatchcase(place.partition(".")[2], pattern)


def fitting_base(bases: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """The arguments of a class in the base config."""
    for patterns, arguments in bases.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns.split()):
            return dict(arguments)
    return {}


def names_of(kind: str) -> list[str]:
    """Every class of a kind."""
    return list(KINDS[kind].entries)

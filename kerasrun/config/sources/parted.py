"""What sources share: how rows are parted, what targets may be, and whether rows are streamed."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from kerasrun.config.sections import Fraction, Number, Section, Validation, none_word

# Above so many 10^9 bytes data is streamed, unless the config says another.
MEMORY_GB = 4.0


class DataSection(Section):
    """What every source has; what `validation` may be depends on it."""

    validation: Any = None
    shuffle: bool = True


class WholeSection(DataSection):
    """Sources that have their training rows: `validation` is a fraction of the end of these, `test`, or none."""

    validation: Validation = None


class ByGroup(Section):
    """Rows of one group, by a column, are all in one part."""

    grouped: str


class ByTime(Section):
    """The rows that are last, by a column, are the test rows, and those before them the validation rows."""

    time: str


class ByColumn(Section):
    """A column says of each row whether it is `train`, `validation` or `test`."""

    column: str


def _a_rule(value: Any) -> Any:
    """A mapping is one of three: pydantic would tell of each what it lacks."""
    is_rule = isinstance(value, dict) and [*value] in (["grouped"], ["time"], ["column"])
    if isinstance(value, dict) and not (is_rule and all(isinstance(name, str) for name in value.values())):
        raise PydanticCustomError("split", "{grouped: COLUMN}, {time: COLUMN} or {column: COLUMN}")
    return value


class SplitSection(DataSection):
    """What the sources have whose rows are parted here: by fractions and a rule, or by files of their own.

    `test` and `validation` are a fraction, or the path of more data of the same kind; `validation` may be `test`.
    """

    validation: Annotated[Fraction | str | None, BeforeValidator(none_word)] = None
    test: Annotated[Fraction | str | None, BeforeValidator(none_word)] = None
    split: Annotated[
        Literal["random", "ordered", "stratified"] | ByGroup | ByTime | ByColumn, BeforeValidator(_a_rule)
    ] = "random"
    seed: int = Field(default=0, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _check_column(self) -> "SplitSection":
        if isinstance(self.split, ByColumn) and any(isinstance(part, float) for part in (self.test, self.validation)):
            raise PydanticCustomError(
                "split", "split says of each row where it belongs, so no fraction can stand beside it"
            )
        return self

    @model_validator(mode="after")
    def _check_chance(self) -> "SplitSection":
        is_of_chance = self.split != "ordered" and not isinstance(self.split, ByTime | ByColumn)
        if self.seed != 0 and not is_of_chance:
            message = "seed does nothing beside this split, which leaves nothing to chance; leave it out"
            raise PydanticCustomError("split", message)
        if isinstance(self.split, ByColumn) or any(isinstance(part, float) for part in (self.test, self.validation)):
            return self
        for key, is_given in (("seed", self.seed != 0), ("split", self.split != "random")):
            if is_given:
                message = "{key} does nothing without a fraction for test or validation"
                raise PydanticCustomError("split", message, {"key": key})
        return self


class TargetSection(SplitSection):
    """What the sources have whose targets may be classes, by their names."""

    one_hot: bool = False
    class_names: list[str] | None = Field(default=None, min_length=2)


class StreamedSection(Section):
    """What the sources have whose rows need not fit in memory.

    `auto` streams where the inputs (of tables and texts: their files) take more than `memory_gb` (1 GB is 10^9 bytes).
    """

    stream: bool | Literal["auto"] = "auto"
    memory_gb: Annotated[Number, Field(gt=0)] = MEMORY_GB
    shuffle_window: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _check_stream(self) -> "StreamedSection":
        if self.stream != "auto" and self.memory_gb != MEMORY_GB:
            told = {"stream": str(self.stream).lower()}
            raise PydanticCustomError("stream", "memory_gb does nothing beside stream: {stream}; leave one out", told)
        if self.stream is False and self.shuffle_window is not None:
            raise PydanticCustomError("stream", "shuffle_window does nothing beside stream: false; leave one out")
        return self

    def streams(self, size_bytes: Callable[[], int]) -> bool:
        """Whether rows are streamed.

        Args:
            size_bytes: reckons what counts against `memory_gb`; called for `auto` alone.
        """
        return size_bytes() > self.memory_gb * 1e9 if self.stream == "auto" else self.stream

"""The sections of a config with plain values, but for `data`: keys, types, ranges and defaults, as pydantic models."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError


def none_word(value: Any) -> Any:
    return None if value == "none" else value


def _number_not_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("number", "expected a number, got {value}", {"value": str(value).lower()})
    return value


Fraction = Annotated[float, BeforeValidator(_number_not_bool), Field(gt=0, lt=1)]
Number = Annotated[float, BeforeValidator(_number_not_bool), Field(allow_inf_nan=False)]
Validation = Annotated[Fraction | Literal["test"] | None, BeforeValidator(none_word)]


class Section(BaseModel):
    """A section knows all its keys, and values keep the types they were written in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, validate_default=True)


class TrainingSection(Section):
    """How long and in which batches. The objects beside them (optimizer, loss, metrics) are parsed apart."""

    epochs: int | None = Field(default=None, ge=0)
    steps: int | None = Field(default=None, ge=1)
    evaluate_every: int | None = Field(default=None, ge=1)
    batch_size: int = Field(default=32, ge=1)
    class_weight: dict[str, Annotated[Number, Field(ge=0)]] | Literal["balanced"] | None = None
    loss_weights: dict[str, Number] | None = None
    dtype_policy: Literal["float32", "mixed_float16", "mixed_bfloat16", "float64", "float16", "bfloat16"] = "float32"
    loop: Literal["kerasrun", "keras"] = "kerasrun"
    program: Literal["auto", "graph", "xla"] = "auto"
    on_nan: Literal["stop", "continue"] = "stop"

    @model_validator(mode="after")
    def _check_length(self) -> "TrainingSection":
        if self.epochs is not None and self.steps is not None:
            raise PydanticCustomError("length", "epochs and steps are both given; keep one of them")
        if self.epochs is None and self.steps is None:
            raise PydanticCustomError("length", "how long to train is not given; write epochs: N or steps: N")
        if self.evaluate_every is not None and self.steps is None:
            raise PydanticCustomError("length", "evaluate_every counts steps, and this training is counted in epochs")
        return self

    @model_validator(mode="after")
    def _check_loop(self) -> "TrainingSection":
        if self.loop == "keras" and self.steps is not None:
            raise PydanticCustomError("loop", "Keras's own loop counts epochs, not steps; write epochs: N")
        if self.loop == "keras" and self.program != "auto":
            raise PydanticCustomError("loop", "program chooses between the programs of kerasrun's loop, not of Keras's")
        return self


class OutputSection(Section):
    """What a run writes beside its record, in which formats its pictures, whether a page, and how often a checkpoint.

    `auto`: every 30 s and at the end of epochs of 10 s or more, more rarely where that took over 2 % of the time.
    """

    save: list[Literal["model", "inference_model", "weights"]] = ["model"]
    plots: list[Literal["png", "svg", "pdf"]] = ["png"]
    report: bool = True
    checkpoint_every_s: Annotated[Number, Field(ge=0)] | Literal["auto"] = "auto"


class TopSection(Section):
    """The keys at the top of a config."""

    name: str = Field(default="run", min_length=1)
    seed: int = Field(default=0, ge=0, lt=2**32)
    threads: int | None = Field(default=None, ge=1, le=4096)
    backend: Literal["tensorflow", "jax"] = "tensorflow"

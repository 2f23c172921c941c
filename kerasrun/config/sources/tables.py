"""Tables of the user's own, and series in them."""

import codecs
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from kerasrun.config.sections import Fraction, Validation, none_word
from kerasrun.config.sources.parted import DataSection, StreamedSection, TargetSection

# Words that mean that a cell of a table has no value.
MISSING_VALUES = ["", "NA", "N/A", "NaN", "nan", "NULL", "None", "?"]

# What Python calls encodings, and writes no files in.
NO_TEXT = ("punycode", "idna", "unicode-escape", "raw-unicode-escape")


class CsvSection(TargetSection, StreamedSection):
    """Tables with columns by name: CSV, TSV, both gzipped or not, and Parquet.

    Columns that are not named are inputs, of numbers or of categories as their cells say.
    """

    source: Literal["csv"]
    path: str | Annotated[list[str], Field(min_length=1)]
    target: str | Annotated[list[str], Field(min_length=1)]
    target_type: Literal["auto", "classes", "numbers"] = "auto"
    numeric: list[str] = Field(default=[])
    categorical: list[str] = Field(default=[])
    ignore: list[str] = Field(default=[])
    sample_weight: str | None = None
    num_samples: int | None = Field(default=None, ge=1)
    normalize: bool = True
    encode: Literal["one_hot", "integer"] = "one_hot"
    missing: Literal["error", "mean", "median"] = "error"
    missing_values: list[str] = MISSING_VALUES
    separator: str = "auto"
    encoding: str = "utf-8"

    @model_validator(mode="after")
    def _check_columns(self) -> "CsvSection":
        """No column is two things at once."""
        named = {"target": [self.target] if isinstance(self.target, str) else self.target}
        named |= {"numeric": self.numeric, "categorical": self.categorical, "ignore": self.ignore}
        named |= {"sample_weight": [self.sample_weight] if self.sample_weight else []}
        places: dict[str, str] = {}
        for key, columns in named.items():
            for column in columns:
                if column in places:
                    other = f"{places[column]} and {key}" if places[column] != key else f"{key} twice"
                    told = {"column": column, "keys": other}
                    raise PydanticCustomError(
                        "columns", "the column '{column}' stands in {keys}; leave it in one", told
                    )
                places[column] = key
        return self

    @model_validator(mode="after")
    def _check_classes(self) -> "CsvSection":
        is_numbers = self.target_type == "numbers" or not isinstance(self.target, str)
        if self.target_type == "classes" and is_numbers:
            raise PydanticCustomError("classes", "target_type: classes needs one target alone")
        if is_numbers and (self.one_hot or self.class_names):
            key = "one_hot" if self.one_hot else "class_names"
            told = {"key": key}
            raise PydanticCustomError("classes", "{key} needs a target of classes, and this one is of numbers", told)
        return self

    @model_validator(mode="after")
    def _check_text(self) -> "CsvSection":
        if self.separator != "auto" and len(self.separator) != 1:
            raise PydanticCustomError("separator", "separator must be one sign, such as ';', or auto")
        try:
            "a".encode(self.encoding).decode(self.encoding)
            is_of_text = codecs.lookup(self.encoding).name not in NO_TEXT
        except (LookupError, UnicodeError):
            is_of_text = False
        if not is_of_text:
            message = "no encoding of text is called '{name}'; utf-8 and latin-1 are common"
            raise PydanticCustomError("encoding", message, {"name": self.encoding})
        return self


class SeriesSection(DataSection, StreamedSection):
    """Windows of columns of a series, whose rows are in the order of time: `lag` rows, and the `horizon` that follow.

    The last rows are the test rows, those before them the validation rows.
    """

    source: Literal["series"]
    path: str
    target: str
    lag: int = Field(ge=1, le=1_000_000)
    features: list[str] | None = Field(default=None, min_length=1)
    horizon: int = Field(default=1, ge=1, le=1_000_000)
    stride: int = Field(default=1, ge=1)
    time: str | None = None
    missing: Literal["error", "previous"] = "error"
    normalize: bool = True
    validation: Validation = None
    test: Annotated[Fraction | None, BeforeValidator(none_word)] = None

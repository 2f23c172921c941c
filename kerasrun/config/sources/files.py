"""Files of the user's own that are no tables: arrays, pictures and texts."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from kerasrun.config.sections import Number, Section
from kerasrun.config.sources.parted import StreamedSection, TargetSection, WholeSection

# How the name of a table ends that lists pictures or texts.
TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet", ".pq")


class NpzSection(WholeSection, StreamedSection):
    """Arrays of an .npz file, or of a folder of .npy files: `<name>_train` (or `<name>`), and `<name>_test` to test.

    Several inputs or targets are named as the model names its inputs and outputs.
    """

    source: Literal["npz"]
    path: str
    inputs: list[str] = Field(default=["x"], min_length=1)
    targets: list[str] = Field(default=["y"], min_length=1)
    num_samples: int | None = Field(default=None, ge=1)
    flatten: bool = False
    scale: Annotated[Number, Field(gt=0)] | Literal[False] = False
    normalize: bool = False
    one_hot: bool = False
    num_classes: int | None = Field(default=None, ge=1, le=1_000_000)
    class_names: list[str] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _check_range(self) -> "NpzSection":
        if self.normalize and self.scale is not False:
            raise PydanticCustomError("range", "scale and normalize both bring inputs into a small range; keep one")
        return self


class FiledSection(TargetSection):
    """What the sources have whose rows are files in a folder for each class, or stand in a table.

    Args:
        target: the column of a table that holds what a row is to be; folders say it by their names.
    """

    path: str
    target: str | None = None

    row_column: ClassVar[str]

    @model_validator(mode="after")
    def _check_columns(self) -> "FiledSection":
        columns = {name: getattr(self, name) for name in (self.row_column, "target")}
        is_table = self.path.lower().endswith(TABLES)
        wrong = next((name for name, column in columns.items() if (column is not None) != is_table), None)
        if wrong is not None:
            told = "needs {name}, the name of a column" if is_table else "has no columns, so {name} says nothing"
            raise PydanticCustomError("columns", f"this {'table' if is_table else 'folder'} {told}", {"name": wrong})
        return self


class ImagesSection(FiledSection, StreamedSection):
    """Pictures in PNG or JPEG: a folder for each class, or a table with a column of file names.

    Args:
        size: height and width that all become; where it is left out they have to agree.
        color: `auto` is what they are, where they agree.
        fit: what becomes of a picture of another aspect.
    """

    source: Literal["images"]
    image: str | None = None
    size: Annotated[list[Annotated[int, Field(ge=1, le=16_384)]], Field(min_length=2, max_length=2)] | None = None
    color: Literal["auto", "gray", "rgb"] = "auto"
    resize: Literal["bilinear", "nearest", "area", "bicubic", "lanczos"] = "bilinear"
    fit: Literal["stretch", "crop", "pad"] = "stretch"
    augment: list[Any] = Field(default=[])
    scale: bool | Annotated[Number, Field(gt=0)] = True
    flatten: bool = False
    skip_damaged: bool = False

    row_column: ClassVar[str] = "image"

    @model_validator(mode="after")
    def _check_size(self) -> "ImagesSection":
        if self.size is None and (self.resize, self.fit) != ("bilinear", "stretch"):
            raise PydanticCustomError("size", "resize and fit do nothing without a size to bring pictures to")
        return self


class TokensSection(Section):
    """What Keras's TextVectorization is made with, by its own names, and fitted on the texts of the training rows."""

    max_tokens: int | None = Field(default=20_000, ge=3)
    standardize: Literal["lower_and_strip_punctuation", "lower", "strip_punctuation"] | None = (
        "lower_and_strip_punctuation"
    )
    split: Literal["whitespace", "character"] = "whitespace"
    ngrams: Annotated[int, Field(ge=1, le=100)] | list[Annotated[int, Field(ge=1, le=100)]] | None = None
    output_mode: Literal["int", "multi_hot", "count", "tf_idf"] = "int"
    output_sequence_length: int | None = Field(default=None, ge=1, le=1_000_000)
    vocabulary: Annotated[list[str], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _check_modes(self) -> "TokensSection":
        if self.output_mode != "int" and self.output_sequence_length is not None:
            raise PydanticCustomError("mode", "output_sequence_length goes with output_mode: int alone")
        if self.output_mode == "int" and self.ngrams is not None and self.output_sequence_length is None:
            raise PydanticCustomError("mode", "with ngrams give output_sequence_length: how many of them a text has")
        if self.output_mode == "tf_idf" and self.vocabulary is not None:
            raise PydanticCustomError("mode", "tf_idf learns the weights of its words, so they cannot be given")
        return self

    @model_validator(mode="after")
    def _check_vocabulary(self) -> "TokensSection":
        if self.vocabulary is None:
            return self
        if len(set(self.vocabulary)) < len(self.vocabulary):
            raise PydanticCustomError("words", "vocabulary has a word twice")
        if reserved := {"", "[UNK]"} & {*self.vocabulary}:
            told = {"word": min(reserved)}
            raise PydanticCustomError("words", "vocabulary holds '{word}', which stands for words not in it", told)
        room = None if self.max_tokens is None else self.max_tokens - (2 if self.output_mode == "int" else 1)
        if room is not None and len(self.vocabulary) > room:
            message = "vocabulary has {count} words, and max_tokens leaves room for {room}; raise it, or write null"
            raise PydanticCustomError("words", message, {"count": str(len(self.vocabulary)), "room": str(room)})
        return self


class TextSection(FiledSection, StreamedSection):
    """Texts in UTF-8: a folder of .txt files for each class, or a table with a column of texts."""

    source: Literal["text"]
    text: str | None = None
    tokens: TokensSection = TokensSection()

    row_column: ClassVar[str] = "text"

"""The `data` section by its source, as pydantic models: keys, types, ranges and defaults."""

import codecs
import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from kerasrun.config.sections import Fraction, Number, Section, Validation, none_word


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


class TargetSection(SplitSection):
    """What the sources have whose targets may be classes, by their names."""

    one_hot: bool = False
    class_names: list[str] | None = Field(default=None, min_length=2)


class StreamedSection(Section):
    """What the sources have whose rows need not fit in memory.

    `auto` streams where the inputs would take more than `memory_gb` (1 GB is 10^9 bytes).
    """

    stream: bool | Literal["auto"] = "auto"
    memory_gb: Annotated[Number, Field(gt=0)] = 4.0
    shuffle_window: int | None = Field(default=None, ge=1)


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
        is_table = self.path.lower().endswith((".csv", ".tsv"))
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


# Words that mean that a cell of a table has no value.
MISSING_VALUES = ["", "NA", "N/A", "NaN", "nan", "NULL", "None", "?"]


class CsvSection(TargetSection):
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
            codecs.lookup(self.encoding)
        except LookupError:
            message, told = "no encoding is called '{name}'; utf-8 and latin-1 are common", {"name": self.encoding}
            raise PydanticCustomError("encoding", message, told) from None
        return self


class TokensSection(Section):
    """What Keras's TextVectorization is made with, by its own names, and fitted on the texts of the training rows."""

    max_tokens: int | None = Field(default=20_000, ge=3)
    standardize: Literal["lower_and_strip_punctuation", "lower", "strip_punctuation"] | None = (
        "lower_and_strip_punctuation"
    )
    split: Literal["whitespace", "character"] | None = "whitespace"
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
        if self.vocabulary is not None and len(set(self.vocabulary)) < len(self.vocabulary):
            raise PydanticCustomError("mode", "vocabulary has a word twice")
        return self


class TextSection(FiledSection):
    """Texts in UTF-8: a folder of .txt files for each class, or a table with a column of texts."""

    source: Literal["text"]
    text: str | None = None
    tokens: TokensSection = TokensSection()

    row_column: ClassVar[str] = "text"


class PackagedSection(SplitSection):
    """What scikit-learn's tables have: all rows in one pool, of which a fraction is the test set."""

    validation: Validation = None
    test: Annotated[Fraction | None, BeforeValidator(none_word)] = 0.2
    split: Literal["random", "ordered"] = "random"
    normalize: bool = True


class PackagedClassesSection(PackagedSection, TargetSection):
    """What those of them have whose targets are classes."""

    split: Literal["random", "ordered", "stratified"] = "random"  # type: ignore[assignment]


class IrisSection(PackagedClassesSection):
    """150 irises of three species, by the length and width of sepals and petals."""

    source: Literal["iris"]


class WineSection(PackagedClassesSection):
    """178 wines of three growers, by 13 figures of a chemical analysis."""

    source: Literal["wine"]


class BreastCancerSection(PackagedClassesSection):
    """569 tumours, malignant or benign, by 30 measures of the nuclei of their cells."""

    source: Literal["breast_cancer"]


class DiabetesSection(PackagedSection):
    """442 patients, by 10 figures, and how far their diabetes came within a year: 25 to 346."""

    source: Literal["diabetes"]


class ImageSection(WholeSection):
    """What the image sources have. `scale: true` divides the pixels by their largest possible value."""

    num_samples: int | None = Field(default=None, ge=1)
    augment: list[Any] = Field(default=[])
    flatten: bool = False
    scale: bool | Annotated[Number, Field(gt=0)] = True
    one_hot: bool = False
    num_classes: int | None = Field(default=None, ge=1, le=1_000_000)
    class_names: list[str] | None = Field(default=None, min_length=1)


class SeriesSection(DataSection):
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


class MnistSection(ImageSection):
    """70,000 handwritten digits of 28 × 28 pixels, 0 to 255; 10,000 of them are the test set."""

    source: Literal["mnist"]
    path: str | None = None


class FashionMnistSection(ImageSection):
    """70,000 pictures of clothes, 28 × 28 grey pixels, 0 to 255, of 10 kinds; 10,000 of them are the test set."""

    source: Literal["fashion_mnist"]
    path: str | None = None


class Cifar10Section(ImageSection):
    """60,000 photographs of 32 × 32 pixels in colour, 0 to 255, of 10 classes; 10,000 of them are the test set."""

    source: Literal["cifar10"]
    path: str | None = None


class Cifar100Section(ImageSection):
    """60,000 photographs as in cifar10, of 100 classes or of the 20 that these belong to."""

    source: Literal["cifar100"]
    path: str | None = None
    labels: Literal["fine", "coarse"] = "fine"


class ImdbSection(WholeSection):
    """50,000 film reviews, negative or positive, their words as numbers; half of them are the test set."""

    source: Literal["imdb"]
    path: str | None = None
    num_words: int = Field(default=10_000, ge=4, le=1_000_000)
    max_length: int = Field(default=200, ge=1, le=100_000)
    num_samples: int | None = Field(default=None, ge=1)
    one_hot: bool = False
    class_names: list[str] | None = Field(default=None, min_length=2)


class CaliforniaHousingSection(WholeSection):
    """20,640 districts of California by 8 figures, and the median price of a house there, in dollars."""

    source: Literal["california_housing"]
    path: str | None = None
    num_samples: int | None = Field(default=None, ge=1)
    normalize: bool = True


class DigitsSection(ImageSection):
    """scikit-learn's 1,797 handwritten digits of 8 × 8 pixels, 0 to 16; the last rows are the test set."""

    source: Literal["digits"]
    test: Fraction = 0.2


class SineSection(WholeSection):
    """num_samples points of the sine, evenly from start to stop, with normal noise of a standard deviation."""

    source: Literal["sine"]
    start: Number = -math.pi
    stop: Number = math.pi
    num_samples: int = Field(default=50, ge=2, le=100_000_000)
    noise: Annotated[Number, Field(ge=0)] = 0.0
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _check_interval(self) -> "SineSection":
        if self.start >= self.stop:
            raise PydanticCustomError(
                "interval",
                "start must be less than stop, got {start} and {stop}",
                {"start": self.start, "stop": self.stop},
            )
        return self


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


AnyData = Annotated[
    MnistSection
    | DigitsSection
    | SineSection
    | NpzSection
    | ImagesSection
    | CsvSection
    | TextSection
    | IrisSection
    | WineSection
    | BreastCancerSection
    | DiabetesSection
    | FashionMnistSection
    | Cifar10Section
    | Cifar100Section
    | ImdbSection
    | CaliforniaHousingSection
    | SeriesSection,
    Field(discriminator="source"),
]
SOURCES: dict[str, type[DataSection]] = {
    "mnist": MnistSection,
    "digits": DigitsSection,
    "sine": SineSection,
    "npz": NpzSection,
    "images": ImagesSection,
    "csv": CsvSection,
    "text": TextSection,
    "iris": IrisSection,
    "wine": WineSection,
    "breast_cancer": BreastCancerSection,
    "diabetes": DiabetesSection,
    "fashion_mnist": FashionMnistSection,
    "cifar10": Cifar10Section,
    "cifar100": Cifar100Section,
    "imdb": ImdbSection,
    "california_housing": CaliforniaHousingSection,
    "series": SeriesSection,
}

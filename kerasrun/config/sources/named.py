"""Sets that go by a name: scikit-learn's, those that Keras publishes, and the sine."""

import math
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from kerasrun.config.sections import Fraction, Number, Validation, none_word
from kerasrun.config.sources.parted import SplitSection, TargetSection, WholeSection


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

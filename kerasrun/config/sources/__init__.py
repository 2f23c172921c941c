"""The `data` section by its source, as pydantic models: keys, types, ranges and defaults."""

from typing import Annotated

from pydantic import Field

from kerasrun.config.sources.files import (
    TABLES,
    FiledSection,
    ImagesSection,
    NpzSection,
    TextSection,
    TokensSection,
)
from kerasrun.config.sources.named import (
    BreastCancerSection,
    CaliforniaHousingSection,
    Cifar10Section,
    Cifar100Section,
    DiabetesSection,
    DigitsSection,
    FashionMnistSection,
    ImageSection,
    ImdbSection,
    IrisSection,
    MnistSection,
    PackagedClassesSection,
    PackagedSection,
    SineSection,
    WineSection,
)
from kerasrun.config.sources.parted import (
    ByColumn,
    ByGroup,
    ByTime,
    DataSection,
    SplitSection,
    StreamedSection,
    TargetSection,
    WholeSection,
)
from kerasrun.config.sources.tables import MISSING_VALUES, CsvSection, SeriesSection

__all__ = [
    "MISSING_VALUES",
    "SOURCES",
    "TABLES",
    "AnyData",
    "BreastCancerSection",
    "ByColumn",
    "ByGroup",
    "ByTime",
    "CaliforniaHousingSection",
    "Cifar10Section",
    "Cifar100Section",
    "CsvSection",
    "DataSection",
    "DiabetesSection",
    "DigitsSection",
    "FashionMnistSection",
    "FiledSection",
    "ImageSection",
    "ImagesSection",
    "ImdbSection",
    "IrisSection",
    "MnistSection",
    "NpzSection",
    "PackagedClassesSection",
    "PackagedSection",
    "SeriesSection",
    "SineSection",
    "SplitSection",
    "StreamedSection",
    "TargetSection",
    "TextSection",
    "TokensSection",
    "WholeSection",
    "WineSection",
]

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

"""`data.augment`: a list of Keras's layers that alter pictures at random, in training alone."""

from typing import Any

from kerasrun.config.faults import Faults
from kerasrun.config.objects import ObjectParser
from kerasrun.config.specs import ObjectSpec

# Layers that leave the size of pictures and their labels as they are, and do nothing outside training.
AUGMENTING = (
    *("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomShear", "RandomPerspective"),
    *("RandomElasticTransform", "RandomErasing", "RandomGaussianBlur", "RandomSharpness"),
    *("RandomBrightness", "RandomContrast", "RandomHue", "RandomSaturation", "RandomColorJitter"),
    *("RandomColorDegeneration", "RandomGrayscale", "RandomInvert", "RandomPosterization"),
)
PLACE = ("data", "augment")


def parse_augment(written: Any, parser: ObjectParser, faults: Faults) -> list[ObjectSpec]:
    """Parse the list; what is at fault is noted in `faults`."""
    if not isinstance(written, list):
        return []  # what else it may be is told where the section is checked
    specs = []
    for index, item in enumerate(written):
        spec = parser.parse("layers", item, (*PLACE, index))
        if spec is not None and (spec.own or spec.class_name not in AUGMENTING):
            hint = f"it may hold {', '.join(AUGMENTING[:4])}, …; other layers belong into the model"
            place = (*spec.path, spec.name) if isinstance(item, dict) else spec.path
            faults.add(place, f"{spec.name} is no augmentation that keeps size and labels", hint, at_key=True)
        elif spec is not None:
            specs.append(spec)
    return specs

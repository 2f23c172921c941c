"""Whether layers that alter pictures are told the range that pixels have."""

from kerasrun.config import Config

# What Keras's layers take for the range of pixels unless they are told another.
DEFAULT_RANGE = [0, 255]


def check_value_ranges(config: Config, pixel_max: float | None) -> None:
    """Refuse a layer of `data.augment` that reckons with other pixels than there are.

    Args:
        pixel_max: the largest value of a pixel; None where rows are no pictures.

    Raises:
        ConfigError: there is one.
    """
    for spec in config.augment:
        if "value_range" not in config.catalogue.kinds["layers"].entries[spec.class_name].arguments:
            continue
        found = list(spec.arguments.get("value_range", DEFAULT_RANGE))
        if pixel_max is not None and found != [0, pixel_max]:
            there = f"they go from 0 to {pixel_max:g}"
            message = f"{spec.name} reckons with pixels from {found[0]} to {found[1]}, and {there}"
            raise config.fault((*spec.path, spec.name), message, f"write value_range: [0, {pixel_max:g}]", at_key=True)

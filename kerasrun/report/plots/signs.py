"""Which signs the fonts of this system can draw, and what stands in place of a name that they cannot."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties, fontManager

from kerasrun.report.plots.names import printable, text_width

OWN_FONT = "DejaVu Sans"  # comes with matplotlib: Latin, Greek, Cyrillic, Hebrew, Arabic, Georgian and many more
# For what it has not, these where they are installed.
FALLBACK_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Nirmala UI",
    "Leelawadee UI",
    "Noto Emoji",
    "Segoe UI Emoji",
    "Segoe UI Symbol",
    "Arial Unicode MS",
)

LONGEST_NAME = 24


@dataclass(frozen=True)
class ClassLabels:
    """What classes are called in a picture: one text a class, and a note where that is not their name, or ""."""

    texts: tuple[str, ...]
    note: str = ""


def class_labels(names: Sequence[object]) -> ClassLabels:
    """The names of classes as they can be drawn: `class 3` for one with a sign that no font here has."""
    can = [is_drawable(str(name)) for name in names]
    texts = tuple(
        shortened(printable(name), LONGEST_NAME) if drawn else f"class {number}"
        for number, (name, drawn) in enumerate(zip(names, can, strict=True))
    )
    count = can.count(False)
    if not count:
        return ClassLabels(texts)
    whose = "the names" if count == len(can) else "a name" if count == 1 else f"{count} names"
    return ClassLabels(texts, f"No font here has the signs of {whose}: see the class's number.")


def drawable(text: str, otherwise: str) -> str:
    """The text, or another one where it has a sign that no font here has."""
    return text if is_drawable(text) else otherwise


def is_drawable(text: str) -> bool:
    """Whether the fonts here have every sign of a text; those that are not printed are not asked for."""
    signs = {ord(sign) for sign in printable(text)}
    return any(not signs - known for known in _growing_signs())


def _growing_signs() -> Iterator[set[int]]:
    """What can be drawn: by matplotlib's own font, by those that it knows of, by all that are installed now."""
    yield _signs((OWN_FONT,))
    yield _signs(families())
    _look_for_new_fonts()
    yield _signs(families())


def families() -> tuple[str, ...]:
    """The fonts to draw with, the first one that has a sign for each."""
    installed = {font.name for font in fontManager.ttflist}
    return (OWN_FONT, *(font for font in FALLBACK_FONTS if font in installed))


@functools.cache
def _look_for_new_fonts() -> None:
    """Let matplotlib know of fonts that were installed after it had listed them, once."""
    known = {font.fname for font in fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known:
            try:
                fontManager.addfont(path)
            except Exception:  # a font that it cannot read, of which there are many kinds
                continue


@functools.cache
def _signs(fonts: tuple[str, ...]) -> set[int]:
    """The signs that are there in normal and in bold type."""
    known: set[int] = set()
    for family in fonts:
        paths = {font_manager.findfont(FontProperties(family=[family], weight=weight)) for weight in ("normal", "bold")}
        known |= set.intersection(*(set(font_manager.get_font(path).get_charmap()) for path in paths))
    return known


def shortened(text: str, longest: int) -> str:
    """A text of at most so many columns: a longer one loses its middle, since names often begin alike."""
    if text_width(text) <= longest:
        return text
    head, tail = "", ""
    while text_width(head) < (longest - 1) * 0.6:
        head += text[len(head)]
    while text_width(head + tail) < longest - 2:
        tail = text[-len(tail) - 1] + tail
    return f"{head.rstrip()}…{tail.lstrip()}"

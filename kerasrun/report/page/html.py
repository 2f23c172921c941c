"""HTML that is safe by construction: text is escaped, and nothing is markup but what was made here."""

import json
import math
import re
from collections.abc import Iterable
from html import escape
from typing import Any

# An element without content.
VOID = {"br", "col", "img", "meta"}

# What no HTML may hold: control signs, lone surrogates, and signs that are none.
NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Text that is HTML already."""


def tag(element: str, *content: Any, **attributes: Any) -> Markup:
    """An element of HTML or SVG.

    Args:
        content: Markup as it is, other text escaped, lists of both, numbers; None is left out.
        attributes: `class_` is class, `aria_label` is aria-label; True stands alone, None and False are left out.
    """
    words = "".join(_attribute(name, value) for name, value in attributes.items())
    if element in VOID:
        return Markup(f"<{element}{words}>")
    return Markup(f"<{element}{words}>{join(content)}</{element}>")


def join(content: Iterable[Any]) -> Markup:
    """Markup and text, one after the other."""
    return Markup("".join(_content(item) for item in content))


def data_block(value: Any) -> Markup:
    """Plain values for the page's script. What is not finite is null."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Within a script element nothing is escaped, so that nothing may end it.
    safe = NO_TEXT.sub("\ufffd", text).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(f'<script type="application/json">{safe}</script>')


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{_escaped(value)}"'


def _content(item: Any) -> str:
    if item is None:
        return ""
    if isinstance(item, Markup):
        return item
    if isinstance(item, (list, tuple)):
        return join(item)
    return _escaped(item)


def _escaped(value: Any) -> str:
    return escape(NO_TEXT.sub("\ufffd", str(value)))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value

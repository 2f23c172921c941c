"""A whole page: one file, without a request to anywhere, the same bytes for the same facts."""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

from kerasrun.report.page.facts import RunFacts
from kerasrun.report.page.headline import headline
from kerasrun.report.page.html import Markup, tag
from kerasrun.report.page.sections import sections

Section = tuple[str, str, list[Markup]]


def run_page(facts: RunFacts) -> str:
    """The page of one run."""
    return whole_page(f"{facts.name}: {facts.state}", headline(facts), list(sections(facts)))


def whole_page(title: str, head: Markup, parts: Sequence[Section]) -> str:
    """A page of a head and sections, with its style and script inside."""
    style, script = (Markup(_shipped(name)) for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    metas = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", style),
    ]
    links = tag("ul", [tag("li", tag("a", heading, href=f"#{name}")) for name, heading, _ in parts])
    body = [
        tag("a", "To the content", href="#content", class_="skip"),
        tag("div", head, class_="head"),
        tag("nav", links, aria_label="Sections") if parts else None,
        tag("main", [_section(*part) for part in parts], id="content", tabindex="-1"),
        tag("script", script),
    ]
    return "<!DOCTYPE html>\n" + tag("html", tag("head", metas), tag("body", body), lang="en") + "\n"


def _section(name: str, heading: str, content: list[Markup]) -> Markup:
    return tag("section", tag("h2", heading, id=f"{name}-heading"), content, id=name, aria_labelledby=f"{name}-heading")


def _shipped(name: str) -> str:
    return resources.files("kerasrun.report.page").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")

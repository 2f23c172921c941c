"""The pages that show what the tool prints show what it prints now."""

import importlib.util
from pathlib import Path

from kerasrun.config.checks.pairs import WARNINGS

DOCS = Path(__file__).parents[1] / "docs"


def test_the_messages_that_come_first_are_those_of_the_tool():
    spec = importlib.util.spec_from_file_location("errors_page", DOCS / "errors.py")
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    assert page.page() == (DOCS / "errors.md").read_text(encoding="utf-8")


def test_every_warning_that_can_be_told_is_listed_and_every_listed_one_can():
    checks = (DOCS.parent / "kerasrun" / "config").rglob("*.py")
    code = "".join(path.read_text(encoding="utf-8") for path in checks if path.name != "pairs.py")
    assert {name for name in WARNINGS if f'"{name}"' in code} == set(WARNINGS)
    told = code.split("faults.warn(")[1:]
    assert {part.lstrip().split('"')[1] for part in told} == set(WARNINGS)

"""Names in any script: drawn where a font has the signs, else a number stands in their place, and never a box."""

import io
import warnings

import numpy as np
import pytest
from matplotlib import font_manager

from kerasrun.report.plots import signs, style
from kerasrun.report.plots.confusion import confusion_figure, draw_confusion
from kerasrun.report.plots.pictures import draw_predictions
from kerasrun.report.plots.signs import class_labels, is_drawable, shortened
from kerasrun.report.scores import score_classes

NOTE = "No font here has the signs of a name: see the class's number."


@pytest.fixture
def no_other_fonts(monkeypatch):
    """As on a system that has matplotlib's own fonts alone."""
    monkeypatch.setattr(signs, "FALLBACK_FONTS", ())


@pytest.fixture
def japanese():
    """Skips the test where no font here has Japanese signs."""
    if not any("CJK" in path or "wqy" in path.lower() for path in font_manager.findSystemFonts()):
        pytest.skip("no font with Japanese signs is installed here")


@pytest.mark.parametrize("name", ["cat", "Ångström", "γάτα", "кошка", "חתול", "قطة", "კატა", "$5 & 100%", "😀", ""])
def test_matplotlibs_own_font_has_many_scripts(name, no_other_fonts):
    assert class_labels([name]).texts == (name,)


@pytest.mark.parametrize("name", ["猫", "고양이", "แมว", "बिल्ली", "👩‍🚀"])
def test_a_number_stands_for_a_name_that_no_font_has(name, no_other_fonts):
    labels = class_labels(["cat", name])
    assert labels.texts == ("cat", "class 1")
    assert labels.note == NOTE


def test_the_note_tells_how_many_there_are(no_other_fonts):
    assert "signs of 2 names" in class_labels(["猫", "cat", "犬"]).note
    assert "signs of the names" in class_labels(["猫", "犬"]).note


def test_japanese_is_drawn_where_a_font_has_it(japanese):
    labels = class_labels(["猫", "うさぎ", "ハムスター"])
    assert labels.texts == ("猫", "うさぎ", "ハムスター")
    assert labels.note == ""


def test_a_picture_of_japanese_names_has_no_box(japanese, answers):
    """matplotlib warns of each sign for which it draws a box; the house style keeps that from users alone."""
    confusion = score_classes(answers([0, 1], [0, 0], ["猫", "ハムスター"]))
    with style.house_style():
        figure = confusion_figure(confusion, class_labels(confusion.scores.names), "test")
        warnings.filterwarnings("error", message="Glyph .* missing")
        figure.savefig(io.BytesIO(), format="png")


def test_without_a_font_the_pictures_say_so_once(no_other_fonts, drawn, texts, answers):
    draw_confusion(score_classes(answers([0, 1], [0, 0], ["猫", "dog"])), ["png"])
    assert texts(drawn["confusion"]).count(NOTE) == 1
    assert [tick.get_text() for tick in drawn["confusion"].axes[0].get_yticklabels()] == ["class 0", "dog"]
    pixels = np.zeros((1, 4, 4), np.uint8)
    draw_predictions(pixels, [0], [1], [0.5], ["png"], class_names=["猫", "dog"])
    assert "(is class 0)" in texts(drawn["predictions"])
    assert texts(drawn["predictions"]).count(NOTE) == 1


def test_fonts_installed_after_matplotlib_listed_them_are_found(japanese, monkeypatch):
    known = [font for font in font_manager.fontManager.ttflist if "CJK" not in font.name]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", known)
    signs._look_for_new_fonts.cache_clear()
    signs._signs.cache_clear()
    assert is_drawable("猫")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ankle boot", "Ankle boot"),
        ("Canis lupus familiaris var. 17", "Canis lupus fa…ris var. 17"),
        ("ゴールデンレトリバーとその仲間たち", "ゴールデンレト…仲間たち"),
    ],
)
def test_a_long_name_loses_its_middle(name, expected):
    short = shortened(name, 24)
    assert style.text_width(short) <= 24
    head, _, tail = short.partition("…")
    assert name.startswith(head)
    assert name.endswith(tail)
    assert ("…" in short) == ("…" in expected)

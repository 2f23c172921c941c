"""The page in a real browser: it loads without a complaint or a request, tells its values, and fits every window."""

import struct
from dataclasses import replace

import pytest

from kerasrun.report.page.compared import ComparedFacts, compared_page
from kerasrun.report.page.page import run_page
from tests.report.page.chromium import CHROMIUM, browser
from tests.report.page.made_facts import made_facts, made_results, made_values

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    facts = made_facts()
    several = ComparedFacts(
        ("first", "second"),
        ("letters/first", "letters/second"),
        (("finished", "Dense 8"), ("running", "Dense 9")),
        {"at the end": [("test.loss", ("0.3", "0.2"), (1,))]},
        {"settings": [("model[0].Dense.units", ("8", "9"), ())]},
        {"first": facts.history, "second": facts.history},
    )
    pages = {
        "classes": run_page(facts),
        "numbers": run_page(replace(facts, results=made_results(made_values()))),
        "evil": run_page(replace(facts, experiment="</script><img src=x onerror=alert(1)>")),
        "several": compared_page(several),
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.mark.parametrize("name", ["classes", "numbers", "evil", "several"])
def test_it_loads_without_a_complaint_and_asks_for_nothing(chromium, files, name):
    chromium.open(files[name])
    told, elsewhere, asked = chromium.complaints()
    assert told == []
    assert elsewhere == []
    assert [url for url in asked if url.startswith("file:")] == [files[name].as_uri()]
    assert chromium.run("document.querySelectorAll('.chart .area path[d^=M]').length") > 0
    assert chromium.run("document.querySelectorAll('.plot').length === document.querySelectorAll('.cursor').length")


def test_a_pointer_over_a_curve_tells_the_values_of_its_epoch(chromium, files):
    chromium.open(files["classes"])
    chromium.point("#chart-loss .cursor", 0.99, 0.5)
    tip = "document.querySelector('#chart-loss .tip')"
    assert chromium.run(f"{tip}.checkVisibility()")
    assert chromium.run(f"{tip}.innerText.split(/\\s+/)") == ["epoch", "4", "training", "0.4", "validation", "0.9"]
    assert chromium.run("document.querySelectorAll('#chart-loss .here').length") == 2
    chromium.point("h1", 0.5, 0.5)
    assert not chromium.run(f"{tip}.checkVisibility()")


def test_keys_lead_from_epoch_to_epoch(chromium, files):
    chromium.open(files["classes"])
    cursor = "document.querySelector('#chart-loss .cursor')"
    chromium.run(f"{cursor}.focus()")
    told = []
    for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
        chromium.press(key)
        told.append(chromium.run(f"{cursor}.getAttribute('aria-valuetext')"))
    assert told == [
        "epoch 1: training 2, validation 1.8",
        "epoch 2: training 1, validation 1.1",
        "epoch 4: training 0.4, validation 0.9",
        "epoch 3: training 0.5, validation 0.7",
    ]
    assert chromium.run(f"{cursor}.getAttribute('role')") == "slider"
    chromium.press("Escape")
    assert not chromium.run("document.querySelector('#chart-loss .tip').checkVisibility()")


def test_a_pointer_over_the_matrix_tells_a_confusion(chromium, files):
    chromium.open(files["classes"])
    chromium.point("#output-1-confusion .cursor", 0.5, 0.15)  # first row, second column
    words = chromium.run("document.querySelector('#output-1-confusion .tip').innerText.split(/\\s+/).join(' ')")
    assert words == "true class cat predicted as dog rows 1 (50.0 % of its 2)"


def test_a_pointer_over_points_tells_the_nearest(chromium, files):
    chromium.open(files["numbers"])
    chromium.point("#output-1-0-predicted .cursor", 0.02, 0.9)
    words = chromium.run("document.querySelector('#output-1-0-predicted .tip').innerText.split(/\\s+/).join(' ')")
    assert words == "true 0 predicted 0.1"


@pytest.mark.parametrize("width", [360, 820, 1440])
@pytest.mark.parametrize("name", ["classes", "numbers", "several"])
def test_it_fits_the_window(chromium, files, name, width):
    chromium.open(files[name], width=width)
    assert chromium.run("document.documentElement.scrollWidth") <= width
    picture = chromium.picture()
    assert struct.unpack(">II", picture[16:24]) == (width, 900)
    charts = "[...document.querySelectorAll('.area')].map((one) => one.getBoundingClientRect())"
    assert chromium.run(f"{charts}.every((box) => box.width > 150 && box.height > 40 && box.right <= innerWidth)")


# Of the relative luminance of two colours, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio.
CONTRASTS = """
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = (color) => channels(color).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const paper = (one) => { for (; one; one = one.parentElement) {
    const color = getComputedStyle(one).backgroundColor; if (channels(color)[3] > 0) return color; } return "white"; };
  const found = {};
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !one.checkVisibility() || one.closest("script")) continue;
    const style = getComputedStyle(one);
    const ink = light(one instanceof SVGElement ? style.fill : style.color), back = light(paper(one));
    const ratio = (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
    if (ratio < 4.5) found[`${one.tagName}.${one.getAttribute("class")}`] = ratio;
  }
  return found;
})()
"""


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out_from_its_ground(chromium, files, dark):
    for name in ("classes", "several"):
        chromium.open(files[name], dark=dark)
        assert chromium.run(CONTRASTS) == {}


def test_the_theme_follows_the_system_and_a_button_changes_it(chromium, files):
    ground = "getComputedStyle(document.body).backgroundColor"
    chromium.open(files["classes"])
    light = chromium.run(ground)
    chromium.open(files["classes"], dark=True)
    assert chromium.run(ground) != light
    chromium.run("document.querySelector('button.theme').focus()")
    chromium.press("Enter")
    assert chromium.run(ground) == light
    assert chromium.run("document.querySelector('button.theme').innerText").endswith("Dark")


def test_the_first_key_leads_past_the_head(chromium, files):
    chromium.open(files["classes"])
    chromium.press("Tab")
    assert chromium.run("document.activeElement.getAttribute('href')") == "#content"


def test_on_paper_what_is_folded_is_shown_and_what_moves_is_not(chromium, files):
    chromium.open(files["classes"], dark=True)
    chromium.call("Emulation.setEmulatedMedia", media="print")
    assert chromium.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not chromium.run("document.querySelector('button.theme').checkVisibility()")
    assert chromium.run("document.querySelector('#config details pre').getBoundingClientRect().height") > 0
    pdf = chromium.call("Page.printToPDF")["data"]
    assert pdf.startswith("JVBERi0")  # %PDF-
    chromium.call("Emulation.setEmulatedMedia", media="")

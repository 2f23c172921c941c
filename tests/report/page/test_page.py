"""The page of a run: what stands in it, and that nothing in it can do harm."""

import base64
import hashlib
import json
import math
import re
import struct
import zlib
from itertools import pairwise

import numpy as np
import pytest

from kerasrun.report.diagnosis.findings import Finding, Reading
from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.page.facts import Layer, RunFacts
from kerasrun.report.page.page import run_page
from kerasrun.report.results import Classes, Fit, Labels, Values
from tests.report.page.made_facts import LAYERS, made_classes, made_facts, made_results, made_values
from tests.report.page.reading_html import read_html

EVIL = "</script><img src=x onerror=alert(1)>\"'&\x00\ud800"


def page(**more):
    return read_html(run_page(made_facts(**more)))


def section(document, name):
    return document.one("section", id=name)


def chart(document, name):
    return document.one("figure", id=name)


def values(figure):
    """What the page's script gets of a chart."""
    return json.loads(figure.one("script").text)


class TestTheHead:
    def test_tells_name_state_time_and_best_figures(self):
        head = page().one("header")
        assert head.one("h1").text == "letters /first"
        assert head.one(class_="state").text == "✓ finished"
        assert "31 January 2026, 23:59 UTC · took 75.2 s · 99 parameters" in head.text
        assert head.one("h2").text == "Best, at epoch 3"
        tiles = [(tile.one("dt").text, tile.one("dd").text) for tile in head.one(class_="tiles").all("div")]
        assert tiles == [("validation loss", "0.7"), ("validation accuracy", "0.7"), ("training loss", "0.5")]

    def test_tells_the_figures_to_expect_on_test_rows_unless_every_epoch_was_validated_on_them(self):
        figures = {"test": {"loss": 0.25, "accuracy": 0.5}}
        head = page(figures=figures).one("header")
        assert head.one("h2").text == "In the end, on test rows"
        assert [tile.text for tile in head.one(class_="tiles").all("dd")] == ["0.25", "0.5"]
        assert "on test rows" not in page(figures=figures, validation_name="test").one("header").text

    def test_tells_why_a_run_stopped_and_what_is_missing(self):
        head = page(state="failed", why="the loss is not finite", missing=("no results",)).one("header")
        assert head.one(class_="state").text == "✕ failed"
        assert head.one(class_="why").text == "The loss is not finite"
        assert head.one(class_="notices").text == "no results"
        assert head.one("h2").text == "Best so far, at epoch 3"

    def test_the_sections_follow_one_another_in_the_order_of_reading(self):
        document = page(warnings=("data.scale: pixels are not scaled",))
        expected = [
            "reading",
            "curves",
            "results",
            "pictures",
            "filters",
            "model",
            "config",
            "warnings",
            "data",
            "repeat",
            "files",
        ]
        assert [part.attributes["id"] for part in document.one("main").content] == expected
        links = [link.attributes["href"] for link in document.one("nav").all("a")]
        assert links == [f"#{name}" for name in expected]

    def test_a_run_of_which_nothing_is_known_makes_a_page_too(self):
        document = read_html(run_page(RunFacts("letters", "first", "damaged")))
        assert document.one("main").content == []
        assert not list(document.all("nav"))


class TestTheReading:
    def test_each_finding_stands_with_what_to_try(self):
        [found] = section(page(), "reading").all("li")
        assert found.text == "overfitting val_loss rises from 0.7 to 0.9. To try: stop earlier."

    def test_without_a_finding_there_is_no_section(self):
        assert not list(page(reading=Reading()).all("section", id="reading"))

    def test_a_finding_without_advice_has_none(self):
        reading = Reading((Finding("healthy", "both fall"),))
        assert "To try" not in section(page(reading=reading), "reading").text


class TestCurves:
    def test_there_is_a_chart_a_metric_with_all_its_values(self):
        document = page()
        assert [one.attributes["id"] for one in section(document, "curves").all("figure")] == [
            "chart-loss",
            "chart-accuracy",
        ]
        told = values(chart(document, "chart-loss"))
        assert [line["label"] for line in told["series"]] == ["training", "validation"]
        assert [line["y"] for line in told["series"]] == [[2, 1, 0.5, 0.4], [1.8, 1.1, 0.7, 0.9]]
        assert told["series"][0]["x"] == [1, 2, 3, 4]

    def test_a_point_lies_where_its_value_is_on_the_axis(self):
        figure = chart(page(), "chart-accuracy")
        told = values(figure)["y"]
        path = figure.one(class_="plot").one("path", class_="training")
        places = [tuple(map(float, pair.split())) for pair in re.split("[ML]", path.attributes["d"])[1:]]
        low, high = told["low"], told["high"]
        assert [y for _, y in places] == pytest.approx(
            [1000 * (high - v) / (high - low) for v in (0.2, 0.5, 0.8, 0.9)], abs=0.06
        )

    def test_training_and_validation_differ_in_more_than_colour(self):
        figure = chart(page(), "chart-loss")
        assert len(list(figure.all("circle", class_="training"))) == 4 + 1  # and one in the legend
        squares = [mark for mark in figure.all("path", class_="marker") if mark.has({"class": "validation"})]
        assert len(squares) == 4 + 1

    def test_best_epoch_saved_models_and_the_early_stop_are_marked_and_named(self):
        figure = chart(page(marks=Marks((2.0, 3.0), (3.0,), 4.0)), "chart-loss")
        names = [item.text for item in figure.one(class_="legend").all("li")]
        assert names == [
            "training",
            "validation",
            "best epoch 3: 0.7",
            "2 saved models",
            "learning rate changed",
            "stopped early after 4",
        ]
        assert len(list(figure.all("line", class_="best"))) == len(list(figure.all("line", class_="stop"))) == 1
        assert figure.one("circle", class_="ring").attributes["cx"] == "65.43%"  # (3 - 0.88) / 3.24, margins of 4 %

    def test_a_chart_tells_the_same_to_those_who_do_not_see_it(self):
        figure = chart(page(), "chart-loss")
        picture = figure.one("svg", role="img")
        assert picture.one("title").text == "loss"
        assert "validation: begins at 1.8, ends at 0.9, lowest 0.7 at epoch 3" in picture.one("desc").text
        assert picture.attributes["aria-labelledby"] == picture.one("title").attributes["id"]
        assert figure.one("table").rows[:2] == [["epoch", "training", "validation"], ["1", "2", "1.8"]]

    def test_the_axis_is_logarithmic_where_the_pictures_have_it_so(self):
        losses = [10.0 ** -(row / 10) for row in range(40)]
        figure = chart(page(history=History(epochs={"epoch": list(range(1, 41)), "loss": losses})), "chart-loss")
        assert values(figure)["y"]["log"] is True
        assert "logarithmic axis" in figure.text

    def test_a_value_that_is_not_finite_is_a_gap(self):
        history = History(epochs={"epoch": [1, 2, 3, 4, 5], "loss": [1.0, math.nan, 0.5, 0.4, math.nan]})
        figure = chart(page(history=history), "chart-loss")
        assert values(figure)["series"][0]["y"] == [1, None, 0.5, 0.4, None]
        path = figure.one(class_="plot").one("path", class_="line").attributes["d"]
        assert path.count("M") == 2
        assert path.count("h0") == 1  # the lone first value is a dot

    def test_of_100000_steps_every_extreme_is_kept_and_the_page_stays_small(self):
        losses = [1.0 + 0.001 * (row % 7) for row in range(100_000)]
        losses[54_321], losses[12_345] = 9.0, 0.25
        history = History(
            steps={"step": list(range(100_000)), "loss": losses},
            evaluations={"step": [0, 99_999], "epoch": [0.0, 10.0], "loss": [1.0, 1.0], "val_loss": [1.1, 1.0]},
        )
        text = run_page(made_facts(history=history))
        told = values(chart(read_html(text), "chart-loss"))
        batch = next(line for line in told["series"] if line["look"] == "batch")
        assert {9, 0.25} <= set(batch["y"])
        assert batch["x"][batch["y"].index(9)] == 54_321
        assert len(text) < 500_000

    def test_one_epoch_is_a_chart_too(self):
        history = History(epochs={"epoch": [1], "loss": [0.5], "val_loss": [0.6]})
        assert values(chart(page(history=history), "chart-loss"))["series"][1]["y"] == [0.6]


class TestResults:
    def test_the_figures_of_each_part(self):
        [rows] = [one.rows for one in section(page(), "results").all("table") if "in the end" in one.text]
        assert rows == [["part", "loss", "accuracy"], ["train", "0.41", "0.91"]]

    def test_the_confusion_matrix(self):
        figure = chart(page(), "output-1-confusion")
        assert "75.0 % of 4 rows" in figure.text
        assert values(figure) == {
            "kind": "matrix",
            "names": ["cat", "dog", "hen"],
            "counts": [[1, 1, 0], [0, 1, 0], [0, 0, 1]],
        }
        assert figure.one("table").rows[1] == ["cat", "dog", "1", "50.0 %"]

    def test_precision_and_recall_of_each_class(self):
        rows = chart(page(), "output-1-classes").one("table").rows
        assert rows[1] == ["cat", "1.000", "0.500", "0.667", "2", "1"]
        assert rows[2] == ["dog", "0.500", "1.000", "0.667", "1", "2"]

    def test_how_far_probabilities_can_be_relied_on(self):
        line = values(chart(page(), "output-1-reliability"))["series"][1]
        # In single precision 0.6 is more than 0.6, and 0.7 less than 0.7: the three rows share a bin.
        assert line["x"] == pytest.approx([(0.7 + 0.6 + 0.6) / 3, 0.9], rel=1e-5)
        assert line["y"] == [1, 0]
        assert line["notes"] == ["3 rows", "1 row"]

    def test_no_reliability_of_what_is_no_probability(self):
        output = Classes(np.array([0, 1]), np.array([[3.0, -1.0], [0.0, 4.0]], np.float32), ("a", "b"), False)
        assert not list(page(results=made_results(output)).all("figure", id="output-1-reliability"))

    def test_a_hundred_classes_have_the_worst_drawn_and_all_in_the_table(self):
        names = tuple(f"class {index}" for index in range(100))
        y = np.repeat(np.arange(100), 2)
        scores = np.eye(100, dtype=np.float32)[np.where(np.arange(200) == 3, 50, y)]
        document = page(results=made_results(Classes(y, scores, names)))
        figure = chart(document, "output-1-classes")
        assert len(values(figure)["names"]) == 30
        assert "class 1" in values(figure)["names"]
        assert len(figure.one("table").rows) == 101
        assert values(chart(document, "output-1-confusion"))["counts"][1][50] == 1

    def test_numbers_have_their_errors_and_charts(self):
        document = page(results=made_results(made_values()))
        [rows] = [one.rows for one in section(document, "results").all("table") if "Errors" in one.text]
        assert rows[1][2:] == ["0.1", "0.1", "0.1"]
        told = values(chart(document, "output-1-0-predicted"))
        assert told["kind"] == "point"
        assert told["series"][1]["y"][0] == pytest.approx(0.1)
        assert chart(document, "output-1-0-residuals")

    def test_labels_have_precision_and_recall(self):
        output = Labels(np.array([[True, False], [True, True]]), np.array([[0.9, 0.8], [0.2, 0.7]]), ("wet", "warm"))
        rows = chart(page(results=made_results(output)), "output-1-labels").one("table").rows
        assert rows[1:] == [["wet", "1.000", "0.500", "0.667", "2", "1"], ["warm", "0.500", "1.000", "0.667", "1", "2"]]

    def test_a_fit_has_points_and_both_curves(self):
        x = np.linspace(0, 1, 5)
        fit = Fit(x, x**2, x, np.arange(5) == 4, (x, x**2))
        labels = [
            line["label"] for line in values(chart(page(results=made_results(made_values(), fit=fit)), "fit"))["series"]
        ]
        assert labels == ["true curve", "training data", "validation data", "fitted curve"]

    def test_numbers_that_are_not_finite_do_not_break_the_page(self):
        output = Values(np.full((3, 1), np.nan, np.float32), np.ones((3, 1), np.float32), ("0",))
        assert not list(page(results=made_results(output)).all("figure", id="output-1-0-predicted"))


class TestPictures:
    def test_a_wrong_one_is_marked_by_a_sign_and_in_words(self):
        samples, mistakes = section(page(), "pictures").all("ul", class_="pictures")
        assert [item.text for item in samples.all("li")] == [
            "cat 0.700",
            "dog 0.600",
            "hen 0.600",
            "✗ dog is cat 0.900",
        ]
        [wrong] = mistakes.all("li")
        assert wrong.attributes["class"] == "wrong"
        assert wrong.one("img").attributes["alt"] == "predicted dog, is cat"

    def test_a_picture_is_a_png_of_its_pixels(self):
        image = next(section(page(), "pictures").all("img"))
        pixels = read_png(image.attributes["src"])
        assert pixels.shape == (6, 5)
        assert np.array_equal(pixels, (np.arange(30).reshape(6, 5) * 2))

    def test_filters_before_and_after(self):
        document = section(page(), "filters")
        assert [one.text for one in document.all("figcaption")] == ["before training", "after training"]
        assert "the first 3 of 9 filters" in document.text
        sheet = read_png(list(document.all("img"))[1].attributes["src"])
        assert sheet.shape == (4, 3 * 5 + 2)
        assert (sheet[0, 0], sheet[-1, -1]) == (0, 48)  # the most negative colour, and the most positive
        assert (sheet[:, 5] == 24).all()  # nothing between two filters


def read_png(source):
    """The pixels of a PNG of one byte a pixel without filters."""
    data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    width, height = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT")
    [length] = struct.unpack(">I", data[start - 4 : start])
    rows = zlib.decompress(data[start + 4 : start + 4 + length])
    return np.frombuffer(rows, np.uint8).reshape(height, width + 1)[:, 1:]


class TestTheModel:
    def test_the_table_has_a_row_a_layer(self):
        rows = section(page(), "model").one("table").rows
        assert rows[2] == ["hidden", "Dense", "8", "72", "units: 8, activation: relu", "pixels"]

    def test_the_graph_has_a_box_a_layer_and_a_line_a_reading(self):
        graph = section(page(), "model").one("svg", role="img")
        assert [box.one("text", class_="kind").text for box in graph.all("g")] == ["InputLayer", "Dense", "Dense"]
        assert len(list(graph.all("path", class_="edge"))) == 2

    def test_a_shared_layer_has_a_box_a_use(self):
        shared = Layer("both", "Dense", "3", 27, True, "", ((("pixels", 0),), (("hidden", 0),)))
        added = Layer("sum", "Add", "3", 0, True, "", ((("both", 0), ("both", 1)),))
        part = section(page(layers=(*LAYERS[:2], shared, added)), "model")
        kinds = [box.one("text", class_="kind").text for box in part.one("svg", role="img").all("g")]
        assert kinds == ["InputLayer", "Dense", "Dense (use 1)", "Dense (use 2)", "Add"]
        assert part.one("table").rows[-1][-1] == "both, both (use 2)"

    def test_a_model_in_the_model_shows_its_layers_in_the_table(self):
        inner = Layer("encoder", "Sequential", "3", 72, False, "", ((("pixels", 0),),), (LAYERS[1],))
        rows = section(page(layers=(LAYERS[0], inner)), "model").one("table").rows
        assert [row[0] for row in rows[1:]] == ["pixels", "encoder", "hidden"]
        assert rows[2][3] == "72 (frozen)"

    def test_without_a_structure_there_is_no_section(self):
        assert not list(page(layers=()).all("section", id="model"))


class TestTheRest:
    def test_settings_that_differ_from_the_defaults_have_a_mark(self):
        whole = section(page(), "config").one("pre", class_="whole")
        assert [(line.text, line.attributes.get("class")) for line in whole.all("span")] == [
            ("● name: letters", "own"),
            ("seed: 0", None),
        ]

    def test_data_environment_commands_and_files(self):
        document = page()
        assert "test 4 rows" in section(document, "data").text
        assert "keras 3.15.1" in section(document, "data").text
        assert section(document, "repeat").one("code").text == "kerasrun reproduce letters/first"
        assert section(document, "files").one("table").rows[1] == ["model.keras", "123 kB"]


class TestSafety:
    def test_nothing_that_comes_from_elsewhere_becomes_markup(self):
        text = run_page(
            made_facts(
                experiment=EVIL,
                run=EVIL,
                why=EVIL,
                warnings=(EVIL,),
                missing=(EVIL,),
                own_settings=EVIL,
                environment={EVIL: EVIL},
                commands=((EVIL, EVIL),),
                files=((EVIL, 1),),
                rows={EVIL: 1},
                layers=(Layer(EVIL, EVIL, EVIL, 1, True, EVIL, (((EVIL, 0),),)),),
                reading=Reading((Finding(EVIL, EVIL, {}, EVIL),)),
                results=made_results(made_classes((EVIL, EVIL + "b", EVIL + "c"))),
                history=History(epochs={"epoch": [1, 2], EVIL: [1.0, 2.0], f"val_{EVIL}": [1.0, 2.0]}),
            )
        )
        assert "<img src=x" not in text
        document = read_html(text)
        assert not [one for one in document.all("img") if one.attributes.get("src") == "x"]
        assert not [one for one in document.all() if any(name.startswith("on") for name in one.attributes)]
        text.encode()  # a lone surrogate would not pass

    def test_its_policy_allows_nothing_but_its_own_style_and_script(self):
        document = page()
        policy = document.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
        for name, element in (("style", document.one("style")), ("script", list(document.all("script"))[-1])):
            digest = base64.b64encode(hashlib.sha256(element.content[0].encode()).digest()).decode()
            assert f"{name}-src 'sha256-{digest}'" in policy
        assert policy.startswith("default-src 'none'; img-src data:;")

    def test_it_names_no_place_elsewhere_and_carries_no_style_of_an_element(self):
        document = page()
        for element in document.all():
            assert "style" not in element.attributes
            for name in ("src", "href", "srcset", "action", "data"):
                assert element.attributes.get(name, "#").startswith(("#", "data:image/png;base64,"))

    def test_the_same_facts_make_the_same_bytes(self):
        assert run_page(made_facts()) == run_page(made_facts())

    def test_ids_are_there_once_and_what_is_named_by_id_is_there(self):
        document = page()
        ids = [one.attributes["id"] for one in document.all() if "id" in one.attributes]
        assert len(ids) == len(set(ids))
        for element in document.all():
            for name in ("aria-labelledby", "aria-describedby"):
                assert element.attributes.get(name, ids[0]) in ids

    def test_headings_follow_one_another_without_a_gap(self):
        levels = [int(one.name[1]) for one in page().all() if re.fullmatch("h[1-6]", one.name)]
        assert levels[0] == 1
        assert all(later - sooner <= 1 for sooner, later in pairwise(levels))

    def test_every_table_has_a_caption_and_headings_with_a_scope(self):
        for table in page().all("table"):
            assert table.one("caption").text
            assert all(cell.attributes["scope"] in ("row", "col") for cell in table.all("th"))

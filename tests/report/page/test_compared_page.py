"""The page of several runs."""

import json

from kerasrun.report.history import History
from kerasrun.report.page.compared import ComparedFacts, compared_page
from tests.report.page.reading_html import read_html


def history(losses, **more):
    return History(epochs={"epoch": list(range(1, len(losses) + 1)), "loss": losses, **more})


def page(**more):
    facts = {
        "names": ("first", "<b>wide"),
        "whole_names": ("digits/first", "digits/<b>wide"),
        "runs": (("finished", "Dense 8"), ("running", "")),
        "figures": {"at the end": [("test.loss", ("0.3", "0.2"), (1,))], "run": []},
        "differences": {"settings": [("training.epochs", ("3", "5"), ())]},
        "histories": {
            "first": history([3.0, 2.0, 1.0], val_loss=[3.0, 2.5, 2.0]),
            "<b>wide": history([2.0, 1.0, 0.5, 0.4, 0.3]),
        },
        "notes": ("the runs have different losses",),
    }
    return read_html(compared_page(ComparedFacts(**(facts | more))))


def test_figures_stand_side_by_side_and_the_best_has_a_sign():
    document = page()
    assert document.one("h1").text == "2 runs compared"
    assert document.one("header").one(class_="circumstances").text == "digits/first, digits/<b>wide"
    assert document.one("section", id="runs").one("table").rows[2] == ["<b>wide", "running", "–"]
    figures = document.one("section", id="figures")
    assert figures.one("table").rows == [["", "first", "<b>wide"], ["test.loss", "0.3", "★ 0.2"]]
    assert "The runs have different losses." in figures.text


def test_what_differs_has_a_row_a_setting():
    rows = page().one("section", id="differences").one("table").rows
    assert rows[1] == ["training.epochs", "3", "5"]
    same = page(differences={}).one("section", id="differences")
    assert same.text == "What differs Settings, seeds, data and environment are the same."


def test_curves_of_different_lengths_lie_over_one_another():
    figure = page().one("figure", id="chart-loss")
    series = {line["label"]: line for line in json.loads(figure.one("script").text)["series"]}
    assert list(series) == ["first, training", "first", "<b>wide"]
    assert series["first"]["y"] == [3, 2.5, 2]
    assert series["<b>wide"]["x"] == [1, 2, 3, 4, 5]
    legend = [item.text for item in figure.one("ul", class_="legend").all("li")]
    assert legend == ["first", "<b>wide"]
    assert "Solid: validation; dashed: training." in figure.text


def test_of_many_runs_those_of_higher_loss_are_grey_and_without_values():
    histories = {f"run{place}": history([1.0, 0.1 * (place + 1)]) for place in range(10)}
    names = tuple(histories)
    figure = page(
        names=names, whole_names=names, runs=(("finished", ""),) * 10, figures={}, differences={}, histories=histories
    ).one("figure", id="chart-loss")
    told = [line["label"] for line in json.loads(figure.one("script").text)["series"]]
    assert told == [f"run{place}" for place in range(8)]
    assert len(list(figure.one(class_="plot").all("path", class_="other"))) == 2
    assert "2 of higher loss are grey." in figure.text


def test_runs_without_an_epoch_have_no_curves():
    empty = {"first": History(), "<b>wide": History()}
    assert not list(page(histories=empty).all("section", id="curves"))

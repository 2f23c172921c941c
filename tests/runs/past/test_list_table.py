"""The table of runs: what gives way where there is no room, and what a pipe gets."""

import time

import pytest

from kerasrun.runs.past.list_table import list_lines
from kerasrun.runs.past.listing import list_runs
from tests.made_runs import make_run

FIGURES = {"loss": 0.25, "accuracy": 0.9, "val_loss": 0.5, "val_accuracy": 0.875}


def started(seconds_ago):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - seconds_ago))


@pytest.fixture
def runs(tmp_path):
    make_run(tmp_path, "digits/20260101-120000", started="2026-01-01T12:00:00.000Z", figures=FIGURES)
    make_run(tmp_path, "digits/b", started=started(3 * 3600 + 5), figures=FIGURES | {"val_accuracy": 1}, time_s=125.0)
    make_run(tmp_path, "digits/c", started=started(42), figures=None, status="running", done=1, time_s=None)
    return list_runs(tmp_path)


def test_a_pipe_gets_all_of_it(runs):
    lines = list_lines(runs[2:])
    assert lines == [
        "run                     when              state     val_accuracy   time  val_loss    loss  accuracy  what",
        "digits/20260101-120000  2026-01-01 12:00  finished        0.8750  2.5 s    0.5000  0.2500    0.9000  "
        "Dense 4 – Dense 1, SGD, 3 epochs",
    ]


def test_a_terminal_of_80_columns(runs):
    assert list_lines(runs, width=80) == [
        "run                     when        state       val_accuracy  what",
        "digits/c                42 s ago    broken off                Dense 4 – Dense 1…",
        "digits/b                3 h ago     finished          1.0000  Dense 4 – Dense 1…",
        "digits/20260101-120000  2026-01-01  finished          0.8750  Dense 4 – Dense 1…",
    ]


def test_a_wide_one_has_more_columns(runs):
    heading, *_, last = list_lines(runs, width=140)
    assert heading.split() == ["run", "when", "state", "val_accuracy", "time", "val_loss", "loss", "accuracy", "what"]
    assert last.endswith("0.9000  Dense 4 – Dense 1, SGD, 3 epochs")


def test_a_narrow_one_cuts_names_in_their_middle(runs):
    lines = list_lines(runs, width=62)
    assert max(map(len, lines)) <= 62
    assert lines[3].startswith("digits/20…120000  2026-01-01  finished")


@pytest.mark.parametrize("width", [70, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(runs, width):
    assert max(map(len, list_lines(runs, ["batch_size"], width))) <= width


def test_what_was_asked_for_has_a_column(runs):
    heading, *rows = list_lines(runs, ["learning_rate", "num_parameters", "state"], width=80)
    assert heading.split()[:5] == ["run", "when", "state", "learning_rate", "parameters"]
    assert rows[0].split()[6:8] == ["0.01", "13"]


def test_runs_of_several_kinds_share_a_column_for_their_best(tmp_path):
    make_run(tmp_path, "digits/a", figures=FIGURES)
    make_run(tmp_path, "sine/b", figures={"loss": 0.25, "val_loss": 0.5})
    make_run(tmp_path, "plain/c", figures={"loss": 0.25})
    heading, *rows = list_lines(sorted(list_runs(tmp_path), key=lambda run: run.name))
    assert heading.split() == ["run", "when", "state", "best", "time", "what"]
    assert [row.split()[4:6] for row in rows] == [
        ["val_accuracy", "0.8750"],
        ["val_loss", "0.5000"],
        ["loss", "0.2500"],
    ]


def test_colours_mark_what_wants_to_be_seen(runs):
    lines = list_lines(runs, width=80, colors=True)
    assert lines[0].startswith("\x1b[1mrun") and "\x1b[33mbroken off\x1b[0m" in lines[1]
    assert "\x1b" not in lines[2]
    assert not any("\x1b" in line for line in list_lines(runs, width=80))


def test_wide_signs_take_two_columns(tmp_path):
    make_run(tmp_path, "tiny/手書き数字")
    make_run(tmp_path, "tiny/abcdefghij")
    lines = list_lines(list_runs(tmp_path))
    assert {line.index("2026-01-01") + line.count("手") * 5 for line in lines[1:]} == {17}

"""The lines that are shown while a training goes on, for every size of a terminal."""

import dataclasses

import pytest

from kerasrun.cli.display import cells, display_lines, duration
from kerasrun.runs.standing import Standing

STANDING = Standing(
    unit="epoch",
    done=8.25,
    total=60,
    steps_per_unit=600,
    rows_per_step=100,
    rate=0.5,
    may_stop=True,
    logs={"loss": 0.25, "accuracy": 0.9, "val_loss": 0.5, "val_accuracy": 0.8},
    best=("val_loss", 0.4, 7),
    curves={"loss": [8.0, 4.0, 2.0, 1.0, 0.5, 0.25], "val_loss": [8.0, 4.0, 2.0, 1.0, 0.4, 0.5]},
)


def texts(width, height=24, in_ascii=False, **changes):
    lines = display_lines(dataclasses.replace(STANDING, **changes), width, height, in_ascii)
    return ["".join(text for text, _ in line) for line in lines]


def test_at_80_columns():
    # 51.75 epochs are left, at half an epoch a second; 8.25 of 60 is 13.75 %, and 3.3 of 24 columns.
    # The losses are halved from 8 to 0.25, which is five times: a fifth of the height each time.
    assert texts(80) == [
        "epoch 9/60  ━━━─────────────────────  13%  at most 1 min 44 s left  300 steps/s",
        "loss      0.2500  █▇▅▄▂▁",
        "val_loss  0.5000  █▇▅▄▂▂",
        "best val_loss 0.4000 at epoch 7  accuracy 0.9000  val_accuracy 0.8000",
    ]


@pytest.mark.parametrize("width", [*range(1, 30), 40, 54, 55, 80, 200, 1000])
@pytest.mark.parametrize("height", [1, 3, 5, 24])
def test_no_line_reaches_the_last_column_and_there_is_room_for_them(width, height):
    lines = texts(width, height)
    assert all(cells(line) < width for line in lines)
    assert 1 <= len(lines) <= max(1, min(4, height - 2))


def test_at_40_columns_time_and_rate_have_a_line_of_their_own():
    assert texts(40) == [
        "epoch 9/60  ━━━───────────────────  13%",
        "at most 1 min 44 s left  300 steps/s",
        "loss      0.2500  █▇▅▄▂▁",
        "val_loss  0.5000  █▇▅▄▂▂",
    ]


def test_at_20_columns_what_fits_is_left():
    assert texts(20, 5) == ["9/60  ━───────  13%", "300 steps/s", "loss      0.2500  ▁"]
    assert texts(20, 5, may_stop=False)[1] == "1 min 44 s left"


def test_no_stop_is_to_be_expected_where_no_callback_stops():
    assert "  1 min 44 s left" in texts(80, may_stop=False)[0]
    assert "at most" not in texts(80, may_stop=False)[0]


@pytest.mark.parametrize(
    ("rate", "words"), [(6650.0, "6,650 epochs/s"), (1.5, "1.5 epochs/s"), (0.5, "300 steps/s"), (0.0001, "6.0 rows/s")]
)
def test_the_rate_is_told_in_what_passes_once_a_second(rate, words):
    assert texts(100, rate=rate)[0].endswith(words)


def test_before_anything_is_known():
    assert texts(80, done=0.0, rate=0.0, logs={}, best=None, curves={})[0].endswith("  0%")
    assert len(texts(80, done=0.0, rate=0.0, logs={}, best=None, curves={})) == 1


def test_a_first_epoch_has_figures_and_no_curve_yet():
    lines = texts(80, logs={"loss": 1.5, "accuracy": 0.3}, best=None, curves={})
    assert [line.rstrip() for line in lines[1:]] == ["loss  1.5000", "accuracy 0.3000"]


def test_while_it_concludes():
    [place, *_] = texts(80, done=12.0, concluding=True)
    assert place.startswith("epoch 12/60  ")
    assert place.endswith("20%  evaluates, saves and draws")


def test_in_ascii():
    assert all(line.isascii() for line in texts(80, in_ascii=True))


def test_steps():
    assert texts(80, unit="step", done=1200.0, total=10_000, steps_per_unit=1, rate=40.0)[0].startswith(
        "step 1,200/10,000  "
    )


def test_names_that_a_terminal_would_obey_or_that_are_wide():
    lines = texts(30, logs={"loss": 0.25, "精度" * 20: 0.5, "\x1b[2J": 0.5}, best=None)
    assert all(line.isprintable() and cells(line) < 30 for line in lines)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "under 1 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (250, "4 min 10 s"),
        (7500, "2 h 5 min"),
        (86400 * 3 + 3600 * 4, "3 d 4 h"),
    ],
)
def test_times(seconds, words):
    assert duration(seconds) == words

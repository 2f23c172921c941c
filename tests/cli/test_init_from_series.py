"""`kerasrun init --from` a table whose rows follow one another in time."""

import csv
import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.data.loading import load_data
from kerasrun.errors import InputError
from kerasrun.runs.starting.starting import start_config
from tests.made_starters import comment_of, started

COUNT = 200
DAYS = [str(dt.date(2024, 1, 1) + dt.timedelta(number)) for number in range(COUNT)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def write_table(**columns):
    with Path("sales.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def figures(seed=0, count=COUNT):
    return np.random.default_rng(seed).normal(5, 2, count).round(3).tolist()


def weekly(count=COUNT, noise=2.0, seed=1):
    """Sales with a shape of their own each week, and a small trend."""
    random, rows = np.random.default_rng(seed), np.arange(count)
    week = np.array([100, 80, 90, 95, 120, 160, 20])
    return (week[rows % 7] + 0.05 * rows + random.normal(0, noise, count)).round(2).tolist()


def summary_of(target, source="auto"):
    return start_config("sales.csv", target, "auto", "config.yaml", source).summary


def refused(target, wanted="auto", source="series"):
    with pytest.raises(InputError) as error:
        start_config("sales.csv", target, wanted, "config.yaml", source)
    return str(error.value)


class TestWhatIsASeries:
    def test_regular_dates_that_rise_in_the_first_column(self):
        write_table(day=DAYS, sold=weekly())
        config, text = started("sales.csv", "sold")
        assert config["data"] == {
            "source": "series",
            "path": "sales.csv",
            "target": "sold",
            "time": "day",
            "features": ["sold"],
            "lag": 14,
            "horizon": 1,
            "test": 0.2,
            "validation": 0.2,
        }
        assert comment_of(text, "  lag: ") == (
            "rows that are looked back upon: twice the season of 7 rows, found in the training rows"
        )
        assert summary_of("sold") == (
            "200 rows in order by 'day' (--source csv takes them without their order), a series with a season of 7 "
            "rows; from 'sold'"
        )

    def test_dates_elsewhere_and_a_target_of_classes_make_none(self):
        write_table(size=figures(), day=DAYS, price=figures(1))
        assert started("sales.csv", "price")[0]["data"]["source"] == "csv"
        write_table(day=DAYS, size=figures(), kind=["a", "b"] * (COUNT // 2))
        assert started("sales.csv", "kind")[0]["data"]["source"] == "csv"
        write_table(day=DAYS, size=figures(), rain=[0, 1] * (COUNT // 2))
        assert started("sales.csv", "rain")[0]["data"]["source"] == "csv"
        assert started("sales.csv", "rain", "numbers")[0]["data"]["source"] == "series"

    def test_the_user_says_otherwise(self):
        write_table(day=DAYS, size=figures(), sold=weekly())
        config, _text = started("sales.csv", "sold", source="csv")
        assert (config["data"]["source"], config["data"]["ignore"]) == ("csv", ["day"])
        write_table(year=range(1800, 2000), size=figures(), sold=weekly())
        assert started("sales.csv", "sold")[0]["data"]["source"] == "csv"
        assert started("sales.csv", "sold", source="series")[0]["data"]["time"] == "year"

    def test_rows_without_a_time_are_in_order_as_they_stand(self):
        write_table(sold=weekly())
        assert refused("sold", source="auto").endswith(
            "if each row follows in time on the one before it, give --source series"
        )
        config, text = started("sales.csv", "sold", source="series")
        assert "time" not in config["data"]
        assert "  # no column of times is known: the rows must be in the order of time\n" in text

    @pytest.mark.parametrize(
        ("columns", "wanted", "message"),
        [
            (
                {"y": ["a", "b"] * 100},
                "auto",
                "sales.csv: line 2: the column 'y' holds 'a', which is no number; name it",
            ),
            (
                {"y": [1, 2] * 100},
                "classes",
                "sales.csv: --source series: a series is of numbers; leave out --target-type",
            ),
            (
                {"y": ["", *[1, 2] * 99, 3]},
                "auto",
                "sales.csv: line 2: the column 'y' has no value; there is none before",
            ),
            ({"y": [1] * 200}, "auto", "sales.csv: the target 'y' is 1 in all rows; there is nothing to learn"),
            ({"y": [1]}, "auto", "sales.csv: the target 'y' is 1 in all rows; there is nothing to learn"),
        ],
    )
    def test_faults(self, columns, wanted, message):
        write_table(day=DAYS[: len(columns["y"])], **columns)
        assert refused("y", wanted).startswith(message)


class TestFeatures:
    def test_the_target_then_all_columns_of_numbers(self):
        write_table(day=DAYS, price=figures(), weather=["sun", "rain"] * 100, sold=weekly())
        config, text = started("sales.csv", "sold")
        assert config["data"]["features"] == ["sold", "price"]
        assert "  # left out: weather: categories; a series is of numbers\n" in text
        assert "; from 'sold', 'price'; left out: weather" in summary_of("sold")

    def test_gaps_are_filled_from_before(self):
        sold = weekly()
        sold[5] = sold[9] = ""
        write_table(day=DAYS, late=["", *figures()[1:]], odd=["-", *figures()[1:]], sold=sold)
        config, text = started("sales.csv", "sold")
        assert (config["data"]["features"], config["data"]["missing"]) == (["sold"], "previous")
        assert comment_of(text, "  missing: ") == "2 values are missing: those before them stand in"
        assert "  # left out: late: has no value to begin with\n" in text
        assert "  # left out: odd: holds '-' among its numbers\n" in text


class TestGuess:
    """The net begins with a value from the past, and learns by how much that is wrong."""

    def test_it_is_the_value_a_season_before_where_that_is_better(self):
        write_table(day=DAYS, sold=weekly())
        config, text = started("sales.csv", "sold")
        assert config["model"]["layers"][0] == {"Cropping1D": {"cropping": [7, 6]}}
        sold = np.array(weekly())[:128]  # the training rows: four fifths of four fifths
        last, season = np.abs(sold[1:] - sold[:-1]).mean(), np.abs(sold[7:] - sold[:-7]).mean()
        assert comment_of(text, "- Cropping1D") == (
            f"a guess to start from: the value 7 rows before, off by {season:.3g} on average in the training rows; the "
            f"last value is by {last:.3g}"
        )

    def test_it_is_the_last_value_where_there_is_no_season(self):
        write_table(day=DAYS, rate=np.cumsum(figures()).round(3).tolist())
        config, text = started("sales.csv", "rate")
        assert config["data"]["lag"] == 20
        assert comment_of(text, "  lag: ") == "rows that are looked back upon; no season was found in the training rows"
        assert config["model"]["layers"][0] == {"Cropping1D": {"cropping": [19, 0]}}

    def test_what_later_rows_hold_counts_for_nothing(self):
        changed = weekly()[:128] + [0.5 * number for number in range(72)]
        write_table(day=DAYS, sold=weekly())
        _, text = started("sales.csv", "sold")
        write_table(day=DAYS, sold=changed)
        assert started("sales.csv", "sold")[1] == text

    def test_few_rows(self):
        write_table(day=DAYS[:20], sold=figures(count=20))
        config, _ = started("sales.csv", "sold")
        assert config["data"]["lag"] == 3
        write_table(day=DAYS[:6], sold=figures(count=6))
        config, _text = started("sales.csv", "sold", source="series")
        assert not {"test", "validation"} & config["data"].keys()
        assert "callbacks" not in config

    @pytest.mark.slow
    def test_what_is_trained_forecasts_better_than_any_guess(self, kerasrun, tmp_path):
        days = [str(dt.date(2023, 1, 1) + dt.timedelta(number)) for number in range(730)]
        write_table(day=days, sold=weekly(730, noise=4, seed=11))
        kerasrun("init", "--from", "sales.csv", "--target", "sold")
        test = load_data(load_config("config.yaml")).test
        last, season = (np.abs(test.x[:, -rows, 0] - test.y[:, 0]).mean() for rows in (1, 7))
        done = kerasrun("train", "config.yaml", "--name", "first", "--set", "output.plots=[]")
        assert (done.returncode, done.stderr) == (0, "")
        error = json.loads((tmp_path / "outputs/sales/first/metrics.json").read_text())["test"]["mean_absolute_error"]
        assert error < 0.9 * season < 0.2 * last

    @pytest.mark.slow
    def test_the_net_starts_as_its_guess(self, kerasrun, tmp_path):
        write_table(day=DAYS, sold=weekly())
        kerasrun("init", "--from", "sales.csv", "--target", "sold")
        test = load_data(load_config("config.yaml")).test
        settings = ("training.epochs=1", "training.optimizer={SGD: {learning_rate: 1.0e-30}}", "output.plots=[]")
        arguments = [word for setting in settings for word in ("--set", setting)]
        assert kerasrun("train", "config.yaml", "--name", "first", *arguments).returncode == 0
        error = json.loads((tmp_path / "outputs/sales/first/metrics.json").read_text())["test"]["mean_absolute_error"]
        assert error == pytest.approx(np.abs(test.x[:, -7, 0] - test.y[:, 0]).mean(), rel=1e-5)

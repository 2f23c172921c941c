"""Windows for forecasting: what stands in them, and that no row is a target in two parts."""

import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.data import load_data, memory
from kerasrun.errors import ConfigError, InputError

REST = {"model": [{"Dense": 1}], "training": {"epochs": 1, "loss": "mse"}}
SALES = np.arange(20, dtype="float32") ** 2
HEAT = np.arange(20, dtype="float32")[::-1] + 100


@pytest.fixture(params=["npz", "csv"])
def series(request, tmp_path):
    """Loads a series from either kind of file; columns are given by name."""

    def load(columns, **data):
        path = tmp_path / f"sales.{request.param}"
        if request.param == "npz":
            np.savez(path, **{name: np.asarray(values) for name, values in columns.items()})
        else:
            lines = [",".join(columns), *(",".join(map(cell, row)) for row in zip(*columns.values(), strict=True))]
            path.write_text("\n".join(lines) + "\n")
        data = {"source": "series", "path": str(path), "target": "sales", "lag": 3} | data
        return load_data(load_config({"data": data, **REST}))

    return load


def cell(value):
    return "" if isinstance(value, float) and np.isnan(value) else str(value)


def rows_of(y):
    """Which rows of SALES the targets are."""
    return np.sqrt(y).round().astype(int)


class TestWindows:
    def test_inputs_are_the_rows_before_the_targets(self, series):
        data = series({"sales": SALES}, lag=3, horizon=2)
        assert data.train.x.shape == (16, 3, 1)
        assert data.train.y.shape == (16, 2)
        assert (data.train.x.dtype, data.train.y.dtype) == (np.float32, np.float32)
        assert data.train.x[0, :, 0].tolist() == [0, 1, 4]
        assert data.train.y[0].tolist() == [9, 16]
        assert data.train.x[-1, :, 0].tolist() == [15**2, 16**2, 17**2]
        assert data.train.y[-1].tolist() == [18**2, 19**2]

    def test_features_may_be_other_columns(self, series):
        data = series({"sales": SALES, "heat": HEAT, "more": SALES}, features=["heat", "sales"])
        np.testing.assert_array_equal(data.train.x[4], np.column_stack([HEAT, SALES])[4:7])
        assert data.train.y[4].tolist() == [49]

    def test_windows_begin_a_stride_apart(self, series):
        data = series({"sales": SALES}, stride=4)
        assert rows_of(data.train.y[:, 0]).tolist() == [3, 7, 11, 15, 19]


class TestParts:
    def test_are_parted_by_time_and_may_look_back_over_the_border(self, series):
        data = series({"sales": SALES}, test=0.25, validation=0.2)
        rows = {part: rows_of(found.y[:, 0]).tolist() for part, found in data.parts().items()}
        assert rows == {"train": [*range(3, 12)], "validation": [12, 13, 14], "test": [*range(15, 20)]}
        assert data.test.x[0, :, 0].tolist() == [12**2, 13**2, 14**2]

    @pytest.mark.parametrize("horizon", [1, 2, 3])
    @pytest.mark.parametrize("stride", [1, 2])
    @pytest.mark.parametrize("lag", [1, 5])
    def test_no_row_is_a_target_in_two_parts(self, series, horizon, stride, lag):
        data = series({"sales": SALES}, test=0.25, validation=0.25, horizon=horizon, stride=stride, lag=lag)
        targets = {part: set(rows_of(found.y).ravel()) for part, found in data.parts().items()}
        assert not targets["train"] & targets["validation"]
        assert not targets["validation"] & targets["test"]
        assert max(targets["train"]) < min(targets["validation"]) < max(targets["validation"]) < min(targets["test"])
        # What a training window reads lies before what it forecasts, so in the training rows too.
        assert rows_of(data.train.x).max() < min(targets["validation"])

    def test_windows_whose_targets_lie_in_two_parts_are_left_out_and_told(self, series):
        data = series({"sales": SALES}, test=0.25, horizon=3)
        assert rows_of(data.train.y).tolist()[-1] == [12, 13, 14]
        assert rows_of(data.test.y).tolist()[0] == [15, 16, 17]
        assert data.notes == ("2 windows are left out: their targets lie in two parts",)

    def test_validation_may_be_the_test_rows(self, series):
        data = series({"sales": SALES}, test=0.25, validation="test")
        assert data.validation is data.test
        assert data.validation_name == "test"

    def test_features_are_normalised_by_the_training_rows_each_counted_once(self, series):
        data = series({"sales": SALES, "heat": HEAT}, features=["heat", "sales"], test=0.25, validation=0.2)
        seen = np.column_stack([HEAT, SALES])[:12].astype(float)
        np.testing.assert_allclose(data.steps.spreads["x"].mean, seen.mean(axis=0))
        np.testing.assert_allclose(data.steps.spreads["x"].variance, seen.var(axis=0))
        assert series({"sales": SALES}, normalize=False).steps.spreads == {}


class TestFaults:
    def test_a_missing_value_is_named_with_its_row(self, series):
        gaps = SALES.copy()
        gaps[[4, 7]] = np.nan
        with pytest.raises(
            InputError, match=r"sales.(csv: line 6|npz: row 4): the column 'sales' has no value, and 1 more"
        ):
            series({"sales": gaps})

    def test_or_is_the_one_before_it(self, series):
        gaps = SALES.copy()
        gaps[[4, 5, 7]] = np.nan
        data = series({"sales": gaps}, missing="previous")
        assert rows_of(data.train.y[:6, 0]).tolist() == [3, 3, 3, 6, 6, 8]
        assert data.notes == ("3 missing values of 'sales' are those before them",)
        gaps[0] = np.nan
        with pytest.raises(InputError, match="there is none before it to take"):
            series({"sales": gaps}, missing="previous")

    @pytest.mark.parametrize("times", [np.arange(20), np.array([f"2024-01-{day:02d}" for day in range(1, 21)])])
    def test_rows_are_in_the_order_of_time(self, series, times):
        assert len(series({"day": times, "sales": SALES}, time="day").train) == 17
        wrong = times.copy()
        wrong[6] = times[2]
        named = (
            rf"(csv: line 8|npz: row 6): 'day' is '{times[2]}', before '{times[5]}', which the row before it has; sort"
        )
        with pytest.raises(InputError, match=named):
            series({"day": wrong, "sales": SALES}, time="day")

    def test_dates_that_do_not_sort_as_texts_do(self, series):
        days = np.array([f"{day:02}.{1 + day % 12:02}.2024" for day in range(1, 21)])
        named = r"(csv: line 2|npz: row 0): 'day' is '01.02.2024'; times are numbers, or texts that sort, such as 2024-"
        with pytest.raises(InputError, match=named):
            series({"day": days, "sales": SALES}, time="day")

    def test_two_rows_of_one_time_are_two_series(self, series):
        with pytest.raises(InputError, match=r"'day' is '3', the time of the row before it; give each series a file"):
            series({"day": [0, 1, 2, 3, 3, 5], "sales": SALES[:6]}, time="day")

    def test_a_column_that_is_not_there(self, series):
        with pytest.raises(InputError, match=r"has no (array|column) 'sale'; did you mean 'sales'\?"):
            series({"sales": SALES}, target="sale")

    def test_a_part_without_a_window(self, series):
        with pytest.raises(
            InputError, match=r"train: the 16 rows of 20 that are its own hold no window of 16 rows before 1"
        ):
            series({"sales": SALES}, lag=16, test=0.2)
        with pytest.raises(InputError, match=r"test: the 4 rows of 20 that are its own hold no window of 5 targets"):
            series({"sales": SALES}, horizon=5, test=0.2)

    def test_too_many_windows_for_memory(self, series, monkeypatch):
        monkeypatch.setattr(memory, "free_bytes", lambda: 9 * 10**9)
        told = r"10,000 windows of 250,000 rows take 10.0 GB while they are read, and 9.0 GB are free\n  raise stride"
        with pytest.raises(InputError, match=told):
            series({"sales": np.zeros(260_000, "f4")}, lag=250_000, stream=False)
        assert len(series({"sales": np.zeros(260_000, "f4")}, lag=250_000).train) == 10_000

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({"lag": 0}, "lag must be at least 1, got 0"),
            ({"split": "random"}, "unknown key 'split' in data"),
            ({"features": []}, "features must be not empty, got an empty list"),
            ({"validation": "test"}, "this data has no test rows to validate on"),
        ],
    )
    def test_a_config_that_asks_for_nothing(self, series, data, message):
        with pytest.raises(ConfigError) as error:
            series({"sales": SALES}, **data)
        assert message in str(error.value)

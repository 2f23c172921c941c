"""The pictures of regressions: predicted against true, and residuals."""

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, r2_score

from kerasrun.report.plots.predicted import draw_predicted
from kerasrun.report.plots.residuals import draw_residuals
from kerasrun.report.results import Values

DRAW = {"predicted": draw_predicted, "residuals": draw_residuals}


def values(num_rows, num_columns=1, names=None):
    """Targets, and predictions that are the farther off the further back the column is."""
    random = np.random.default_rng(0)
    y = random.normal(size=(num_rows, num_columns))
    y_pred = y + random.normal(size=y.shape) * 0.1 * np.arange(1, num_columns + 1)
    return Values(y, y_pred, tuple(names or map(str, range(num_columns))))


def dots(axes):
    """The points of the cloud, as (n, 2)."""
    (cloud,) = [line for line in axes.get_lines() if line.get_marker() == "o"]
    return cloud.get_xydata()


class TestPredicted:
    def test_points_lie_at_true_and_predicted(self, drawn):
        data = values(50)
        draw_predicted(data, ["png"])
        (axes,) = drawn["predicted"].axes
        np.testing.assert_array_equal(dots(axes), np.hstack([data.y, data.y_pred]))
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("true", "predicted")

    def test_large_numbers_are_marked_in_thousands(self, drawn):
        y = np.linspace(200_000, 600_000, 30)[:, None]
        draw_predicted(Values(y, y, ("price",)), ["png"])
        (axes,) = drawn["predicted"].axes
        axes.figure.canvas.draw()
        for axis in (axes.xaxis, axes.yaxis):
            assert {label.get_text() for label in axis.get_ticklabels()} >= {"240k", "320k", "400k", "480k", "560k"}

    def test_unless_they_are_nearly_the_same(self, drawn):
        y = np.linspace(1_000_001, 1_000_005, 30)[:, None]
        draw_predicted(Values(y, y, ("price",)), ["png"])
        (axes,) = drawn["predicted"].axes
        axes.figure.canvas.draw()
        texts = [label.get_text() for label in axes.xaxis.get_ticklabels()]
        assert len(set(texts)) == len(texts)

    def test_a_line_shows_where_both_are_equal(self, drawn):
        draw_predicted(values(50), ["png"])
        (axes,) = drawn["predicted"].axes
        ends = next(line for line in axes.get_lines() if line.get_marker() != "o").get_xydata()
        np.testing.assert_array_equal(ends[:, 0], ends[:, 1])
        assert axes.get_xlim() == axes.get_ylim() == tuple(ends[:, 0])

    def test_the_figures_are_those_of_scikit_learn(self, drawn, texts):
        data = values(50)
        draw_predicted(data, ["png"], part="validation")
        r2, error = r2_score(data.y, data.y_pred), mean_absolute_error(data.y, data.y_pred)
        assert texts(drawn["predicted"]) == [f"R² {r2:.3f}, mean absolute error {error:.4g}", "50 validation rows"]


class TestResiduals:
    def test_points_lie_at_predicted_and_residual(self, drawn):
        data = values(50)
        draw_residuals(data, ["png"])
        cloud, beside = drawn["residuals"].axes
        np.testing.assert_allclose(dots(cloud), np.hstack([data.y_pred, data.y_pred - data.y]))
        assert (cloud.get_xlabel(), cloud.get_ylabel(), beside.get_xlabel()) == (
            "predicted",
            "predicted − true",
            "rows",
        )

    def test_the_distribution_counts_every_row(self, drawn):
        draw_residuals(values(50), ["png"])
        _, beside = drawn["residuals"].axes
        (stairs,) = beside.patches
        assert stairs.get_data().values.sum() == 50


@pytest.mark.parametrize("name", DRAW)
class TestBoth:
    def test_each_column_has_a_panel(self, drawn, name):
        DRAW[name](values(20, 3, ["width", "height", "depth"]), ["png"])
        titles = [axes.get_title(loc="left") for axes in drawn[name].axes if axes.get_title(loc="left")]
        assert titles == ["width", "height", "depth"]

    def test_of_many_columns_those_with_the_lowest_r2_are_shown_and_that_is_said(self, drawn, texts, name):
        DRAW[name](values(100, 9), ["png"])
        titles = [axes.get_title(loc="left") for axes in drawn[name].axes if axes.get_title(loc="left")]
        assert titles == [f"column {number}" for number in (8, 7, 6, 5, 4, 3)]
        assert "The 6 of 9 columns with the lowest R²." in texts(drawn[name])

    def test_of_many_rows_the_density_is_drawn_and_that_is_said(self, drawn, texts, name):
        DRAW[name](values(100_000), ["png"])
        axes = drawn[name].axes[0]
        assert not [line for line in axes.get_lines() if line.get_marker() == "o"]
        counted = np.ma.sum(axes.images[0].get_array())
        assert 99_000 < counted <= 100_000
        assert any(text.startswith("100,000 test rows") and "darker: more rows" in text for text in texts(drawn[name]))

    def test_vector_files_of_many_rows_stay_small(self, name):
        for form in ("svg", "pdf"):
            for count in (2500, 100_000):
                (content,) = DRAW[name](values(count), [form]).values()
                assert len(content) < 250_000

    def test_what_is_not_finite_is_left_out_and_told(self, drawn, texts, name):
        data = values(50)
        data.y_pred[:3, 0] = np.nan, np.inf, -np.inf
        DRAW[name](data, ["png"])
        assert len(dots(drawn[name].axes[0])) == 47
        told = texts(drawn[name])
        assert "50 test rows; 3 not finite" in told
        assert any("–" in text for text in told)

    def test_one_prediction_far_away_does_not_squash_the_others(self, drawn, texts, name):
        data = values(500)
        data.y_pred[0] = 1e20
        DRAW[name](data, ["png"])
        low, high = drawn[name].axes[0].get_ylim()
        assert high - low < 30
        assert "500 test rows; 1 beyond the axes" in texts(drawn[name])

    @pytest.mark.parametrize("y_pred", [[[np.nan]], [[np.inf]]])
    def test_without_a_finite_number_there_is_no_picture(self, name, y_pred):
        assert DRAW[name](Values(np.zeros((1, 1)), np.array(y_pred), ("0",)), ["png"]) == {}

    def test_constant_values_are_drawn(self, name):
        assert DRAW[name](Values(np.ones((5, 1)), np.ones((5, 1)), ("0",)), ["png"])

"""The curves of a history: what is drawn, on which axes, and in which files."""

import math
import subprocess
import sys

import numpy as np
import pytest
from matplotlib import rcParams

from kerasrun.errors import InputError
from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.plots.curves import curve_figures, draw_curves


def epochs(count: int, **columns) -> History:
    n = np.arange(count)
    standard = {"loss": 2 - n / count, "val_loss": 2 + (n - count // 2) ** 2 / count**2}
    chosen = {**standard, **columns}
    values = {name: np.asarray(column, dtype=float).tolist() for name, column in chosen.items()}
    return History(epochs={"epoch": list(range(1, count + 1)), **values})


def steps(count: int, **columns) -> History:
    n = np.arange(count + 1)
    evaluated = n[::600]
    return History(
        steps={"step": n.tolist(), "loss": (2 - n / count).tolist()},
        evaluations={
            "step": evaluated.tolist(),
            "epoch": (evaluated / 600).tolist(),
            "loss": (1 / (1 + evaluated)).tolist(),
            "accuracy": (evaluated / 20_000).tolist(),
            "val_accuracy": (evaluated / 30_000).tolist(),
            **columns,
        },
    )


def draw(history: History, name: str, **arguments):
    """The panels of a figure."""
    return curve_figures(history, **arguments)[name]().axes


def curves(axes):
    """Label → (x, y) of the lines that the legend tells, or would tell."""
    return {
        line.get_label(): tuple(np.asarray(part, dtype=float) for part in line.get_data())
        for line in axes.get_lines()
        if not line.get_label().startswith("_")
    }


def legend(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()] if axes.get_legend() else []


def note(axes):
    return [text.get_text() for text in axes.texts]


def test_there_is_a_file_for_the_loss_one_for_each_metric_and_one_with_all():
    history = epochs(3, accuracy=[0.5, 0.6, 0.7], val_accuracy=[0.5, 0.5, 0.6], val_auc=[0.1, 0.2, 0.3])
    assert list(curve_figures(history)) == ["loss", "accuracy", "auc", "history"]


def test_training_and_validation_share_an_axes_and_show_the_history():
    history = epochs(22)
    (axes,) = draw(history, "loss")
    drawn = curves(axes)
    assert list(drawn) == legend(axes) == ["training", "validation"]
    for label, column in (("training", "loss"), ("validation", "val_loss")):
        np.testing.assert_array_equal(drawn[label][0], np.arange(1, 23))
        np.testing.assert_array_equal(drawn[label][1], history.epochs[column])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")


def test_lines_differ_in_more_than_colour():
    training, validation = draw(epochs(5), "loss")[0].get_lines()[:2]
    assert training.get_linestyle() != validation.get_linestyle()
    assert training.get_marker() != validation.get_marker()


def test_the_held_out_data_may_be_called_test():
    assert legend(draw(epochs(3), "loss", validation_label="test")[0]) == ["training", "test"]


def test_without_validation_there_is_one_line_and_no_legend():
    history = History(epochs={"epoch": [1, 2], "loss": [2.0, 1.0]})
    (axes,) = draw(history, "loss")
    assert list(curves(axes)) == ["training"]
    assert legend(axes) == []


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("accuracy", "accuracy"),
        ("acc", "accuracy"),
        ("mse", "mean squared error"),
        ("mean_absolute_error", "mean absolute error"),
        ("top_$5$", "top $5$"),
    ],
)
def test_the_axis_has_the_name_of_the_metric_in_words(column, name):
    (*_, figure) = curve_figures(epochs(2, **{column: [0.5, 0.6]})).values()
    assert figure().axes[1].get_ylabel() == name


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["a/b", "../c", "d e"], ["a_b", "c", "d_e"]),
        (["a/b", "a:b", "A?B"], ["a_b", "a_b_2", "A_B_3"]),
        (["history", "learning rate", "Loss"], ["history_2", "learning_rate_2", "Loss_2"]),
        (["准确率"], ["metric"]),
    ],
)
def test_file_names_are_safe_and_differ(columns, names):
    history = epochs(2, **{column: [0.5, 0.6] for column in columns})
    assert list(curve_figures(history)) == ["loss", *names, "history"]


class TestBestEpoch:
    def test_it_is_marked_in_each_panel_with_the_value_of_that_panel(self):
        history = epochs(3, val_loss=[3, 1, 2], accuracy=[0.5, 0.6, 0.7], val_accuracy=[0.4, 0.55, 0.6])
        loss, accuracy = draw(history, "history")
        assert note(loss) == ["best epoch 2: 1"]
        assert note(accuracy) == ["best epoch 2: 0.55"]

    def test_a_dotted_line_stands_at_it(self):
        (axes,) = draw(epochs(3, val_loss=[3, 1, 2]), "loss")
        assert [2, 2] in [list(line.get_xdata()) for line in axes.get_lines() if line.get_linestyle() == ":"]

    def test_without_validation_it_is_that_of_the_training_loss(self):
        history = History(epochs={"epoch": [1, 2, 3], "loss": [3.0, 0.25, 0.5]})
        assert note(draw(history, "loss")[0]) == ["best epoch 2: 0.25"]

    def test_it_may_be_that_of_another_column(self):
        history = epochs(3, val_loss=[1, 2, 3], val_accuracy=[0.5, 0.6, 0.75])
        (axes,) = draw(history, "loss", monitor="val_accuracy", mode="max")
        assert note(axes) == ["best epoch 3: 3"]

    def test_a_single_epoch_needs_no_mark(self):
        assert note(draw(epochs(1), "loss")[0]) == []


def test_a_single_epoch_shows_its_points_over_one_tick():
    (axes,) = draw(epochs(1), "loss")
    assert [line.get_marker() for line in axes.get_lines()] == ["o", "s"]
    low, high = axes.get_xlim()
    assert [tick for tick in axes.get_xticks() if low <= tick <= high] == [1]


@pytest.mark.parametrize("count", [2, 3, 7, 22, 300])
def test_the_ticks_are_whole_epochs(count):
    ticks = draw(epochs(count), "loss")[0].get_xticks()
    assert all(float(tick).is_integer() for tick in ticks)


def test_few_points_have_markers_and_many_have_none():
    assert [line.get_marker() for line in draw(epochs(60), "loss")[0].get_lines()[:2]] == ["o", "s"]
    assert [line.get_marker() for line in draw(epochs(61), "loss")[0].get_lines()[:2]] == ["", ""]


class TestScale:
    def test_a_loss_over_more_than_one_and_a_half_decades_is_logarithmic(self):
        assert draw(epochs(4, loss=[10, 1, 0.5, 0.3]), "loss")[0].get_yscale() == "log"
        assert draw(epochs(4, loss=[3, 1, 0.5, 0.3]), "loss")[0].get_yscale() == "linear"

    def test_a_negative_loss_and_an_accuracy_never_are(self):
        assert draw(epochs(3, loss=[100, 1, -1]), "loss")[0].get_yscale() == "linear"
        assert draw(epochs(3, accuracy=[0.001, 0.5, 1]), "accuracy")[0].get_yscale() == "linear"

    def test_a_loss_of_0_finds_no_place_on_a_logarithmic_axis_and_does_no_harm(self):
        (axes,) = draw(epochs(3, loss=[100, 1, 0]), "loss")
        assert axes.get_yscale() == "log"
        assert 0 < axes.get_ylim()[0] < 1

    def test_the_first_epochs_do_not_squash_the_tail(self):
        tail = 0.97 + 0.01 * np.sin(np.arange(3000))
        (axes,) = draw(epochs(3000, accuracy=np.where(np.arange(3000) < 5, 0.125, tail)), "accuracy")
        low, high = axes.get_ylim()
        assert 0.95 < low < 0.96
        assert 0.98 < high < 0.99
        assert axes.get_ylabel() == "accuracy\n(axis cut, values down to 0.125)"

    def test_few_epochs_are_all_shown(self):
        low, _ = draw(epochs(50, accuracy=[0.1] + [0.97] * 49), "accuracy")[0].get_ylim()
        assert low < 0.1

    def test_each_tick_of_a_logarithmic_axis_tells_its_value(self):
        (axes,) = draw(epochs(3, loss=[2e-4, 2e-5, 2e-6], val_loss=[math.nan] * 3), "loss")
        format_tick = axes.yaxis.get_major_formatter()
        ticks = {tick: format_tick(tick) for tick in (1e-5, 2e-5, 1e-4, 0.05, 10, 1e5)}
        assert list(ticks.values()) == ["$10^{-5}$", r"$2\times10^{-5}$", "0.0001", "0.05", "10", "$10^{5}$"]

    def test_values_at_the_edge_of_the_floats_are_drawn(self):
        history = epochs(3, loss=[1e308, 1e38, 1e-310], accuracy=[-1e308, 1e308, 0.5])
        assert len(draw_curves(history, ["png"])) == 3

    def test_a_constant_has_room_above_and_below(self):
        low, high = draw(epochs(5, loss=[2] * 5, val_loss=[2] * 5), "loss")[0].get_ylim()
        assert low < 2 < high


class TestGaps:
    def test_a_gap_is_a_gap(self):
        history = epochs(5, val_loss=[2, 1, math.nan, 3, 2])
        np.testing.assert_array_equal(curves(draw(history, "loss")[0])["validation"][1], [2, 1, math.nan, 3, 2])

    def test_what_was_measured_now_and_then_is_joined(self):
        history = epochs(6, val_loss=[math.nan, 3, math.nan, 2, math.nan, 1])
        x, y = curves(draw(history, "loss")[0])["validation"]
        assert (x.tolist(), y.tolist()) == ([2, 4, 6], [3, 2, 1])

    def test_a_value_between_gaps_keeps_its_marker(self):
        column = np.ones(100)
        column[[49, 51]] = math.nan
        line = draw(epochs(100, val_loss=column), "loss")[0].get_lines()[1]
        assert (line.get_marker(), line.get_markevery()) == ("s", [50])

    def test_a_curve_without_a_finite_value_is_left_out(self):
        history = epochs(3, val_loss=[math.nan] * 3, accuracy=[math.inf] * 3)
        assert list(curve_figures(history)) == ["loss", "history"]
        assert list(curves(draw(history, "loss")[0])) == ["training"]


class TestSteps:
    def test_the_loss_is_drawn_against_the_iteration_raw_and_smoothed(self):
        history = steps(1200)
        (axes,) = draw(history, "loss")
        assert legend(axes) == ["each batch", "moving mean"]
        x, y = curves(axes)["each batch"]
        np.testing.assert_array_equal(x, np.arange(1201))
        np.testing.assert_array_equal(y, history.steps["loss"])
        assert axes.get_xlabel() == "iteration"

    def test_the_smoothed_line_starts_with_the_first_loss_and_is_a_mean(self):
        history = steps(1200)
        loss = np.array(history.steps["loss"])
        _, smooth = curves(draw(history, "loss")[0])["moving mean"]
        assert smooth[0] == loss[0]
        assert smooth[600] == pytest.approx(loss[588:613].mean())
        assert smooth.shape == loss.shape

    def test_the_smoothed_line_bridges_a_loss_that_is_not_finite(self):
        history = steps(1200)
        history.steps["loss"][600] = math.nan
        assert np.isfinite(curves(draw(history, "loss")[0])["moving mean"][1]).all()

    def test_few_steps_are_not_smoothed(self):
        assert list(curves(draw(steps(20), "loss")[0])) == ["training"]

    def test_the_validation_loss_of_the_evaluations_is_drawn_at_their_steps(self):
        history = steps(1200, val_loss=[3.0, 2.0, 1.0])
        x, y = curves(draw(history, "loss")[0])["validation"]
        assert (x.tolist(), y.tolist()) == ([0, 600, 1200], [3, 2, 1])

    def test_a_metric_is_drawn_against_the_epoch_as_evaluated(self):
        history = steps(1200)
        (axes,) = draw(history, "accuracy")
        for label, column in (("training", "accuracy"), ("validation", "val_accuracy")):
            x, y = curves(axes)[label]
            np.testing.assert_array_equal(x, [0, 1, 2])
            np.testing.assert_array_equal(y, history.evaluations[column])
        assert axes.get_xlabel() == "epoch"

    def test_both_are_drawn_side_by_side(self):
        assert list(curve_figures(steps(1200))) == ["loss", "accuracy", "history"]
        assert [axes.get_ylabel() for axes in draw(steps(1200), "history")] == ["loss", "accuracy"]

    def test_without_an_evaluation_there_is_the_loss_alone(self):
        history = History(steps={"step": [0, 1], "loss": [2.0, 1.0]})
        assert list(curve_figures(history)) == ["loss", "history"]


def test_the_learning_rate_is_drawn_only_if_it_changed():
    assert "learning_rate" not in curve_figures(epochs(3, learning_rate=[0.001] * 3))
    history = epochs(3, learning_rate=[0.1, 0.01, 0.001])
    (axes,) = draw(history, "learning_rate")
    assert curves(axes)["learning rate"][1].tolist() == [0.1, 0.01, 0.001]
    assert axes.get_yscale() == "log"
    assert len(draw(history, "history")) == 1


@pytest.mark.parametrize(
    ("metrics", "grid"), [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 2)), (4, (2, 3)), (6, (3, 3))]
)
def test_the_panels_of_the_overview_wrap_into_rows(metrics, grid):
    history = epochs(2, **{f"metric_{number}": [0.1, 0.2] for number in range(metrics)})
    panels = draw(history, "history")
    assert len(panels) == metrics + 1
    assert panels[0].get_gridspec().get_geometry() == grid


@pytest.mark.parametrize(
    "history",
    [History(), epochs(2, loss=[math.nan] * 2, val_loss=[math.nan] * 2)],
    ids=["empty", "no finite value"],
)
def test_a_history_with_nothing_to_draw_is_refused(history):
    with pytest.raises(InputError, match="no finite value of a loss or a metric: there is nothing to draw"):
        draw_curves(history, ["png"])


class TestFiles:
    def test_each_format_has_its_own_beginning(self):
        files = draw_curves(History(epochs={"epoch": [1], "loss": [1.0]}), ["png", "svg", "pdf"])
        assert sorted(files) == [
            *("history.pdf", "history.png", "history.svg"),
            *("loss.pdf", "loss.png", "loss.svg"),
        ]
        assert files["loss.png"].startswith(b"\x89PNG\r\n\x1a\n")
        assert files["loss.svg"].startswith(b"<?xml")
        assert files["loss.pdf"].startswith(b"%PDF-")

    @pytest.mark.parametrize("form", ["png", "svg", "pdf"])
    def test_the_same_history_gives_the_same_bytes(self, form, monkeypatch):
        first = draw_curves(epochs(3), [form])
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
        assert draw_curves(epochs(3), [form]) == first

    def test_an_unknown_format_is_refused(self):
        with pytest.raises(InputError, match=r"unknown picture format: gif\. Choose from: png, svg, pdf\."):
            draw_curves(epochs(3), ["png", "gif"])

    def test_a_sign_that_no_font_has_does_not_warn(self):
        assert draw_curves(epochs(2, **{"准确率": [0.5, 0.6]}), ["png"], validation_label="検証\ud800\n")

    def test_the_settings_of_the_caller_stay_and_do_not_show(self):
        plain = draw_curves(epochs(2), ["png"])
        size = rcParams["font.size"]
        try:
            rcParams["font.size"] = 23
            assert draw_curves(epochs(2), ["png"]) == plain
            assert rcParams["font.size"] == 23
        finally:
            rcParams["font.size"] = size

    def test_pyplot_stays_away(self):
        code = "import kerasrun.report.plots.curves, sys; sys.exit('matplotlib.pyplot' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestMarks:
    MARKS = Marks(checkpoints=(1, 3), rate_changes=(2,), early_stop=3)

    def marks(self, axes):
        """The places of the marks on the x-axis."""
        on_the_axis = [line for line in axes.get_lines() if set(line.get_ydata()) == {0}]
        return [list(line.get_xdata()) for line in on_the_axis]

    def told(self, figure):
        return [text.get_text() for legend in figure.legends for text in legend.get_texts()]

    def test_saves_and_changes_of_the_rate_stand_on_the_x_axis(self):
        figure = curve_figures(epochs(3), marks=self.MARKS)["loss"]()
        assert self.marks(figure.axes[0]) == [[1, 3], [2]]
        assert self.told(figure) == ["model saved", "learning rate changed", "stopped early"]

    def test_an_early_stop_is_a_line_unlike_that_of_the_best_epoch(self):
        (axes,) = draw(epochs(3, val_loss=[3, 1, 2]), "loss", marks=self.MARKS)
        upright = {
            tuple(line.get_xdata()): line.get_linestyle() for line in axes.get_lines() if len(line.get_xdata()) == 2
        }
        assert upright[2, 2] == ":"
        assert upright[3, 3] not in (":", None)

    def test_the_overview_explains_them_once(self):
        figure = curve_figures(epochs(3, accuracy=[0.1, 0.2, 0.3]), marks=Marks(checkpoints=(2,)))["history"]()
        assert [self.marks(axes) for axes in figure.axes] == [[[2]], [[2]]]
        assert self.told(figure) == ["model saved"]

    def test_in_a_run_counted_in_steps_they_stand_at_their_steps(self):
        figures = curve_figures(steps(1200), marks=Marks(checkpoints=(1.0,), early_stop=2.0))
        assert self.marks(figures["loss"]().axes[0]) == [[600]]
        assert self.marks(figures["accuracy"]().axes[0]) == [[1]]

    def test_without_marks_nothing_is_said(self):
        figure = curve_figures(epochs(3))["loss"]()
        assert self.told(figure) == []
        assert self.marks(figure.axes[0]) == []

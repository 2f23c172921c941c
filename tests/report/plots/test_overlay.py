"""Several histories in one picture: which curves there are, and how they are told apart."""

import math

import numpy as np
import pytest

from kerasrun.errors import InputError
from kerasrun.report.history import History
from kerasrun.report.plots import signs
from kerasrun.report.plots.overlay import LOOKS, draw_overlay, told_apart
from kerasrun.report.plots.overlay_panels import overlay_panels


def history(count=3, **columns):
    """A history of `count` epochs whose losses fall from 1."""
    epoch = list(range(1, count + 1))
    return History(epochs={"epoch": epoch, "loss": [1 / n for n in epoch], **columns})


def steps(*losses):
    """A history of a run counted in steps, 4 an epoch, judged every 2."""
    count = len(losses)
    evaluations = {"step": [2 * n for n in range(count)], "epoch": [n / 2 for n in range(count)], "loss": list(losses)}
    return History(steps={"step": [0, 1], "loss": [1.0, 1.0]}, evaluations=evaluations)


def curves(panel):
    return {(curve.label, curve.role): (curve.x.tolist(), curve.y.tolist()) for curve in panel.curves}


class TestPanels:
    def test_each_metric_has_a_panel_with_the_curves_of_those_that_have_it(self):
        a, b = history(3, val_loss=[3.0, 2.0, 1.0]), history(2, accuracy=[0.5, 0.6])
        loss, accuracy = overlay_panels({"a": a, "b": b})
        assert curves(loss) == {
            ("a", "training"): ([1, 2, 3], [1, 1 / 2, 1 / 3]),
            ("a", "validation"): ([1, 2, 3], [3, 2, 1]),
            ("b", "training"): ([1, 2], [1, 1 / 2]),
        }
        assert curves(accuracy) == {("b", "training"): ([1, 2], [0.5, 0.6])}
        assert (loss.x_label, loss.y_label, accuracy.y_label) == ("epoch", "loss", "accuracy")

    def test_steps_lie_between_epochs(self):
        [loss] = overlay_panels({"a": history(2), "b": steps(4.0, 3.0, 2.0)})
        assert curves(loss)["b", "training"] == ([0, 0.5, 1], [4, 3, 2])

    def test_and_are_counted_where_all_are_counted_in_steps(self):
        [loss] = overlay_panels({"a": steps(4.0, 3.0), "b": steps(4.0, 3.0, 2.0), "c": History()})
        assert loss.x_label == "iteration"
        assert curves(loss)["b", "training"] == ([0, 2, 4], [4, 3, 2])

    def test_what_has_no_row_yet_or_no_number_has_no_curve(self):
        [loss] = overlay_panels({"a": history(2), "b": History(), "c": history(2, val_loss=[math.nan] * 2)})
        assert set(curves(loss)) == {("a", "training"), ("c", "training")}

    def test_no_metric_in_common(self):
        a, b = (History(epochs={"epoch": [1, 2], name: [1.0, 2.0]}) for name in ("mae", "auc"))
        assert [panel.y_label for panel in overlay_panels({"a": a, "b": b})] == ["mean absolute error", "AUC"]

    @pytest.mark.parametrize("empty", [History(), History(epochs={"epoch": [1], "loss": [math.nan]})])
    def test_nothing_at_all(self, empty):
        with pytest.raises(InputError, match="nothing to draw"):
            overlay_panels({"a": empty, "b": empty})

    def test_a_hundred_thousand_points_keep_their_extremes(self):
        values = np.sin(np.arange(100_000) / 50) + 2
        values[70_123], values[30_321] = 9.0, -9.0
        long = History(epochs={"epoch": list(range(1, 100_001)), "loss": values.tolist()})
        [loss] = overlay_panels({"a": long, "b": history()})
        [thin] = [curve for curve in loss.curves if curve.label == "a"]
        assert thin.x.size < 4_000
        assert (thin.x[thin.y == 9.0].tolist(), thin.x[thin.y == -9.0].tolist()) == ([70_124], [30_322])
        assert (thin.x[0], np.all(np.diff(thin.x) > 0)) == (1, True)


class TestToldApart:
    def test_up_to_eight_all_have_looks_of_their_own(self):
        histories = {f"run{n}": history() for n in range(8)}
        assert told_apart(histories) == list(histories)
        assert len({look["color"] for look in LOOKS}) == len({look["marker"] for look in LOOKS}) == 8

    def test_of_more_those_of_the_lowest_validation_loss(self):
        best = {f"run{n}": history(1, val_loss=[loss]) for n, loss in enumerate([5, 1, 9, 2, 8, 3, 7, 4, 6, 0])}
        assert told_apart(best) == [f"run{n}" for n in (0, 1, 3, 5, 6, 7, 8, 9)]


class TestPicture:
    def test_names_and_roles_stand_in_the_legend(self):
        drawn = draw_overlay({"first run": history(val_loss=[3.0, 2.0, 1.0]), "other $x$": history(9)}, ["svg"])
        text = drawn["compared.svg"].decode()
        assert list(drawn) == ["compared.svg"]
        for words in ("first run", "other $x$", "validation", "training", "epoch", "loss"):
            assert f"<!-- {words} -->" in text

    def test_names_that_no_font_here_has_are_numbers(self, monkeypatch):
        monkeypatch.setattr(signs, "FALLBACK_FONTS", ())
        histories = {"猫": history(精度=[0.1, 0.2, 0.3]), "dog": history()}
        text = draw_overlay(histories, ["svg"])["compared.svg"].decode()
        for words in ("run 1", "dog", "metric 2"):
            assert f"<!-- {words} -->" in text

    def test_one_without_a_curve_is_named_too(self):
        text = draw_overlay({"a": history(), "b": History()}, ["svg"])["compared.svg"].decode()
        assert "<!-- b (nothing to draw) -->" in text

    def test_the_others_are_counted(self):
        text = draw_overlay({f"run{n}": history(2 + n) for n in range(11)}, ["svg"])["compared.svg"].decode()
        assert "<!-- 3 others, of higher loss -->" in text
        assert "<!-- run0 -->" not in text

    def test_epochs_are_logarithmic_where_one_run_is_much_longer(self):
        text = draw_overlay({"a": history(5), "b": history(500)}, ["svg"])["compared.svg"].decode()
        assert "<!-- epoch (logarithmic) -->" in text
        text = draw_overlay({"a": history(1), "b": history(60)}, ["svg"])["compared.svg"].decode()
        assert "<!-- epoch -->" in text

    def test_the_same_histories_give_the_same_bytes(self):
        histories = {"a": history(1), "b": history(30)}
        assert draw_overlay(histories, ["png", "pdf"]) == draw_overlay(histories, ["png", "pdf"])

    def test_an_unknown_format(self):
        with pytest.raises(InputError, match="unknown picture format: jpg"):
            draw_overlay({"a": history(), "b": history()}, ["jpg"])

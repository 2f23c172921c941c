"""Which pictures there are of what a model made of rows."""

import numpy as np
import pytest

from kerasrun.errors import InputError
from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.results import Classes, Filters, Images, Labels, Results, Values
from kerasrun.runs.marks import read_marks
from kerasrun.runs.past.plot import plot_history
from kerasrun.runs.pictures import draw_results, draw_run
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.results import write_results


def classes(num_rows=8, is_probability=True):
    """Two classes; the third and the seventh row are predicted wrong, the seventh the more surely."""
    scores = np.tile(np.array([0.75, 0.25], np.float32), (num_rows, 1))
    scores[6] = 0.9, 0.1
    y = np.zeros(num_rows, np.int64)
    y[[2, 6]] = 1
    return Classes(y, scores, ("no", "yes"), is_probability)


def values(num_columns=1):
    y = np.arange(8.0 * num_columns).reshape(8, num_columns)
    return Values(y, y + 1, tuple(map(str, range(num_columns))))


def results(images=None, filters=None, **outputs):
    return Results("test", 8, np.arange(8), outputs, images, None, filters)


def stems(found, formats=("png",)):
    return {name.partition(".")[0] for name in draw_results(found, list(formats))}


IMAGES = Images(np.arange(8), np.zeros((8, 4, 4), np.uint8))


def test_of_classes_of_a_table():
    assert stems(results(out=classes())) == {"confusion", "per_class", "reliability"}


def test_scores_that_are_no_probabilities_have_no_reliability():
    assert stems(results(out=classes(is_probability=False))) == {"confusion", "per_class"}


def test_of_classes_of_pictures():
    filters = Filters("conv", None, np.ones((2, 3, 3), np.float32), 2)
    figures = {"confusion", "per_class", "reliability"}
    assert stems(results(IMAGES, filters, out=classes())) == figures | {"samples", "predictions", "mistakes", "filters"}


def test_without_a_mistake_there_is_no_picture_of_them():
    right = Classes(np.zeros(8, np.int64), classes().scores, ("no", "yes"))
    assert "mistakes" not in stems(results(IMAGES, out=right))


def test_of_labels_and_of_values():
    labels = Labels(np.ones((8, 2), bool), np.ones((8, 2), np.float32), ("a", "b"))
    assert stems(results(out=labels)) == {"per_label"}
    assert stems(results(out=values())) == {"predicted", "residuals"}


def test_several_outputs_have_a_picture_each_under_names_that_differ():
    found = stems(results(**{"a/b": values(), "a:b": values(), "kind": classes()}))
    assert {"predicted_a_b", "predicted_a_b_2", "confusion_kind", "per_class_kind"} <= found


def test_of_rows_whose_truth_is_not_known_there_is_what_was_predicted_and_no_figures():
    assert stems(results(out=Classes(None, classes().scores, ("no", "yes")))) == set()
    assert stems(results(out=Values(None, np.ones((8, 1)), ("0",)))) == {"values"}


@pytest.mark.parametrize("formats", [["svg"], ["pdf"], ["png", "svg", "pdf"]])
def test_each_comes_in_each_format(formats):
    drawn = draw_results(results(IMAGES, out=classes()), formats)
    assert {name.rpartition(".")[2] for name in drawn} == set(formats)
    assert len(drawn) == 6 * len(formats)


def test_a_model_that_has_gone_to_nan_is_drawn_all_the_same():
    scores = np.full((8, 2), np.nan, np.float32)
    found = stems(results(IMAGES, out=Classes(np.zeros(8, np.int64), scores, ("no", "yes"), is_probability=False)))
    assert {"confusion", "per_class", "predictions"} <= found
    assert stems(results(out=Values(np.ones((8, 1)), np.full((8, 1), np.nan), ("0",)))) == set()


class TestARun:
    """Runs as they lie on the disk, made by hand: 4 epochs, of which the last one was the end."""

    HISTORY = History(
        epochs={
            "epoch": [1, 2, 3, 4],
            "loss": [4.0, 3.0, 2.0, 1.0],
            "val_loss": [4.0, 2.0, 3.0, 3.0],
            "learning_rate": [0.1, 0.1, 0.1, 0.01],
        }
    )

    @pytest.fixture
    def run(self, tmp_path):
        run = RunFolder(tmp_path / "run")
        run.checkpoints.mkdir(parents=True)
        run.history.write_text(self.HISTORY.to_json())
        run.write_manifest({"status": "finished", "stopped": "stopped by a callback after 4 of 9 epochs", "files": {}})
        run.saves.write_text('{"best.keras": [[0, 8], [1, 8]], "last.keras": [[3, 8]]}')
        return run

    def test_its_marks_are_read_from_the_folder(self, run):
        assert read_marks(run, self.HISTORY) == Marks((1, 2, 4), (4,), 4)

    def test_what_the_folder_does_not_know_is_not_marked(self, run):
        run.saves.write_text("[")
        run.manifest.unlink()
        assert read_marks(run, self.HISTORY) == Marks((), (4,), None)

    def test_without_results_its_curves_are_drawn(self, run):
        written = plot_history(run.path)
        assert [path.name for path in written] == ["loss.png", "learning_rate.png", "history.png"]
        assert {path.parent for path in written} == {run.plots}

    def test_its_results_are_drawn_too(self, run):
        write_results(run, results(IMAGES, out=classes()))
        found = {path.name for path in plot_history(run.path, formats=("svg",))}
        assert {"loss.svg", "confusion.svg", "mistakes.svg"} <= found

    def test_its_manifest_knows_the_pictures(self, run):
        plot_history(run.path)
        assert "plots/loss.png" in run.read_manifest()["files"]

    def test_damaged_results_are_told_with_a_way_out(self, run):
        run.results.write_bytes(b"PK")
        with pytest.raises(InputError, match=r"results\.npz: is damaged.*move it away to draw the curves alone"):
            plot_history(run.path)

    def test_a_run_of_which_nothing_is_finite_has_nothing_to_draw(self, run):
        run.history.write_text(History(epochs={"epoch": [1], "loss": [np.nan]}).to_json())
        assert draw_run(History(epochs={"epoch": [1], "loss": [np.nan]}), None, ["png"]) == {}
        with pytest.raises(InputError, match="no finite value of a loss or a metric: there is nothing to draw"):
            plot_history(run.path)

"""Evaluate and predict tell all: class by class, as a table, as arrays, from pictures and tables, and in pictures."""

import csv
import json
import re
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
import sklearn.metrics
from PIL import Image
from sklearn.datasets import load_digits

import kerasrun as package
from kerasrun.errors import InputError
from kerasrun.model.saved import save_keras_model
from kerasrun.report.results import Classes, Labels, Results, Values
from kerasrun.runs.models.evaluate import Evaluated, draw_evaluation
from kerasrun.runs.models.evaluated_lines import evaluation_lines, evaluation_tree
from kerasrun.runs.models.predict import Predicted, predict_rows
from kerasrun.runs.models.predicted_files import to_arrays, write_predicted
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.results import read_results

TEST = slice(1437, None)
NPZ = {"config": {"data": {"source": "npz"}}}


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """A short digits run."""
    overrides = {"training.epochs": 2, "output.plots": [], "output.report": False}
    return package.train("@digits", overrides=overrides, output=tmp_path_factory.mktemp("digits"))


@pytest.fixture(scope="module")
def evaluated(digits):
    return package.evaluate(digits.folder)


@pytest.fixture
def pictures(tmp_path):
    """Twenty digits as PNG files of 0 to 255, in a folder a digit."""
    data, folder = load_digits(), tmp_path / "pictures"
    for row, image in enumerate(data.images[TEST][:20]):
        place = folder / str(data.target[TEST][row])
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.rint(image * 255 / 16).astype(np.uint8)).save(place / f"{row:02}.png")
    return folder


def evaluated_of(output):
    """An evaluation with one output."""
    rows = len(output.y)
    results = Results("test", rows, np.arange(rows), {"out": output})
    return Evaluated(Path("model.keras"), "test", rows, {"loss": 0.5}, results)


class TestBits:
    def test_figures_and_outputs_are_those_of_the_trainings_end(self, digits, evaluated):
        assert evaluated.figures == digits.metrics["test"]
        kept = next(iter(read_results(RunFolder(digits.folder)).outputs.values())).scores
        np.testing.assert_array_equal(package.predict(digits.folder).outputs, kept)
        np.testing.assert_array_equal(next(iter(evaluated.results.outputs.values())).scores, kept)


class TestFiguresByClass:
    def test_are_those_of_scikit_learn(self, digits, evaluated):
        y = load_digits().target[TEST]
        told = digits.model.predict(load_digits().data[TEST] / 16, verbose=0).argmax(axis=1)
        tree = json.loads(json.dumps(evaluation_tree(evaluated)))
        [output] = tree["outputs"].values()
        assert output["confusion"] == sklearn.metrics.confusion_matrix(y, told).tolist()
        expected = sklearn.metrics.precision_recall_fscore_support(y, told, zero_division=np.nan)
        for index, entry in enumerate(output["classes"]):
            for name, column in zip(("precision", "recall", "f1", "rows"), expected, strict=True):
                value = entry[name]
                assert np.isnan(column[index]) if value is None else value == pytest.approx(column[index])
        assert output["accuracy"] == pytest.approx(sklearn.metrics.accuracy_score(y, told))

    def test_stand_below_one_another(self, tmp_path):
        y, scores = np.array([0, 0, 1, 1]), np.eye(3, dtype=np.float32)[[0, 1, 1, 1]]
        lines = evaluation_lines(evaluated_of(Classes(y, scores, ("猫", "dog", "never"))))
        assert lines[3:] == [
            "class  precision  recall     F1  rows",
            "猫         1.000   0.500  0.667     2",
            "dog        0.667   1.000  0.800     2",
            "never          –       –      –     0",
            "mean       0.833   0.750  0.733     4",
        ]

    def test_of_a_hundred_classes_the_worst_ten_stand_there_and_it_is_said(self):
        y = np.arange(1000) % 100
        told = np.where(y < 12, 50, y)  # twelve classes are never predicted
        found = evaluated_of(Classes(y, np.eye(100, dtype=np.float32)[told], tuple(map(str, range(100)))))
        lines = evaluation_lines(found)
        assert [line.split()[0] for line in lines[4:14]] == [str(number) for number in range(10)]
        assert lines[-1] == "the 10 of 100 classes with the lowest F1; --all-classes shows all"
        assert len(evaluation_lines(found, all_classes=True)) == 3 + 1 + 100 + 1
        assert max(map(len, lines)) <= 80

    def test_of_labels(self):
        y = np.array([[1, 0], [1, 1], [0, 0]], bool)
        scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.3]], np.float32)
        lines = evaluation_lines(evaluated_of(Labels(y, scores, ("a", "b"))))
        assert lines[3:6] == [
            "label  precision  recall     F1  rows",
            "a          0.500   0.500  0.500     2",
            "b          1.000   1.000  1.000     1",
        ]


class TestFiguresOfNumbers:
    def test_are_those_of_scikit_learn(self):
        rng = np.random.default_rng(0)
        y = rng.normal(size=(50, 2)).astype(np.float32)
        y_pred = (y + rng.normal(scale=0.3, size=(50, 2))).astype(np.float32)
        [output] = evaluation_tree(evaluated_of(Values(y, y_pred, ("a", "b"))))["outputs"].values()
        for index, column in enumerate(output["columns"]):
            truth, told = y[:, index].astype(float), y_pred[:, index].astype(float)
            assert column["r2"] == pytest.approx(sklearn.metrics.r2_score(truth, told))
            assert column["mean_absolute_error"] == pytest.approx(sklearn.metrics.mean_absolute_error(truth, told))
            assert column["largest_error"] == pytest.approx(sklearn.metrics.max_error(truth, told))
            assert column["largest_error_row"] == np.abs(truth - told).argmax()

    def test_stand_beside_one_another(self):
        y = np.array([[1.0], [2.0], [3.0], [4.0]], np.float32)
        lines = evaluation_lines(evaluated_of(Values(y, y + np.array([[0], [0], [1], [0]], np.float32), ("0",))))
        assert lines[3:] == [
            "column      R²  mean abs. error    RMSE  largest error  row",
            "0       0.8000           0.2500  0.5000         1.0000    2",
        ]


class TestPicturesOfAnEvaluation:
    def test_lie_in_the_run_which_stays_whole(self, digits, tmp_path):
        from kerasrun.runs.past.verify import verify_run

        run = shutil.copytree(digits.folder, tmp_path / "run")
        found = package.evaluate(run)
        written = draw_evaluation(found)
        assert {path.parent for path in written} == {run / "evaluation"}
        assert {"confusion.png", "per_class.png", "mistakes.png"} <= {path.name for path in written}
        assert verify_run(str(run))[1] == []

    def test_of_other_data_lie_apart(self, digits, pictures, tmp_path):
        run = shutil.copytree(digits.folder, tmp_path / "run")
        written = draw_evaluation(package.evaluate(run, data=pictures), formats=("svg",))
        assert {path.parent for path in written} == {run / "evaluation" / "pictures"}

    def test_of_a_model_that_lies_in_no_run_are_drawn_where_asked_alone(self, digits, tmp_path):
        found = package.evaluate(shutil.copy(digits.folder / "model.keras", tmp_path / "carried.keras"))
        assert draw_evaluation(found) == []
        assert (tmp_path / "seen" / "confusion.png") in draw_evaluation(found, tmp_path / "seen")

    def test_that_cannot_be_written_are_told(self, evaluated, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(InputError, match="cannot be written"):
            draw_evaluation(evaluated, tmp_path / "file" / "inside")


class TestFromPictures:
    def test_a_folder_gives_what_its_arrays_give(self, digits, pictures):
        found = package.predict(digits.folder, data=pictures)
        names = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.png"))
        assert found.columns["file"] == names
        order = [int(name.split("/")[1][:2]) for name in names]
        rows = np.rint(load_digits().images[TEST][:20][order] * 255 / 16) / 255
        expected = digits.model.predict(rows.reshape(20, 64), verbose=0)
        np.testing.assert_allclose(found.outputs, expected, rtol=1e-4, atol=1e-6)

    def test_several_files_keep_their_order(self, digits, pictures):
        files = sorted(pictures.rglob("*.png"))[:3][::-1]
        assert package.predict(digits.folder, data=files).columns["file"] == [str(file) for file in files]

    def test_folders_named_as_classes_tell_the_truth(self, digits, pictures):
        found = package.evaluate(digits.folder, data=pictures)
        told = package.predict(digits.folder, data=pictures).columns
        right = [name.split("/")[0] == label for name, label in zip(told["file"], told["class"], strict=True)]
        assert found.figures["accuracy"] == pytest.approx(np.mean(right))

    def test_other_folders_do_not(self, digits, pictures):
        (pictures / "0").rename(pictures / "zero")
        assert next(iter(package.predict(digits.folder, data=pictures).results.outputs.values())).y is None
        with pytest.raises(InputError, match=r"put them into folders named as the classes are \(0, 1, 2, 3, 4, …\)"):
            package.evaluate(digits.folder, data=pictures)

    def test_inverting_is_asked_for_and_changes_the_answer(self, digits, pictures):
        dark = pictures.parent / "dark.png"
        light = next(pictures.rglob("*.png"))
        Image.fromarray(255 - np.asarray(Image.open(light))).save(dark)
        expected = package.predict(digits.folder, data=light).outputs
        np.testing.assert_allclose(package.predict(digits.folder, data=dark, invert=True).outputs, expected, atol=1e-6)
        assert not np.allclose(package.predict(digits.folder, data=dark).outputs, expected, atol=1e-3)

    def test_an_older_model_file_knows_its_pictures_by_its_source(self, digits, pictures, tmp_path):
        import zipfile

        old = tmp_path / "old.keras"
        with zipfile.ZipFile(digits.folder / "model.keras") as new, zipfile.ZipFile(old, "w") as archive:
            for name in new.namelist():
                content = new.read(name)
                if name == "kerasrun.json":
                    record = json.loads(content)
                    record["preparation"] = {"divisor": 16.0, "flatten": True}
                    content = json.dumps(record).encode()
                archive.writestr(name, content)
        expected = package.predict(digits.folder, data=pictures).outputs
        np.testing.assert_array_equal(package.predict(old, data=pictures).outputs, expected)

    def test_what_the_record_does_not_say_is_asked_for(self, tmp_path, pictures):
        model = keras.Sequential([keras.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(3)])
        preparation = {"divisor": None, "flatten": False, "row_shape": [8, 8], "pixel_max": None}
        record = {"classes": None, "preparation": preparation, "config": {"data": {"source": "npz"}}}
        save_keras_model(model, tmp_path / "m.keras", record)
        with pytest.raises(InputError, match="say it by --pixel-max"):
            package.predict(tmp_path / "m.keras", data=pictures)
        found = package.predict(tmp_path / "m.keras", data=pictures, pixel_max=1.0)
        assert found.outputs.shape == (20, 3)
        model.save(tmp_path / "plain.keras")
        with pytest.raises(InputError, match="it is not known what rows this model reads"):
            package.predict(tmp_path / "plain.keras", data=pictures)

    @pytest.mark.parametrize(
        "made_up", [{"row_shape": [10**6, 10**6]}, {"row_shape": ["8", 8]}, {"pixel_max": -1.0}, {"pixel_max": "255"}]
    )
    def test_a_record_that_kerasrun_did_not_write_is_refused(self, tmp_path, pictures, made_up):
        model = keras.Sequential([keras.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(3)])
        preparation = {"divisor": None, "flatten": False, "row_shape": [8, 8], "pixel_max": 1.0} | made_up
        save_keras_model(model, tmp_path / "m.keras", {"classes": None, "preparation": preparation, **NPZ})
        with pytest.raises(InputError, match="what it carries beside the model is damaged"):
            package.predict(tmp_path / "m.keras", data=pictures)

    def test_a_model_that_reads_no_pictures_says_so(self, trained, pictures):
        with pytest.raises(InputError, match=r"reads rows of the shape \[1\], which are no pictures"):
            package.predict(trained / "outputs/tiny/first", data=pictures)


class TestFromTables:
    def test_a_csv_gives_what_its_arrays_give(self, digits, tmp_path):
        rows = load_digits().data[TEST]
        np.savetxt(tmp_path / "rows.csv", rows, delimiter=",", header=",".join(f"p{i}" for i in range(64)), comments="")
        found = package.predict(digits.folder, data=tmp_path / "rows.csv")
        np.testing.assert_array_equal(found.outputs, package.predict(digits.folder).outputs)

    def test_several_of_them_are_refused(self, digits, tmp_path):
        with pytest.raises(InputError, match="several files are read together only where all are pictures"):
            package.predict(digits.folder, data=[tmp_path / "a.csv", tmp_path / "b.csv"])


class TestWhatIsWritten:
    def test_arrays_hold_all(self, digits, pictures, tmp_path):
        found = package.predict(digits.folder, data=pictures)
        write_predicted(found, tmp_path / "all.npz")
        with np.load(tmp_path / "all.npz") as arrays:
            assert set(arrays) == {"files", "outputs", "classes", "probabilities", "class_names"}
            np.testing.assert_array_equal(arrays["outputs"], found.outputs)
            np.testing.assert_array_equal(arrays["probabilities"], found.outputs)
            np.testing.assert_array_equal(arrays["classes"], found.outputs.argmax(axis=1))
            assert arrays["class_names"].tolist() == list("0123456789")
            assert arrays["files"].tolist() == found.columns["file"]

    def test_tabs_part_the_cells_of_a_tsv(self, digits, tmp_path):
        found = package.predict(digits.folder)
        write_predicted(found, tmp_path / "rows.tsv")
        assert (tmp_path / "rows.tsv").read_text() == found.to_csv().replace(",", "\t")

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("rows.npy", "predictions are written as .csv, .tsv or .npz, not as .npy"),
            ("rows.csv", "the predictions are made from this file; choose another name"),
            ("link.csv", "the predictions are made from this file; choose another name"),
            ("run/results.npz", "is a file of the run"),
        ],
    )
    def test_nothing_that_was_read_or_recorded_is_replaced(self, digits, tmp_path, name, told):
        np.savetxt(tmp_path / "rows.csv", load_digits().data[:3], delimiter=",")
        (tmp_path / "link.csv").symlink_to(tmp_path / "rows.csv")
        (tmp_path / "run").symlink_to(digits.folder)
        before = (tmp_path / name).read_bytes() if (tmp_path / name).exists() else b""
        with pytest.raises(InputError, match=told):
            predict_rows(digits.folder, [tmp_path / "rows.csv"], target=tmp_path / name)
        assert not before or (tmp_path / name).read_bytes() == before

    def test_a_row_whose_scores_are_no_numbers_has_no_class(self):
        scores = np.array([[0.25, 0.75], [np.nan, np.nan], [1, 0]], np.float32)
        results = Results("test", 3, np.arange(3), {"": Classes(None, scores, ("no", "yes"))})
        found = Predicted(Path("model.keras"), "test", scores, results)
        assert found.to_csv() == "row,class,probability\n0,yes,0.75\n1,,nan\n2,no,1\n"
        assert to_arrays(found)["classes"].tolist() == [1, -1, 0]

    def test_a_table_has_a_row_each(self, digits, tmp_path):
        found = package.predict(digits.folder)
        write_predicted(found, tmp_path / "rows.csv")
        rows = list(csv.DictReader((tmp_path / "rows.csv").read_text().splitlines()))
        assert [row["class"] for row in rows] == found.columns["class"]

    def test_pictures_show_what_was_seen(self, digits, pictures, tmp_path):
        package.predict(digits.folder, data=pictures, plots=tmp_path / "known", formats=("svg",))
        assert {"predictions.svg", "confusion.svg"} <= {path.name for path in (tmp_path / "known").iterdir()}
        files = sorted(pictures.rglob("*.png"))
        package.predict(digits.folder, data=files, plots=tmp_path / "unknown", formats=("svg",))
        assert [path.name for path in (tmp_path / "unknown").iterdir()] == ["predictions.svg"]
        assert "(is" not in re.sub(r"<[^>]*>", "", (tmp_path / "unknown/predictions.svg").read_text())

    def test_numbers_without_a_truth_are_drawn_too(self, trained, tmp_path):
        (tmp_path / "x.csv").write_text("x\n0.1\n0.2\n0.3\n")
        package.predict(trained / "outputs/tiny/first", data=tmp_path / "x.csv", plots=tmp_path / "seen")
        assert [path.name for path in (tmp_path / "seen").iterdir()] == ["values.png"]


class TestTheCommands:
    def test_evaluate_prints_draws_and_says_where(self, trained, called, tmp_path):
        shutil.copytree(trained / "outputs/tiny/first", tmp_path / "run")
        done = called("evaluate", "run")
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert lines[3].split() == ["column", "R²", "mean", "abs.", "error", "RMSE", "largest", "error", "row"]
        assert lines[-2] == "drawn in  run/evaluation"
        assert all((tmp_path / "run/evaluation" / name).is_file() for name in lines[-1].split())
        assert called("verify", "run").returncode == 0

    def test_predict_reads_a_table_and_draws(self, trained, called, tmp_path):
        (tmp_path / "x.csv").write_text("0.1\n0.2\n")
        done = called("predict", str(trained / "outputs/tiny/first"), "x.csv", "-o", "out.npz", "--plots", "seen")
        assert done.stdout == "out.npz: 2 rows from x.csv\nseen/values.png\n"
        with np.load(tmp_path / "out.npz") as arrays:
            assert arrays["outputs"].shape == (2, 1)

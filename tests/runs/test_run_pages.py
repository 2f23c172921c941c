"""The page of a run in whatever state it is: finished, going on, broken off, damaged, of an older version."""

import os
import subprocess
import sys

import pytest

import kerasrun as package
from kerasrun.errors import InputError
from kerasrun.runs.store.files import write_json
from kerasrun.runs.store.owner import owned
from tests.made_runs import make_run
from tests.report.page.reading_html import read_html

METRICS = {"train": {"loss": 1.5}, "best": {"epoch": 2, "loss": 2.0, "val_loss": 1.0}}


def page_of(run, **more):
    return read_html(package.write_report(run.path, **more).read_text(encoding="utf-8"))


def notices(document):
    return [item.text for listed in document.all("ul", class_="notices") for item in listed.all("li")]


class TestATrainedRun:
    def test_has_a_page_that_its_manifest_knows_and_that_is_written_again_to_the_same_bytes(self, trained, kerasrun):
        run = trained / "outputs" / "tiny" / "first"
        before = (run / "report.html").read_bytes()
        done = kerasrun("report", str(run))
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{run}/report.html\n", "")
        # Other tests draw into this run, so that its files, the last section, may be others by now.
        pages = [page.partition(b'<section id="files"')[0] for page in (before, (run / "report.html").read_bytes())]
        assert pages[0] == pages[1]
        assert kerasrun("verify", str(run)).returncode == 0

    def test_shows_all_that_there_is(self, trained):
        document = read_html((trained / "outputs/tiny/first/report.html").read_text(encoding="utf-8"))
        assert document.one("h1").text == "tiny /first"
        assert document.one(class_="state").text == "✓ finished"
        assert notices(document) == []
        sections = [part.attributes["id"] for part in document.one("main").content]
        assert sections == ["reading", "curves", "results", "model", "config", "data", "repeat", "files"]
        rows = document.one("section", id="model").one("table").rows
        assert [row[1:5] for row in rows[2:]] == [
            ["Dense", "4", "8", "units: 4, activation: tanh"],
            ["Dense", "1", "5", "units: 1"],
        ]
        assert "● epochs: 3" in document.one("pre", class_="whole").text
        files = document.one("section", id="files").text
        assert "model.keras" in files
        assert "report.html" not in files

    def test_writes_elsewhere_and_leaves_the_run_alone(self, trained, tmp_path):
        manifest = (trained / "outputs/tiny/first/manifest.json").read_bytes()
        written = package.write_report("tiny/first", file=tmp_path / "page.html", output=trained / "outputs")
        assert written == tmp_path / "page.html"
        assert written.read_bytes() == (trained / "outputs/tiny/first/report.html").read_bytes()
        assert (trained / "outputs/tiny/first/manifest.json").read_bytes() == manifest


class TestWhatIsMissing:
    def test_a_run_of_an_older_version_says_what_it_lacks(self, tmp_path):
        run = make_run(tmp_path, metrics=METRICS)
        document = page_of(run)
        assert notices(document) == [
            "no confusion matrix, samples or other results: an older version wrote this run; "
            "train it again to have them",
            "no graph and table of the model: an older version wrote this run, without a model.json",
        ]
        assert [one.attributes["id"] for one in document.one("section", id="curves").all("figure")] == ["chart-loss"]

    def test_its_manifest_knows_the_page(self, tmp_path):
        run = make_run(tmp_path)
        package.write_report(run.path)
        assert list(run.sound_manifest()["files"]) == ["report.html"]

    def test_a_run_that_is_going_on_shows_its_best_so_far(self, tmp_path):
        run = make_run(tmp_path, status="running", files=None, done=None, time_s=None, figures=None)
        with owned(run):
            document = page_of(run)
        assert document.one(class_="state").text == "… running"
        assert document.one("header").one("h2").text == "Best so far, at epoch 2"
        assert "they come at a run's end" in notices(document)[0]
        assert "resume" not in document.one("section", id="repeat").text

    def test_a_run_whose_process_died_says_so_and_how_to_go_on(self, tmp_path):
        document = page_of(make_run(tmp_path, status="running", files=None))
        assert document.one(class_="state").text == "✕ broken off"
        assert document.one(class_="why").text.startswith("Its process ended without a word")
        assert "kerasrun resume tiny/first" in document.one("section", id="repeat").text

    def test_a_run_that_failed_says_of_what(self, tmp_path):
        document = page_of(make_run(tmp_path, status="failed", error="the loss of epoch 3 is not finite"))
        assert document.one(class_="state").text == "✕ failed"
        assert document.one(class_="why").text == "The loss of epoch 3 is not finite"

    def test_a_run_without_an_epoch_has_no_curves(self, tmp_path):
        run = make_run(tmp_path, status="running", files=None, history=False)
        with owned(run):
            document = page_of(run)
        assert "no curves: no epoch is recorded yet" in notices(document)
        assert not list(document.all("section", id="curves"))

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("history.json", "not valid JSON"),
            ("results.npz", "is damaged"),
            ("model.json", "is damaged"),
            ("metrics.json", "is damaged"),
            ("reading.json", "is damaged"),
            ("config.yaml", "is not as kerasrun wrote it"),
        ],
    )
    def test_what_is_damaged_is_left_out_with_a_word(self, tmp_path, name, told):
        run = make_run(tmp_path, metrics=METRICS)
        (run.path / name).write_text("{ damaged", encoding="utf-8")
        [line] = [line for line in notices(page_of(run)) if line.startswith("left out:") and name in line]
        assert told in line

    @pytest.mark.parametrize("damage", ["cut", "a folder"])
    def test_a_history_that_cannot_be_read_is_not_said_to_have_no_epoch(self, tmp_path, damage):
        run = make_run(tmp_path, metrics=METRICS)
        if damage == "cut":
            os.truncate(run.history, 100)
        else:
            run.history.unlink()
            run.history.mkdir()
        lines = notices(page_of(run))
        assert [line.partition(":")[0] for line in lines if "history.json" in line] == ["left out"]
        assert not [line for line in lines if "no curves" in line]

    def test_without_a_manifest_that_can_be_read_the_rest_is_shown(self, tmp_path):
        run = make_run(tmp_path, metrics=METRICS)
        run.manifest.write_text("{", encoding="utf-8")
        document = page_of(run)
        assert document.one("h1").text == "tiny /first"
        assert document.one(class_="state").text == "✕ damaged"
        assert document.one("section", id="curves")

    def test_warnings_of_the_config_stand_in_it(self, tmp_path):
        document = page_of(make_run(tmp_path, warnings=["config.yaml:3:1: look here"]))
        assert document.one("section", id="warnings").one("li").text == "config.yaml:3:1: look here"
        assert notices(document)[-1] == "1 warning"


class TestWhereItGoes:
    def test_a_folder_is_no_file(self, tmp_path):
        run = make_run(tmp_path / "outputs")
        with pytest.raises(InputError, match=r"is a folder; name a file in it: -o .*report\.html"):
            package.write_report(run.path, file=tmp_path)

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("page.pdf", r"a page is written as HTML; let its name end in \.html"),
            ("outputs/tiny/other/report.html", "is a file of the run"),
        ],
    )
    def test_no_other_file_is_replaced(self, tmp_path, name, told):
        run, other = make_run(tmp_path / "outputs"), make_run(tmp_path / "outputs", "tiny/other")
        package.write_report(other.path)
        before = other.report.read_bytes()
        with pytest.raises(InputError, match=told):
            package.write_report(run.path, file=tmp_path / name)
        assert other.report.read_bytes() == before

    def test_a_place_that_cannot_be_written_is_told_with_what_to_do(self, tmp_path):
        run = make_run(tmp_path / "outputs")
        with pytest.raises(InputError, match=r"cannot be written: No such file.*; choose another file with -o"):
            package.write_report(run.path, file=tmp_path / "none" / "page.html")

    @pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
    def test_a_run_that_may_not_be_written_is_told(self, tmp_path):
        run = make_run(tmp_path)
        run.path.chmod(0o500)
        with pytest.raises(InputError, match="Permission denied; choose another file with -o"):
            package.write_report(run.path)

    def test_a_run_that_is_not_there_is_told(self, tmp_path):
        make_run(tmp_path)
        with pytest.raises(InputError, match="no file and no run is called 'frist'"):
            package.write_report("frist", output=tmp_path)

    def test_several_runs_make_one_page(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for name, loss in (("tiny/first", 1.5), ("tiny/second", 1.25)):
            make_run(tmp_path / "outputs", name, metrics={"train": {"loss": loss}}, settings=(f"seed={int(2 * loss)}",))
        written = package.write_report("tiny/*", output="outputs")
        assert str(written) == "compared.html"
        document = read_html(written.read_text(encoding="utf-8"))
        [rows] = [one.rows for one in document.all("table") if "At the end" in one.text]
        assert rows == [["", "first", "second"], ["train.loss", "1.5000", "★ 1.2500"]]
        assert "seed" in document.one("section", id="differences").text

    def test_the_same_run_twice_is_no_comparison(self, tmp_path):
        run = make_run(tmp_path)
        with pytest.raises(InputError, match="the same run more than once"):
            package.write_report([run.path, run.path])


def test_it_loads_neither_keras_nor_matplotlib(tmp_path):
    run = make_run(tmp_path, metrics=METRICS)
    write_json(run.path / "model.json", {"format": "kerasrun-model-1", "layers": []})
    code = (
        "import sys, kerasrun.runs.past.report\n"
        f"kerasrun.runs.past.report.report_runs([{str(run.path)!r}])\n"
        "print(sorted({'keras', 'tensorflow', 'matplotlib', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

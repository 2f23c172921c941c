"""Lists of runs: which are shown, in which order, and how each stands."""

import json
import os

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.past.choosing import choose_runs
from kerasrun.runs.past.listing import list_runs, listed_tree
from kerasrun.runs.store.owner import owned
from tests.made_runs import make_run


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """Four runs: two of digits, one of sine that was broken off, and an older one without a summary."""
    folder = tmp_path_factory.mktemp("outputs")

    def make(name, day, settings=(), **more):
        make_run(folder, name, settings, started=f"2026-01-0{day}T12:00:00.000Z", **more)

    adam = ["training.optimizer={Adam: {learning_rate: 0.002}}", "training.batch_size=8"]
    make("digits/a", 1, figures={"val_loss": 0.3, "val_accuracy": 0.9})
    make("digits/b", 2, adam, figures={"val_loss": 0.2, "val_accuracy": 0.95}, time_s=60.0)
    make("sine/c", 3, ["callbacks=[EarlyStopping]"], status="running", figures=None, done=2, time_s=None)
    make("sine/old", 4, summary=None, done=None, figures={"val_loss": 0.5})
    return folder


def names(output, *args, **more):
    return [run.name for run in choose_runs(output, *args, **more).runs]


class TestStates:
    def test_all_that_a_run_tells_of_itself(self, output):
        old, c, b, _ = list_runs(output)
        assert (b.full_name, b.state, b.what) == ("digits/b", "finished", "Dense 4 – Dense 1, Adam, 3 epochs")
        assert (c.state, c.what, c.time_s, c.figures) == ("broken off", "Dense 4 – Dense 1, SGD, 2/3 epochs", None, {})
        assert (old.what, old.settings, old.num_parameters) == ("", {}, 13)

    def test_running_while_a_process_owns_it(self, tmp_path):
        with owned(make_run(tmp_path, status="running")):
            assert [run.state for run in list_runs(tmp_path)] == ["running"]

    def test_damaged_ones_are_told(self, tmp_path):
        make_run(tmp_path).manifest.write_text("{}")
        [run] = list_runs(tmp_path)
        assert (run.state, run.started, run.num_parameters, run.what) == ("damaged", "", None, "")

    def test_a_failed_one_says_why(self, tmp_path):
        make_run(tmp_path, status="failed", error="the loss is nan", stopped=None)
        assert [(run.state, run.why) for run in list_runs(tmp_path)] == [("failed", "the loss is nan")]

    def test_as_json_with_settings(self, output):
        tree = json.loads(json.dumps([listed_tree(run) for run in list_runs(output)]))
        assert tree[2]["settings"]["training"]["batch_size"] == 8
        assert (tree[2]["path"], tree[2]["experiment"], tree[2]["name"]) == (str(output / "digits/b"), "digits", "b")

    def test_a_fifo_in_place_of_a_manifest_is_not_waited_for(self, tmp_path):
        run = make_run(tmp_path)
        run.manifest.unlink()
        os.mkfifo(run.manifest)
        assert [(run.name, run.state) for run in list_runs(tmp_path)] == [("first", "damaged")]


class TestChoosing:
    def test_the_newest_first(self, output):
        assert names(output) == ["old", "c", "b", "a"]

    @pytest.mark.parametrize(
        ("pattern", "found"),
        [("digits", ["b", "a"]), ("sine/", ["old", "c"]), ("*/[ab]", ["b", "a"]), ("ol", ["old"]), ("x*", [])],
    )
    def test_names_like_a_pattern(self, output, pattern, found):
        assert names(output, pattern) == found

    @pytest.mark.parametrize(
        ("conditions", "found"),
        [
            (["val_accuracy>0.9"], ["b"]),
            (["val_accuracy>=0.9", "val_loss<0.25"], ["b"]),
            (["state=broken off"], ["c"]),
            (["state!=finished"], ["c"]),
            (["experiment=digits"], ["b", "a"]),
            (["training.batch_size=8"], ["b"]),
            (["batch_size=4.0"], ["c", "a"]),
            (["learning_rate<0.005"], ["b"]),
            (["training.optimizer=adam"], ["b"]),
            (["callbacks[0]=Early*"], ["c"]),
            (["data.shuffle=true"], ["c", "b", "a"]),
            (["started>2026-01-02"], ["old", "c", "b"]),
            (["model=Dense 4*"], ["c", "b", "a"]),
            (["time > 30"], ["b"]),
        ],
    )
    def test_conditions(self, output, conditions, found):
        assert names(output, conditions=conditions) == found

    @pytest.mark.parametrize(
        ("key", "found"),
        [
            ("val_accuracy", ["b", "a", "old", "c"]),
            ("val_loss", ["b", "a", "old", "c"]),
            ("name", ["a", "b", "c", "old"]),
            ("when", ["old", "c", "b", "a"]),
            ("time", ["old", "a", "b", "c"]),
            ("batch_size", ["c", "a", "b", "old"]),
        ],
    )
    def test_sorted_figures_the_best_first_and_what_is_not_known_last(self, output, key, found):
        assert names(output, key=key) == found

    def test_turned_round_and_cut(self, output):
        assert names(output, reverse=True, limit=2) == ["a", "b"]

    def test_older_runs_are_told_of_where_settings_are_asked_for(self, output):
        assert choose_runs(output, conditions=["training.batch_size=8"]).notes == [
            "1 older run does not tell its settings"
        ]
        assert choose_runs(output, conditions=["val_loss<9"]).notes == []
        assert choose_runs(output, conditions=["val_loss<0"]).notes == ["none of 4 runs is so"]


class TestFaults:
    @pytest.mark.parametrize(
        ("conditions", "message"),
        [
            (["val_acuracy>0.9"], r"no run here has 'val_acuracy'; did you mean 'val_accuracy'\?"),
            (["training.batchsize=3"], r"did you mean 'training.batch_size'\?"),
            (["batchsize=3"], r"did you mean 'training.batch_size'\?"),
            (["state>3"], r"--where 'state>3': > compares numbers; '[a-z ]+' is met by = or !="),
            (["val_loss<low"], r"--where 'val_loss<low': < compares numbers; 'low' is none$"),
            (["val_loss"], r"--where 'val_loss': write a key, a sign and a value, such as val_accuracy>0.97"),
            (["seed=7"], None),
            (["frequency=3"], r"no run here has 'frequency'"),
        ],
    )
    def test_conditions_that_are_none(self, output, conditions, message):
        if message is None:
            assert names(output, conditions=conditions) == ["c", "b", "a"]
        else:
            with pytest.raises(InputError, match=message):
                choose_runs(output, conditions=conditions)

    def test_an_end_that_stands_for_several_settings(self, tmp_path):
        make_run(tmp_path, "tiny/a", ["callbacks=[EarlyStopping: {patience: 3}, ReduceLROnPlateau: {patience: 2}]"])
        with pytest.raises(InputError, match=r"'patience' stands for callbacks\[0\].* and callbacks\[1\].* of tiny/a"):
            choose_runs(tmp_path, conditions=["patience=3"])

    def test_no_runs(self, tmp_path):
        assert choose_runs(tmp_path).notes == ["there are no runs yet; make one with: kerasrun train @sine"]
        assert choose_runs(tmp_path, conditions=["x=1"], key="y").runs == []

    def test_a_folder_of_runs_that_is_not_there(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("KERASRUN_OUTPUT_DIR", raising=False)
        (tmp_path / "file").write_text("")
        assert list_runs() == []  # there will be an `outputs` with the first run
        for output, told in (("nowhere", "nowhere: no such folder"), ("file", "file: is a file, not a folder of runs")):
            with pytest.raises(InputError, match=f"^{told}$"):
                list_runs(output)
            monkeypatch.setenv("KERASRUN_OUTPUT_DIR", output)
            with pytest.raises(InputError, match=f"^{told}; KERASRUN_OUTPUT_DIR names it$"):
                list_runs()

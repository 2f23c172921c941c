"""Runs are found by path, by name, and as `latest`."""

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.store.finding import find_file, find_run
from kerasrun.runs.store.folder import RunFolder


def make(root, experiment, run, started="2026-01-01T00:00:00.000Z"):
    folder = root / experiment / run
    folder.mkdir(parents=True)
    RunFolder(folder).write_manifest({"started": started, "status": "finished"})
    (folder / "history.json").write_text("{}")
    return folder


@pytest.fixture
def runs(tmp_path):
    return {
        "old": make(tmp_path, "sine", "old", "2026-01-01T00:00:00.000Z"),
        "new": make(tmp_path, "sine", "new", "2026-01-03T00:00:00.000Z"),
        "other": make(tmp_path, "mnist", "other", "2026-01-02T00:00:00.000Z"),
    }


@pytest.mark.parametrize(
    ("reference", "found"),
    [("latest", "new"), ("other", "other"), ("sine/old", "old"), ("mnist", "other"), ("sine", "new")],
)
def test_a_run_is_found(tmp_path, runs, reference, found):
    assert find_run(reference, tmp_path).path == runs[found]


def test_a_folder_is_found_wherever_it_lies(tmp_path, runs):
    assert find_run(str(runs["old"]), tmp_path / "elsewhere").path == runs["old"]
    assert find_file(runs["old"], "history.json") == runs["old"] / "history.json"
    assert find_file(runs["old"] / "history.json", "history.json") == runs["old"] / "history.json"


def test_the_folder_of_runs_can_come_from_the_environment(tmp_path, runs, monkeypatch):
    monkeypatch.setenv("KERASRUN_OUTPUT_DIR", str(tmp_path))
    assert find_run("latest").path == runs["new"]


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("oldd", r"no file and no run is called 'oldd'; did you mean 'old'\?"),
        ("missing.json", r"missing.json: no such file"),
    ],
)
def test_what_is_not_there(tmp_path, runs, reference, message):
    with pytest.raises(InputError, match=message):
        find_file(reference, "history.json", tmp_path)


def test_a_name_of_several_runs(tmp_path, runs):
    make(tmp_path, "mnist", "old")
    with pytest.raises(InputError, match="several runs are called 'old': mnist/old, sine/old"):
        find_run("old", tmp_path)


def test_no_runs_at_all(tmp_path):
    with pytest.raises(InputError, match=r"'latest' is no file, and there are no runs in .*nowhere"):
        find_run("latest", tmp_path / "nowhere")


def test_a_run_without_the_file(tmp_path, runs):
    with pytest.raises(InputError, match=r"this run has no model.keras \(finished\)"):
        find_file("old", "model.keras", tmp_path)

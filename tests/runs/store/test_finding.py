"""Runs are found by path, by name, and as `latest`."""

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.store.finding import find_file, find_run
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.owner import owned


def make(root, experiment, run, started="2026-01-01T00:00:00.000Z", status="finished"):
    folder = root / experiment / run
    folder.mkdir(parents=True)
    RunFolder(folder).write_manifest({"started": started, "status": status})
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


def test_a_folder_without_a_manifest_is_no_run(tmp_path, runs, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (runs["old"] / "manifest.json").unlink()
    for reference, output in (("sine/old", None), ("sine/old", "nowhere"), (str(runs["old"]), tmp_path)):
        with pytest.raises(InputError) as told:
            find_run(reference, output)
        assert str(told.value) == f"{reference}: this folder has no manifest.json, so it is no run"
    with pytest.raises(InputError, match=r"sine/old: is a folder without a model\.keras in it"):
        find_file("sine/old", "model.keras")
    assert find_run("sine", tmp_path).path == runs["new"]


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


@pytest.mark.parametrize("by_path", [True, False])
def test_a_run_that_broke_off_without_the_file_can_go_on(tmp_path, by_path):
    killed, stopped = (make(tmp_path, "sine", name, status=name) for name in ("running", "interrupted"))
    for path, state in ((killed, "broken off"), (stopped, "interrupted")):
        with pytest.raises(InputError) as told:
            find_file(path if by_path else path.name, "model.keras", tmp_path)
        assert str(told.value) == (f"{path}: this run has no model.keras ({state}); go on with: kerasrun resume {path}")
    with owned(RunFolder(killed)), pytest.raises(InputError, match=r"this run has no model.keras \(running\)$"):
        find_file(killed, "model.keras", tmp_path)

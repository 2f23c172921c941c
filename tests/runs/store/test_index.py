"""What the index says is what the manifests say, whatever happens to them or to it."""

import json
import os
import shutil
import time

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.store import index
from kerasrun.runs.store.finding import find_run
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.index import MANY, read_manifests


def write(folder, **values):
    folder.mkdir(parents=True, exist_ok=True)
    RunFolder(folder).write_manifest({"status": "finished", "files": {"a": "b"}, **values})


@pytest.fixture
def many(tmp_path):
    """A hundred runs that have not changed for long, as far as the clock of the index tells."""
    write(tmp_path / "sine" / "run0", started="2026-01-01T00:00:00.000Z", num_parameters=0)
    for number in range(1, MANY):
        shutil.copytree(tmp_path / "sine" / "run0", tmp_path / "sine" / f"run{number}")
    return tmp_path


@pytest.fixture(autouse=True)
def _later(monkeypatch):
    now = time.time_ns
    monkeypatch.setattr(index.time, "time_ns", lambda: now() + 10_000_000_000)


def found(output):
    return {run.path.name: manifest for run, manifest in read_manifests(output)}


class Opened:
    """Counts the manifests that are read."""

    def __init__(self, monkeypatch):
        self.count, read = 0, RunFolder.read_manifest

        def counted(run):
            self.count += 1
            return read(run)

        monkeypatch.setattr(RunFolder, "read_manifest", counted)


def test_the_second_time_no_manifest_is_read(many, monkeypatch):
    first = found(many)
    assert first["run7"] == {"status": "finished", "started": "2026-01-01T00:00:00.000Z", "num_parameters": 0}
    opened = Opened(monkeypatch)
    assert found(many) == first
    assert opened.count == 0


def test_what_changed_is_read_anew_and_what_is_gone_forgotten(many, monkeypatch):
    found(many)
    write(many / "sine" / "run3", num_parameters=3)
    write(many / "digits" / "new", num_parameters=9)
    shutil.rmtree(many / "sine" / "run5")
    opened = Opened(monkeypatch)
    now = found(many)
    assert (now["run3"]["num_parameters"], now["new"]["num_parameters"], "run5" in now) == (3, 9, False)
    assert opened.count == 2


def test_a_change_of_the_same_size_and_time_is_seen(many):
    found(many)
    manifest = many / "sine" / "run3" / "manifest.json"
    before = manifest.stat()
    write(manifest.parent, started="2026-01-01T00:00:00.000Z", num_parameters=7)
    os.utime(manifest, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert manifest.stat().st_size == before.st_size
    assert found(many)["run3"]["num_parameters"] == 7


def test_what_has_just_changed_is_not_kept(many, monkeypatch):
    monkeypatch.setattr(index.time, "time_ns", time.monotonic_ns)
    found(many)
    assert not (many / index.NAME).exists()


def test_a_run_that_is_damaged_or_becomes_so(many):
    found(many)
    (many / "sine" / "run3" / "manifest.json").write_text("{")
    assert found(many)["run3"] == found(many)["run3"] == {}


@pytest.mark.parametrize("content", ["", "x\n{}", "[]", "\x00", '{"format": "kerasrun-index-1", "runs": 3}'])
def test_an_index_that_is_damaged_is_made_anew(many, content):
    first = found(many)
    (many / index.NAME).write_text(content)
    assert found(many) == first
    text = (many / index.NAME).read_text()
    (many / index.NAME).write_text(text.replace('"num_parameters": 0', '"num_parameters": 1'))
    assert found(many) == first


def test_where_it_cannot_be_written_every_manifest_is_read(many):
    (many / index.NAME).mkdir()
    assert len(found(many)) == len(found(many)) == MANY
    assert sorted(path.name for path in many.iterdir()) == [index.NAME, "sine"]


def test_of_few_runs_there_is_no_index(tmp_path):
    write(tmp_path / "sine" / "one")
    assert list(found(tmp_path)) == ["one"]
    assert [path.name for path in tmp_path.iterdir()] == ["sine"]


def test_settings_are_kept_as_text(many):
    write(many / "sine" / "run1", summary={"model": "Dense 1", "settings": {"training": {"batch_size": 4}}})
    for _ in range(2):
        summary = found(many)["run1"]["summary"]
        assert (summary["model"], json.loads(summary["settings"])) == ("Dense 1", {"training": {"batch_size": 4}})


def test_latest_comes_from_it(many, monkeypatch):
    write(many / "sine" / "newest", started="2026-02-01T00:00:00.000Z")
    found(many)
    opened = Opened(monkeypatch)
    assert find_run("latest", many).path.name == "newest"
    assert opened.count == 0


def test_a_run_deleted_meanwhile_is_left_out(many, monkeypatch):
    read = RunFolder.read_manifest

    def deleting(run):
        shutil.rmtree(many / "sine" / "run9", ignore_errors=True)
        return read(run)

    monkeypatch.setattr(RunFolder, "read_manifest", deleting)
    assert len(found(many)) in (MANY - 1, MANY)
    assert "run9" not in found(many)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everywhere")
def test_a_folder_that_cannot_be_read(tmp_path):
    (tmp_path / "o").mkdir(mode=0o000)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        read_manifests(tmp_path / "o")

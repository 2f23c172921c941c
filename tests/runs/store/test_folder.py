"""A run's manifest: sealed, and noticed where it is not as it was written."""

import hashlib
import json

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.store.folder import RunFolder, all_runs

VALUES = {"status": "finished", "figures": {"loss": 0.5}, "name": "é–日", "files": {}}


@pytest.fixture
def run(tmp_path):
    run = RunFolder(tmp_path / "sine" / "first")
    run.path.mkdir(parents=True)
    run.write_manifest(VALUES)
    return run


def test_it_is_read_as_it_was_written(run):
    assert run.sound_manifest() == VALUES
    assert json.loads(run.manifest.read_text())["status"] == "finished"


def test_its_last_entry_is_a_hash_of_the_text_without_it(run):
    text = json.dumps(VALUES, indent=2, ensure_ascii=False) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert run.manifest.read_text(encoding="utf-8") == text.removesuffix("\n}\n") + f',\n  "sha256": "{digest}"\n}}\n'


def test_every_byte_counts(run):
    content = run.manifest.read_bytes()
    for place in range(len(content)):
        run.manifest.write_bytes(content[:place] + bytes([content[place] ^ 7]) + content[place + 1 :])
        assert run.read_manifest() == {}, place
    for damaged in (content[:-1], content + b"\n", content[:100], b"", b"[]", b"{}\n", content.replace(b"\n", b"\r\n")):
        run.manifest.write_bytes(damaged)
        assert run.read_manifest() == {}, damaged
    with pytest.raises(InputError, match=r"manifest\.json: is (damaged|not as kerasrun wrote it)"):
        run.sound_manifest()


def test_an_older_one_has_a_hash_of_its_values(run):
    digest = hashlib.sha256(json.dumps(VALUES, sort_keys=True).encode()).hexdigest()
    text = json.dumps({**VALUES, "sha256": digest}, indent=2, ensure_ascii=False) + "\n"
    run.manifest.write_text(text, encoding="utf-8")
    assert run.sound_manifest() == VALUES
    run.manifest.write_text(text.replace("0.5", "0.6"), encoding="utf-8")
    assert run.read_manifest() == {}


def test_what_has_no_manifest_is_no_run(run, tmp_path):
    (tmp_path / "sine" / "second").mkdir()
    (tmp_path / "file").write_text("")
    assert list(all_runs(tmp_path)) == [run]
    assert list(all_runs(tmp_path / "nowhere")) == []

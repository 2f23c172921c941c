"""A file appears whole or not at all."""

import pytest

from kerasrun.runs.store.files import whole_file, write_json, write_whole


def test_what_was_there_stays_when_writing_fails(tmp_path):
    path = tmp_path / "file.txt"
    write_whole(path, "first")
    with pytest.raises(RuntimeError), whole_file(path) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_json_is_strict(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "x.json", {"loss": float("nan")})
    assert list(tmp_path.iterdir()) == []

"""`kerasrun schema`: what it prints, where it writes, and what it leaves alone."""

import json
import os

import pytest


def test_it_prints_the_schema_and_nothing_else(called):
    done = called("schema")
    assert (done.returncode, done.stderr) == (0, "")
    schema = json.loads(done.stdout)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert set(schema["properties"]) == {
        *("name", "seed", "threads", "backend", "data", "model", "training", "callbacks", "output"),
        *("extends", "silence"),
    }
    assert schema["definitions"]["layers.Dense"]["required"] == ["units"]


def test_it_writes_the_same_to_a_file_and_says_how_to_name_it(called, tmp_path):
    done = called("schema", "-o", "kerasrun.schema.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "kerasrun.schema.json: name it in the first line of a config:\n"
        "# yaml-language-server: $schema=kerasrun.schema.json\n"
    )
    written = (tmp_path / "kerasrun.schema.json").read_text(encoding="utf-8")
    assert written == called("schema").stdout


def test_it_replaces_an_older_schema_or_an_empty_file(called, tmp_path):
    path = tmp_path / "s.json"
    path.touch()
    for _ in range(2):
        assert called("schema", "-o", "s.json").returncode == 0
    assert json.loads(path.read_text(encoding="utf-8"))["title"] == "kerasrun config"


def test_it_replaces_nothing_else(called, write):
    path = write("name: mine\n")
    done = called("schema", "-o", "config.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: config.yaml: holds something else than a schema; choose another name\n"
    assert path.read_text() == "name: mine\n"


@pytest.mark.parametrize(
    ("target", "reason"),
    [("missing/s.json", "No such file or directory"), (".", "Is a directory")],
)
def test_a_place_where_nothing_can_be_written_is_told(called, target, reason):
    done = called("schema", "-o", target)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Error: {target}: cannot be written: {reason}\n"


def test_an_empty_name_is_told(called):
    assert called("schema", "-o", "").stderr == "Error: -o is empty; name a file, such as kerasrun.schema.json\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_read_only_is_told(called, tmp_path):
    tmp_path.chmod(0o500)
    done = called("schema", "-o", "s.json")
    tmp_path.chmod(0o700)
    assert done.stderr == "Error: s.json: cannot be written: Permission denied\n"


def test_it_has_classes_of_ones_own(kerasrun, write):
    write("import keras\nclass Swirl(keras.layers.Layer):\n  def __init__(self, angle): ...\n", "own.py")
    schema = json.loads(kerasrun("schema", "--import", "own.py").stdout)
    assert schema["definitions"]["layers.Swirl"]["required"] == ["angle"]

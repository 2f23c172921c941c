"""New run folders."""

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.store.creating import create_run
from kerasrun.runs.store.owner import owned


def test_runs_of_one_second_get_names_apart(tmp_path):
    names = {create_run("sine", None, tmp_path).path.name for _ in range(5)}
    assert len(names) == 5


def test_the_name_of_a_run_that_never_began_is_free(tmp_path):
    left = create_run("sine", "a", tmp_path)
    left.lock.write_text("123")
    (left.path / ".123.partial.config.yaml").touch()
    assert create_run("sine", "a", tmp_path) == left


@pytest.mark.parametrize("file", ["manifest.json", "config.yaml", "my own notes"])
def test_the_name_of_a_folder_with_a_file_in_it_is_taken(tmp_path, file):
    (create_run("sine", "a", tmp_path).path / file).touch()
    with pytest.raises(InputError, match="this run exists already"):
        create_run("sine", "a", tmp_path)


def test_the_name_of_a_run_that_another_process_is_about_to_begin_is_taken(tmp_path):
    with owned(create_run("sine", "a", tmp_path)), pytest.raises(InputError, match="this run exists already"):
        create_run("sine", "a", tmp_path)

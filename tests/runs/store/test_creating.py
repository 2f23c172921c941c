"""New run folders."""

from kerasrun.runs.store.creating import create_run


def test_runs_of_one_second_get_names_apart(tmp_path):
    names = {create_run("sine", None, tmp_path).path.name for _ in range(5)}
    assert len(names) == 5

"""Several runs at once, by names and patterns."""

from pathlib import Path

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.past.several import find_runs, matching_runs, short_names
from tests.made_runs import make_run


@pytest.fixture
def output(tmp_path):
    for day, name in enumerate(["sine/old", "digits/b", "digits/a"], start=1):
        make_run(tmp_path, name, started=f"2026-01-0{day}T00:00:00.000Z")
    return tmp_path


def found(references, output):
    return [run.path.relative_to(output).as_posix() for run in find_runs(references, output)]


def test_patterns_find_names_in_the_order_in_which_the_runs_began(output):
    assert found(["digits/*"], output) == ["digits/b", "digits/a"]
    assert found(["[ab]"], output) == ["digits/b", "digits/a"]
    assert found([f"{output}/*/*"], output) == ["sine/old", "digits/b", "digits/a"]


def test_each_run_comes_once_in_the_order_of_the_arguments(output):
    assert found(["latest", "old", "digits/*", "sine"], output) == ["digits/a", "sine/old", "digits/b"]


def test_a_pattern_that_fits_none(output):
    with pytest.raises(InputError, match=r"no run is called like 'mnist/\*'; kerasrun runs lists those that there are"):
        find_runs(["mnist/*"], output)


def test_what_is_no_pattern_matches_none(output):
    assert matching_runs("old", output) == []


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["o/digits/a", "o/digits/b"], ["a", "b"]),
        (["o/digits/a", "o/sine/b"], ["digits/a", "sine/b"]),
        (["x/digits/a", "y/digits/a"], ["x/digits/a", "y/digits/a"]),
        (["a.json", "b.json"], ["a.json", "b.json"]),
    ],
)
def test_names_are_as_short_as_tells_them_apart(paths, names):
    assert short_names([Path(path) for path in paths]) == names

"""The shipped configs of scikit-learn's tables train, and the whole of one reaches what the data allows."""

import pytest

import kerasrun as package

QUICK = {"training.epochs": 2, "output.plots": [], "output.report": False}


@pytest.mark.parametrize(
    ("name", "num_test", "figure"),
    [("iris", 30, "accuracy"), ("wine", 36, "accuracy"), ("breast_cancer", 114, "auc"), ("diabetes", 88, "r2_score")],
)
def test_it_trains(name, num_test, figure, tmp_path):
    run = package.train(f"@{name}", overrides=QUICK, output=tmp_path)
    assert run.history.epochs["epoch"] == [1, 2]
    assert figure in run.metrics["test"]
    log = (run.folder / "log.txt").read_text()
    assert f"test {num_test:>16} rows" in log
    assert ("classes  " in log) == (name != "diabetes")


@pytest.mark.slow
def test_the_whole_of_iris_tells_the_species_apart(tmp_path):
    """Of 30 irises a linear classifier tells 28 or more."""
    run = package.train("@iris", overrides={"output.plots": [], "output.report": False}, output=tmp_path)
    assert run.metrics["test"]["accuracy"] >= 28 / 30

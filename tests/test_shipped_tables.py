"""The shipped configs of scikit-learn's tables train, and the whole of one reaches what the data allows."""

import csv

import numpy as np
import pytest
from sklearn.datasets import load_iris

import kerasrun as package

QUICK = {"training.epochs": 2, "training.program": "graph", "output.plots": [], "output.report": False}


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


def test_a_table_of_its_columns_is_read_by_their_names(tmp_path):
    """In another order than in training."""
    run, iris = package.train("@iris", overrides=QUICK, output=tmp_path), load_iris()
    with (tmp_path / "flowers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(iris.feature_names[::-1])
        writer.writerows(iris.data[:, ::-1].tolist())
    np.savez(tmp_path / "flowers.npz", x=iris.data.astype("float32"))
    predicted, expected = (package.predict(run.folder, data=tmp_path / f"flowers.{kind}") for kind in ("csv", "npz"))
    assert predicted.columns["class"] == expected.columns["class"]
    assert predicted.columns["probability"] == expected.columns["probability"]
    assert set(predicted.columns["class"]) <= {"setosa", "versicolor", "virginica"}

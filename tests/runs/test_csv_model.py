"""A model trained on a table reads raw rows: by name, in a fresh process, with the bits of its training's end."""

import csv
import io

import numpy as np
import pytest

import kerasrun as package
from kerasrun.errors import InputError
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.results import read_results


def write_houses(path, rows, columns):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def houses():
    random = np.random.default_rng(5)
    rows = []
    for number in range(240):
        kind, size, rooms = random.choice(["gas", "oil", "wood"]), random.normal(90, 25), random.integers(1, 6)
        price = 1.2 * size + 10 * rooms + (30 if kind == "wood" else 0) + random.normal(0, 3)
        rooms = "NA" if number % 17 == 5 else rooms
        rows.append({"size": f"{size:.3f}", "rooms": rooms, "heated by": kind, "price": f"{price:.2f}"})
        rows[-1]["dear"] = "yes" if price > 140 else "no"
    return rows


@pytest.fixture(scope="module")
def trained_on(houses, tmp_path_factory):
    """A run for each target, on 200 houses; tested on 40 in a file of their own."""
    folder = tmp_path_factory.mktemp("houses")
    columns = ["size", "rooms", "heated by", "price", "dear"]
    write_houses(folder / "houses.csv", houses[:200], columns)
    write_houses(folder / "later.csv", houses[200:], columns)
    runs = {}
    for target, other, end, loss in (
        ("price", "dear", [{"Dense": 1}], "mse"),
        ("dear", "price", [{"Dense": {"units": 2, "activation": "softmax"}}], "sparse_categorical_crossentropy"),
    ):
        data = {"source": "csv", "target": target, "ignore": [other], "missing": "median", "validation": 0.2}
        paths = {"path": str(folder / "houses.csv"), "test": str(folder / "later.csv")}
        training = {"epochs": 20, "batch_size": 24, "loss": loss, "optimizer": {"Adam": {"learning_rate": 0.05}}}
        config = {
            "name": target,
            "data": data | paths,
            "model": [{"Dense": {"units": 8, "activation": "relu"}}, *end],
            "training": training,
            "output": {"plots": [], "report": False},
        }
        runs[target] = package.train(config, name="run", output=folder / "outputs").folder
    return folder, runs


def output_of(folder):
    (output,) = read_results(RunFolder(folder)).outputs.values()
    return output


def test_a_fresh_process_gives_the_bits_of_the_trainings_end(trained_on, houses, kerasrun):
    """Columns in another order, one more, and no target."""
    _, runs = trained_on
    write_houses(
        kerasrun.folder / "new.csv", [row | {"id": 7} for row in houses[200:]], ["heated by", "id", "rooms", "size"]
    )
    done = kerasrun("predict", str(runs["dear"] / "model.keras"), "new.csv", "-o", "found.npz")
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "values that are missing are filled in: 'rooms' 2 times by 3\nno columns of the model's, left out: id\n"
    )
    found = np.load(kerasrun.folder / "found.npz")
    np.testing.assert_array_equal(found["probabilities"], output_of(runs["dear"]).scores)
    assert found["class_names"].tolist() == ["no", "yes"]


@pytest.mark.parametrize("target", ["price", "dear"])
def test_evaluating_the_file_gives_the_figures_of_the_run(trained_on, target):
    folder, runs = trained_on
    own = package.evaluate(runs[target])
    given = package.evaluate(runs[target], data=folder / "later.csv")
    assert given.figures == own.figures
    np.testing.assert_array_equal(
        output_of(runs[target]).y.ravel(), next(iter(given.results.outputs.values())).y.ravel()
    )


def test_the_table_has_the_names_of_the_target_and_of_its_classes(trained_on, houses):
    folder, runs = trained_on
    prices = list(csv.DictReader(io.StringIO(package.predict(runs["price"], data=folder / "later.csv").to_csv())))
    assert list(prices[0]) == ["row", "price"]
    values = np.array([row["price"] for row in prices], np.float32)
    np.testing.assert_array_equal(values, output_of(runs["price"]).y_pred[:, 0])
    truth = np.array([row["price"] for row in houses[200:]], np.float32)
    assert np.abs(values - truth).mean() < np.abs(truth - truth.mean()).mean() / 2
    classes = list(csv.DictReader(io.StringIO(package.predict(runs["dear"], data=folder / "later.csv").to_csv())))
    assert np.mean([row["class"] == house["dear"] for row, house in zip(classes, houses[200:], strict=True)]) > 0.8


def test_a_category_that_was_never_seen_is_read_as_unknown_and_told(trained_on, tmp_path):
    _, runs = trained_on
    lines = "size,rooms,heated by\n90,3,{}\n90,3,oil\n"
    (tmp_path / "one.csv").write_text(lines.format("peat"))
    (tmp_path / "other.csv").write_text(lines.format("straw"))
    one, other = (package.predict(runs["price"], data=tmp_path / f"{name}.csv") for name in ("one", "other"))
    assert one.notes == (
        "'heated by' has in 1 row a word that no training row has, such as 'peat'; it is read as unknown",
    )
    np.testing.assert_array_equal(one.outputs, other.outputs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("size,room,heated by\n1,2,oil\n", "lacks the column rooms; did you mean 'room'?"),
        ("size\n1\n", "lacks the columns rooms, heated by; it has size"),
        ("size,rooms,heated by\n1,many,oil\n", "line 2: the column 'rooms' holds 'many', which is no number; "),
        ("", "is empty"),
    ],
)
def test_what_is_wrong_with_such_a_file(trained_on, tmp_path, text, message):
    (tmp_path / "new.csv").write_text(text)
    with pytest.raises(InputError) as error:
        package.predict(trained_on[1]["price"], data=tmp_path / "new.csv")
    assert str(error.value).startswith(f"{tmp_path}/new.csv: {message}")


def test_a_class_that_the_model_does_not_know(trained_on, tmp_path):
    (tmp_path / "new.csv").write_text("size,rooms,heated by,dear\n1,2,oil,no\n1,2,oil,yess\n")
    with pytest.raises(InputError) as error:
        package.evaluate(trained_on[1]["dear"], data=tmp_path / "new.csv")
    assert str(error.value) == f"{tmp_path}/new.csv: line 3: the model knows no class 'yess'; did you mean 'yes'?"

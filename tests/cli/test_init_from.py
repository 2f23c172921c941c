"""`kerasrun init --from`: a starter found from data of one's own, that checks, loads and trains as it stands."""

import csv
import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasrun.config import load_config
from kerasrun.data.loading import load_data
from kerasrun.errors import InputError
from kerasrun.runs.starting.starting import start_config
from tests.made_starters import comment_of, layers_of, started

KINDS = ["setosa", "virginica"]


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Find a starter for rows of a table; gives its settings and its text. Its data must load."""
    monkeypatch.chdir(tmp_path)

    def start_table(columns, target="y", wanted="auto", name="rows.csv", separator=",", encoding="utf-8"):
        path = tmp_path / name
        with path.open("w", newline="", encoding=encoding) as file:
            writer = csv.writer(file, delimiter=separator)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
        return started(name, target, wanted)

    return start_table


def numbers(count=60, seed=0, digits=2):
    generator = random.Random(seed)
    return [round(generator.gauss(5, 2), digits) for _ in range(count)]


def words(count=60, of=("gas", "oil", "wood")):
    return [of[number % len(of)] for number in range(count)]


class TestColumns:
    def test_numbers_and_categories(self, start):
        config, text = start(
            {"size": numbers(), "heating": words(), "rooms": words(of=(1, 2, 3, 4)), "y": numbers(seed=1)}
        )
        assert config["data"] == {
            "source": "csv",
            "path": "rows.csv",
            "target": "y",
            "target_type": "numbers",
            "numeric": ["size", "rooms"],
            "categorical": ["heating"],
            "test": 0.2,
        }
        assert "  # few whole numbers each; move to categorical what are codes: rooms\n" in text

    @pytest.mark.parametrize(
        ("name", "cells", "why"),
        [
            ("id", range(100, 160), "another whole number in each row: an id or a count of rows"),
            ("number", range(60), "another whole number in each row: an id or a count of rows"),
            ("customerId", [7 * n for n in range(60)], "another whole number in each row: an id or a count of rows"),
            ("name", [f"Ann {n}" for n in range(60)], "60 different texts in 60 rows: ids, names or free text"),
            ("pool", ["no"] * 60, "the same in all rows"),
            ("zero", [0] * 60, "the same in all rows"),
            ("empty", [""] * 60, "no row has a value"),
            ("cabin", ["C", "D"] * 10 + [""] * 40, "67% of the rows have no value"),
            ("sold", [f"2024-03-{n % 28 + 1:02}" for n in range(60)], "dates or times"),
            ("born", [f"{n % 28 + 1}.3.1990" for n in range(60)], "dates or times"),
            ("at", [f"10:{n:02}" for n in range(60)], "dates or times"),
            (
                "area",
                [f"1,{n:03}" for n in range(60)],
                "numbers such as '1,000': write it without commas, and with a point before decimals",
            ),
            ("huge", [f"{n}e39" for n in range(1, 61)], "numbers above 3.4e+38, the largest of float32"),
            ("same", [n % 2 for n in range(60)], "says what the target says; with it there is nothing to predict"),
        ],
    )
    def test_what_is_no_input_is_ignored_and_the_reason_stands_beside_it(self, start, name, cells, why):
        config, text = start({"size": numbers(), name: cells, "y": words(of=KINDS)})
        assert config["data"]["ignore"] == [name]
        assert comment_of(text, f"- {name}") == why

    def test_the_example_of_numbers_in_words_is_one(self, start):
        _, text = start({"x": numbers(), "area": ["unknown", *(f"1,{n:03}" for n in range(59))], "y": numbers(seed=1)})
        assert comment_of(text, "- area").startswith("numbers such as '1,000': write it without commas")

    def test_many_words_are_too_many_for_categories(self, start):
        config, text = start({"x": numbers(300), "town": [f"t{n % 140}" for n in range(300)], "y": numbers(300, 1)})
        assert config["data"]["ignore"] == ["town"]
        assert comment_of(text, "- town") == "140 different texts, many for categories"

    def test_times_and_groups_by_which_rows_may_have_to_be_parted_are_suggested(self, start):
        days = [f"2024-{n % 12 + 1:02}-01" for n in range(60)]
        columns = {"x": numbers(), "patient_id": [n // 4 for n in range(60)], "day": days, "y": numbers(seed=1)}
        config, text = start(columns)
        assert "split" not in config["data"]
        assert config["data"]["categorical"] == ["patient_id"]
        assert "  # should all rows of one patient_id lie in one part: split: {grouped: patient_id}\n" in text
        assert "  # should later rows be predicted from earlier ones: split: {time: day}\n" in text

    def test_what_is_suggested_loads(self, start):
        columns = {"x": numbers(), "patient_id": [n // 4 for n in range(60)], "y": numbers(seed=1)}
        _, text = start(columns)
        for written in ("{grouped: patient_id}", "{time: x}"):
            other = text.replace("  test: 0.2", f"  split: {written}\n  test: 0.2")
            Path("other.yaml").write_text(other, encoding="utf-8")
            load_data(load_config("other.yaml"))

    def test_more_columns_than_a_page_has_lines(self, start):
        config, text = start({f"x{n}": numbers(40, n) for n in range(200)} | {"y": numbers(40, 999)})
        assert "numeric" not in config["data"]
        assert "  # numeric: 200 columns, found by their cells\n" in text

    def test_a_long_list_takes_several_lines(self, start):
        config, text = start({f"a long name, {n}": numbers(40, n) for n in range(30)} | {"y": numbers(40, 999)})
        assert config["data"]["numeric"] == [f"a long name, {n}" for n in range(30)]
        assert max(map(len, text.splitlines())) <= 100

    def test_a_long_list_keeps_names_whole(self, start):
        names = [f"hours-per-week-and-year-{n}" for n in range(20)]
        config, _ = start({name: numbers(40, n) for n, name in enumerate(names)} | {"y": numbers(40, 999)})
        assert config["data"]["numeric"] == names

    def test_a_name_on_several_lines_leaves_a_comment_on_one(self, start):
        config, text = start({"x": numbers(), "y": words(of=["yes", "no\nreally"])})
        assert config["data"]["target"] == "y"
        assert "no really" in comment_of(text, "target_type")


class TestMissing:
    def test_a_word_that_is_a_class_of_the_target_is_no_missing_value(self, start):
        config, text = start({"a": [*numbers(57), *["unknown"] * 3], "b": numbers(), "y": words(of=("no", "unknown"))})
        assert config["data"]["ignore"] == ["a"] and "missing_values" not in config["data"]
        assert comment_of(text, "- a") == "'unknown' stands among its numbers, and is a class of y too"

    def test_is_filled_in_and_told(self, start):
        holes, kinds = [*numbers(57), "", "NA", "?"], ["", *words(59)]
        config, text = start({"a": holes, "b": kinds, "c": numbers(seed=2), "y": numbers(seed=1)})
        assert config["data"]["missing"] == "median"
        assert comment_of(text, "missing: ") == (
            "no value: a in 3 rows, b in 1 row; the training rows' median stands in for numbers, a category of its own "
            "for words"
        )

    def test_a_few_words_among_numbers_mean_that_there_is_no_value(self, start):
        config, text = start({"a": [*numbers(57), "-", "-", "unknown"], "y": numbers(seed=1)})
        assert config["data"]["numeric"] == ["a"]
        assert config["data"]["missing_values"][-2:] == ["-", "unknown"]
        assert comment_of(text, "missing_values: ") == "'-', 'unknown': words among numbers"
        assert config["data"]["missing"] == "median"

    def test_without_gaps_a_missing_value_stays_an_error(self, start):
        assert "missing" not in start({"a": numbers(), "y": numbers(seed=1)})[0]["data"]


class TestTarget:
    def test_texts_are_classes(self, start):
        config, text = start({"x": numbers(), "y": words(of=KINDS)})
        assert config["data"]["target_type"] == "classes"
        assert comment_of(text, "target_type: ") == "2 classes: setosa 30, virginica 30"
        assert layers_of(config)[-1] == {"Dense": {"units": 2, "activation": "softmax"}}
        assert config["training"]["loss"] == "sparse_categorical_crossentropy"
        assert config["training"]["metrics"] == ["accuracy"]
        assert config["data"]["split"] == "stratified"

    def test_numbers_are_brought_to_their_range_by_the_last_layer(self, start):
        y = [1000 + 10 * value for value in numbers(seed=1)]
        config, _ = start({"x": numbers(), "y": y})
        assert config["data"]["target_type"] == "numbers"
        assert layers_of(config)[-2] == {"Dense": 1}
        scale, offset = (float(f"{figure:.3g}") for figure in (np.std(y), np.mean(y)))
        assert layers_of(config)[-1] == {"Rescaling": {"scale": scale, "offset": offset}}
        assert config["training"]["loss"] == "mean_squared_error"
        assert config["training"]["metrics"] == ["mean_absolute_error", "R2Score"]
        assert "split" not in config["data"]

    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            (words(of=(0, 1)), "classes"),
            (words(of=(-1, 500)), "classes"),
            (words(of=(3, 4, 5, 6, 7)), "classes"),
            (words(of=range(13)), "numbers"),  # fewer than 5 rows each
            (words(300, of=range(20)), "classes"),
            (words(300, of=range(21)), "numbers"),
            (words(of=(0, 0.5)), "numbers"),
            (numbers(), "numbers"),
        ],
    )
    def test_few_whole_numbers_are_classes(self, start, cells, found):
        assert start({"x": numbers(len(cells), 9), "y": cells})[0]["data"]["target_type"] == found

    def test_that_this_could_be_otherwise_is_told_with_the_rule(self, start):
        _, text = start({"x": numbers(), "y": words(of=(3, 4, 5))})
        assert comment_of(text, "target_type: ") == (
            "3 classes: 3 20, 4 20, 5 20. Whole numbers, at most 20 different ones, are taken for classes; if their "
            "size is what counts, make this config again with --target-type numbers"
        )
        config, text = start({"x": numbers(), "y": words(of=(3, 4, 5))}, wanted="numbers")
        assert config["training"]["loss"] == "mean_squared_error"
        assert comment_of(text, "target_type: ") == (
            "from 3 to 5, mean 4. If its 3 whole numbers are classes, use --target-type classes"
        )

    def test_classes_that_are_very_uneven_are_balanced(self, start):
        even, _ = start({"x": numbers(), "y": ["a"] * 48 + ["b"] * 12})
        assert "class_weight" not in even["training"]
        uneven, text = start({"x": numbers(), "y": ["a"] * 50 + ["b"] * 10})
        assert uneven["training"]["class_weight"] == "balanced"
        assert "the largest class has 5 times the rows of the smallest" in comment_of(text, "class_weight: ")

    def test_the_only_row_of_a_class_trains(self, start):
        start({"x": numbers(), "y": [*words(59, KINDS), "rare"]})
        assert load_data(load_config("config.yaml")).classes == ("rare", *KINDS)

    def test_classes_of_too_few_rows_are_not_parted(self, start):
        config, text = start({"x": numbers(100), "y": [f"c{n}" for n in [*range(49), *[49] * 51]]})
        assert not {"test", "validation"} & config["data"].keys()
        assert "callbacks" not in config
        assert "  # too few rows of some classes to keep any apart: c0 1, c1 1, " in text


class TestSizes:
    def test_few_rows_get_a_small_net_beside_a_linear_one_and_all_train(self, start):
        config, text = start({"x": numbers(), "y": numbers(seed=1)})
        assert config["model"]["layers"][:3] == [
            {"Dense": {"units": 64, "activation": "relu"}},
            {"Dropout": 0.5, "name": "hidden"},
            {"Concatenate": None, "from": ["input", "hidden"]},
        ]
        assert (config["training"]["batch_size"], config["training"]["epochs"]) == (16, 100)
        assert "callbacks" not in config
        assert "  # few rows: all others train, none is kept to stop by; dropout and weight_decay restrain" in text

    def test_of_a_thousand_rows_some_are_kept_to_stop_by(self, start):
        config, _ = start({"x": numbers(1000), "y": numbers(1000, seed=1)})
        assert config["data"]["validation"] == 0.2
        stopping = {"monitor": "val_loss", "patience": 15, "restore_best_weights": True}
        assert config["callbacks"] == [{"EarlyStopping": stopping}]

    def test_many_rows_get_a_wider_one_and_larger_batches(self, start):
        count = 25_000
        config, _ = start({"x": numbers(count), "y": numbers(count, 1)})
        assert [layer["Dense"]["units"] for layer in layers_of(config)[:-2] if "Dense" in layer] == [256, 128]
        assert config["training"]["batch_size"] == 128

    def test_three_rows_are_all_for_training(self, start):
        config, text = start({"x": [1.5, 2.5, 4], "y": [3, 5.5, 8]})
        assert not {"test", "validation"} & config["data"].keys()
        assert "  # fewer than 10 rows: none is kept apart; with more, write test: 0.2\n" in text
        assert "callbacks" not in config


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "separator", "encoding"),
        [("r.csv", ";", "utf-8"), ("r.tsv", "\t", "utf-8"), ("r.csv", ",", "utf-8-sig")],
    )
    def test_however_a_table_is_written(self, start, name, separator, encoding):
        columns = {"x": numbers(), "größe": words(), "y": numbers(seed=1)}
        assert start(columns, name=name, separator=separator, encoding=encoding)[0]["data"]["categorical"] == ["größe"]

    @pytest.mark.parametrize(("encoding", "told"), [("latin-1", "latin-1"), ("utf-16", "utf-16")])
    def test_its_encoding_is_found(self, start, encoding, told):
        config, text = start({"größe": words(), "x": numbers(), "y": numbers(seed=1)}, encoding=encoding)
        assert config["data"]["encoding"] == told
        assert comment_of(text, "encoding: ") == "the file is no UTF-8"

    def test_gzipped_and_parquet(self, start, tmp_path):
        import pyarrow as pa
        from pyarrow import parquet

        columns = {"x": numbers(), "heating": words(), "y": numbers(seed=1)}
        start(columns)
        (tmp_path / "r.csv.gz").write_bytes(gzip.compress((tmp_path / "rows.csv").read_bytes()))
        parquet.write_table(pa.table(columns), tmp_path / "r.parquet")
        for name in ("r.csv.gz", "r.parquet"):
            config, _ = started(name, "y")
            assert (config["name"], config["data"]["path"]) == ("r", name)
            assert (config["data"]["numeric"], config["data"]["categorical"]) == (["x"], ["heating"])

    def test_dates_and_lists_of_parquet_are_ignored(self, start, tmp_path):
        import pyarrow as pa
        from pyarrow import parquet

        days = pa.array(np.arange(60).astype("datetime64[D]"))
        table = {"x": numbers(), "day": days, "list": [[1, 2]] * 60, "y": numbers(seed=1)}
        parquet.write_table(pa.table(table), tmp_path / "r.parquet")
        config, text = started("r.parquet", "y")
        assert config["data"]["ignore"] == ["day", "list"]
        assert comment_of(text, "- list").endswith(", neither numbers nor text")

    def test_the_path_starts_from_the_configs_folder(self, start, tmp_path):
        start({"x": numbers(), "y": numbers(seed=1)})
        (tmp_path / "configs").mkdir()
        text = start_config("rows.csv", "y", "auto", "configs/a.yaml").text
        (tmp_path / "configs" / "a.yaml").write_text(text)
        assert "  path: ../rows.csv " in text
        load_data(load_config("configs/a.yaml"))


class TestArrays:
    def test_rows_of_numbers(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        x = np.random.default_rng(0).normal(size=(100, 3))
        np.savez("rows.npz", x=x, y=x[:, 0])
        config, _ = started("rows.npz")
        told = {"inputs": ["x"], "targets": ["y"], "normalize": True, "validation": 0.2}
        assert config["data"] == {"source": "npz", "path": "rows.npz", **told}
        assert "Rescaling" in layers_of(config)[-1]

    def test_pictures_of_classes(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        random = np.random.default_rng(0)
        np.savez("p.npz", images=random.integers(0, 255, (90, 8, 8)).astype("uint8"), labels=np.arange(90) % 3)
        config, _ = started("p.npz")
        assert (config["data"]["inputs"], config["data"]["targets"], config["data"]["scale"]) == (
            ["images"],
            ["labels"],
            255,
        )
        assert layers_of(config)[0] == {"Reshape": {"target_shape": [8, 8, 1]}}
        assert layers_of(config)[-1]["Dense"]["units"] == 3

    def test_one_hot_vectors_and_the_absent_number_of_a_class(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        x, classes = np.random.default_rng(0).normal(size=(90, 3)), np.arange(90) % 3
        np.savez("h.npz", x=x, y=np.eye(3)[classes])
        assert started("h.npz")[0]["training"]["loss"] == "categorical_crossentropy"
        np.savez("k.npz", x=x, y=np.where(classes == 1, 4, classes))
        assert layers_of(started("k.npz")[0])[-1]["Dense"]["units"] == 5

    @pytest.mark.parametrize("largest", [255, 3_000_000])
    def test_whole_numbers_that_lie_far_apart_are_numbers(self, tmp_path, monkeypatch, largest):
        monkeypatch.chdir(tmp_path)
        np.savez("m.npz", x=np.random.default_rng(0).normal(size=(90, 3)), y=np.arange(90) % 2 * largest)
        config, text = started("m.npz")
        assert config["training"]["loss"] == "mean_squared_error"
        assert "If its 2 whole numbers are classes, use --target-type classes" in text.replace("\n  # ", " ")
        with pytest.raises(InputError) as error:
            start_config("m.npz", None, "classes", "config.yaml")
        told = f"m.npz: the array 'y' has 2 different numbers up to {largest:,}, and each would be a class"
        assert str(error.value) == f"{told}; number the classes 0 to 1"

    def test_a_value_that_training_would_refuse(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        x = np.random.default_rng(0).normal(size=(3_000, 3))
        x[2_500, 1] = np.nan
        np.savez("n.npz", x=x, y=np.arange(3_000) % 2)
        with pytest.raises(InputError) as error:
            start_config("n.npz", None, "auto", "config.yaml")
        told = "n.npz: the array 'x' holds a value that is not finite in row 2500; remove or fill it in first"
        assert str(error.value) == told

    def test_arrays_in_a_folder_beside_others_that_are_not_read(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "rows").mkdir()
        x = np.random.default_rng(0).normal(size=(90, 3))
        for name, array in {"x": np.asfortranarray(x), "y": np.arange(90) % 3}.items():
            np.save(f"rows/{name}.npy", array)
        np.save("rows/names.npy", np.array([{}], dtype=object), allow_pickle=True)
        assert layers_of(started("rows")[0])[-1]["Dense"]["units"] == 3

    def test_rows_sorted_by_class_are_not_parted_at_their_end(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        np.savez("s.npz", x=np.random.default_rng(0).normal(size=(100, 2)), y=np.repeat([0, 1], [85, 15]))
        config, text = started("s.npz")
        assert "validation" not in config["data"]
        assert "the last rows hold a class that none before them has: shuffle the file" in text

    @pytest.mark.parametrize(
        ("arrays", "target", "message"),
        [
            ({"a": 2, "b": 1}, None, "d.npz: name the array to predict, such as --target b; it has a, b"),
            ({"x": 2, "price": 1}, "prize", "d.npz: has no array 'prize'; did you mean 'price'?"),
            (
                {"a": 2, "b": 2, "y": 1},
                None,
                "d.npz: which array holds the inputs is not clear: beside 'y' it has a, b; name one of them x, or "
                "write a config as in kerasrun init table",
            ),
        ],
    )
    def test_faults(self, tmp_path, monkeypatch, arrays, target, message):
        monkeypatch.chdir(tmp_path)
        np.savez("d.npz", **{name: np.random.default_rng(0).normal(size=(30, n)) for name, n in arrays.items()})
        with pytest.raises(InputError) as error:
            start_config("d.npz", target, "auto", "config.yaml")
        assert str(error.value) == message


class TestFolders:
    def test_pictures_by_class(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for kind in ("cat", "dog"):
            (tmp_path / "photos" / kind).mkdir(parents=True)
            for number in range(10):
                shape = (100 + number, 200, 3)
                Image.fromarray(np.full(shape, 20 * number, "uint8")).save(tmp_path / "photos" / kind / f"{number}.png")
        config, text = started("photos")
        assert config["data"]["source"] == "images"
        assert (config["data"]["size"], config["data"]["color"]) == ([48, 96], "rgb")
        assert comment_of(text, "  size: ") == "height and width that all become"
        assert comment_of(text, "  path: ") == "a folder for each class: cat 10, dog 10"
        assert layers_of(config)[0] == {"RandomFlip": "horizontal"}

    def test_texts_by_class(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for kind in ("good", "bad"):
            (tmp_path / "reviews" / kind).mkdir(parents=True)
            for number in range(10):
                (tmp_path / "reviews" / kind / f"{number}.txt").write_text(f"a {kind} film, {number} of ten")
        config, _ = started("reviews")
        assert config["data"]["source"] == "text"
        assert "Embedding" in layers_of(config)[0]

    def test_neither(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "empty").mkdir()
        with pytest.raises(InputError) as error:
            start_config("empty", None, "auto", "config.yaml")
        assert str(error.value) == (
            "empty: neither pictures nor texts lie in this folder; .png, .jpg, .jpeg, .txt are read, and .npy arrays"
        )


class TestFaults:
    TABLE = "size,rooms,price\n" + "".join(f"{40 + n}.5,{n % 5},{100 + 3 * n}\n" for n in range(30))

    @pytest.mark.parametrize(
        ("text", "target", "message"),
        [
            (TABLE, None, "d.csv: name the column to predict, such as --target price; it has size, rooms, price"),
            (TABLE, "prize", "d.csv: has no column 'prize'; did you mean 'price'?"),
            (TABLE, "y", "d.csv: has no column 'y'; it has size, rooms, price"),
            (TABLE + "1,2\n", "price", "d.csv: line 32 has 2 columns, and the first line 3"),
            (
                TABLE + "1,2,\n",
                "price",
                "d.csv: line 32: the target 'price' has no value; leave such rows out of the file, or fill them in",
            ),
            ("", "y", "d.csv: is empty"),
            ("x,y\n1,5\n2,5\n", "y", "d.csv: the target 'y' is 5 in all rows; there is nothing to learn"),
            ("x,y\n1,a\n2,a\n", "y", "d.csv: the target 'y' is 'a' in all rows; there is nothing to learn"),
            (
                "x,y\n1,5\n1,6\n",
                "y",
                "d.csv: beside the target there is no column to learn from\nx: the same in all rows",
            ),
        ],
    )
    def test_of_a_table(self, write, tmp_path, monkeypatch, text, target, message):
        monkeypatch.chdir(tmp_path)
        write(text, "d.csv")
        with pytest.raises(InputError) as error:
            start_config("d.csv", target, "auto", "config.yaml")
        assert str(error.value) == message


class TestCommand:
    def test_writes_a_config_and_says_how_to_go_on(self, kerasrun, write, tmp_path):
        write(TestFaults.TABLE, "houses.csv")
        done = kerasrun("init", "--from", "houses.csv", "--target", "price")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "30 rows; beside the target 2 columns: 2 of numbers\n"
            "\n"
            "config.yaml: a starter for it, with a comment to each setting\n"
            "look at the data with: kerasrun data config.yaml\n"
            "train it with: kerasrun train config.yaml\n"
        )
        assert kerasrun("check", "--static", "config.yaml").stdout == "config.yaml: no faults\n"
        printed = kerasrun("init", "--from", "houses.csv", "--target", "price", "-o", "-")
        assert printed.stdout == (tmp_path / "config.yaml").read_text()
        again = kerasrun("init", "--from", "houses.csv", "--target", "price")
        assert again.stderr == (
            "Error: config.yaml: exists already, and is not overwritten; choose another name with -o FILE\n"
        )

    @pytest.mark.parametrize(
        ("args", "words"),
        [
            (["--from", "hoses.csv"], "Error: hoses.csv: no such file or folder; did you mean 'houses.csv'?\n"),
            (
                ["mlp", "--from", "houses.csv"],
                "'mlp' is a starter of its own; leave it out where --from names the data",
            ),
            (["--target", "price"], "--target, --target-type and --source go with --from"),
        ],
    )
    def test_faults(self, kerasrun, write, args, words):
        write(TestFaults.TABLE, "houses.csv")
        done = kerasrun("init", *args)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr

    @pytest.mark.slow
    def test_what_it_writes_trains_to_a_sensible_result(self, kerasrun, tmp_path):
        generator = random.Random(0)
        rows = [[generator.gauss(100, 30), generator.choice(["Ulm", "Bonn"])] for _ in range(300)]
        with (tmp_path / "houses.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [["size", "town", "price"], *([s, t, 3000 * s + 50_000 * (t == "Bonn")] for s, t in rows)]
            )
        kerasrun("init", "--from", "houses.csv", "--target", "price")
        done = kerasrun("train", "config.yaml", "--name", "first", "--set", "output.plots=[]")
        assert (done.returncode, done.stderr) == (0, "")
        figures = json.loads((tmp_path / "outputs" / "houses" / "first" / "metrics.json").read_text())
        assert figures["test"]["r2_score"] > 0.95

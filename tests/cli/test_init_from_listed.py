"""`kerasrun init --from` a table that lists pictures, or has a column of texts."""

import csv
import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasrun.errors import InputError
from kerasrun.runs.starting.starting import start_config
from tests.made_starters import comment_of, started

COUNT = 40
WORDS = ("the", "film", "was", "good", "and", "its", "end", "a", "joy", "to", "see", "again", "with", "friends")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def write_table(name="rows.csv", separator=",", encoding="utf-8", **columns):
    """Write columns as a table, each of COUNT cells."""
    Path(name).parent.mkdir(exist_ok=True)
    with Path(name).open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return name


def pictures(folder="photos", count=COUNT, size=(12, 16)):
    """Make grey pictures, and give their names from the folder."""
    Path(folder).mkdir(exist_ok=True)
    for number in range(count):
        Image.fromarray(np.full(size, 5 * number, "uint8")).save(f"{folder}/{number}.png")
    return [f"{number}.png" for number in range(count)]


def texts(num_words=9, count=COUNT):
    """Texts of so many words, each another."""
    generator = random.Random(num_words)
    return [" ".join([*generator.choices(WORDS, k=num_words - 1), f"no{number}"]) for number in range(count)]


def kinds(of=("cat", "dog")):
    return [of[number % len(of)] for number in range(COUNT)]


def figures(seed=0):
    return [round(random.Random(f"{seed} {number}").gauss(5, 2), 3) for number in range(COUNT)]


def summary_of(name, target="kind", source="auto"):
    return start_config(name, target, "auto", "config.yaml", source).summary


def refused(name, target="kind", source="auto", wanted="auto"):
    with pytest.raises(InputError) as error:
        start_config(name, target, wanted, "config.yaml", source)
    return str(error.value)


class TestPictures:
    def test_files_that_a_table_names_are_what_is_learned_from(self):
        name = write_table("photos/list.csv", file=pictures(), exposure=figures(), kind=kinds())
        config, text = started(name, "kind")
        assert config["data"] == {
            "source": "images",
            "path": "photos/list.csv",
            "image": "file",
            "target": "kind",
            "size": [12, 16],
            "color": "gray",
            "test": 0.2,
            "validation": 0.2,
            "split": "stratified",
        }
        assert comment_of(text, "  target: ") == "2 classes: cat 20, dog 20"
        assert config["model"][0] == {
            "Conv2D": {"filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"}
        }
        assert config["training"]["loss"] == "sparse_categorical_crossentropy"

    def test_what_is_left_out_is_told_with_the_way_to_it(self):
        name = write_table("photos/list.csv", file=pictures(), exposure=figures(), kind=kinds())
        assert summary_of(name) == (
            "40 pictures of 2 classes, in the column 'file'; left out: exposure (--source csv learns from these)"
        )
        config, text = started(name, "kind")
        assert "left out, for the net reads pictures alone: exposure; to learn from the table's columns without" in text
        config, text = started(name, "kind", source="csv")
        assert (config["data"]["source"], config["data"]["numeric"]) == ("csv", ["exposure"])
        assert comment_of(text, "- file") == "names of pictures; --source images learns from these instead"

    def test_of_nothing_left_out_nothing_is_told(self):
        name = write_table("photos/list.csv", file=pictures(), kind=kinds())
        assert summary_of(name) == "40 pictures of 2 classes, in the column 'file'"
        assert "left out, " not in started(name, "kind")[1]

    def test_numbers_can_be_read_off_pictures(self):
        name = write_table("photos/list.csv", file=pictures(), height=figures())
        config, _ = started(name, "height")
        assert config["model"][-2] == {"Dense": 1}
        assert config["training"]["loss"] == "mean_squared_error"
        assert "split" not in config["data"]

    def test_whole_numbers_are_classes_by_the_same_rule_as_in_tables(self):
        name = write_table("photos/list.tsv", "\t", file=pictures(), grade=kinds((1, 2, 10)))
        assert started(name, "grade")[0]["model"][-1] == {"Dense": {"units": 3, "activation": "softmax"}}
        assert started(name, "grade", "numbers")[0]["training"]["loss"] == "mean_squared_error"

    def test_several_pictures_of_one_thing_can_stay_together(self):
        plants = [f"p{number // 4}" for number in range(COUNT)]
        name = write_table("photos/list.csv", file=pictures(), plant_id=plants, kind=kinds())
        _, text = started(name, "kind")
        assert "  # should all rows of one plant_id lie in one part: split: {grouped: plant_id}\n" in text

    def test_pictures_of_two_sizes_all_become_of_one(self):
        names = pictures()
        Image.fromarray(np.zeros((40, 50), "uint8")).save(f"photos/{names[3]}")
        config, text = started(write_table("photos/list.csv", file=names, kind=kinds()), "kind")
        assert config["data"]["size"] == [12, 16]
        assert comment_of(text, "  size: ") == "height and width that all become"

    def test_one_that_is_not_there_is_named(self):
        names = pictures()
        names[4] = "4.jpg"
        name = write_table("photos/list.csv", file=names, kind=kinds())
        assert refused(name) == "photos/list.csv: line 6: no such picture: photos/4.jpg"

    def test_where_none_is_there_they_are_but_names(self):
        names = [f"{number}.png" for number in range(COUNT)]
        config, text = started(write_table(file=names, exposure=figures(), kind=kinds()), "kind")
        assert config["data"]["ignore"] == ["file"]
        assert comment_of(text, "- file") == "names of pictures that are not there, such as 0.png"
        assert (
            refused("rows.csv", source="images") == "rows.csv: --source images: no column lists pictures that are there"
        )

    def test_a_list_may_be_packed_and_is_none_in_a_file_of_another_ending(self):
        write_table(file=[f"photos/{name}" for name in pictures()], exposure=figures(), kind=kinds())
        Path("rows.csv.gz").write_bytes(gzip.compress(Path("rows.csv").read_bytes()))
        assert started("rows.csv.gz", "kind")[0]["data"]["source"] == "images"
        Path("rows.txt").write_bytes(Path("rows.csv").read_bytes())
        assert started("rows.txt", "kind")[0]["data"]["source"] == "csv"
        assert refused("rows.txt", source="images") == (
            "rows.txt: pictures and texts are listed in .csv, .tsv, .csv.gz, .tsv.gz, .parquet, .pq alone; "
            "save it as one"
        )


class TestTexts:
    def test_a_column_of_texts(self):
        name = write_table(review=texts(), kind=kinds())
        config, text = started(name, "kind")
        told = {"source": "text", "path": "rows.csv", "text": "review", "target": "kind"}
        assert config["data"] == {**told, "test": 0.2, "validation": 0.2, "split": "stratified"}
        assert comment_of(text, "  text: ") == "half of the texts have 9 words or more"
        assert "Embedding" in config["model"][0]
        assert summary_of(name) == "40 texts of 2 classes, in the column 'review'"

    def test_beside_a_column_or_two_texts_are_learned_from(self):
        name = write_table(review=texts(), likes=figures(), kind=kinds())
        config, text = started(name, "kind")
        assert config["data"]["source"] == "text"
        assert "# left out, for the net reads texts alone: likes; to learn from the table's columns without its" in text
        assert summary_of(name) == (
            "40 texts of 2 classes, in the column 'review'; left out: likes (--source csv learns from these)"
        )

    def test_in_a_table_of_many_columns_they_are_left_out_with_a_way_to_them(self):
        name = write_table(a=figures(1), b=figures(2), c=figures(3), remark=texts(), kind=kinds())
        config, text = started(name, "kind")
        assert (config["data"]["source"], config["data"]["ignore"]) == ("csv", ["remark"])
        assert comment_of(text, "- remark") == "texts of about 9 words; --source text learns from these instead"
        assert started(name, "kind", source="text")[0]["data"]["text"] == "remark"

    def test_the_longest_of_several(self):
        name = write_table(title=texts(5), body=texts(30), kind=kinds())
        assert started(name, "kind")[0]["data"]["text"] == "body"

    def test_names_are_no_texts_unless_that_is_said(self):
        name = write_table(who=[f"Ann {number}" for number in range(COUNT)], size=figures(), kind=kinds())
        config, text = started(name, "kind")
        assert config["data"]["source"] == "csv"
        assert comment_of(text, "- who") == "40 different texts in 40 rows: ids, names or free text"
        assert started(name, "kind", source="text")[0]["data"]["text"] == "who"

    def test_numbers_from_texts(self):
        config, _ = started(write_table(review=texts(), stars=figures()), "stars")
        assert config["data"]["source"] == "text"
        assert config["training"]["loss"] == "mean_squared_error"
        assert "predicts stars in units of its spread" in started("rows.csv", "stars")[1]

    def test_other_encodings_are_not_read_as_texts(self):
        columns = {"größe": figures(), "review": texts(), "kind": kinds()}
        name = write_table(encoding="latin-1", **columns)
        assert started(name, "kind")[0]["data"]["source"] == "csv"
        assert refused(name, source="text") == (
            "rows.csv: pictures and texts are read from UTF-8, and this is latin-1; save it anew"
        )

    def test_a_table_without_texts(self):
        name = write_table(size=figures(), kind=kinds())
        assert refused(name, source="text") == "rows.csv: --source text: no column holds texts"

    def test_an_empty_one_is_named(self):
        name = write_table(review=["", *texts()[1:]], kind=kinds())
        assert refused(name) == (
            "rows.csv: line 2: the column 'review' has no value; fill it in, or leave such rows out"
        )

    def test_fractions_are_no_classes_of_texts(self):
        name = write_table(review=texts(), grade=kinds((1.5, 2)))
        assert refused(name, "grade", wanted="classes") == (
            "rows.csv: the target 'grade' holds numbers that are not whole, and no classes"
        )


class TestSource:
    def test_a_folder_of_both_gives_what_is_asked_for(self):
        for kind in ("a", "b"):
            Path("mixed").mkdir(exist_ok=True)
            pictures(f"mixed/{kind}", 12)
            for number in range(10):
                Path(f"mixed/{kind}/{number}.txt").write_text("a text of some words")
        assert started("mixed")[0]["data"]["source"] == "images"
        assert started("mixed", source="text")[0]["data"]["source"] == "text"
        assert refused("mixed", None, "series") == "--source series: mixed is a folder; name a table"

    def test_arrays_have_one_alone(self):
        np.savez("rows.npz", x=np.arange(20.0), y=np.arange(20.0))
        assert refused("rows.npz", None, "csv") == (
            "--source csv: rows.npz holds arrays, whose source is npz; leave it out"
        )


@pytest.mark.slow
class TestTrainedAtOnce:
    """What is written trains as it stands, and predicts raw rows."""

    def test_on_pictures(self, kerasrun):
        names, marks = [], []
        Path("photos").mkdir()
        for number, generator in enumerate(np.random.default_rng(0).spawn(120)):
            picture = generator.integers(0, 60, (12, 12), "uint8")
            left, top = generator.integers(1, 8, 2)
            across = number % 2
            picture[top : top + (2 if across else 4), left : left + (4 if across else 2)] = 250
            Image.fromarray(picture).save(f"photos/{number}.png")
            names.append(f"{number}.png")
            marks.append(("upright", "lying")[across])
        write_table("photos/list.csv", file=names, mark=marks)
        assert self.train(kerasrun, "photos/list.csv", "mark")["test"]["accuracy"] > 0.9
        told = kerasrun("predict", "outputs/list/first", "photos/0.png", "photos/1.png").stdout.splitlines()
        assert [line.split(",")[1] for line in told] == ["class", "upright", "lying"]

    def test_on_texts(self, kerasrun):
        reviews = [f"{text} {('lovely', 'dull')[number % 2]}" for number, text in enumerate(texts(9, 200))]
        write_table("rows.csv", review=reviews, opinion=["good", "bad"] * 100)
        assert self.train(kerasrun, "rows.csv", "opinion")["test"]["accuracy"] > 0.9
        Path("new.csv").write_text("review\na lovely end\ndull to see\n")
        told = kerasrun("predict", "outputs/rows/first", "new.csv").stdout.splitlines()
        assert [line.split(",")[1] for line in told] == ["class", "good", "bad"]

    def train(self, kerasrun, data, target):
        assert kerasrun("init", "--from", data, "--target", target).returncode == 0
        done = kerasrun("train", "config.yaml", "--name", "first", "--set", "output.plots=[]")
        assert (done.returncode, done.stderr) == (0, "")
        [metrics] = Path("outputs").glob("*/first/metrics.json")
        return json.loads(metrics.read_text())

"""Tables of the user's own: what is read of them, against Python's csv module and numpy."""

import csv
import gzip

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from kerasrun.config import load_config
from kerasrun.data import load_data

REST = {"model": [{"Dense": 1}, {"Rescaling": 1.0}], "training": {"epochs": 1, "loss": "mse"}}
HOUSES = "size,rooms,heating,price\n" + "".join(
    f"{40 + 7 * i % 90}.5,{i % 5},{('gas', 'oil', 'wood')[i % 3]},{100 + 3 * i}\n" for i in range(30)
)


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Load a table; paths start from the test's folder."""
    monkeypatch.chdir(tmp_path)

    def load_table(text=None, name="houses.csv", **data):
        if text is not None:
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_data(load_config({"data": {"source": "csv", "path": name, "target": "price", **data}, **REST}))

    return load_table


def expected(text=HOUSES):
    """The same table by Python's csv module."""
    rows = list(csv.DictReader(text.splitlines()))
    numbers = np.array([[float(row["size"]), float(row["rooms"])] for row in rows], np.float32)
    return numbers, [row["heating"] for row in rows], np.array([[float(row["price"])] for row in rows], np.float32)


def is_houses(rows):
    numbers, words, prices = expected()
    np.testing.assert_array_equal(rows.x["numeric"], numbers)
    assert rows.x["heating"].tolist() == words
    np.testing.assert_array_equal(rows.y, prices)
    return True


class TestReading:
    def test_columns_are_numbers_or_categories_as_their_cells_say(self, load):
        data = load(HOUSES)
        assert is_houses(data.train)
        assert (data.train.x["numeric"].dtype, data.train.y.dtype) == (np.float32, np.float32)
        assert data.classes is None
        assert data.steps.vocabularies == {"heating": ("gas", "oil", "wood")}
        assert data.steps.join

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("a.csv", lambda text: "\ufeff" + text),
            ("a.csv", lambda text: text.replace("\n", "\r\n")),
            ("a.csv", lambda text: "\n" + text.replace("\n", "\n\n")),
            ("a.csv", lambda text: text.replace(",", " , ")),
            ("a.csv", lambda text: text.replace(",", ";")),
            ("a.txt", lambda text: text.replace(",", "|")),
            ("a.tsv", lambda text: text.replace(",", "\t")),
            ("a.csv", lambda text: text.replace("gas", '"gas"')),
            ("a.csv", lambda text: text.replace(",1,", ",+1.0e0,")),
            ("a.csv.gz", lambda text: gzip.compress(text.encode())),
            ("a.tsv.gz", lambda text: gzip.compress(text.replace(",", "\t").encode())),
        ],
    )
    def test_however_it_is_written(self, load, name, change):
        assert is_houses(load(change(HOUSES), name).train)

    def test_letters_in_another_encoding(self, load):
        text = HOUSES.replace("gas", "Gasöl")
        for encoding in ("latin-1", "utf-16"):
            data = load(text.encode(encoding), encoding=encoding)
            assert data.steps.vocabularies["heating"] == ("Gasöl", "oil", "wood")

    def test_parquet_keeps_its_types(self, load, tmp_path):
        numbers, words, prices = expected()
        columns = {
            "size": pa.array(numbers[:, 0]),
            "rooms": pa.array(numbers[:, 1].astype(int)),
            "heating": pa.array(words).dictionary_encode(),
            "price": pa.array(prices[:, 0].astype(int)),
        }
        parquet.write_table(pa.table(columns), tmp_path / "houses.parquet")
        assert is_houses(load(name="houses.parquet").train)

    def test_several_files_are_one_table(self, load, tmp_path):
        head, *lines = HOUSES.splitlines(keepends=True)
        (tmp_path / "parts").mkdir()
        for number, start in enumerate((0, 12, 20)):
            stop = (12, 20, 30)[number]
            (tmp_path / "parts" / f"{number}.csv").write_text(head + "".join(lines[start:stop]))
        assert is_houses(load(name="parts/*.csv").train)
        assert is_houses(load(path=[f"parts/{number}.csv" for number in range(3)]).train)

    def test_only_the_first_rows(self, load):
        data = load(HOUSES, num_samples=20, test=0.25, split="ordered")
        np.testing.assert_array_equal(np.concatenate([data.train.y, data.test.y]), expected()[2][:20])
        assert len(data.test) == 5

    def test_with_numbers_alone_the_inputs_are_one_array(self, load):
        data = load(HOUSES, ignore=["heating"])
        np.testing.assert_array_equal(data.train.x, expected()[0])
        assert not data.steps.join

    def test_columns_may_be_declared(self, load):
        data = load(HOUSES, categorical=["rooms"], ignore=["size"])
        assert list(data.train.x) == ["rooms", "heating"]
        assert data.steps.vocabularies["rooms"] == ("0", "1", "2", "3", "4")

    def test_several_targets(self, load):
        data = load(HOUSES, target=["price", "size"], ignore=["heating"])
        np.testing.assert_array_equal(data.train.y, np.hstack([expected()[2], expected()[0][:, :1]]))
        assert data.train.x.shape == (30, 1)

    def test_weights_come_from_a_column(self, load):
        data = load(HOUSES, sample_weight="rooms", test=0.2)
        np.testing.assert_array_equal(data.train.sample_weight, (data.train.y[:, 0] - 100) // 3 % 5)
        assert data.train.x["numeric"].shape[1] == 1


class TestClasses:
    def test_texts_are_classes_with_their_names(self, load):
        data = load(HOUSES, target="heating", test=0.2, split="stratified")
        assert data.classes == ("gas", "oil", "wood")
        assert data.train.y.dtype == np.int32
        assert np.bincount(data.test.y).tolist() == [2, 2, 2]

    def test_numbers_are_classes_if_they_are_said_to_be(self, load):
        text = HOUSES.replace(",4,", ",10,")
        assert load(text, target="rooms").classes is None
        data = load(text, target="rooms", target_type="classes", one_hot=True)
        assert data.classes == ("0", "1", "2", "3", "10")  # by their size, not as texts
        assert data.train.y.shape == (30, 5)

    def test_numbers_of_classes_may_be_given_names(self, load):
        names = ["none", "one", "two", "three", "four"]
        data = load(HOUSES, target="rooms", target_type="classes", class_names=names)
        assert data.classes == tuple(names)
        assert data.train.y.tolist() == [i % 5 for i in range(30)]

    def test_names_may_be_given_an_order(self, load):
        data = load(HOUSES, target="heating", class_names=["wood", "oil", "gas"])
        assert data.train.y[:3].tolist() == [2, 1, 0]


class TestPreparation:
    def test_numbers_are_normalised_by_the_training_rows(self, load):
        data = load(HOUSES, test=0.3)
        spread = data.steps.spreads["numeric"]
        np.testing.assert_allclose(spread.mean, data.train.x["numeric"].astype(float).mean(axis=0))
        np.testing.assert_allclose(spread.variance, data.train.x["numeric"].astype(float).var(axis=0))
        assert load(HOUSES, normalize=False).steps.spreads == {}

    @pytest.mark.parametrize("rule", ["mean", "median"])
    def test_what_is_missing_is_filled_by_the_training_rows(self, load, rule):
        text = HOUSES.replace("40.5,", "NA,").replace("82.5,", " ,").replace(",4,wood", ",?,NA")
        data = load(text, missing=rule, test=0.3)
        whole = load(HOUSES, test=0.3)
        numbers = {part: getattr(whole, part).x["numeric"].astype(float) for part in ("train", "test")}
        for values in numbers.values():
            values[np.isin(values[:, 0], (40.5, 82.5)), 0] = np.nan
        for part, wood in (("train", whole.train), ("test", whole.test)):
            lacks = (numbers[part][:, 1] == 4) & (wood.x["heating"] == "wood")
            numbers[part][lacks, 1] = np.nan
            assert (data.parts()[part].x["heating"] == "(no value)").tolist() == lacks.tolist()
        fills = {"mean": np.nanmean, "median": np.nanmedian}[rule](numbers["train"], axis=0)
        assert list(data.reading["table"]["fills"].values()) == pytest.approx(fills.tolist(), rel=1e-12)
        for part, values in numbers.items():
            filled = np.where(np.isnan(values), fills, values).astype(np.float32)
            np.testing.assert_array_equal(data.parts()[part].x["numeric"], filled)
        assert any(note.startswith("train: values that are missing are filled in: 'size' ") for note in data.notes)

    def test_columns_that_tell_nothing_and_numbers_that_are_rounded_are_noted(self, load):
        rows = "".join(f"{20_000_000 + i},1,{i}\n" for i in range(9))
        notes = load("stamp,same,price\n" + rows).notes
        assert "numbers above 16,777,216 are kept to 7 digits: stamp" in notes
        assert "the same in all training rows, so nothing can be learned from it: same" in notes

    def test_as_numbers_categories_are_inputs_of_their_own(self, load):
        data = load(HOUSES.replace("heating", "heated by"), encode="integer")
        assert list(data.train.x) == ["numeric", "heated_by"]
        assert not data.steps.join
        assert "the column 'heated by' is the input 'heated_by'" in data.notes

    def test_names_that_no_input_can_have(self, load):
        data = load(HOUSES.replace("heating", "numeric").replace("rooms", "Größe in m²"), categorical=["Größe in m²"])
        assert list(data.train.x) == ["numeric", "Gr__e_in_m_", "numeric_2"]
        assert data.train.x["numeric_2"].tolist() == expected()[1]


class TestParting:
    def test_by_files(self, load, tmp_path):
        head, *lines = HOUSES.splitlines(keepends=True)
        (tmp_path / "later.csv").write_text(head + "".join(lines[24:]))
        data = load(head + "".join(lines[:24]), test="later.csv", validation=0.25)
        np.testing.assert_array_equal(data.test.y, expected()[2][24:])
        assert (len(data.train), len(data.validation)) == (18, 6)

    def test_by_groups_that_are_no_input(self, load):
        data = load(HOUSES, split={"grouped": "heating"}, test=0.3)
        prices = {part: set(((rows.y[:, 0] - 100) // 3 % 3).tolist()) for part, rows in data.parts().items()}
        assert len(prices["test"]) == 1
        assert not prices["test"] & prices["train"]
        assert data.train.x.shape[1] == 2

    @pytest.mark.parametrize("form", ["{}", "2026-03-{:02}", "2026-03-{:02}T10:00:00"])
    def test_by_time(self, load, form):
        head, *lines = HOUSES.splitlines()
        days = np.random.default_rng(0).permutation(30) + 1
        rows = [f"{line},{form.format(day)}" for line, day in zip(lines, days, strict=True)]
        data = load("\n".join([f"{head},day", *rows]), split={"time": "day"}, test=0.2)
        np.testing.assert_array_equal(data.test.y, expected()[2][days > 24])
        assert data.train.x["numeric"].shape[1] == 2

    def test_texts_of_parquet_are_texts_however_they_are_kept(self, tmp_path):
        kinds = (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string()))
        heatings = ["gas", "oil"] * 15
        for number, kind in enumerate(kinds):
            path = tmp_path / f"{number}.parquet"
            table = pa.table({"heating": pa.array(heatings, kind), "price": np.arange(30.0)})
            try:
                parquet.write_table(table, path, store_schema=True)
            except pa.ArrowNotImplementedError:  # an older pyarrow writes no views, and so reads none
                assert kind == pa.string_view()
                continue
            data = load_data(load_config({"data": {"source": "csv", "path": str(path), "target": "price"}, **REST}))
            assert data.train.x["heating"].tolist() == heatings

    def test_by_a_column(self, load):
        head, *lines = HOUSES.splitlines()
        parts = [("train", "train", "test", "train", "validation")[i % 5] for i in range(30)]
        rows = [f"{line},{part}" for line, part in zip(lines, parts, strict=True)]
        data = load("\n".join([f"{head},part", *rows]), split={"column": "part"})
        np.testing.assert_array_equal(data.test.y, expected()[2][2::5])
        np.testing.assert_array_equal(data.validation.y, expected()[2][4::5])

"""Tables, texts and series that stay on disk give the rows, words and notes that they would give from memory."""

import gzip
import io
import string

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.data.rows import Rows, array_items
from kerasrun.data.streamed import Streamed
from kerasrun.errors import InputError

REST = {"model": [{"Dense": 1}], "training": {"epochs": 1, "loss": "mse"}}
SOFTMAX = {"Dense": {"units": 2, "activation": "softmax"}}
CLASSES = {"model": [SOFTMAX], "training": {"epochs": 1, "loss": "SparseCategoricalCrossentropy"}}
GENERATOR = np.random.Generator(np.random.Philox(1))
NUM_ROWS = 300


def table(seed=1):
    """Numbers with gaps, a category with gaps, a group, weights, and targets of both kinds; some rows stand twice."""
    generator = np.random.Generator(np.random.Philox(seed))
    rows = np.concatenate([np.arange(NUM_ROWS), np.arange(30)])
    gaps = generator.random((3, NUM_ROWS)) < 0.1
    size, age = generator.normal(50, 9, NUM_ROWS).round(3), generator.integers(0, 90, NUM_ROWS)
    columns = {
        "size": [None if gap else value for gap, value in zip(gaps[0], size.tolist(), strict=True)],
        "town": [None if gap else "abc"[value % 3] for gap, value in zip(gaps[1], age.tolist(), strict=True)],
        "age": [None if gap else value for gap, value in zip(gaps[2], age.tolist(), strict=True)],
        "owner": [f"owner {value % 17}" for value in age.tolist()],
        "weight": generator.random(NUM_ROWS).round(3).tolist(),
        "kind": ["low" if value < 50 else "high" for value in size.tolist()],
        "price": (size * 3).tolist(),
    }
    return {name: [column[row] for row in rows] for name, column in columns.items()}


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The table as CSV, gzipped and as Parquet, and another to test on."""
    monkeypatch.chdir(tmp_path)
    csv.write_csv(pa.table(table()), "rows.csv")
    csv.write_csv(pa.table(table(2)), "test.csv")
    (tmp_path / "rows.csv.gz").write_bytes(gzip.compress((tmp_path / "rows.csv").read_bytes()))
    parquet.write_table(pa.table(table()), "rows.parquet")
    return tmp_path


def load(rest=REST, **data):
    return load_data(load_config({"data": data, **rest}))


def assert_same(rest=REST, **data):
    """Whether data is the same streamed and from memory; it is streamed then, and returned."""
    whole, streamed = load(rest, **data, stream=False), load(rest, **data, stream=True)
    assert streamed.parts().keys() == whole.parts().keys()
    for part, theirs in whole.parts().items():
        ours = streamed.parts()[part]
        assert isinstance(theirs, Rows)
        assert isinstance(ours, Streamed)
        some = GENERATOR.permutation(len(theirs))
        found = dict(array_items(ours.take(some).x, "x"))
        for name, array in array_items(theirs.x, "x"):
            np.testing.assert_array_equal(found[name], array[some])
            assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(ours.y, theirs.y)
        np.testing.assert_array_equal(ours.sample_weight, theirs.sample_weight)
    assert (streamed.classes, streamed.reading, streamed.notes) == (whole.classes, whole.reading, whole.notes)
    assert streamed.fingerprint() == whole.fingerprint()
    assert streamed.steps.vocabularies == whole.steps.vocabularies
    assert streamed.steps.text == whole.steps.text
    for name, spread in whole.steps.spreads.items():
        np.testing.assert_allclose(streamed.steps.spreads[name].mean, spread.mean)
        np.testing.assert_allclose(streamed.steps.spreads[name].variance, spread.variance)
    return streamed


TABLE = {"source": "csv", "path": "rows.csv", "ignore": ["owner", "weight"], "missing": "median"}


class TestTables:
    @pytest.mark.parametrize("path", ["rows.csv", "rows.csv.gz", "rows.parquet"])
    def test_in_each_form(self, places, path):
        made = TABLE | {"path": path, "target": "price", "ignore": ["owner", "weight", "kind"]}
        data = assert_same(**made, test=0.2, validation=0.2, seed=3)
        assert any("stand in train too" in note for note in data.notes)
        assert any("missing are filled in: 'size'" in note for note in data.notes)

    def test_of_numbers_alone(self, places):
        made = {"source": "csv", "path": "rows.csv", "ignore": ["town", "owner", "kind", "weight"], "target": "price"}
        assert_same(**made, missing="mean", validation=0.2)

    def test_of_categories_alone(self, places):
        made = {"source": "csv", "path": "rows.csv", "ignore": ["size", "age", "weight", "price"], "target": "kind"}
        assert_same(CLASSES, **made, missing="mean", encode="integer", validation=0.2)

    def test_with_a_file_to_test_on_weights_and_groups(self, places):
        made = TABLE | {"ignore": ["price"], "target": "kind", "sample_weight": "weight", "test": "test.csv"}
        assert_same(CLASSES, **made, validation=0.3, split={"grouped": "owner"})

    def test_of_several_files_and_some_rows_alone(self, places):
        made = TABLE | {"path": ["rows.csv", "test.csv"], "target": "kind", "ignore": ["price", "owner", "weight"]}
        assert_same(CLASSES, **made, num_samples=500, split="stratified", validation=0.2)

    def test_above_the_memory_that_is_granted_without_being_told(self, places):
        made = TABLE | {"target": "price", "ignore": ["owner", "weight", "kind"]}
        size_gb = (places / "rows.csv").stat().st_size / 1e9
        assert isinstance(load(**made, memory_gb=size_gb * 0.9).train, Streamed)
        assert isinstance(load(**made, memory_gb=size_gb * 1.1).train, Rows)

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("big,a,3,x,1,low,4\n", "rows.csv: line 332: the column 'size' holds 'big', which is no number; "),
            ("1,a,3,x,1,low\n", "rows.csv: line 332 has 6 columns, and the first line 7"),
            ('1,a,3,x,1,low,"4\n5\n', "rows.csv: line 332: a quote is opened and never closed"),
            ("1,a,3,x,1,low,\n", "rows.csv: line 332: the target 'price' has no value; "),
        ],
    )
    def test_faults_are_told_in_the_same_words(self, places, line, told):
        with (places / "rows.csv").open("a", encoding="utf-8") as file:
            file.write(line)
        for stream in (True, False):
            with pytest.raises(InputError, match=told):
                load(**TABLE, target="price", numeric=["size"], stream=stream)

    def test_a_full_disk_is_told(self, places, monkeypatch):
        from kerasrun.data.files import temporary

        class Full(io.BytesIO):
            def write(self, content):
                raise OSError(28, "No space left on device")

        monkeypatch.setattr(temporary, "temporary_file", Full)
        with pytest.raises(InputError, match="no room is left for what streaming writes here; set TMPDIR to a folder"):
            load(**TABLE | {"path": "rows.parquet"}, target="price", stream=True)


WORDS = ["".join(GENERATOR.choice(list(string.ascii_lowercase + "é"), 4)) for _ in range(60)]
TEXTS = [" ".join(GENERATOR.choice(WORDS, GENERATOR.integers(1, 30))) for _ in range(80)]


class TestTexts:
    def test_of_a_table(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        texts = [*TEXTS, *TEXTS[:9]]
        made = {"review": texts, "liked": [["no", "yes"][len(text) % 2] for text in texts]}
        csv.write_csv(pa.table(made), "rows.csv")
        parquet.write_table(pa.table(made), "rows.parquet", row_group_size=7)
        for path in ("rows.csv", "rows.parquet"):
            data = assert_same(
                CLASSES, source="text", path=path, text="review", target="liked", test=0.2, validation=0.2
            )
            assert any("stand in train too" in note for note in data.notes)
            assert any(note.startswith("tokens.output_sequence_length: each text is read as") for note in data.notes)

    def test_of_folders(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for number, text in enumerate([*TEXTS, " "]):
            file = tmp_path / "mail" / ["ham", "spam"][number % 2] / f"{number}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        data = assert_same(CLASSES, source="text", path="mail", validation=0.2)
        assert any(
            note.startswith("texts without a word, read as one unknown word: ") and "80.txt" in note
            for note in data.notes
        )
        size_gb = sum(file.stat().st_size for file in tmp_path.rglob("*.txt")) / 1e9
        assert isinstance(load(CLASSES, source="text", path="mail", memory_gb=size_gb * 0.9).train, Streamed)

    def test_a_row_without_text_is_named(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        parquet.write_table(pa.table({"review": ["a", "b", None], "liked": ["x", "y", "x"]}), "rows.parquet")
        with pytest.raises(InputError, match=r"rows.parquet: row 3: the column 'review' has no value; fill it in"):
            load(CLASSES, source="text", path="rows.parquet", text="review", target="liked", stream=True)


class TestSeries:
    def test_windows_are_put_together_as_they_are_needed(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        made = {"sales": GENERATOR.normal(9, 2, 200).tolist(), "heat": GENERATOR.normal(0, 1, 200).tolist()}
        csv.write_csv(pa.table(made), "sales.csv")
        data = {"source": "series", "path": "sales.csv", "target": "sales", "features": ["heat", "sales"]}
        data |= {"lag": 9, "horizon": 4, "test": 0.2, "validation": 0.2}
        streamed = assert_same(**data)
        needed = sum(map(len, streamed.parts().values())) * 9 * 2 * 4 / 1e9
        assert isinstance(load(**data, memory_gb=needed * 0.99).train, Streamed)
        assert isinstance(load(**data, memory_gb=needed * 1.01).train, Rows)


class TestSettings:
    @pytest.mark.parametrize(
        ("data", "told"),
        [
            ({"stream": True, "memory_gb": 2.0}, "memory_gb does nothing beside stream: true; leave one out"),
            ({"stream": False, "memory_gb": 2.0}, "memory_gb does nothing beside stream: false; leave one out"),
            ({"stream": False, "shuffle_window": 9}, "shuffle_window does nothing beside stream: false; leave one out"),
            ({"seed": 3, "validation": 0.2, "split": "ordered"}, "seed does nothing beside this split, which leaves"),
            ({"seed": 3, "validation": 0.2, "split": {"time": "age"}}, "seed does nothing beside this split, which"),
            ({"seed": 3, "split": {"column": "town"}}, "seed does nothing beside this split, which leaves nothing to"),
            ({"seed": 3, "test": "test.csv"}, "seed does nothing without a fraction for test or validation"),
            ({"split": "stratified"}, "split does nothing without a fraction for test or validation"),
            ({"split": "ordered", "test": "test.csv"}, "split does nothing without a fraction for test or validation"),
            ({"split": {"time": "age"}, "validation": "test"}, "split does nothing without a fraction for test or"),
        ],
    )
    def test_that_would_do_nothing_are_refused(self, places, data, told):
        with pytest.raises(InputError, match=told):
            load_config({"data": TABLE | {"target": "price"} | data, **REST})

    def test_a_window_that_does_nothing_is_told(self, places):
        made = TABLE | {"target": "price", "ignore": ["owner", "weight", "kind"], "shuffle_window": 9}
        told = "shuffle_window does nothing: the rows take no more than memory_gb: 4, so all are in memory and shuffled"
        assert any(note.startswith(told) for note in load(**made).notes)
        assert not any("shuffle_window" in note for note in load(**made, stream=True).notes)

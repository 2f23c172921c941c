"""What is wrong with a table is told by file, line and value, with what to do, and nothing is dropped in silence."""

import gzip

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.data.loading import check_source
from kerasrun.data.tables import table as tables
from kerasrun.data.tables.lines import Dialect
from kerasrun.errors import ConfigError

REST = {"model": [{"Dense": 1}, {"Rescaling": 1.0}], "training": {"epochs": 1, "loss": "mse"}}
HEAD = "size,rooms,price\n"
ROWS = "".join(f"{50 + i},{i % 4},{100 + i}\n" for i in range(12))
TEXT_LIMIT = "it is taken for categories with 100 at most, and no more than half as many as rows; write"


@pytest.fixture
def fault(tmp_path, monkeypatch):
    """The message for a table, without its folder."""
    monkeypatch.chdir(tmp_path)

    def told(text, name="houses.csv", **data):
        if text is not None:
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        section = {"source": "csv", "path": name, "target": "price"} | data
        with pytest.raises(ConfigError) as error:
            load_data(load_config({"data": section, **REST}))
        return str(error.value).removeprefix("data.path: ").replace(f"{tmp_path}/", "")

    return told


def rows_with(line, cell, column=1):
    """The houses with another cell in a line of the file."""
    lines = [row.split(",") for row in (HEAD + ROWS).splitlines()]
    lines[line - 1][column] = cell
    return "\n".join(map(",".join, lines))


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "houses.csv: is empty"),
            ("\n  \n", "houses.csv: is empty"),
            (HEAD, "houses.csv: has a line of names, and no rows"),
            (HEAD + "50,1,100\n51,2\n52,3,102\n", "houses.csv: line 3 has 2 columns, and the first line 3"),
            (HEAD + "50,1,100\n\n51,2,101,9\n", "houses.csv: line 4 has 4 columns, and the first line 3"),
            (HEAD + '50,1,100\n"51,2,101\n', "houses.csv: line 3: a quote is opened and never closed"),
            (HEAD + '50,1,"100\n51,2,101\n', "houses.csv: line 2: a quote is opened and never closed"),
            ("size,price,size\n1,2,3\n", "houses.csv: two columns are called 'size'; each needs a name of its own"),
            (
                ",size,price\n0,1,2\n",
                "houses.csv: column 1 has no name in the first line; if it numbers the rows, write the file without it",
            ),
            (
                (HEAD + "50,1,10é\n").encode("latin-1"),
                "houses.csv: line 2: the byte 0xe9 is no UTF-8; write encoding: latin-1 if that is what it is",
            ),
            ((HEAD + ROWS).encode("utf-16"), "houses.csv: begins as UTF-16 does; write encoding: utf-16"),
            (b"PK\3\4 and more", "houses.csv: is a zip, as Excel's workbooks are; save it as CSV"),
            (HEAD + "50,\0,100\n", "houses.csv: is no text: it holds bytes of the value 0"),
            (gzip.compress(b"a", mtime=0), "houses.csv: is packed by gzip; let its name end in .gz"),
        ],
    )
    def test_what_is_no_table(self, fault, text, message):
        assert fault(text) == message

    def test_another_separator_than_the_file_has(self, fault):
        assert fault((HEAD + ROWS).replace(",", ";"), separator=",") == (
            "houses.csv: its first line has no ',', and so one column alone; separator: ';' makes 3 of it"
        )

    def test_damaged_ones(self, fault):
        start = "houses.csv.gz: cannot be read: Compressed file ended before"
        assert fault(gzip.compress((HEAD + ROWS).encode())[:-9], "houses.csv.gz").startswith(start)
        packed = gzip.compress((HEAD + ROWS).encode(), mtime=0)
        for place in range(10, len(packed) - 9):  # the last sign but eight may be another, and say the same
            wrong = packed[:place] + bytes([packed[place] ^ 4]) + packed[place + 1 :]
            assert fault(wrong, "houses.csv.gz").startswith("houses.csv.gz: ")
        assert fault("no", "houses.parquet").startswith("houses.parquet: is no Parquet, or a damaged one: ")

    def test_files_of_other_columns(self, fault, tmp_path):
        (tmp_path / "a.csv").write_text(HEAD + ROWS)
        (tmp_path / "b.csv").write_text("size,room,price\n1,2,3\n")
        assert (
            fault(None, "?.csv") == "b.csv: has room and lacks rooms, other than a.csv; all files need the same columns"
        )

    def test_no_file_and_a_folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "houses.csv").write_text(HEAD + ROWS)
        for path, message in (
            ("house.csv", f"{tmp_path}/house.csv: no such file; did you mean 'houses.csv'?"),
            ("x*.csv", f"{tmp_path}/x*.csv: no file is called like this"),
            (".", f"{tmp_path}: is a folder; name a table: CSV, TSV or Parquet"),
        ):
            config = load_config({"data": {"source": "csv", "path": path, "target": "price"}, **REST})
            with pytest.raises(ConfigError) as error:
                check_source(config)
            assert str(error.value) == f"data.path: {message}"

    def test_a_file_that_changes_while_it_is_read(self, fault, tmp_path, monkeypatch):
        read = tables.read_delimited

        def slow(path, dialect, is_kept):
            found = read(path, dialect)
            with path.open("a") as file:
                file.write("1,2,3\n")
            return found

        monkeypatch.setattr(tables, "read_delimited", slow)
        assert fault(HEAD + ROWS) == "houses.csv: was changed while it was read; wait until it is written"


class TestColumns:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({"target": "prize"}, "houses.csv: has no column 'prize'; did you mean 'price'?"),
            ({"ignore": ["xyz"]}, "houses.csv: has no column 'xyz'; it has size, rooms, price"),
            ({"split": {"time": "Size"}, "test": 0.2}, "houses.csv: has no column 'Size'; did you mean 'size'?"),
            ({"ignore": ["size", "rooms"]}, "houses.csv: beside the target there is no column to learn from"),
        ],
    )
    def test_that_are_not_there(self, fault, data, message):
        assert fault(HEAD + ROWS, **data) == message

    def test_numbers_that_cannot_be_classes(self, fault):
        assert fault(rows_with(3, "100.5", 2), one_hot=True) == (
            "one_hot needs classes, and the target 'price' is of numbers"
        )

    def test_a_file_without_names(self, fault):
        assert fault(ROWS) == "houses.csv: has no column 'price'; its first line has numbers and no names: 50, 0, 100"

    @pytest.mark.parametrize(
        ("cell", "hint"),
        [
            (
                "x",
                "name it in missing_values if it means that there is no value, or write categorical: [rooms] if they "
                "are categories",
            ),
            ("inf", "name it in missing_values if it means that there is no value"),
            ("1_000", "write it without the signs between its thousands"),
            ("1 000", "write it without the signs between its thousands"),
            ('"1,5"', "write it without commas, and with a point before decimals"),
            ('"12,000.5"', "write it without commas, and with a point before decimals"),
            ("$5", "write the number alone"),
            ("5 %", "write the number alone"),
            ("2026-11-28", "dates are not read: ignore the column, or write numbers such as the year in its place"),
        ],
    )
    def test_a_text_among_numbers(self, fault, cell, hint):
        assert fault(rows_with(5, cell)) == (
            f"houses.csv: line 5: the column 'rooms' holds '{cell.strip(chr(34))}', which is no number; {hint}"
        )

    def test_a_number_too_large(self, fault):
        for cell in ("1e39", "9" * 400):
            assert fault(rows_with(5, cell)) == (
                f"houses.csv: line 5: the column 'rooms' holds '{cell[:40]}', more than the largest number of float32, "
                "3.4e+38"
            )

    @pytest.mark.parametrize("date", ["2026-11-{:02}", "{}.11.2026", "11/{}/26", "2026-11-{:02}T10:00:00Z", "10:{:02}"])
    def test_dates(self, fault, date):
        text = "day,price\n" + "".join(f"{date.format(i % 5 + 10)},{i}\n" for i in range(20))
        assert fault(text) == (
            f"houses.csv: line 2: the column 'day' holds '{date.format(10)}', which is no number; dates are not read: "
            "ignore the column, or write numbers such as the year in its place"
        )

    def test_dates_of_parquet(self, fault, tmp_path):
        days = pa.array(np.arange("2026-11-01", "2026-11-13", dtype="datetime64[D]"))
        parquet.write_table(pa.table({"day": days, "price": list(range(12))}), tmp_path / "a.parquet")
        assert fault(None, "a.parquet") == (
            "a.parquet: the column 'day' holds dates or times (date32[day]); dates are not read: ignore the column, or "
            "write numbers such as the year in its place"
        )

    def test_texts_that_are_no_categories(self, fault):
        text = "name,price\n" + "".join(f"house {i},{i}\n" for i in range(12))
        assert fault(text) == (
            f"houses.csv: the column 'name' holds 12 different texts in 12 rows; {TEXT_LIMIT} ignore: [name] to leave "
            "it out, or categorical: [name]"
        )

    def test_a_column_without_values(self, fault):
        text = "size,note,price\n" + "".join(f"{i},,{i}\n" for i in range(12))
        assert fault(text, missing="mean") == (
            "houses.csv: the column 'note' has no value in any row; write ignore: [note]"
        )


class TestValues:
    def test_missing_ones(self, fault):
        text = rows_with(5, "NA").replace("58,0", "58,")
        assert fault(text) == (
            "houses.csv: line 5: the column 'rooms' has no value, as in 1 more row; write missing: "
            "median (or mean) to fill in the training rows', or name the column in ignore"
        )

    def test_missing_targets(self, fault):
        text = rows_with(7, "?", 2).replace(",110", ",").replace(",111", ",")
        assert fault(text) == (
            "houses.csv: line 7: the target 'price' has no value, as in 2 more rows; leave such rows out "
            "of the file, or fill them in"
        )

    def test_a_target_that_is_no_number(self, fault):
        assert fault(rows_with(4, "many", 2)) == (
            "houses.csv: line 4: the column 'price' holds 'many', which is no number; name it in missing_values if it "
            "means that there is no value, or write target_type: classes if it is one"
        )

    def test_weights(self, fault):
        assert fault(rows_with(3, "-1"), sample_weight="rooms") == (
            "houses.csv: line 3: the weight 'rooms' is -1; it must be at least 0"
        )

    def test_one_class_and_one_that_no_training_row_has(self, fault, tmp_path):
        text = "size,kind\n" + "1,a\n2,a\n" * 5
        assert fault(text, target="kind") == ("all 10 training rows are of one class, 'a'; there is nothing to learn")
        (tmp_path / "test.csv").write_text("size,kind\n1,a\n\n1,c\n")
        assert fault(text.replace("2,a", "2,b"), target="kind", test="test.csv") == (
            "test.csv: line 4: the class 'c' stands in no training row"
        )

    def test_a_line_without_a_value_in_a_table_of_one_column(self, tmp_path):
        (path := tmp_path / "prices.csv").write_text("price\n1\n2\n\n4\n")
        table = tables.read_table([path], Dialect(), [""])
        assert table.column("price").to_pylist() == ["1", "2", None, "4"]
        assert [table.where(row) for row in (1, 2, 3)] == [f"{path}: line {line}" for line in (3, 4, 5)]

    def test_training_rows_that_all_weigh_nothing(self, fault):
        text = "size,weight,price\n" + "1,0,2\n" * 8 + "1,1,2\n" * 2
        told = "the weights of all training rows are 0, so none counts"
        assert fault(text, sample_weight="weight", split="ordered", test=0.2) == told

    def test_columns_that_part_rows(self, fault):
        text = "size,part,price\n" + "1,train,2\n" * 8 + "1,tset,2\n"
        assert fault(text, split={"column": "part"}) == (
            "houses.csv: line 10: the column 'part' says 'tset' and may say train, validation, test"
        )
        text = "size,day,price\n" + "1,2026-01-02,2\n" * 8 + "1,3/1/2026,2\n"
        assert fault(text, split={"time": "day"}, test=0.2) == (
            "houses.csv: line 10: the column 'day' holds '3/1/2026'; times are numbers, or dates written as 2026-11-28"
            ", which sort by their letters"
        )
        text = "size,who,price\n" + "1,ann,2\n" * 8 + "1,,2\n"
        assert fault(text, split={"grouped": "who"}, test=0.2) == (
            "houses.csv: line 10: the column 'who' has no value; each row needs one to be parted by"
        )

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"validation": "test"}, "data.validation: 2 rows are marked as validation by the column of split"),
            ({"test": "test.csv"}, "data.test: 1 rows are marked as test by the column of split"),
        ],
    )
    def test_no_marked_row_is_left_out(self, fault, tmp_path, more, told):
        (tmp_path / "test.csv").write_text("size,part,price\n1,test,2\n")
        text = "size,part,price\n" + "1,train,2\n" * 8 + "1,validation,2\n2,validation,3\n5,test,4\n"
        assert fault(text, split={"column": "part"}, **more).startswith(f"{told}, and would be left out")


class TestConfig:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({"numeric": ["a"], "ignore": ["a"]}, "the column 'a' stands in numeric and ignore; leave it in one"),
            ({"ignore": ["a", "a"]}, "the column 'a' stands in ignore twice; leave it in one"),
            (
                {"target_type": "numbers", "one_hot": True},
                "one_hot needs a target of classes, and this one is of numbers",
            ),
            ({"target": ["a", "b"], "target_type": "classes"}, "target_type: classes needs one target alone"),
            ({"separator": "::"}, "separator must be one sign, such as ';', or auto"),
            ({"encoding": "utf-9"}, "no encoding of text is called 'utf-9'; utf-8 and latin-1 are common"),
            ({"encoding": "hex"}, "no encoding of text is called 'hex'; utf-8 and latin-1 are common"),
            ({"encoding": "undefined"}, "no encoding of text is called 'undefined'"),
            ({"encoding": "punycode"}, "no encoding of text is called 'punycode'"),
            ({"fill": "mean"}, "unknown key 'fill' in data"),
        ],
    )
    def test_settings_that_do_not_go_together(self, data, message):
        with pytest.raises(ConfigError) as error:
            load_config({"data": {"source": "csv", "path": "a.csv", "target": "price"} | data, **REST})
        assert message in str(error.value)

    def test_more_rows_than_there_are(self, fault):
        assert fault(HEAD + ROWS, num_samples=13).splitlines() == [
            "data.num_samples: num_samples is 13, and there are 12 rows",
            "  leave it out for all rows",
        ]

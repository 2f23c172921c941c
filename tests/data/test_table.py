"""A table of text becomes rows, and what is wrong with it is told by line and column."""

import numpy as np
import pytest

from kerasrun.data.files.table import read_table
from kerasrun.errors import InputError


def table(tmp_path, text, row_shape=None):
    path = tmp_path / "rows.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path, row_shape)


@pytest.mark.parametrize(
    "text",
    [
        "1,2.5,-3e2\n4,5,6\n",
        "a,b,c\n1,2.5,-3e2\n4,5,6",
        "a;b;c\r\n1;2.5;-3e2\r\n4;5;6\r\n",
        "a\tb\tc\n1\t2.5\t-3e2\n\n4\t5\t6\n",
        '\ufeff"a","b, or c","c"\n 1 ,2.5,-3e2\n4,"5",6\n',
    ],
)
def test_numbers_with_or_without_a_line_of_names(tmp_path, text):
    found = table(tmp_path, text)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.array([[1, 2.5, -300], [4, 5, 6]], np.float32))


def test_columns_make_up_the_row_that_the_model_reads(tmp_path):
    assert table(tmp_path, "1,2,3,4\n5,6,7,8\n", (2, 2)).tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no row of numbers"),
        ("a,b\n", "has no row of numbers"),
        ("a,b\n1,2\n3\n", "line 3 has 1 columns, and the first line 2"),
        ("a,b\n1,2\n\n3,x\n", r"line 4, column 2 \(b\): 'x' is no number"),
        ("1,2\n3,\n", "line 2, column 2: is empty"),
        ("1,nan\n", "line 1, column 2: 'nan' is no number"),
        ("a;b\n1;2,5\n", r"line 2, column 2 \(b\): '2,5' is no number; write a point for the comma"),
        (
            "a,b\n1,2\n1e39,3\n",
            r"line 3, column 1 \(a\): '1e39' is more than the largest number of float32, 3\.4e\+38$",
        ),
        ("1,-3.5e38\n", r"line 1, column 2: '-3.5e38' is more than the largest number of float32, 3\.4e\+38$"),
        ("1,1_000\n", "line 1, column 2: '1_000' is no number"),
        (b"1,\xff\n", "is no text in UTF-8"),
        ('1,"2\n', "no CSV"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(tmp_path, text, message):
    with pytest.raises(InputError, match=rf"rows\.csv: {message}" if "CSV" not in message else message):
        table(tmp_path, text)


def test_columns_that_are_not_those_of_the_model(tmp_path):
    with pytest.raises(InputError, match="has 3 columns, and the model reads rows of 2 numbers; leave out"):
        table(tmp_path, "1,2,3\n", (2,))
    with pytest.raises(InputError, match=r"has 3 columns, and the model reads rows of 64 \(8×8\) numbers$"):
        table(tmp_path, "1,2,3\n", (8, 8))

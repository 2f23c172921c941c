"""Pickles of plain data are read; what a pickle asks for beyond that is not done."""

import io
import os
import pickle
import pickletools

import numpy as np
import pytest

from kerasrun.data.files.pickled import read_pickle
from kerasrun.errors import InputError


def read(content):
    return read_pickle(io.BytesIO(content), "batch")


class TestPlainData:
    @pytest.mark.parametrize("protocol", [3, 4])
    @pytest.mark.parametrize("dtype", ["u1", "i8", "f4", ">f8", "?"])
    @pytest.mark.parametrize("order", ["C", "F"])
    def test_arrays_come_as_they_were(self, protocol, dtype, order):
        array = np.array(np.arange(12).reshape(3, 4), dtype, order=order)
        found = read(pickle.dumps({"data": array, "names": ["a"]}, protocol=protocol))
        np.testing.assert_array_equal(found[b"data"], array)
        assert found[b"data"].dtype == array.dtype
        assert found[b"names"] == ["a"]

    def test_an_array_of_lists_comes_as_a_list(self):
        lists = np.empty(2, object)
        lists[:] = [[1, 2], [3]]
        assert read(pickle.dumps(lists, protocol=3)) == [[1, 2], [3]]

    def test_texts_of_python_2_come_as_bytes(self):
        """`U` is its text; this is the batch as it would have written it."""
        assert read(b"\x80\x02}q\x01U\x06labelsq\x02]q\x03K\x07as.") == {b"labels": [7]}


class Call:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class TestHostile:
    @pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
    @pytest.mark.parametrize(
        ("function", "arguments", "name"),
        [
            (os.system, ("touch owned",), "system"),
            (eval, ("open('owned', 'w')",), "eval"),
            (getattr, (os, "system"), "getattr"),
            (pickle.loads, (b"N.",), "loads"),
            (np.load, ("x",), "load"),
            (bytearray, (10,), "bytearray"),
        ],
    )
    def test_no_function_is_called(self, protocol, function, arguments, name, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        if arguments[0] is os:
            arguments = ("os", "system")
        with pytest.raises(InputError, match=rf"batch is not read: it names \w+\.{name}, which could run code"):
            read(pickle.dumps([1, Call(function, *arguments)], protocol=protocol))
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"cos\nsystem\n(S'touch owned'\ntR.", "it names os.system"),
            (b"(S'touch owned'\nios\nsystem\n.", "it names os.system"),
            (b"c__main__\nx\n.", "it names __main__.x"),
            (b"cnumpy\ndtype.__init__\n.", r"it names numpy.dtype.__init__"),
            (b"cnumpy.core.multiarray\n_reconstruct\n(cos\nsystem\ntR.", "it names os.system"),
            (b"cnumpy.core.multiarray\n_reconstruct\n(I1\nI2\nI3\ntR.", "it makes an array of what is none"),
            (b"cnumpy.core.multiarray\n_reconstruct\n}S'a'\nS'b'\nsb.", "it changes what it was given"),
            (b"cnumpy\ndtype\n(S'V8'\ntR.", "it holds values of the type 'V8'"),
            (b"cnumpy\ndtype\n(S'U999999999'\ntR.", "it holds values of the type 'U999999999'"),
            (b"Pmore\n.", "it names what lies outside of it"),
            (b"", r"a damaged pickle \(EOFError"),
            (b"N", r"a damaged pickle \(EOFError"),
            (b"\xff\xff", r"a damaged pickle \("),
            (b"cnumpy\nndarray\n(I9\ntR.", r"a damaged pickle \(TypeError"),
        ],
    )
    def test_what_no_plain_data_needs_is_told(self, content, message):
        with pytest.raises(InputError, match=message):
            read(content)

    @pytest.mark.parametrize("count", [b"J\xff\xff\xff\x7f", b"J\xff\xff\xff\xff", b"K\x04", b"N"])
    def test_an_array_never_gets_more_room_than_it_has_bytes(self, count):
        code = pickletools.optimize(pickle.dumps(np.zeros(3, np.float64), protocol=3))
        forged = code.replace(b"K\x01K\x03\x85", b"K\x01" + count + b"\x85")
        assert forged != code
        with pytest.raises(InputError, match="an array in it has not the size that it says it has"):
            read(forged)

    def test_bytes_are_never_taken_for_objects(self):
        """numpy would take them for addresses."""
        code = pickletools.optimize(pickle.dumps(np.zeros(1, np.int64), protocol=3))
        for name in (b"O8", b"|O", b"V8", b"M8"):
            forged = code.replace(b"X\x02\x00\x00\x00i8", b"X\x02\x00\x00\x00" + name)
            assert forged != code
            with pytest.raises(
                InputError, match=r"batch is not read: (a list in it has not|it holds values of the type)"
            ):
                read(forged)

"""Values come back from a file as they went in."""

import ml_dtypes
import numpy as np
import pytest

from kerasrun.runs.store.packed import read_packed, write_packed


def test_values_come_back_with_their_types(tmp_path):
    tree = {
        "nothing": None,
        "numbers": [1, 2.5, float("inf"), True, -0.0, 2**70],
        "text": "ü",
        "pair": (1, (2,)),
        3: {"empty": [], "none": {}},
        "scalar": np.float32(0.1),
    }
    write_packed(tmp_path / "x.npz", tree)
    found = read_packed(tmp_path / "x.npz")
    assert found == tree
    assert type(found["pair"]) is tuple
    assert type(found["scalar"]) is np.float32
    assert str(found["numbers"]) == str(tree["numbers"])


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16", "int32", "uint32", "bool", "uint8"])
@pytest.mark.parametrize("shape", [(), (0,), (3, 2)])
def test_arrays_come_back_to_the_bit(tmp_path, dtype, shape):
    assert ml_dtypes  # it makes bfloat16 known to numpy
    array = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    write_packed(tmp_path / "x.npz", {"a": [array]})
    [found] = read_packed(tmp_path / "x.npz")["a"]
    assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_a_pickle_is_not_opened(tmp_path):
    np.savez(tmp_path / "x.npz", tree=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        read_packed(tmp_path / "x.npz")


def test_another_file_is_refused(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"something else")
    with pytest.raises(ValueError):
        read_packed(tmp_path / "x.npz")

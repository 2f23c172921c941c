"""Reading a history: every form that is understood, and a word on every form that is not."""

import json
import math
import re
import zipfile

import numpy as np
import pytest

from kerasrun.errors import InputError
from kerasrun.report.history import load_history

EXPECTED = "Give the history.json of a run, or what Keras users save with json.dump(history.history, file)."


def load(tmp_path, content):
    file = tmp_path / "some.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return load_history(file)


def own(**tables):
    return {"format": "kerasrun-history-1", **tables}


def test_a_history_of_keras_gets_its_epochs_counted_from_1(tmp_path):
    history = load(tmp_path, {"loss": [2.0, 1.0], "accuracy": [0.5, 0.75]})
    assert history.epochs == {"epoch": [1, 2], "loss": [2.0, 1.0], "accuracy": [0.5, 0.75]}
    assert history.steps == history.evaluations == {}


def test_the_old_names_of_keras_become_the_new_ones(tmp_path):
    history = load(tmp_path, {"acc": [0.5], "val_acc": [0.25], "lr": [0.001]})
    assert list(history.epochs) == ["epoch", "accuracy", "val_accuracy", "learning_rate"]


def test_an_old_name_beside_the_new_one_is_kept(tmp_path):
    history = load(tmp_path, {"acc": [0.5], "accuracy": [0.25]})
    assert (history.epochs["acc"], history.epochs["accuracy"]) == ([0.5], [0.25])


def test_a_single_epoch_without_validation_is_a_history(tmp_path):
    assert load(tmp_path, {"loss": [1]}).epochs == {"epoch": [1], "loss": [1.0]}


def test_null_and_the_tokens_of_python_are_read_as_nan(tmp_path):
    history = load(tmp_path, '{"loss": [NaN, Infinity, -Infinity, null, 1e999, 1.0]}')
    np.testing.assert_array_equal(history.epochs["loss"], [math.nan] * 5 + [1.0])


def test_an_integer_beyond_the_floats_is_read_as_nan(tmp_path):
    assert math.isnan(load(tmp_path, {"loss": [10**400]}).epochs["loss"][0])


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert load(tmp_path, b'\xef\xbb\xbf{"loss": [1.0]}').epochs["loss"] == [1.0]


def test_an_epoch_column_of_ones_own_is_kept(tmp_path):
    assert load(tmp_path, {"epoch": [10.0, 20.0], "loss": [1.0, 2.0]}).epochs["epoch"] == [10, 20]


def test_a_kerasrun_history_without_a_row_is_empty(tmp_path):
    assert load(tmp_path, own(epochs={})).is_empty


BAD = {
    "empty": ("", f"the file is empty. {EXPECTED}"),
    "blank": (" \n\t", f"the file is empty. {EXPECTED}"),
    "binary": (b"\x80\x04\x95\xff", f"this is not a text file in UTF-8. {EXPECTED}"),
    "zeros": (b"\0" * 64, f"this is not a text file in UTF-8. {EXPECTED}"),
    "HDF5": (
        b"\x89HDF\r\n\x1a\n\0\0",
        "this is a saved model, not a history. Give the history.json of the run that made it.",
    ),
    "cut off": (
        '{"loss": [1.0,\n 2.0',
        "not valid JSON at line 2, column 5: Expecting ',' delimiter. Was it cut off or edited by hand?",
    ),
    "a list": ([1, 2], f"holds a list where a mapping of lists was expected. {EXPECTED}"),
    "a number": ("3", f"holds a number where a mapping of lists was expected. {EXPECTED}"),
    "null": ("null", f"holds null where a mapping of lists was expected. {EXPECTED}"),
    "no column": ({}, f"the history has no column; was no epoch completed? {EXPECTED}"),
    "no list": ({"loss": 0.5}, f"'loss' is a number; it must be a list of numbers. {EXPECTED}"),
    "a table": ({"loss": {"0": 1.0}}, f"'loss' is a mapping; it must be a list of numbers. {EXPECTED}"),
    "texts": ({"loss": [1.0, "0.5"]}, "'loss' has a text at position 2; it must be a number or null."),
    "booleans": ({"loss": [True]}, "'loss' has true or false at position 1; it must be a number or null."),
    "lists": ({"loss": [[1.0]]}, "'loss' has a list at position 1; it must be a number or null."),
    "unequal": (
        {"loss": [1.0, 2.0], "accuracy": [0.5], "val_loss": [1.0, 2.0]},
        "the lists differ in length: loss has 2, accuracy has 1, val_loss has 2. Each must have one number a row.",
    ),
    "epochs backwards": (
        {"epoch": [2, 1], "loss": [1.0, 2.0]},
        "the list 'epoch' must count upwards from row to row.",
    ),
    "a kerasrun model": (
        {"format": "kerasrun-model-1", "model": {}},
        "is a kerasrun file of the format 'kerasrun-model-1', not a history. Give the history.json of its run.",
    ),
    "a later kerasrun": (
        {"format": "kerasrun-history-2"},
        "has the format 'kerasrun-history-2'; this kerasrun reads 'kerasrun-history-1'. "
        "Use the kerasrun that wrote it.",
    ),
    "another format": ({"format": "xyz"}, f"has the unknown format 'xyz'. {EXPECTED}"),
    "no table": (own(), "has no table. A history has: epochs, steps, evaluations."),
    "another table": (
        own(epoch={}),
        "has unknown tables: 'epoch'. A history has: epochs, steps, evaluations.",
    ),
    "a table as a list": (
        own(steps=[]),
        "the table 'steps' is a list; it must be a mapping of lists of numbers.",
    ),
    "steps without step": (own(steps={"loss": [1.0]}), "the table 'steps' lacks its column 'step'."),
    "steps without loss": (own(steps={"step": [1]}), "the table 'steps' lacks its column 'loss'."),
    "unequal steps": (
        own(steps={"step": [0, 1], "loss": [1.0]}),
        "the lists differ in length: steps: step has 2, steps: loss has 1. Each must have one number a row.",
    ),
    "too deep": ("[" * 100_000, f"not a history: the JSON is nested too deeply. {EXPECTED}"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD.keys())
def test_what_is_no_history_is_told_with_path_fault_and_remedy(content, message, tmp_path):
    with pytest.raises(InputError) as caught:
        load(tmp_path, content)
    assert str(caught.value) == f"{tmp_path / 'some.json'}: {message}"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=re.escape(f"none.json: there is no such file. {EXPECTED}")):
        load_history(tmp_path / "none.json")


def test_a_folder_is_refused_with_the_file_that_lies_in_it(tmp_path):
    with pytest.raises(InputError, match=re.escape(f"{tmp_path}: this is a folder. {EXPECTED}")):
        load_history(tmp_path)
    (tmp_path / "history.json").touch()
    inside = tmp_path / "history.json"
    with pytest.raises(InputError, match=re.escape(f"{tmp_path}: this is a folder. Give {inside}.")):
        load_history(str(tmp_path))


def test_a_keras_model_is_told_apart_from_a_history(tmp_path):
    file = tmp_path / "model.keras"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(InputError, match="this is a saved model, not a history"):
        load_history(file)


def test_a_huge_file_is_refused_unread(tmp_path):
    file = tmp_path / "huge.json"
    with file.open("wb") as stream:
        stream.truncate(200_000_001)
    message = "huge.json: the file has 200,000,001 bytes; a history has at most 200,000,000. "
    with pytest.raises(InputError, match=re.escape(message + EXPECTED)):
        load_history(file)


def test_a_number_of_thousands_of_digits_is_told_in_a_word(tmp_path):
    with pytest.raises(InputError, match="not a history: Exceeds the limit"):
        load(tmp_path, '{"loss": [' + "1" * 5000 + "]}")

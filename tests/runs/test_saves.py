"""What callbacks save appears whole, and older models never replace newer ones."""

from pathlib import Path

import pytest

from kerasrun.runs.saves import careful_saves, read_saves
from kerasrun.runs.store.folder import RunFolder


class Model:
    """Saves its word."""

    def __init__(self, word):
        self.word = word

    def save(self, filepath, overwrite=True):
        Path(filepath).write_text(self.word)

    def save_weights(self, filepath):
        Path(filepath).write_text(self.word[: len(self.word) // 2])
        raise OSError("the disk is full")


def save(folder, word, place):
    model = Model(word)
    with careful_saves(model, RunFolder(folder), lambda: place):
        model.save(str(folder / "best.keras"), overwrite=True)
    assert "save" not in vars(model)
    return (folder / "best.keras").read_text()


def test_a_run_that_goes_on_from_before_a_save_keeps_what_was_saved(tmp_path):
    assert save(tmp_path, "epoch 10", (10, 0)) == "epoch 10"
    assert save(tmp_path, "epoch 12", (12, 0)) == "epoch 12"
    assert save(tmp_path, "epoch 11 again", (11, 0)) == "epoch 12"
    assert save(tmp_path, "epoch 12 again", (12, 0)) == "epoch 12 again"
    assert save(tmp_path, "epoch 12, later", (12, 7)) == "epoch 12, later"


def test_a_file_that_is_gone_is_saved_again(tmp_path):
    save(tmp_path, "epoch 12", (12, 0))
    (tmp_path / "best.keras").unlink()
    assert save(tmp_path, "epoch 11", (11, 0)) == "epoch 11"
    assert read_saves(RunFolder(tmp_path)) == {"best.keras": [(11, 0)]}


def test_every_place_of_a_file_is_known_and_a_run_that_goes_on_counts_none_twice(tmp_path):
    for place in [(10, 0), (12, 0), (14, 0), (12, 0), (14, 0), (15, 0)]:
        save(tmp_path, "word", place)
    assert read_saves(RunFolder(tmp_path)) == {"best.keras": [(10, 0), (12, 0), (14, 0), (15, 0)]}


def test_what_an_older_run_knows_of_its_saves_counts(tmp_path):
    save(tmp_path, "epoch 12", (12, 0))
    RunFolder(tmp_path).saves.write_text('{\n  "best.keras": [\n    12,\n    0\n  ]\n}\n')
    assert save(tmp_path, "epoch 11", (11, 0)) == "epoch 12"
    assert read_saves(RunFolder(tmp_path)) == {"best.keras": [(12, 0)]}


def test_a_save_that_fails_leaves_what_was_there(tmp_path):
    (tmp_path / "x.weights.h5").write_text("before")
    model = Model("long word")
    with careful_saves(model, RunFolder(tmp_path), lambda: (0, 0)), pytest.raises(OSError, match="full"):
        model.save_weights(str(tmp_path / "x.weights.h5"))
    assert (tmp_path / "x.weights.h5").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.weights.h5"]

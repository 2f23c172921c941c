"""A history in memory: rows come in, JSON goes out, the best epoch is found."""

import hashlib
import json
import math
import subprocess
import sys

import numpy as np
import pytest

from kerasrun.errors import InputError
from kerasrun.report.history import History, load_history


def of_losses(**columns: list[float]) -> History:
    rows = len(next(iter(columns.values())))
    return History(epochs={"epoch": list(range(1, rows + 1)), **columns})


def test_rows_become_columns_in_the_order_of_the_first_row():
    history = History()
    history.append("epochs", {"epoch": 1, "loss": 0.5, "accuracy": 0.75})
    history.append("epochs", {"epoch": 2, "loss": 0.25, "accuracy": 0.875})
    assert history.epochs == {"epoch": [1, 2], "loss": [0.5, 0.25], "accuracy": [0.75, 0.875]}
    assert list(history.epochs) == ["epoch", "loss", "accuracy"]


def test_a_column_that_appears_later_and_one_that_stays_away_are_filled_with_nan():
    history = History()
    history.append("epochs", {"epoch": 1, "loss": 0.5})
    history.append("epochs", {"epoch": 2, "val_loss": 0.75})
    np.testing.assert_array_equal(history.epochs["loss"], [0.5, math.nan])
    np.testing.assert_array_equal(history.epochs["val_loss"], [math.nan, 0.75])


def test_numpy_scalars_become_plain_numbers():
    history = History()
    history.append("steps", {"step": np.int64(3), "loss": np.float32(0.5)})
    assert [type(column[0]) for column in history.steps.values()] == [int, float]


def test_a_table_of_another_name_is_refused():
    with pytest.raises(ValueError, match="there is no table 'epoch'; there are: epochs, steps, evaluations"):
        History().append("epoch", {"loss": 1.0})


def test_a_history_is_empty_until_a_table_has_a_row():
    assert History().is_empty
    assert History(epochs={"epoch": [], "loss": []}).is_empty
    assert not of_losses(loss=[1.0]).is_empty


def test_the_json_has_one_line_a_column():
    history = of_losses(loss=[0.5, 0.25])
    text = '{\n  "format": "kerasrun-history-1",\n  "epochs": {\n    "epoch": [1, 2],\n    "loss": [0.5, 0.25]\n  }'
    digest = hashlib.sha256(f"{text}\n}}\n".encode()).hexdigest()
    assert history.to_json() == f'{text},\n  "sha256": "{digest}"\n}}\n'


@pytest.mark.parametrize(("before", "after"), [("0.25", "0.35"), ("loss", "lost"), ('"sha', '"sho'), ("\n}\n", "\n}")])
def test_a_history_that_was_altered_is_refused(tmp_path, before, after):
    (tmp_path / "history.json").write_text(of_losses(loss=[0.5, 0.25]).to_json().replace(before, after))
    with pytest.raises(InputError, match=r"is not as it was written|unknown tables"):
        load_history(tmp_path / "history.json")


def test_the_json_is_strict_and_has_null_for_what_is_not_finite():
    text = of_losses(loss=[math.nan, math.inf, -math.inf, 1.0]).to_json()
    refuse = pytest.fail
    assert json.loads(text, parse_constant=refuse)["epochs"]["loss"] == [None, None, None, 1.0]


@pytest.mark.parametrize(
    "history",
    [
        History(),
        of_losses(loss=[0.1, 1 / 3], val_loss=[1e-300, 2.0]),
        History(
            steps={"step": [0, 1, 2], "loss": [2.5, 2.25, 2.0]},
            evaluations={"step": [0, 2], "epoch": [0.0, 0.5], "loss": [2.5, 2.0], "val_accuracy": [0.1, 0.2]},
        ),
    ],
    ids=["empty", "epochs", "steps"],
)
def test_what_is_written_is_read_back(history, tmp_path):
    file = tmp_path / "history.json"
    file.write_text(history.to_json(), encoding="utf-8")
    back = load_history(file)
    assert back == history
    assert back.to_json() == history.to_json()


@pytest.mark.parametrize(
    ("columns", "arguments", "best"),
    [
        ({"loss": [3.0, 1.0, 2.0]}, {}, (2, "loss")),
        ({"loss": [3.0, 2.0, 1.0], "val_loss": [2.0, 1.0, 3.0]}, {}, (2, "val_loss")),
        ({"loss": [3.0, 2.0], "val_loss": [math.nan, 1.0]}, {}, (2, "val_loss")),
        ({"loss": [3.0, 2.0], "val_loss": [math.nan, math.nan]}, {}, (2, "loss")),
        ({"loss": [1.0, 1.0]}, {}, (1, "loss")),
        ({"loss": [1.0, 2.0], "auc": [0.5, 0.75]}, {"monitor": "auc", "mode": "max"}, (2, "auc")),
        ({"loss": [1.0, 2.0]}, {"monitor": "val_loss"}, None),
        ({"loss": [math.nan]}, {}, None),
    ],
)
def test_the_best_epoch_has_the_lowest_validation_loss(columns, arguments, best):
    assert of_losses(**columns).best(**arguments) == best


def test_the_best_epoch_of_a_run_counted_in_steps_is_that_of_an_evaluation():
    evaluations = {"step": [0, 5, 10], "epoch": [0.0, 0.5, 1.0], "val_loss": [3.0, 1.0, 2.0]}
    assert History(steps={"step": [0], "loss": [9.0]}, evaluations=evaluations).best() == (0.5, "val_loss")
    assert History().best() is None


def test_a_history_is_there_without_the_drawing_library():
    code = "import kerasrun.report.history, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

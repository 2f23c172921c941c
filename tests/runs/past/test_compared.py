"""Several runs side by side: what differs, figures, and which of them are best. The runs are made up by hand."""

import json

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.past.compare_table import compared_lines, letter
from kerasrun.runs.past.compared import compare_several, compared_tree
from tests.made_runs import make_run

# Three epochs; by its validation the second one is the best.
EPOCHS = {
    "epoch": [1, 2, 3],
    "loss": [0.9, 0.5, 0.4],
    "accuracy": [0.5, 0.6, 0.7],
    "val_loss": [0.8, 0.6, 0.7],
    "val_accuracy": [0.4, 0.75, 0.7],
    "learning_rate": [0.01, 0.01, 0.01],
    "epoch_time_s": [3.0, 1.0, 2.0],
}


def rows(compared, group):
    return {row.name: (row.values, row.best) for row in compared.figures[group]}


@pytest.fixture
def two(tmp_path):
    """A folder with `tiny/a` and `tiny/b`, which has more units and was trained longer."""
    make_run(tmp_path, "tiny/a", epochs=EPOCHS, metrics={"train": {"loss": 0.3}, "test": {"loss": 0.5}})
    longer = {"epoch": [1, 2, 3, 4], "loss": [0.9, 0.5, 0.4, 0.3], "val_loss": [0.8, 0.7, 0.5, 0.9]}
    settings = ("model.0.Dense.units=8", "training.epochs=4", "seed=8")
    metrics = {"train": {"loss": 0.2}, "test": {"loss": 0.6}}
    make_run(tmp_path, "tiny/b", settings, longer, metrics, num_parameters=25, time_s=62.0)
    return tmp_path


class TestFigures:
    def test_at_the_best_epoch_of_each(self, two):
        assert rows(compare_several(["a", "b"], two), "at the best epoch") == {
            "epoch": ((2, 3), ()),
            "loss": ((0.5, 0.4), (1,)),
            "accuracy": ((0.6, None), ()),
            "val_loss": ((0.6, 0.5), (1,)),
            "val_accuracy": ((0.75, None), ()),
        }

    def test_at_the_end_and_of_the_run(self, two):
        compared = compare_several(["a", "b"], two)
        assert rows(compared, "at the end") == {"train.loss": ((0.3, 0.2), (1,)), "test.loss": ((0.5, 0.6), (0,))}
        assert rows(compared, "run") == {
            "epochs": ((3, 4), ()),
            "time_s": ((2.5, 62.0), ()),
            "epoch_time_s": ((2.0, None), ()),
            "num_parameters": ((13, 25), ()),
        }

    def test_a_run_that_broke_off_has_those_of_its_history(self, two):
        run = make_run(two, "tiny/c", epochs=EPOCHS, metrics={"train": {"loss": 9.0}}, status="running", time_s=None)
        compared = compare_several(["a", "c"], two)
        assert compared.states == ("finished", "broken off")
        assert rows(compared, "at the best epoch")["val_loss"] == ((0.6, 0.6), ())
        assert rows(compared, "at the end")["train.loss"] == ((0.3, None), ())
        assert rows(compared, "run")["time_s"] == ((2.5, None), ())
        assert run.path.name in compared.names

    def test_a_run_without_a_history_yet(self, two):
        make_run(two, "tiny/new", history=False, status="running")
        compared = compare_several(["a", "new"], two)
        assert rows(compared, "at the best epoch")["loss"] == ((0.5, None), ())
        assert compared.curves["new"].is_empty

    def test_none_is_the_best_where_the_data_differs(self, two):
        make_run(two, "tiny/other", data={"sha256": "f" * 64, "rows": {"train": 16, "validation": 4}})
        compared = compare_several(["a", "other"], two)
        assert {row.best for table in compared.figures.values() for row in table} == {()}
        assert compared.notes == ("the runs have different data, so none of their figures is called the best",)

    def test_and_no_loss_where_the_losses_differ(self, two):
        settings = ["training.loss=mean_absolute_error", "training.metrics=[mse]"]
        make_run(two, "tiny/mae", settings, {**EPOCHS, "val_accuracy": [0.9, 0.8, 0.7]})
        compared = compare_several(["a", "mae"], two)
        assert rows(compared, "at the best epoch")["val_loss"] == ((0.6, 0.6), ())
        assert rows(compared, "at the best epoch")["val_accuracy"] == ((0.75, 0.8), (1,))
        assert "different losses" in compared.notes[0]


class TestLines:
    def test_two_runs_side_by_side(self, two):
        assert compared_lines(compare_several(["a", "b"], two)) == [
            "a  tiny/a  finished  Dense 4 – Dense 1, SGD, 3 epochs",
            "b  tiny/b  finished  Dense 8 – Dense 1, SGD, 3/4 epochs",
            "",
            "settings                       a          b",
            "  model[0].Dense.units         4          8",
            "  training.epochs              3          4",
            "",
            "seeds                          a          b",
            "  seed                         7          8",
            "",
            "at the best epoch              a          b",
            "  epoch                        2          3",
            "  loss                    0.5000     0.4000*",
            "  accuracy                0.6000          –",
            "  val_loss                0.6000     0.5000*",
            "  val_accuracy            0.7500          –",
            "",
            "at the end                     a          b",
            "  train.loss              0.3000     0.2000*",
            "  test.loss               0.5000*    0.6000",
            "",
            "run                            a          b",
            "  epochs                       3          4",
            "  time                     2.5 s     62.0 s",
            "  time of an epoch         2.0 s          –",
            "  parameters                  13         25",
            "",
            "* the best of its row",
        ]

    def test_best_figures_that_look_the_same_get_more_digits(self, two):
        make_run(two, "tiny/c", epochs={**EPOCHS, "val_accuracy": [0.4, 0.75001, 0.7]})
        make_run(two, "tiny/d", epochs=EPOCHS)
        lines = compared_lines(compare_several(["d", "c"], two))
        assert ["val_accuracy", "0.75", "0.75001*"] in [line.split() for line in lines]

    @pytest.mark.parametrize(("count", "width"), [(2, 80), (4, 80), (4, 120), (9, 80), (30, 120)])
    def test_no_line_is_wider_than_the_terminal_and_every_value_is_there(self, tmp_path, count, width):
        for n in range(count):
            settings = [f"training.batch_size={n + 1}", f"model.0.Dense.units={100 + n}", f"training.epochs={n + 3}"]
            settings += ["training.optimizer={Adam: {learning_rate: 0.001, clipnorm: 1.5, use_ema: true}}"] * (n % 2)
            make_run(tmp_path, f"tiny/run{n:02}", settings)
        lines = compared_lines(compare_several(["tiny/*"], tmp_path), width)
        assert max(map(len, lines)) <= width
        words = " ".join(lines).split()
        assert all(str(100 + n) in words for n in range(count))
        assert "Adam: {clipnorm: 1.5, use_ema: true}" in " ".join(" ".join(lines).split())

    def test_runs_that_are_the_same(self, tmp_path):
        make_run(tmp_path, "tiny/a"), make_run(tmp_path, "tiny/b")
        assert "settings, seeds, data and environment are the same" in compared_lines(
            compare_several(["tiny/*"], tmp_path)
        )

    def test_letters_go_on_after_z(self):
        assert [letter(place) for place in (0, 25, 26, 27, 52)] == ["a", "z", "aa", "ab", "ba"]


class TestJson:
    def test_has_every_value_in_full_in_the_order_of_the_runs(self, two):
        tree = json.loads(json.dumps(compared_tree(compare_several(["b", "a"], two)), allow_nan=False))
        assert [(run["name"], run["state"]) for run in tree["runs"]] == [("b", "finished"), ("a", "finished")]
        assert tree["differences"]["settings"] == {"model[0].Dense.units": [8, 4], "training.epochs": [4, 3]}
        assert tree["differences"]["seeds"] == {"seed": [8, 7]}
        assert tree["figures"]["at the best epoch"]["val_accuracy"] == {"values": [None, 0.75], "best": []}
        assert tree["figures"]["at the end"]["test.loss"] == {"values": [0.6, 0.5], "best": [1]}

    def test_what_is_not_finite_is_null(self, two):
        make_run(two, "tiny/nan", epochs={**EPOCHS, "accuracy": [0.5, float("nan"), 0.7]})
        tree = compared_tree(compare_several(["a", "nan"], two))
        assert tree["figures"]["at the best epoch"]["accuracy"]["values"] == [0.6, None]


class TestFaults:
    def test_one_run_alone(self, two):
        with pytest.raises(InputError, match=r"tiny/a: is one run; compare two or more; kerasrun runs lists"):
            compare_several(["a"], two)
        with pytest.raises(InputError, match=r"tiny/a: is the same run more than once"):
            compare_several(["a", "tiny/a"], two)

    def test_a_damaged_run(self, two):
        manifest = two / "tiny/b/manifest.json"
        manifest.write_text(manifest.read_text().replace('"seed": 8', '"seed": 9'))
        with pytest.raises(InputError, match=r"tiny/b/manifest.json: is not as kerasrun wrote it"):
            compare_several(["a", "b"], two)

    def test_a_damaged_history(self, two):
        (two / "tiny/b/history.json").write_text("{")
        with pytest.raises(InputError, match=r"tiny/b/history.json: not valid JSON"):
            compare_several(["a", "b"], two)

"""Settings that would be ignored, do damage or crash are refused before the first step, and leave nothing behind."""

import threading

import numpy as np
import pytest

import kerasrun as package
from kerasrun.errors import InputError
from tests.conftest import QUICK, TINY

# What to replace in the tiny config, by what, and what the message says.
REFUSED = {
    "a callback that writes over the record": (
        "training:",
        "callbacks: [{CSVLogger: config.yaml}]\ntraining:",
        "'config.yaml' is a file of the run itself",
    ),
    "a callback that would empty the run": (
        "training:",
        "callbacks: [{BackupAndRestore: '.'}]\ntraining:",
        "expected a path",
    ),
    "batches and epochs counted at once": (
        "training:",
        "callbacks:\n  - ModelCheckpoint: {filepath: a.keras, save_freq: 1, every_epochs: 3}\ntraining:",
        "every_epochs counts epochs, and save_freq counts batches",
    ),
    "a monitor that logs never have": (
        "training:",
        "callbacks: [{EarlyStopping: {monitor: learning_rate}}]\ntraining:",
        "EarlyStopping watches 'learning_rate', which no epoch has",
    ),
    "a file name with what no epoch has": (
        "training:",
        "callbacks: [{ModelCheckpoint: 'a{val_acc}.keras'}]\ntraining:",
        "'a{val_acc}.keras' names 'val_acc', which no epoch has",
    ),
    "a metric named as a column": (
        "loss: mean",
        "metrics: [{MeanAbsoluteError: {name: epoch}}]\n  loss: mean",
        "a metric cannot be named 'epoch'",
    ),
    "class weights of a regression": (
        "loss: mean",
        "class_weight: {0: 100.0}\n  loss: mean",
        "the targets are not the classes of one output",
    ),
    "a list of losses": ("loss: mean_squared_error", "loss: [mean_squared_error]", "expected one loss, got a list"),
    "an empty loss": ("loss: mean_squared_error", "loss: {}", "expected the name of a loss, got an empty mapping"),
    "a name that a graph cannot hold": (
        "- Dense: 1",
        "- Dense: 1\n    name: 層",
        "a layer's name is made of letters a to z",
    ),
    "an argument of the wrong type": (
        "optimizer: SGD",
        "optimizer: {SGD: {clipnorm: x}}",
        "SGD|training step|compiled",
    ),
    "a schedule of words": (
        "optimizer: SGD",
        "optimizer: {SGD: {learning_rate: {PolynomialDecay: {initial_learning_rate: x, decay_steps: 2}}}}",
        "PolynomialDecay|SGD|training step|compiled",
    ),
    "no layers": (
        "  - Dense: {units: 4, activation: tanh}\n  - Dense: 1\n",
        "  layers: []\n",
        "the model has no layers",
    ),
    "an activation that is a mapping": (
        "tanh",
        "{LeakyReLU: 0.1}",
        "expected the name of an activation, got a mapping",
    ),
    "several tensors without names": (
        "- Dense: 1",
        "- Reshape: [4, 1]\n  - LSTM: {units: 3, return_state: true}",
        "the model puts out 3 tensors without names",
    ),
    "one unit for several classes": (
        "loss: mean_squared_error",
        "loss: sparse_categorical_crossentropy",
        "compares classes, and the targets are numbers",
    ),
    "more threads than a machine has": ("seed: 7", "seed: 7\nthreads: 1000000000000", "threads must be at most 4096"),
    "a user that is not there": (
        "source: sine\n  num_samples: 20",
        "source: npz\n  path: ~nosuchuser/x.npz",
        "'~nosuchuser/x.npz' is no path",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused(tmp_path, what):
    old, new, message = REFUSED[what]
    assert old in QUICK
    (tmp_path / "config.yaml").write_text(QUICK.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        package.train(tmp_path / "config.yaml", output=tmp_path / "outputs")
    assert not list((tmp_path / "outputs").glob("*")) if (tmp_path / "outputs").exists() else True


TWO_OUTPUTS = {
    "model": {
        "layers": [
            {"Dense": 4, "name": "body"},
            {"Dense": 1, "name": "v"},
            {"Dense": 1, "name": "u", "from": "body"},
        ],
        "outputs": ["v", "u"],
    },
    "data": {"source": "sine"},
    "output": {"plots": [], "report": False},
}


class TestSeveralOutputs:
    def train(self, tmp_path, **training):
        training = {"epochs": 3, "loss": {"v": "mse", "u": "mse"}, "optimizer": "SGD", "program": "graph"} | training
        return package.train(TWO_OUTPUTS | {"training": training}, output=tmp_path)

    def test_loss_weights_weigh_the_output_that_they_name(self, tmp_path):
        before = self.train(tmp_path, epochs=0).model
        after = self.train(tmp_path, loss_weights={"v": 1.0, "u": 0.0}).model
        changed = {
            name: not np.array_equal(before.get_layer(name).get_weights()[0], after.get_layer(name).get_weights()[0])
            for name in ("v", "u")
        }
        assert changed == {"v": True, "u": False}

    def test_one_target_serves_them_all(self, tmp_path):
        run = self.train(tmp_path)
        assert {"loss", "v_loss", "u_loss"} <= set(run.metrics["train"])

    @pytest.mark.parametrize("setting", [{"metrics": ["mae", "mse"]}, {"metrics": "mae"}])
    def test_a_list_does_not_say_which_it_means(self, tmp_path, setting):
        if setting == {"metrics": "mae"}:
            setting = {"metrics": ["mae"]}
        with pytest.raises(InputError, match="which of 2 outputs a list means is not said"):
            self.train(tmp_path, **setting)

    def test_a_metric_of_one_may_have_arguments(self, tmp_path):
        run = self.train(tmp_path, metrics={"v": [{"RootMeanSquaredError": {"name": "rmse"}}], "u": "mae"})
        figures = run.metrics["train"]
        assert figures["v_rmse"] ** 2 == pytest.approx(figures["v_loss"], rel=1e-5)
        assert "u_mae" in figures

    def test_each_needs_a_loss(self, tmp_path):
        with pytest.raises(InputError, match="no loss is given for the output u"):
            self.train(tmp_path, loss={"v": "mse"})

    def test_an_unknown_one_is_told(self, tmp_path):
        with pytest.raises(InputError, match=r"no output is named 'w'"):
            self.train(tmp_path, loss={"v": "mse", "u": "mse", "w": "mse"})


def test_the_only_output_may_be_named_too(tmp_path):
    config = {"data": {"source": "sine"}, "model": [{"Dense": 1, "name": "y"}], "output": TWO_OUTPUTS["output"]}
    plain = {"epochs": 2, "loss": "mse", "metrics": ["mae"]}
    named = {"epochs": 2, "loss": {"y": "mse"}, "metrics": {"y": ["mae"]}}
    runs = [package.train(config | {"training": training}, output=tmp_path) for training in (plain, named)]
    assert runs[0].metrics["train"] == runs[1].metrics["train"]


class TestAnErrorWhileTraining:
    def test_of_a_callback_names_it(self, tmp_path):
        text = QUICK + "callbacks:\n  - CSVLogger: {filename: log.csv, separator: ';;'}\n"
        (tmp_path / "config.yaml").write_text(text)
        with pytest.raises(InputError, match=r"the callback CSVLogger failed: .*; the run is broken off"):
            package.train(tmp_path / "config.yaml", output=tmp_path / "outputs")

    def test_of_the_data_says_so(self, tmp_path):
        x = np.zeros((20, 1), "int32")
        x[17] = 99
        np.savez(tmp_path / "rows.npz", x=x, y=np.zeros(20))
        config = {
            "data": {"source": "npz", "path": str(tmp_path / "rows.npz")},
            # Behind another layer the numbers are not compared with its size before training.
            "model": [{"Reshape": [1]}, {"Embedding": {"input_dim": 5, "output_dim": 2}}, "Flatten", {"Dense": 1}],
            "training": {"epochs": 1, "loss": "mse", "program": "graph"},
        }
        with pytest.raises(InputError, match=r"the data does not fit the model: .*99"):
            package.train(config, output=tmp_path / "outputs")


class TestTheModelFile:
    def test_a_foreign_config_beside_it_does_not_count(self, trained, tmp_path):
        import shutil

        shutil.copy(trained / "outputs/tiny/first/model.keras", tmp_path / "model.keras")
        (tmp_path / "config.yaml").write_text(TINY.replace("num_samples: 20", "num_samples: 100"))
        assert package.evaluate(tmp_path / "model.keras").num_rows == 4

    def test_targets_that_do_not_fit_are_refused(self, trained, tmp_path):
        model = trained / "outputs/tiny/first/model.keras"
        for name, y in (("longer", np.zeros((7, 1))), ("wider", np.zeros((5, 3)))):
            np.savez(tmp_path / f"{name}.npz", x=np.zeros((5, 1)), y=y)
            with pytest.raises(InputError, match=r"same number of rows|the targets"):
                package.evaluate(model, data=tmp_path / f"{name}.npz")


def test_a_device_is_written_to_and_not_replaced(trained, tmp_path):
    import os

    from kerasrun.runs.models.predicted_files import write_predicted

    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_predicted(package.predict(trained / "outputs/tiny/first"), tmp_path / "pipe")
    assert os.read(reader, 10_000).startswith(b"row,value\n")
    assert (tmp_path / "pipe").is_fifo()
    os.close(reader)


class TestOneProcess:
    def test_names_are_those_of_a_process_of_its_own(self, tmp_path):
        for _ in range(2):
            run = package.train(
                {**TWO_OUTPUTS, "model": [{"Dense": 2}, {"Dense": 1}], "training": {"epochs": 0, "loss": "mse"}},
                output=tmp_path,
            )
            assert [layer.name for layer in run.model.layers] == ["dense", "dense_1"]

    def test_numpys_numbers_are_numbers(self, tmp_path):
        config = {
            "data": {"source": "sine", "num_samples": np.int64(20)},
            "model": ({"Dense": 1},),
            "training": {
                "epochs": np.int64(1),
                "loss": "mse",
                "optimizer": {"SGD": {"learning_rate": np.float64(0.1)}},
            },
            "output": TWO_OUTPUTS["output"],
        }
        run = package.train(config, overrides={"seed": np.int64(3)}, output=tmp_path)
        assert run.history.epochs["learning_rate"] == [pytest.approx(0.1)]

    def test_one_training_at_a_time(self, tmp_path):
        from kerasrun.config import load_config
        from kerasrun.runs.train import train_run

        (tmp_path / "config.yaml").write_text(QUICK)
        events = train_run(load_config(tmp_path / "config.yaml"), output=tmp_path / "a")
        next(events)
        found = []

        def another():
            try:
                package.train(tmp_path / "config.yaml", output=tmp_path / "b")
            except InputError as error:
                found.append(str(error))

        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
        events.close()
        assert found == ["another training runs in this process; wait for it, or start a process of its own"]

"""A run leaves everything that it says, whole, and its record trains the same again."""

import hashlib
import json
import math
import re
import shutil
import zipfile

import numpy as np
import pytest
import yaml

import kerasrun as package
from kerasrun.config import load_config
from kerasrun.config.yaml_text import read_yaml
from kerasrun.errors import ConfigError, InputError, KerasrunError, RunInterruptedError, UnsoundError
from kerasrun.runs.past.choosing import choose_runs
from kerasrun.runs.past.listing import list_runs
from kerasrun.runs.train import train_run
from tests.conftest import QUICK, TINY


def tiny(tmp_path, text=QUICK, **more):
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    return package.train(tmp_path / "config.yaml", output=tmp_path / "outputs", **more)


class TestTheFolder:
    def test_holds_every_file(self, trained):
        run = trained / "outputs" / "tiny" / "first"
        found = sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())
        assert found == [
            ".lock",
            "config.yaml",
            "history.json",
            "log.txt",
            "manifest.json",
            "metrics.json",
            "model.json",
            "model.keras",
            "plots/fit.png",
            "plots/history.png",
            "plots/loss.png",
            "plots/predicted.png",
            "plots/residuals.png",
            "reading.json",
            "report.html",
            "results.npz",
        ]

    def test_the_manifest_knows_the_hash_of_each_file(self, trained):
        run = trained / "outputs" / "tiny" / "first"
        manifest = json.loads((run / "manifest.json").read_text())
        assert manifest["status"] == "finished"
        assert manifest["num_parameters"] == 4 + 4 + 4 + 1
        there = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
        # Tests of `kerasrun plot` draw in other formats here, which belong to the run too, and take them away.
        files = {name: digest for name, digest in manifest["files"].items() if not name.endswith((".pdf", ".svg"))}
        drawn_again = {name for name in there if name.endswith((".pdf", ".svg"))}
        assert set(files) == there - drawn_again - {"manifest.json", ".lock"}
        for name, digest in files.items():
            assert hashlib.sha256((run / name).read_bytes()).hexdigest() == digest

    def test_the_history_has_a_row_an_epoch(self, trained):
        history = json.loads((trained / "outputs/tiny/first/history.json").read_text())
        assert history["epochs"]["epoch"] == [1, 2, 3]
        assert set(history["epochs"]) == {"epoch", "loss", "val_loss", "learning_rate", "epoch_time_s"}

    def test_the_model_file_carries_its_config(self, trained):
        run = trained / "outputs" / "tiny" / "first"
        record = json.loads(zipfile.ZipFile(run / "model.keras").read("kerasrun.json"))
        assert record["config"] == read_yaml((run / "config.yaml").read_text(), "x")[0]

    def test_the_complete_config_trains_the_same_bits(self, trained, tmp_path):
        import keras

        first = trained / "outputs" / "tiny" / "first"
        again = package.train(first / "config.yaml", output=tmp_path)
        model = keras.saving.load_model(first / "model.keras")
        for weights, other in zip(model.get_weights(), again.model.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, other)
        history = json.loads((first / "history.json").read_text())
        assert again.history.epochs["loss"] == history["epochs"]["loss"]
        assert (again.folder / "config.yaml").read_text() == (first / "config.yaml").read_text()


class TestWhatIsSaved:
    def test_the_inference_model_has_no_optimizer_and_no_compile_settings(self, tmp_path):
        import keras

        run = tiny(tmp_path, QUICK.replace("output: {", "output: {save: [model, inference_model, weights], "))
        names = zipfile.ZipFile(run.folder / "inference_model.keras").namelist()
        config = json.loads(zipfile.ZipFile(run.folder / "inference_model.keras").read("config.json"))
        assert not config["compile_config"]
        model = keras.saving.load_model(run.folder / "inference_model.keras")
        assert not model.compiled
        assert getattr(model, "optimizer", None) is None
        assert "model.weights.h5" in names
        import h5py

        with zipfile.ZipFile(run.folder / "inference_model.keras").open("model.weights.h5") as file:
            assert "optimizer" not in h5py.File(file)
        for weights, other in zip(model.get_weights(), run.model.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, other)
        model.load_weights(run.folder / "model.weights.h5")
        assert not (run.folder / "plots").exists()

    def test_the_names_of_classes_go_into_model_results_and_predictions(self, tmp_path):
        from kerasrun.runs.models.opened import open_model
        from kerasrun.runs.store.folder import RunFolder
        from kerasrun.runs.store.results import read_results

        names = [f"数字 {digit}" for digit in range(10)]
        config = {
            "data": {"source": "digits", "num_samples": 100, "class_names": names},
            "model": ["Flatten", {"Dense": {"units": 10, "activation": "softmax"}}],
            "training": {"epochs": 1, "loss": "sparse_categorical_crossentropy"},
            "output": {"plots": [], "report": False},
        }
        run = package.train(config, output=tmp_path)
        assert open_model(run.folder).classes == tuple(names)
        (output,) = read_results(RunFolder(run.folder)).outputs.values()
        assert output.names == tuple(names)
        (told,) = package.predict(run.folder / "model.keras").results.outputs.values()
        assert told.names == tuple(names)

    def test_only_what_is_asked_for(self, tmp_path):
        run = tiny(tmp_path, TINY + "output: {save: [weights], plots: [svg, pdf]}\n")
        assert not run.folder.joinpath("model.keras").exists()
        assert sorted(path.suffix for path in (run.folder / "plots").iterdir()) == [".pdf"] * 5 + [".svg"] * 5


class TestCallbacks:
    def test_early_stopping_restores_the_best_weights_where_asked(self, tmp_path):
        stop = "EarlyStopping: {monitor: val_loss, patience: 1, min_delta: 100, restore_best_weights: true}"
        stopped = tiny(tmp_path, QUICK.replace("epochs: 3", "epochs: 9") + f"callbacks:\n  - {stop}\n")
        one = tiny(tmp_path, QUICK.replace("epochs: 3", "epochs: 1"))
        assert stopped.stopped == "stopped by a callback after 2 of 9 epochs"
        for weights, other in zip(stopped.model.get_weights(), one.model.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, other)

    def test_paths_lie_in_the_runs_folder(self, tmp_path):
        text = QUICK + "callbacks:\n  - CSVLogger: log/epochs.csv\n  - TensorBoard\n"
        text += "  - ModelCheckpoint: {filepath: 'best/{epoch:02d}.keras', save_best_only: false}\n"
        run = tiny(tmp_path, text)
        assert (run.folder / "log/epochs.csv").read_text().startswith("epoch,loss,val_loss")
        assert sorted(path.name for path in (run.folder / "best").iterdir()) == ["01.keras", "02.keras", "03.keras"]

    def test_tensorboard_shows_the_curves(self, tmp_path):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        from tensorboard.util.tensor_util import make_ndarray

        run = tiny(tmp_path, QUICK + "callbacks: [TensorBoard]\n")
        for part, column in (("train", "loss"), ("validation", "val_loss")):
            events = EventAccumulator(str(run.folder / "tensorboard" / part))
            events.Reload()
            values = [float(make_ndarray(event.tensor_proto)) for event in events.Tensors("epoch_loss")]
            np.testing.assert_allclose(values, run.history.epochs[column], rtol=1e-6)

    def test_every_third_epoch_is_saved(self, tmp_path):
        save = "ModelCheckpoint: {filepath: 'e{epoch}.weights.h5', save_weights_only: true, every_epochs: 3}"
        run = tiny(tmp_path, QUICK.replace("epochs: 3", "epochs: 7") + f"callbacks:\n  - {save}\n")
        assert sorted(path.name for path in run.folder.glob("*.h5")) == ["e3.weights.h5", "e6.weights.h5"]

    def test_one_that_acts_on_batches_gets_each(self, tmp_path):
        text = QUICK + "callbacks:\n  - ModelCheckpoint: {filepath: 'b{batch}.keras', save_freq: 2}\n"
        run = tiny(tmp_path, text)
        assert "one step a call, since ModelCheckpoint acts on every batch" in (run.folder / "log.txt").read_text()
        assert len(list(run.folder.glob("b*.keras"))) > 1

    @pytest.mark.parametrize(
        ("callback", "hint"),
        [
            ("EarlyStopping: {monitor: val_los}", "did you mean 'val_loss'?"),
            ("EarlyStopping: {monitor: val_accuracy}", "write training.metrics: [accuracy]"),
        ],
    )
    def test_a_monitor_that_no_epoch_has_is_refused_before_training(self, tmp_path, callback, hint):
        with pytest.raises(ConfigError, match="which no epoch has") as error:
            tiny(tmp_path, QUICK + f"callbacks:\n  - {callback}\n")
        assert hint in str(error.value)
        assert not (tmp_path / "outputs" / "tiny").exists()

    def test_a_monitor_of_validation_without_validation_data(self, tmp_path):
        with pytest.raises(ConfigError, match=r"there is no validation data; set data.validation: 0.2"):
            tiny(tmp_path, QUICK.replace("  validation: 0.2\n", "") + "callbacks: [EarlyStopping]\n")


class TestGoingOn:
    def test_from_a_saved_model_wholly(self, tmp_path):
        first = tiny(tmp_path)
        text = QUICK[: QUICK.index("model:")] + f"model: {{load: {first.folder}/model.keras}}\n"
        text += QUICK[QUICK.index("training:") :].replace("epochs: 3", "epochs: 0")
        again = tiny(tmp_path, text)
        for weights, other in zip(first.model.get_weights(), again.model.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, other)

    def test_the_optimizers_state_goes_on_where_it_is_of_the_same_class(self, tmp_path):
        """Three epochs and three more are six, as far as Adam's moments and step count go."""
        adam = QUICK.replace("optimizer: SGD", "optimizer: Adam").replace("validation: 0.2", "shuffle: false")
        first = tiny(tmp_path, adam)
        text = adam[: adam.index("model:")] + f"model: {{load: {first.folder}/model.keras}}\n"
        more = tiny(tmp_path, text + adam[adam.index("training:") :])
        six = tiny(tmp_path, adam.replace("epochs: 3", "epochs: 6"))
        for weights, other in zip(more.model.get_weights(), six.model.get_weights(), strict=True):
            np.testing.assert_allclose(weights, other, rtol=1e-6)

    def test_by_layers_names_with_one_frozen(self, tmp_path):
        named = QUICK.replace("activation: tanh}", "activation: tanh}\n    name: hidden")
        first = tiny(tmp_path, named)
        model = named[named.index("model:") + 7 : named.index("training:")].replace("\n", "\n  ")
        text = named[: named.index("model:")] + "model:\n  layers:\n  " + model.rstrip() + "\n"
        text += f"  weights: {{hidden: {first.folder}/model.keras}}\n  freeze: [hidden]\n"
        second = tiny(tmp_path, text + named[named.index("training:") :].replace("epochs: 3", "epochs: 5"))
        for weights, other in zip(
            first.model.get_layer("hidden").get_weights(), second.model.get_layer("hidden").get_weights(), strict=True
        ):
            np.testing.assert_array_equal(weights, other)

    def test_a_perceptron_with_given_weights_evaluates_without_training(self, tmp_path):
        """An AND gate, as in chapter 2 of the textbook: 0.5 a + 0.5 b - 0.7 is above 0 for (1, 1) alone."""
        x = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], "float32")
        np.savez(tmp_path / "gate.npz", x=x, y=np.array([0, 0, 0, 1], "float32"))
        config = {
            "name": "gate",
            "data": {"source": "npz", "path": str(tmp_path / "gate.npz")},
            "model": {
                "layers": [{"Dense": {"units": 1}, "name": "gate"}, {"Activation": "sigmoid"}],
                "weights": {"gate": [[[0.5], [0.5]], [-0.7]]},
            },
            "training": {"epochs": 0, "loss": "binary_crossentropy", "metrics": ["accuracy"]},
            "output": {"plots": [], "report": False},
        }
        run = package.train(config, output=tmp_path / "outputs")
        assert run.metrics["train"]["accuracy"] == 1.0
        assert run.history.is_empty

    def test_weights_of_another_shape_are_told_with_both_shapes(self, tmp_path):
        text = QUICK.replace(
            "model:\n  - Dense: {units: 4, activation: tanh}\n  - Dense: 1",
            ("model:\n  layers:\n    - Dense: 1\n      name: a\n  weights: {a: [[[1.0], [2.0]], [0.0]]}"),
        )
        with pytest.raises(
            ConfigError, match=r"the layer 'a' wants kernel \[1, 1\], bias \[1\]; given are \[2, 1\], \[1\]"
        ):
            tiny(tmp_path, text)


class TestOwnClasses:
    LAYER = (
        "import keras\n\nclass Double(keras.layers.Layer):\n"
        "    def __init__(self, times=2.0, **kwargs):\n        super().__init__(**kwargs)\n        self.times = times\n"
        "    def call(self, x):\n        return x * self.times\n"
        "    def get_config(self):\n        return {**super().get_config(), 'times': self.times}\n"
    )

    def test_come_in_by_import_and_are_recorded(self, tmp_path):
        (tmp_path / "my_layers.py").write_text(self.LAYER)
        text = QUICK.replace("- Dense: 1", "- Double: {times: 3.0}\n  - Dense: 1")
        run = tiny(tmp_path, text, imports=[tmp_path / "my_layers.py"])
        assert (run.folder / "imports" / "my_layers.py").read_text() == self.LAYER
        digest = hashlib.sha256(self.LAYER.encode()).hexdigest()
        assert json.loads((run.folder / "manifest.json").read_text())["imports"] == {"my_layers.py": digest}
        figures = package.evaluate(run.folder, imports=[tmp_path / "my_layers.py"]).figures
        assert figures["loss"] == pytest.approx(run.metrics["validation"]["loss"], rel=1e-6)

    def test_their_arguments_are_checked_too(self, tmp_path):
        (tmp_path / "my_layers.py").write_text(self.LAYER)
        with pytest.raises(ConfigError, match=r"Double has no argument 'time'\n.*\n.*\n  did you mean 'times'\?"):
            tiny(tmp_path, QUICK.replace("- Dense: 1", "- Double: {time: 3.0}"), imports=[tmp_path / "my_layers.py"])

    def test_are_unknown_without_import(self, tmp_path):
        with pytest.raises(ConfigError, match="unknown layer 'Double'"):
            tiny(tmp_path, QUICK.replace("- Dense: 1", "- Double"))


class TestFaultsBeforeTheFirstStep:
    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (
                "- Dense: 1",
                "- Conv2D: {filters: 2, kernel_size: 3}",
                r":9:5: layer 2, Conv2D, does not fit: it reads the shape \(rows, 4\)",
            ),
            ("- Dense: 1", "- Reshape: [3]", r":9:5: layer 2, Reshape, does not fit: it reads the shape \(rows, 4\)"),
            ("- Dense: 1", "- Dense: 3", r"the output has the shape \(rows, 3\), and the targets \(rows, 1\)"),
            ("- Dense: 1", "- Dropout: 1.5", r":9:14: rate must be at least 0 and less than 1, got 1.5"),
        ],
    )
    def test_name_the_layer_or_the_setting(self, tmp_path, old, new, message):
        with pytest.raises(ConfigError, match=message):
            tiny(tmp_path, QUICK.replace(old, new))
        assert not (tmp_path / "outputs" / "tiny").exists()

    def test_one_hot_labels_and_a_sparse_loss(self, tmp_path):
        config = {
            "data": {"source": "digits", "one_hot": True, "flatten": True},
            "model": [{"Dense": {"units": 10, "activation": "softmax"}}],
            "training": {"epochs": 1, "loss": "sparse_categorical_crossentropy"},
        }
        with pytest.raises(ConfigError, match=r"wants a class number a row, and data.one_hot makes one-hot labels"):
            package.train(config, output=tmp_path)

    def test_a_label_beyond_the_last_layers_units(self, tmp_path):
        config = {
            "data": {"source": "digits", "flatten": True},
            "model": [{"Dense": {"units": 9, "activation": "softmax"}}],
            "training": {"epochs": 1, "loss": "sparse_categorical_crossentropy"},
        }
        with pytest.raises(
            ConfigError, match=r"the last layer has 9 units, and there are 10 classes\n  give it 10 units"
        ):
            package.train(config, output=tmp_path)

    def test_an_existing_run_is_never_overwritten(self, trained, tmp_path):
        before = (trained / "outputs/tiny/first/manifest.json").read_bytes()
        with pytest.raises(
            InputError, match="this run exists already, and runs are never overwritten; choose another --name"
        ):
            package.train(trained / "config.yaml", output=trained / "outputs", name="first")
        assert (trained / "outputs/tiny/first/manifest.json").read_bytes() == before

    @pytest.mark.parametrize("name", ["../x", "a/b", ".", "..", "latest", "", "-x", ".hidden"])
    def test_a_run_cannot_be_named_out_of_the_folder(self, tmp_path, name):
        with pytest.raises(InputError, match="cannot name a run"):
            tiny(tmp_path, name=name)

    def test_a_file_where_the_output_folder_should_be(self, tmp_path):
        (tmp_path / "outputs").write_text("x")
        with pytest.raises(InputError, match=r"is a file where a folder for runs is needed|cannot be written"):
            tiny(tmp_path)


def test_a_page_that_is_not_asked_for_is_not_written(tmp_path):
    finished = tiny(tmp_path, QUICK, name="plain")
    assert not (finished.folder / "report.html").exists()
    assert finished.folder / "report.html" not in finished.files


SILENT = "silence: [large_learning_rate]\n"


def test_a_loss_that_is_not_finite_stops_the_run(tmp_path):
    text = QUICK.replace("optimizer: SGD", "optimizer: {SGD: {learning_rate: 1e30}}") + SILENT
    with pytest.raises(UnsoundError, match=r"the loss is (inf|nan) in epoch 1, step \d, so training was stopped; "):
        tiny(tmp_path, text, name="bad")
    manifest = json.loads((tmp_path / "outputs/tiny/bad/manifest.json").read_text())
    assert manifest["status"] == "failed"
    assert (tmp_path / "outputs/tiny/bad/log.txt").is_file()  # a history only where an epoch came to its end


def test_the_message_names_the_last_good_checkpoint(tmp_path):
    schedule = "{PiecewiseConstantDecay: {boundaries: [9], values: [0.01, 1e30]}}"
    text = TINY.replace("optimizer: SGD", f"optimizer: {{SGD: {{learning_rate: {schedule}}}}}")
    text += "output: {checkpoint_every_s: 0, plots: []}\n"
    with pytest.raises(UnsoundError) as caught:
        tiny(tmp_path, text, name="bad")
    [*_, last] = sorted((tmp_path / "outputs/tiny/bad/checkpoints").glob("*.npz"))
    assert f"; the last good checkpoint is {last}. Likely causes: a learning rate too high" in str(caught.value)
    page = (tmp_path / "outputs/tiny/bad/report.html").read_text(encoding="utf-8")
    assert "✕</span> failed" in page
    assert "so training was stopped; the last good checkpoint is" in page
    assert "report.html" in json.loads((tmp_path / "outputs/tiny/bad/manifest.json").read_text())["files"]


def test_it_may_go_on_with_a_loss_that_is_not_finite(tmp_path):
    text = QUICK.replace("optimizer: SGD", "optimizer: {SGD: {learning_rate: 1e30}}\n  on_nan: continue") + SILENT
    run = tiny(tmp_path, text)
    assert run.history.epochs["epoch"] == [1, 2, 3]
    assert math.isnan(run.history.epochs["loss"][-1])


def test_class_weights_weigh_the_rows_of_a_class(tmp_path):
    """With weight 0 on all classes but one, the net learns to say that one only."""
    config = {
        "data": {"source": "digits", "flatten": True},
        "model": [{"Dense": {"units": 10, "activation": "softmax"}}],
        "training": {
            "epochs": 3,
            "loss": "sparse_categorical_crossentropy",
            "optimizer": "Adam",
            "class_weight": {c: float(c == 3) for c in range(10)},
        },
        "output": {"plots": [], "report": False},
    }
    run = package.train(config, output=tmp_path)
    predicted = package.predict(run.folder)
    assert set(predicted.columns["class"]) == {"3"}


def test_settings_from_python_replace_those_of_the_file(tmp_path):
    run = tiny(tmp_path, overrides={"training.epochs": 1})
    assert run.history.epochs["epoch"] == [1]


def test_a_notebooks_own_random_state_is_left_alone(tmp_path):
    import random

    random.seed(5)
    expected = random.random()
    random.seed(5)
    tiny(tmp_path)
    assert random.random() == expected


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "float64"])
def test_the_dtype_policy_counts(tmp_path, policy):
    import keras

    run = tiny(tmp_path, QUICK.replace("epochs: 3", f"epochs: 1\n  dtype_policy: {policy}"))
    assert run.model.layers[0].compute_dtype == policy.removeprefix("mixed_")
    assert keras.config.dtype_policy().name == "float32"


def test_steps_are_recorded_from_before_the_first(tmp_path):
    text = QUICK.replace("epochs: 3", "steps: 10\n  evaluate_every: 4")
    run = tiny(tmp_path, text)
    assert run.history.steps["step"] == list(range(11))
    assert run.history.evaluations["step"] == [0, 4, 8, 10]
    assert run.history.evaluations["epoch"] == [0, 1, 2, 2.5]
    assert run.history.steps["loss"][0] == run.history.evaluations["loss"][0]


def test_an_interrupt_that_a_library_wrapped_in_an_error_of_its_own_is_one(tmp_path, monkeypatch):
    from kerasrun.errors import RunInterruptedError, SignalInterrupt
    from kerasrun.training.epochs import EpochLoop

    def interrupted(self):
        try:
            try:
                raise SignalInterrupt(15)
            except KeyboardInterrupt as interrupt:
                raise SystemError("a function returned a result with an exception set") from interrupt
        except SystemError as error:
            raise error.with_traceback(None) from None
        yield

    monkeypatch.setattr(EpochLoop, "run", interrupted)
    with pytest.raises(RunInterruptedError) as caught:
        tiny(tmp_path, name="x")
    assert caught.value.exit_code == 128 + 15
    assert json.loads((tmp_path / "outputs/tiny/x/manifest.json").read_text())["status"] == "interrupted"


@pytest.mark.parametrize("interrupt", [False, True])
def test_one_whose_folder_is_deleted_while_it_goes_on_is_told_so(tmp_path, interrupt):
    events = train_run(load_config(yaml.safe_load(QUICK)), "x", tmp_path)
    for _ in zip(range(3), events, strict=False):
        pass
    shutil.rmtree(tmp_path / "tiny/x")
    with pytest.raises(KerasrunError) as told:
        events.throw(KeyboardInterrupt) if interrupt else list(events)
    assert re.fullmatch(
        ("interrupted" if interrupt else f"{tmp_path}/tiny/x/[^:]+: No such file or directory; the run is broken off")
        + r" after epoch \d; its folder was deleted while it went on",
        str(told.value),
    )
    assert not (tmp_path / "tiny/x").exists()


def test_a_list_has_the_best_figures_of_a_run_that_has_not_ended(tmp_path):
    text = QUICK.replace("epochs: 3", "epochs: 5000").replace("report: false", "report: false, checkpoint_every_s: 0")
    text = text.replace("optimizer: SGD", "optimizer: {SGD: {learning_rate: 0.7}}")  # goes up and down
    events, seen, come = train_run(load_config(yaml.safe_load(text)), "x", tmp_path), [], set()
    for event in events:
        if hasattr(event, "time_s") and hasattr(event, "epoch"):
            seen.append(event.logs)
            [run] = list_runs(tmp_path)
            assert run.state == "running"
            if run.figures:
                done = int(run.length.partition("/")[0].replace(",", ""))
                assert run.figures == min(seen[:done], key=lambda logs: logs["val_loss"])
                come.add(done)
            if len(come) == 3:
                break
    assert len(come) == 3
    with pytest.raises(RunInterruptedError):
        events.throw(KeyboardInterrupt)
    [run] = list_runs(tmp_path)
    assert (run.state, run.figures) == ("interrupted", min(seen, key=lambda logs: logs["val_loss"]))
    assert choose_runs(tmp_path, conditions=[f"val_loss<={run.figures['val_loss']}"]).runs == [run]

"""The five systems of the tutorials: exact parameter counts, and at full size their figures (slow)."""

import json

import numpy as np
import pytest

import kerasrun as package
from kerasrun.config import load_config

PARAMETERS = {
    "mnist_two_layer": 79_510,
    "mnist_dnn": 235_146,
    "mnist_two_layer_steps": 784 * 50 + 50 + 50 * 10 + 10,
    "sine": 61,
    "mnist_mlp": 227_670,
}
DRAWN = "mnist_two_layer"  # by the same code as the others, which go without pictures here


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name != DRAWN)) for name in PARAMETERS if name != "sine"]
)
def test_each_mnist_config_trains_on_a_few_rows(mnist_folder, tmp_path, name):
    few = {"data.num_samples": 200}
    few |= {"training.steps": 4, "training.evaluate_every": 2} if "steps" in name else {"training.epochs": 1}
    few |= {} if name == DRAWN else {"output.plots": [], "output.report": False}
    run = package.train(f"@{name}", overrides=few, output=tmp_path)
    assert run.model.count_params() == PARAMETERS[name]
    if name == DRAWN:
        pictures = {path.name for path in (run.folder / "plots").iterdir()}
        assert {"loss.png", "accuracy.png", "history.png", "samples.png", "predictions.png"} <= pictures
        assert {"confusion.png", "per_class.png", "reliability.png", "mistakes.png", "filters.png"} <= pictures


def test_sine_follows_the_curve(tmp_path):
    run = package.train("@sine", output=tmp_path)
    assert run.model.count_params() == PARAMETERS["sine"]
    x = np.linspace(-np.pi, np.pi, 50, dtype="float32").reshape(-1, 1)
    errors = np.abs(run.model.predict(x, verbose=0) - np.sin(x))
    assert errors[:45].max() <= 0.40
    assert errors.max() <= 0.60
    losses = run.history.epochs
    assert losses["loss"][-1] < losses["loss"][100]
    assert losses["val_loss"][-1] < losses["val_loss"][100]
    pictures = {path.stem for path in (run.folder / "plots").iterdir()}
    assert pictures == {"loss", "history", "fit", "predicted", "residuals"}


@pytest.mark.slow
def test_two_layer_reaches_its_page(mnist_folder, tmp_path):
    history = package.train("@mnist_two_layer", output=tmp_path).history.epochs
    assert len(history["loss"]) == 17
    assert history["accuracy"][16] >= 0.945


@pytest.mark.slow
def test_dnn_stops_early_and_reaches_its_page(mnist_folder, tmp_path):
    run = package.train("@mnist_dnn", output=tmp_path)
    assert run.metrics["test"]["accuracy"] >= 0.981
    assert len(run.history.epochs["loss"]) < 50
    assert (run.folder / "inference_model.keras").is_file()
    assert list((run.folder / "weights").glob("val_loss0.*.weights.h5"))


@pytest.mark.slow
def test_steps_reach_their_page(mnist_folder, tmp_path):
    evaluations = package.train("@mnist_two_layer_steps", output=tmp_path).history.evaluations
    assert evaluations["step"][:17] == list(range(0, 9601, 600))
    assert evaluations["val_accuracy"][16] >= 0.968


@pytest.mark.slow
def test_mlp_reaches_its_page_in_a_second_run(mnist_folder, tmp_path):
    first = package.train("@mnist_mlp", output=tmp_path, name="first")
    assert first.metrics["test"]["accuracy"] >= 0.94
    load = f"model={{load: {json.dumps(str(first.folder / 'model.keras'))}}}"
    second = package.train("@mnist_mlp", overrides=[load], output=tmp_path, name="second")
    assert second.metrics["test"]["accuracy"] >= 0.955


def test_the_steps_config_has_the_pages_initializer():
    for layer in load_config("@mnist_two_layer_steps").model.layers:
        initializer = layer.layer.arguments["kernel_initializer"]
        assert (initializer.class_name, initializer.arguments) == ("RandomNormal", {"stddev": 0.01})

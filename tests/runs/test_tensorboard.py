"""What TensorBoard's own reader finds of a run."""

import json
import sys
import types

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

import kerasrun as package


class Board:
    """A part of a run, `train` or `validation`, as TensorBoard reads it; nothing is thinned."""

    def __init__(self, run, part):
        path = run.folder / "tensorboard" / part
        self.events = EventAccumulator(str(path), size_guidance={"tensors": 0, "graph": 0}).Reload()
        self.tags = self.events.Tags()["tensors"]

    def values(self, tag):
        return [make_ndarray(event.tensor_proto) for event in self.events.Tensors(tag)]

    def steps(self, tag):
        return [event.step for event in self.events.Tensors(tag)]

    def nodes(self):
        return [node.name for node in self.events.Graph().node]


SEQUENTIAL = [{"Dense": {"units": 4, "activation": "tanh"}}, {"Dense": 1}]
FUNCTIONAL = [
    {"Dense": {"units": 3, "activation": "tanh"}, "name": "left"},
    {"Dense": {"units": 3}, "from": "input", "name": "right"},
    {"Concatenate": {}, "from": ["left", "right"]},
    {"Dense": 1, "name": "joined"},
]


def train(folder, arguments, model=SEQUENTIAL, **training):
    config = {
        "name": "board",
        "seed": 1,
        "data": {"source": "sine", "num_samples": 20, "validation": 0.2},
        "model": model,
        "training": {"epochs": 4, "batch_size": 4, "loss": "mse", "optimizer": "Adam"} | training,
        "callbacks": [{"TensorBoard": arguments}],
        "output": {"save": [], "plots": [], "report": False},
    }
    return package.train(config, output=folder)


@pytest.fixture(scope="module", params=["auto", "keras"])
def functional(request, tmp_path_factory):
    """A run of a functional graph, with histograms, by either loop."""
    loop = {"loop": "keras"} if request.param == "keras" else {}
    return train(tmp_path_factory.mktemp("functional"), {"histogram_freq": 1}, FUNCTIONAL, **loop)


def test_scalars_of_both_parts_and_the_learning_rate_by_epoch(functional):
    epochs = functional.history.epochs
    for part, tag, column in (
        ("train", "epoch_loss", "loss"),
        ("validation", "epoch_loss", "val_loss"),
        ("train", "epoch_learning_rate", "learning_rate"),
    ):
        board = Board(functional, part)
        assert board.steps(tag) == [0, 1, 2, 3]
        np.testing.assert_allclose(board.values(tag), epochs[column], rtol=1e-6)


def test_the_graph_of_the_layers_and_that_of_a_training_step(functional):
    board = Board(functional, "train")
    [described] = board.values("keras")
    described = json.loads(described.item())
    assert described["class_name"] == "Functional"
    names = [layer["config"]["name"] for layer in described["config"]["layers"]]
    assert {"left", "right", "joined"} <= set(names)
    for name in ("left", "right", "joined"):
        assert any(f"/{name}" in node for node in board.nodes()), name
    assert any("radient" in node for node in board.nodes())  # it trains


def test_histograms_of_every_weight_of_every_layer(functional):
    board = Board(functional, "train")
    for weight in functional.model.weights:
        tag = f"{weight.path}/histogram"
        assert board.steps(tag) == [0, 1, 2, 3]
        *_, last = board.values(tag)  # rows of left edge, right edge, count
        values = np.asarray(weight.value)
        assert last[:, 2].sum() == values.size
        np.testing.assert_allclose([last[0, 0], last[-1, 1]], [values.min(), values.max()], rtol=1e-6)


def test_it_changes_nothing_of_what_is_trained(tmp_path):
    weights = [
        train(
            tmp_path, {"write_graph": write_graph}, [*SEQUENTIAL[:1], {"Dropout": 0.5}, {"Dense": 1}]
        ).model.get_weights()
        for write_graph in (True, False)
    ]
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module")
def in_steps(tmp_path_factory):
    """A run of a Sequential that counts steps, and shows every third of them."""
    folder = tmp_path_factory.mktemp("steps")
    return train(folder, {"histogram_freq": 1, "update_freq": 3}, SEQUENTIAL, epochs=None, steps=25, evaluate_every=10)


def test_where_steps_are_counted_figures_stand_at_steps(in_steps):
    evaluations = in_steps.history.evaluations
    assert evaluations["step"] == [0, 10, 20, 25]
    for part, column in (("train", "loss"), ("validation", "val_loss")):
        board = Board(in_steps, part)
        assert board.steps("epoch_loss") == [10, 20, 25]
        np.testing.assert_allclose(board.values("epoch_loss"), evaluations[column][1:], rtol=1e-6)
    board = Board(in_steps, "train")
    assert json.loads(board.values("keras")[0].item())["class_name"] == "Sequential"
    assert any("/dense" in node for node in board.nodes())
    assert board.steps("dense/kernel/histogram") == [10, 20, 25]


def test_update_freq_chooses_among_batches_and_leaves_no_epoch_out(in_steps):
    board = Board(in_steps, "train")
    assert board.steps("batch_loss") == [3, 6, 9, 12, 15, 18, 21, 24]
    np.testing.assert_allclose(board.values("batch_loss"), in_steps.history.steps["loss"][3:25:3], rtol=1e-6)
    assert Board(in_steps, "validation").steps("evaluation_loss_vs_iterations") == [0, 10, 20, 25]


def test_no_graph_where_none_is_asked_for(tmp_path):
    board = Board(train(tmp_path, {"write_graph": False}), "train")
    assert "keras" not in board.tags
    assert not board.events.Tags()["graph"]


def test_what_it_will_not_show_is_told_before_the_training(tmp_path):
    model = [
        {"Reshape": [1, 1, 1]},
        {"Conv2D": {"filters": 2, "kernel_size": 3, "padding": "same"}},
        {"Conv2D": {"filters": 5, "kernel_size": 3, "padding": "same"}},
        "Flatten",
        {"Dense": 1},
    ]
    board = {"histogram_freq": 1, "write_images": True, "profile_batch": 500, "update_freq": 30}
    run = train(tmp_path, board, model, epochs=1)
    log = (run.folder / "log.txt").read_text()
    assert "note      TensorBoard is to profile batch 500, and there are 4\n" in log
    assert "note      TensorBoard shows every 30th batch, and there are 4\n" in log
    assert "note      TensorBoard shows no image of conv2d_1/kernel: 3×3×2×5\n" in log
    assert "note      TensorBoard shows no image of dense/bias: 1\n" in log
    assert log.count("no image of") == 2
    assert not {"conv2d_1/kernel/image", "dense/bias/image"} & set(Board(run, "train").tags)
    assert {"conv2d/kernel/image", "conv2d_1/bias/image", "dense/kernel/image"} <= set(Board(run, "train").tags)


JAX = """\
name: board
seed: 1
backend: jax
data: {source: sine, num_samples: 20, validation: 0.2}
model: [{Dense: {units: 4, activation: tanh}}, {Dense: 1}]
training: {epochs: 3, batch_size: 4, loss: mse, optimizer: Adam}
callbacks: [{TensorBoard: {histogram_freq: 1}}]
output: {save: [], plots: []}
"""


@pytest.mark.slow
def test_on_jax_all_but_the_graph_of_a_step(kerasrun, write):
    write(JAX)
    done = kerasrun("train", "config.yaml", "--name", "x")
    assert done.returncode == 0, done.stderr
    run = kerasrun.folder / "outputs/board/x"
    history = json.loads((run / "history.json").read_text())["epochs"]
    board = Board(types.SimpleNamespace(folder=run), "train")
    np.testing.assert_allclose(board.values("epoch_loss"), history["loss"], rtol=1e-6)
    assert json.loads(board.values("keras")[0].item())["class_name"] == "Sequential"
    assert board.steps("dense/kernel/histogram") == [0, 1, 2]
    assert not board.events.Tags()["graph"]


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="there Keras profiles JAX")
def test_what_keras_does_not_profile_is_refused(kerasrun, write):
    write(JAX.replace("histogram_freq: 1", "profile_batch: 2"))
    done = kerasrun("train", "config.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "config.yaml:7:43: Keras profiles JAX from Python 3.12 on, and this is an older one\n"
    )

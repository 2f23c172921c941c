"""Rows that weigh more or less: in training times the weight of their class, and in validation too, as in Keras."""

import keras
import numpy as np
import pytest

import kerasrun as package
from kerasrun.data import Dataset, Rows

CONFIG = {
    "data": {"source": "iris"},
    "model": [{"Dense": {"units": 3, "activation": "softmax"}}],
    "training": {
        "epochs": 1,
        "batch_size": 16,
        "program": "graph",
        "optimizer": {"SGD": {"learning_rate": 1e-12}},  # the weights stay what they are
        "loss": "sparse_categorical_crossentropy",
        "weighted_metrics": ["accuracy"],
        "class_weight": {"setosa": 3.0, "2": 0.5},
    },
    "output": {"plots": [], "report": False},
}


@pytest.fixture
def data(monkeypatch):
    """Rows with weights, of which a fifth are validation rows."""
    chance = np.random.default_rng(5)
    x, y = chance.normal(size=(60, 4)).astype("float32"), chance.integers(0, 3, 60).astype("int32")
    rows = Rows(x, y, chance.uniform(0, 4, 60).astype("float32"))
    data = Dataset(rows.slice(0, 48), rows.slice(48, None), None, classes=("setosa", "versicolor", "virginica"))
    monkeypatch.setattr("kerasrun.runs.prepared.load_data", lambda config: data)
    return data


@pytest.mark.parametrize("loop", ["kerasrun", "keras"])
def test_rows_weigh_as_in_keras(data, loop, tmp_path):
    settings = CONFIG["training"] | {"loop": loop} | ({"program": "auto"} if loop == "keras" else {})
    run = package.train(CONFIG | {"training": settings}, output=tmp_path)
    model = keras.models.load_model(run.folder / "model.keras")
    by_class = np.array([3.0, 1.0, 0.5])[data.train.y]
    expected = {
        "": model.evaluate(data.train.x, data.train.y, 16, 0, data.train.sample_weight * by_class, return_dict=True),
        "val_": model.evaluate(
            data.validation.x, data.validation.y, 16, 0, data.validation.sample_weight, return_dict=True
        ),
    }
    epochs = run.history.epochs
    for prefix, figures in expected.items():
        for name in ("loss", "accuracy"):
            assert epochs[f"{prefix}{name}"][0] == pytest.approx(figures[name], rel=1e-5), prefix + name

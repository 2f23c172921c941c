"""Facts of a run that was never trained."""

import numpy as np

from kerasrun.report.diagnosis.findings import Finding, Reading
from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.page.facts import Layer, RunFacts, Setting
from kerasrun.report.results import Classes, Filters, Images, Results, Values

DENSE = Layer("hidden", "Dense", "8", 72, True, "units: 8, activation: relu", ((("pixels", 0),),))
LAYERS = (
    Layer("pixels", "InputLayer", "8", 0, True, "", ()),
    DENSE,
    Layer("digit", "Dense", "3", 27, True, "units: 3", ((("hidden", 0),),)),
)
EPOCHS = {
    "epoch": [1, 2, 3, 4],
    "loss": [2.0, 1.0, 0.5, 0.4],
    "val_loss": [1.8, 1.1, 0.7, 0.9],
    "accuracy": [0.2, 0.5, 0.8, 0.9],
    "val_accuracy": [0.3, 0.5, 0.7, 0.6],
}


def made_classes(names=("cat", "dog", "hen")):
    """Four rows of three classes, the last predicted wrongly and most confidently."""
    scores = [[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6], [0.05, 0.9, 0.05]]
    return Classes(np.array([0, 1, 2, 0]), np.array(scores, np.float32), tuple(names))


def made_results(output=None, **more):
    output = output or made_classes()
    return Results("test", 4, np.arange(4), {"digit": output}, **more)


def made_images():
    return Images(np.arange(4), (np.arange(4 * 6 * 5).reshape(4, 6, 5) * 2).astype(np.uint8))


def made_filters():
    weights = np.linspace(-1, 1, 3 * 4 * 5, dtype=np.float32).reshape(3, 4, 5)
    return Filters("hidden", weights[::-1], weights, 9)


def made_values():
    y = np.linspace(0, 1, 25, dtype=np.float32)[:, None]
    return Values(y, y + 0.1, ("0",))


def made_facts(**more):
    """A finished run; what is given replaces what it has."""
    facts = {
        "experiment": "letters",
        "run": "first",
        "state": "finished",
        "started": "2026-01-31T23:59:59.999Z",
        "time_s": 75.25,
        "num_parameters": 99,
        "history": History(epochs={name: list(column) for name, column in EPOCHS.items()}),
        "marks": Marks((2.0,), (), None),
        "results": made_results(images=made_images(), filters=made_filters()),
        "figures": {
            "train": {"loss": 0.41, "accuracy": 0.91},
            "best": {"epoch": 3, "loss": 0.5, "val_loss": 0.7, "val_accuracy": 0.7},
        },
        "reading": Reading((Finding("overfitting", "val_loss rises from 0.7 to 0.9", {}, "stop earlier"),)),
        "layers": LAYERS,
        "settings": (Setting("name: letters", True), Setting("seed: 0", False)),
        "own_settings": "name: letters",
        "rows": {"train": 12, "test": 4},
        "source": "npz",
        "data_sha256": "ab" * 32,
        "environment": {"keras": "3.15.1", "threads": 2},
        "program": "graph",
        "program_reason": "it has a convolution",
        "commands": (("Train it again:", "kerasrun reproduce letters/first"),),
        "files": (("model.keras", 123_456),),
    }
    return RunFacts(**(facts | more))
